import { DAY, HOUR } from '@millwright/foundation'
import { estimateLeak, expectedEnergy, findIdle, toPeriods } from '@millwright/methods/energy'
import type { Frame } from '@millwright/methods/series'
import { GridRows } from '../../scoring/grid-rows.ts'
import type { Arrivals, Plan, Scorer, Scores, Settings } from '../kind.ts'
import { columnNames, type EnergyModel, energyGrid, inputOf } from './model.ts'
import { ENERGY_STEP, LOOKED_BACK } from './settings.ts'
import { powerOf, productionOf } from './waste.ts'

const NOTHING: Scores = { rows: [], episodes: [] }

/** Scores each period when it is over; keeps as much of the past as leaks are judged by. */
export class EnergyScorer implements Scorer {
  readonly #model: EnergyModel
  readonly #plan: Plan
  readonly #settings: Settings
  readonly #grid: GridRows
  readonly #times: number[] = []
  readonly #columns: number[][]
  /** End of the newest period that was scored. */
  #scored = Number.NEGATIVE_INFINITY

  constructor(model: EnergyModel, plan: Plan, settings: Settings) {
    this.#model = model
    this.#plan = plan
    this.#settings = settings
    this.#grid = new GridRows(plan)
    this.#columns = plan.inputs.map(() => [])
  }

  take(arrivals: Arrivals): Scores {
    const fresh = this.#grid.take(arrivals)
    if (fresh.times.length === 0) return NOTHING
    this.#keep(fresh)
    const { period, utcOffset } = this.#model
    const newest = this.#times.at(-1)!
    const over = Math.floor((newest + utcOffset) / period) * period - utcOffset
    if (over <= this.#scored) return NOTHING
    const scores = this.#score(over)
    this.#scored = over
    return scores
  }

  #keep({ times, columns }: Frame): void {
    for (let row = 0; row < times.length; row++) {
      this.#times.push(times[row]!)
      columns.forEach((column, i) => {
        this.#columns[i]!.push(column[row]!)
      })
    }
    const old = this.#times.findIndex((time) => time > this.#times.at(-1)! - LOOKED_BACK)
    // Now and then, not with each row.
    if (old < 500) return
    this.#times.splice(0, old)
    for (const column of this.#columns) column.splice(0, old)
  }

  #score(over: number): Scores {
    const { baseline, measures, period, utcOffset, factor } = this.#model
    const raw: Frame = {
      times: Float64Array.from(this.#times),
      names: columnNames(this.#plan),
      columns: this.#columns.map((column) => Float64Array.from(column)),
    }
    const grid = energyGrid(raw, this.#plan, factor)
    const table = toPeriods(grid, measures, ENERGY_STEP, period, utcOffset)
    const { expected, half, outside } = expectedEnergy(baseline, table)
    const rows: Scores['rows'][number][] = []
    table.times.forEach((time, i) => {
      if (time > over || time <= this.#scored || Number.isNaN(expected[i]!)) return
      rows.push({ output: 0, time, value: expected[i]! }, { output: 6, time, value: outside[i]! })
      const avoided = expected[i]! - table.columns[0]![i]!
      if (Number.isNaN(avoided)) return
      rows.push(
        { output: 1, time, value: avoided },
        { output: 2, time, value: avoided - half[i]! },
        { output: 3, time, value: avoided + half[i]! },
      )
    })
    const power = powerOf(grid.columns[0]!, measures[0]!)
    const made = productionOf(grid, this.#settings, measures)
    const day = DAY / ENERGY_STEP
    const idle = findIdle(power.slice(-day), ENERGY_STEP / HOUR, made?.slice(-day))
    if (idle !== undefined) rows.push({ output: 4, time: over, value: idle.idleShare })
    const flow = inputOf(this.#settings, 'flow')
    const leak = estimateLeak(flow === undefined ? power : grid.columns[flow]!, day, made)
    if (leak !== undefined) rows.push({ output: 5, time: over, value: leak.leak })
    return { rows, episodes: [] }
  }
}
