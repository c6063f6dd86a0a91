import { join } from 'node:path'
import { type Battery, createSolver, dispatchBattery, type Solver, scheduleEnergy } from '@millwright/methods/energy'
import { createForecaster, type Forecaster, forecastDefaults, trainForecast } from '@millwright/methods/forecast'
import type { AiScenario } from './scenario.ts'
import { numbers, readColumns } from './tables/read-table.ts'

const HOUR = 3_600_000_000
const START = Date.UTC(2018, 6, 31, 23) * 1000
const WEEK = 168
const EFFICIENCY = Math.sqrt(0.9)
const BATTERY = { capacity: 6.4, power: 5, chargeEfficiency: EFFICIENCY, dischargeEfficiency: EFFICIENCY }
/** kW of the roofs; the files give the yield of one kW in W. */
const ROOFS = [4, 4, 4, 5, 4]
const settings = { ...forecastDefaults, horizon: 48 }

export const cityLearn: AiScenario = {
  name: 'citylearn',
  about: 'batteries of 5 homes with solar roofs under a time-of-use tariff, a year, scheduled by forecasts alone',
  pack: 'citylearn',
  run: async ({ data, log }) => {
    const folder = join(data, 'citylearn/citylearn_challenge_2022_phase_1')
    const price = numbers(readColumns(join(folder, 'pricing.csv')).get('electricity_pricing')!)
    const solver = await createSolver()
    const costs = { none: 0, ours: 0, selfUse: 0, foresight: 0 }
    for (const [i, roof] of ROOFS.entries()) {
      log(`home ${i + 1} of ${ROOFS.length}`)
      const columns = readColumns(join(folder, `Building_${i + 1}.csv`))
      const sun = numbers(columns.get('solar_generation')!)
      const net = numbers(columns.get('non_shiftable_load')!).map((load, t) => load - (sun[t]! / 1000) * roof)
      costs.none += costOf(net, price, () => 0)
      costs.selfUse += costOf(net, price, (t, stored) => selfUse(net[t]!, stored))
      costs.ours += costOf(net, price, byForecasts(net, price, solver))
      costs.foresight += costOf(net, price, byForesight(net, price, solver))
    }
    const relative = (cost: number) => cost / costs.none
    const share = (cost: number) => (1 - relative(cost)) / (1 - relative(costs.foresight))
    return {
      configuration: { forecast: settings, horizonHours: settings.horizon },
      scores: [
        {
          measure: 'cost, 1 = solar roofs without battery',
          ours: relative(costs.ours),
          others: `self-use ${relative(costs.selfUse).toFixed(3)}; perfect foresight ${relative(costs.foresight).toFixed(3)}`,
        },
        {
          measure: '% of the achievable saving',
          ours: 100 * share(costs.ours),
          wanted: { atLeast: 85 },
          others: `self-use ${(100 * share(costs.selfUse)).toFixed(1)}; perfect foresight 100`,
        },
      ],
      notes: [
        'each hour a linear program over the next 48 hours with forecasts of load less sun from the past alone; the tariff is known, as a contract is',
        'forecasts are trained after 1, 2, 4, 8, 16 and 32 weeks on all that lies before; in the first week the battery serves self-use',
        'within the hour the battery follows the meter, as an inverter does (and self-use as well): it decides by the schedule’s value of a stored kWh',
      ],
    }
  },
}

type Policy = (t: number, stored: number) => number

function costOf(net: Float64Array, price: Float64Array, policy: Policy): number {
  let stored = 0
  let cost = 0
  for (let t = 0; t < net.length; t++) {
    const kW = policy(t, stored)
    stored = Math.min(BATTERY.capacity, Math.max(0, stored + (kW > 0 ? kW * EFFICIENCY : kW / EFFICIENCY)))
    cost += Math.max(0, net[t]! + kW) * price[t]!
  }
  return cost
}

function selfUse(net: number, stored: number): number {
  return net < 0
    ? Math.min(-net, BATTERY.power, (BATTERY.capacity - stored) / EFFICIENCY)
    : -Math.min(net, BATTERY.power, stored * EFFICIENCY)
}

function byForecasts(net: Float64Array, price: Float64Array, solver: Solver): Policy {
  let forecaster: Forecaster | undefined
  return (t, stored) => {
    if (t % WEEK === 0 && [1, 2, 4, 8, 16, 32].includes(t / WEEK))
      forecaster = createForecaster(
        trainForecast({ start: START, step: HOUR, values: net.slice(0, t) }, settings).model,
      )
    const forecast = forecaster?.forecast(net.subarray(0, t), START + t * HOUR)
    if (forecast === undefined) return selfUse(net[t]!, stored)
    const steps = Math.min(settings.horizon, net.length - t)
    const battery: Battery = { ...BATTERY, stored }
    const ahead = { hours: 1, net: forecast.mean.subarray(0, steps), price: price.subarray(t, t + steps), battery }
    return dispatchBattery(battery, scheduleEnergy(ahead, solver), net[t]!, price[t]!, 1)
  }
}

/** Each day the best of the next week, as it will be: the end of a week is far enough away to change nothing in its first day. */
function byForesight(net: Float64Array, price: Float64Array, solver: Solver): Policy {
  let plan: readonly number[] = []
  return (t, stored) => {
    if (t % 24 === 0) {
      const ahead = { hours: 1, net: net.subarray(t, t + WEEK), price: price.subarray(t, t + WEEK) }
      const { charge, discharge } = scheduleEnergy({ ...ahead, battery: { ...BATTERY, stored } }, solver, 60)
      plan = Array.from(charge.subarray(0, 24), (kW, i) => kW - discharge[i]!)
    }
    return plan[t % 24]!
  }
}
