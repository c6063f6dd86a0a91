import { DAY, HOUR, MINUTE, type Micros } from '@millwright/foundation'
import { Compressor } from '../air/compressor.ts'
import { CncLine } from '../cnc/line.ts'
import { STEP } from '../core/machine.ts'

/** Days of the compressed air, a row each minute: the mean of its instruments, and the line's counter as it stood. */
export interface AirDays {
  /** End of each minute. */
  readonly time: Micros[]
  readonly motor_power: number[]
  readonly air_flow: number[]
  readonly pressure: number[]
  readonly parts_good: number[]
}

export interface AirDaysOptions {
  readonly seed: number
  readonly from: Micros
  readonly to: Micros
  /** Until then worn fittings leak; then they are replaced. */
  readonly repaired: Micros
}

/** Free air through worn fittings, m³/min: some dozen of them, as in many a hall. */
const WORN_FITTINGS = 0.45
/** The instruments are looked at each second, as live. */
const LOOKS = MINUTE / 1e6
/** Of the line in half a second. */
const STEPS = Math.round(0.5 / STEP)
const NAMES = ['motor_power', 'air_flow', 'pressure'] as const

/** Two shifts, from 6 to 22 o'clock of Chemnitz' winter, but on Sundays. */
export function works(time: Micros): boolean {
  const local = time + HOUR
  const hour = (local % DAY) / HOUR
  // The epoch began on a Thursday.
  return (Math.floor(local / DAY) + 4) % 7 !== 0 && hour >= 6 && hour < 22
}

/**
 * The same physics as in the running plant, line and compressor alone, as fast as it goes: days before the plant was first
 * started. Gives way after each minute, so that whoever computes it can live on meanwhile.
 */
export async function airDays(
  { seed, from, to, repaired }: AirDaysOptions,
  giveWay: () => Promise<void>,
): Promise<AirDays> {
  let now = from
  const line = new CncLine(seed)
  const compressor = new Compressor(
    'CA-1',
    seed,
    () => (works(now) ? line.machines.reduce((sum, machine) => sum + machine.air, 0) : 0),
    () => (now < repaired ? WORN_FITTINGS : 0),
  )
  const days: AirDays = { time: [], motor_power: [], air_flow: [], pressure: [], parts_good: [] }
  while (now < to) {
    const sums = { motor_power: 0, air_flow: 0, pressure: 0 }
    for (let look = 0; look < LOOKS; look++) {
      // The receiver's pressure moves by a hundredth of a bar in that time: the compressor need not be looked at more often.
      for (let half = 0; half < 2; half++) {
        if (works(now)) for (let step = 0; step < STEPS; step++) line.step(STEP)
        compressor.step(STEPS * STEP)
      }
      const shown = compressor.signals()
      for (const name of NAMES) sums[name] += shown[name] as number
    }
    now += MINUTE
    days.time.push(now)
    for (const name of NAMES) days[name].push(Number((sums[name] / LOOKS).toFixed(3)))
    days.parts_good.push(line.gauge.signals()['parts_good'] as number)
    await giveWay()
  }
  return days
}
