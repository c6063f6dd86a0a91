import type { EnergyPlan } from '@millwright/contracts'
import { DAY, HOUR, type Micros } from '@millwright/foundation'
import {
  type Battery,
  createSolver,
  type Job,
  type Solver,
  scheduleEnergy,
  toPeriods,
} from '@millwright/methods/energy'
import { createForecaster } from '@millwright/methods/forecast'
import type { Frame } from '@millwright/methods/series'
import type { Plan, Settings } from '../kind.ts'
import { type EnergyModel, energyGrid } from './model.ts'
import { ENERGY_STEP, energySettings } from './settings.ts'
import { priceAt } from './tariff.ts'

/** A schedule blocks the platform while it is solved: these are small programs. */
const SECONDS = 2

let solver: Promise<Solver> | undefined

/** How far back a forecast looks. */
export const planContext = (model: EnergyModel): Micros =>
  model.forecast === undefined ? 0 : (createForecaster(model.forecast).context + 2) * model.period

/**
 * The load from now on, and what battery and jobs do best about it.
 *
 * @param grid the newest history, on the energy step
 * @returns undefined when there is no forecast, or too little of the newest history for one
 */
export async function energyPlan(
  model: EnergyModel,
  settings: Settings,
  plan: Plan,
  grid: Frame,
  now: Micros,
): Promise<Omit<EnergyPlan, 'service'> | undefined> {
  const { forecast, period, utcOffset, measures, factor } = model
  if (forecast === undefined) return undefined
  const table = toPeriods(energyGrid(grid, plan, factor), measures, ENERGY_STEP, period, utcOffset)
  const begun = Math.floor((now + utcOffset) / period) * period - utcOffset
  const whole = [...table.times].filter((time) => time <= begun).length
  const values = padded(table.columns[0]!.subarray(0, whole), (begun - (table.times[whole - 1] ?? begun)) / period)
  const ahead = createForecaster(forecast).forecast(values, begun)
  if (ahead === undefined) return undefined
  const hours = period / HOUR
  const kW = (energy: Float64Array) => Array.from(energy, (kWh) => kWh / hours)
  const mean = kW(ahead.mean)
  const time = mean.map((_, i) => begun + i * period)
  const price = time.map((at) => priceAt(settings, at, utcOffset))
  const shown = Math.max(0, whole - Math.max(24, Math.round(DAY / period)))
  return {
    currency: energySettings(settings).currency,
    time,
    step: period,
    load: { mean, low: kW(ahead.low), high: kW(ahead.high), coverage: forecast.coverage },
    past: {
      time: Array.from(table.times.subarray(shown, whole), (end) => end - period),
      value: Array.from(table.columns[0]!.subarray(shown, whole), (kWh) => (Number.isFinite(kWh) ? kWh / hours : null)),
    },
    outside: ahead.outside ?? null,
    price,
    schedule: await scheduleOf(settings, { hours, net: mean, price }, begun, period, utcOffset),
  }
}

/** Steps between the newest period and now, in which nothing was measured. */
const padded = (values: Float64Array, missing: number): Float64Array => {
  if (!(missing > 0)) return values
  const longer = new Float64Array(values.length + Math.min(missing, 10_000)).fill(Number.NaN)
  longer.set(values)
  return longer
}

async function scheduleOf(
  settings: Settings,
  task: { readonly hours: number; readonly net: readonly number[]; readonly price: readonly number[] },
  begun: Micros,
  period: Micros,
  utcOffset: Micros,
): Promise<EnergyPlan['schedule']> {
  const { battery: given } = energySettings(settings)
  const jobs = period === HOUR ? jobsAhead(settings, task.net.length, begun, utcOffset) : []
  if (given === undefined && jobs.length === 0) return null
  const each = given === undefined ? 1 : Math.sqrt(given.efficiency)
  const mean = task.price.reduce((sum, price) => sum + price, 0) / task.price.length
  const battery: Battery | undefined =
    given === undefined
      ? undefined
      : {
          capacity: given.capacity,
          power: given.power,
          chargeEfficiency: each,
          dischargeEfficiency: each,
          stored: given.capacity / 2,
          // What is left is worth what it will replace: else every plan would end with an empty battery.
          endValue: mean * each,
        }
  solver ??= createSolver()
  const found = scheduleEnergy({ ...task, jobs, ...(battery === undefined ? {} : { battery }) }, await solver, SECONDS)
  const ending = battery === undefined ? 0 : (found.stored.at(-1)! - battery.stored) * battery.endValue!
  return {
    grid: [...found.grid],
    gridWithout: [...found.gridWithout],
    charge: [...found.charge],
    discharge: [...found.discharge],
    stored: [...found.stored],
    jobs: jobs.map(({ name, usual }, i) => ({
      name,
      start: begun + found.starts[i]! * period,
      usual: begun + usual * period,
    })),
    // The battery's end counts as money, or emptying it would look like a saving.
    cost: found.cost - ending,
    costWithout: found.costWithout,
    optimal: found.optimal,
  }
}

/** Each job once, in the first day in which it still fits whole. */
function jobsAhead(settings: Settings, steps: number, begun: Micros, utcOffset: Micros): Job[] {
  const midnight = Math.floor((begun + utcOffset) / DAY) * DAY - utcOffset
  const passed = Math.round((begun - midnight) / HOUR)
  return energySettings(settings).jobs.flatMap(({ name, power, hours, earliest, latest, usual }) => {
    for (const day of [0, 24]) {
      const first = Math.ceil(earliest) + day - passed
      const last = Math.floor(latest) + day - passed
      const wanted = Math.round(usual) + day - passed
      if (first < 0 || last > steps || wanted < 0 || wanted + hours > steps) continue
      return [{ name, power: new Array<number>(hours).fill(power), earliest: first, latest: last, usual: wanted }]
    }
    return []
  })
}
