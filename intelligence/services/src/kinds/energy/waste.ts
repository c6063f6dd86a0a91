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
  return measures[at] === 'counter' ? increases(column) : column
}

function increases(column: Float64Array): Float64Array {
  let last = Number.NaN
  return column.map((value) => {
    const by = value - last
    if (!Number.isNaN(value)) last = value
    return by < 0 ? Number.NaN : by
  })
}
