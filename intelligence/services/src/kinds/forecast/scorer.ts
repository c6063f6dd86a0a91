import type { Forecast, Forecaster } from '@millwright/methods/forecast'
import { GridRows } from '../../scoring/grid-rows.ts'
import type { Arrivals, Plan, Scorer, Scores } from '../kind.ts'

const NOTHING: Scores = { rows: [], episodes: [] }
/** What the trouble is called while there is none. */
export const NO_TROUBLE = 'None'

/** Forecasts anew at the end of each step. */
export class ForecastScorer implements Scorer {
  readonly #forecaster: Forecaster
  readonly #grid: GridRows
  readonly #step: number
  #values: number[] = []
  #newest = Number.NaN
  #before: Forecast | undefined
  #said = ''

  constructor(forecaster: Forecaster, plan: Plan) {
    this.#forecaster = forecaster
    this.#grid = new GridRows(plan)
    this.#step = plan.step!
  }

  take(arrivals: Arrivals): Scores {
    const { times, columns } = this.#grid.take(arrivals)
    if (times.length === 0) return NOTHING
    const rows: Scores['rows'][number][] = []
    times.forEach((time, row) => {
      rows.push(...this.#next(time, columns[0]![row]!))
    })
    return { rows, episodes: [] }
  }

  #next(time: number, value: number): Scores['rows'][number][] {
    const missing = Number.isNaN(this.#newest) ? 0 : Math.round((time - this.#newest) / this.#step) - 1
    // A gap longer than all it looks at leaves nothing to go on.
    if (missing > this.#forecaster.context) this.#values = []
    else for (let i = 0; i < missing; i++) this.#values.push(Number.NaN)
    if (missing > 0) this.#before = undefined
    this.#values.push(value)
    this.#newest = time
    if (this.#values.length > 2 * this.#forecaster.context) this.#values = this.#values.slice(-this.#forecaster.context)
    const rows: Scores['rows'][number][] = []
    const expected = this.#before
    if (expected !== undefined && !Number.isNaN(value))
      rows.push({ output: 4, time, value: value < expected.low[0]! || value > expected.high[0]! ? 1 : 0 })
    const forecast = this.#forecaster.forecast(Float64Array.from(this.#values), time)
    this.#before = forecast
    if (forecast === undefined) return rows
    const last = forecast.mean.length - 1
    rows.push(
      { output: 0, time, value: forecast.mean[0]! },
      { output: 1, time, value: forecast.mean[last]! },
      { output: 2, time, value: forecast.low[last]! },
      { output: 3, time, value: forecast.high[last]! },
    )
    const trouble = forecast.outside ?? NO_TROUBLE
    if (trouble !== this.#said) {
      this.#said = trouble
      rows.push({ output: 5, time, value: trouble })
    }
    return rows
  }
}
