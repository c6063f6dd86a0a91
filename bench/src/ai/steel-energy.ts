import { join } from 'node:path'
import { createForecaster, forecastDefaults, trainForecast } from '@millwright/methods/forecast'
import type { AiScenario } from './scenario.ts'
import { numbers, readColumns } from './tables/read-table.ts'

const STEP = 900_000_000
const DAY = 96
const settings = { ...forecastDefaults, horizon: DAY }

export const steelEnergy: AiScenario = {
  name: 'steel-energy',
  about: 'a steel works’ energy by quarters of an hour, the next day forecast at midnight from the past alone',
  pack: 'steel_energy',
  run: async ({ data }) => {
    const usage = numbers(readColumns(join(data, 'steel_energy/Steel_industry_data.csv')).get('Usage_kWh')!)
    // The first row of the file is the quarter that ends at 0:15 of 1 January 2018.
    const start = Date.UTC(2018, 0, 1) * 1000
    const cut = Math.floor((usage.length * 0.75) / DAY) * DAY
    const { model } = trainForecast({ start, step: STEP, values: usage.slice(0, cut) }, settings)
    const forecaster = createForecaster(model)
    const forecastAt = (end: number) => forecaster.forecast(usage.subarray(0, end), start + end * STEP)!
    const ahead = { ours: 0, last: 0, day: 0, week: 0, held: 0, count: 0 }
    for (let end = cut; end + DAY <= usage.length; end += DAY) {
      const { mean, low, high } = forecastAt(end)
      for (let h = 0; h < DAY; h++) {
        const truth = usage[end + h]!
        ahead.ours += (truth - mean[h]!) ** 2
        ahead.last += (truth - usage[end - 1]!) ** 2
        ahead.day += (truth - usage[end + h - DAY]!) ** 2
        ahead.week += (truth - usage[end + h - 7 * DAY]!) ** 2
        if (truth >= low[h]! && truth <= high[h]!) ahead.held++
        ahead.count++
      }
    }
    const next = { ours: 0, last: 0, count: 0 }
    for (let end = cut; end < usage.length - DAY; end++) {
      next.ours += (usage[end]! - forecastAt(end).mean[0]!) ** 2
      next.last += (usage[end]! - usage[end - 1]!) ** 2
      next.count++
    }
    const root = (sum: number, count: number) => Math.sqrt(sum / count)
    const rounded = (sum: number, count: number) => Number(root(sum, count).toFixed(2))
    const shown = (sum: number) => root(sum, ahead.count).toFixed(1)
    return {
      configuration: settings,
      scores: [
        {
          measure: 'RMSE kWh, day ahead',
          ours: root(ahead.ours, ahead.count),
          wanted: { atMost: rounded(ahead.week, ahead.count) },
          others: `same rows: a week before ${shown(ahead.week)}, a day before ${shown(ahead.day)}, last value ${shown(ahead.last)}`,
        },
        { measure: 'share in the 90 % interval, day ahead', ours: ahead.held / ahead.count },
        {
          measure: 'RMSE kWh, next quarter of an hour',
          ours: root(next.ours, next.count),
          wanted: { atMost: rounded(next.last, next.count) },
          others: `same rows: last value ${root(next.last, next.count).toFixed(2)}`,
        },
      ],
      notes: [
        `trained on the first ${cut} quarters of an hour (to 30 September), scored on the ${usage.length - cut} after them; trained once, no reactive power or CO2 of any row`,
      ],
    }
  },
}
