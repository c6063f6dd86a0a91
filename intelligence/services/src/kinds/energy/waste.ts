import { HOUR } from '@millwright/foundation'
import type { Measure } from '@millwright/methods/energy'
import type { Frame } from '@millwright/methods/series'
import type { Settings } from '../kind.ts'
import { inputOf } from './model.ts'
import { ENERGY_STEP } from './settings.ts'

/** kW in each step: as measured, or from a counter's increase. */
export const powerOf = (column: Float64Array, measure: Measure): Float64Array =>
  measure === 'counter' ? increases(column).map((kWh) => kWh / (ENERGY_STEP / HOUR)) : column

/** What was made in each step; undefined without a production signal. */
export function productionOf(grid: Frame, settings: Settings, measures: readonly Measure[]): Float64Array | undefined {
  const at = inputOf(settings, 'production')
  if (at === undefined) return undefined
  const column = grid.columns[at]!
  return measures[at] === 'counter' ? bridged(increases(column)) : column
}

function increases(column: Float64Array): Float64Array {
  let last = Number.NaN
  return column.map((value) => {
    const by = value - last
    if (!Number.isNaN(value)) last = value
    return by < 0 ? Number.NaN : by
  })
}

/** A part that takes longer than a step is made in the steps before it is counted as well: pauses of up to two usual parts are none. */
function bridged(made: Float64Array): Float64Array {
  const counted = [...made.keys()].filter((i) => made[i]! > 0)
  const gaps = counted.slice(1).map((at, i) => at - counted[i]!)
  const usual = [...gaps].sort((a, b) => a - b)[gaps.length >> 1] ?? 1
  if (usual <= 1) return made
  const whole = made.slice()
  gaps.forEach((gap, i) => {
    if (gap > 1 && gap <= 2 * usual) whole.fill(made[counted[i + 1]!]! / gap, counted[i]! + 1, counted[i + 1]! + 1)
  })
  return whole
}
