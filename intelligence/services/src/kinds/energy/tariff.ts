import { DAY, HOUR, type Micros } from '@millwright/foundation'
import type { Settings } from '../kind.ts'
import { energySettings } from './settings.ts'

/** Price of a kWh at an instant. */
export function priceAt(settings: Settings, time: Micros, utcOffset: Micros): number {
  const { price, dearPrice, dearFrom, dearTo } = energySettings(settings)
  if (dearPrice === 0) return price
  const hour = ((((time + utcOffset) % DAY) + DAY) % DAY) / HOUR
  const dear = dearFrom <= dearTo ? hour >= dearFrom && hour < dearTo : hour >= dearFrom || hour < dearTo
  return dear ? dearPrice : price
}

/** Mean price of what was used: each period's price weighs as much as its energy. @param ends of the periods */
export function meanPrice(settings: Settings, ends: Float64Array, energy: Float64Array, utcOffset: Micros): number {
  let cost = 0
  let sum = 0
  for (let i = 0; i < ends.length; i++) {
    const used = energy[i]!
    if (!Number.isFinite(used) || used <= 0) continue
    cost += used * priceAt(settings, ends[i]! - 1, utcOffset)
    sum += used
  }
  return sum === 0 ? priceAt(settings, ends.at(-1) ?? 0, utcOffset) : cost / sum
}
