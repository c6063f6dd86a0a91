import type { Micros } from '@millwright/foundation'
import { type TreeModel, trainTrees } from '../learning/index.ts'
import { fillTreeRow, levelBefore, type TreeInputs, treeContext, treeInputNames } from './tree-inputs.ts'

/** Rows to learn from at most: more of one series' overlapping windows say little that is new. */
const ROWS = 40_000
const GOLDEN = 0.6180339887498949

/**
 * Boosted trees over lags and the calendar, one model for all steps of the horizon with the lead as an input: what won the M5 competition
 * (Makridakis et al., International Journal of Forecasting 38, 2022). Learns the difference to the level.
 *
 * @param usable whether the value at an index is a real one, not filled
 * @returns undefined when there are too few rows for trees
 */
export function fitTrees(
  inputs: TreeInputs,
  values: Float64Array,
  usable: (index: number) => boolean,
  start: Micros,
  horizon: number,
  seed: number,
): TreeModel | undefined {
  const names = treeInputNames(inputs)
  const context = treeContext(inputs, horizon)
  const origins = values.length - context - 1
  if (origins < 200) return undefined
  const stride = Math.max(1, (origins * Math.min(horizon, 24)) / ROWS)
  const perOrigin = Math.min(horizon, 24)
  const rows: Float64Array[] = []
  const targets: number[] = []
  const row = new Float64Array(names.length)
  let turn = 0
  for (let at = 0; at < origins; at += stride) {
    const end = context + Math.floor(at)
    if (Number.isNaN(values[end - 1]!)) continue
    const level = levelBefore(inputs, values, end)
    for (let i = 0; i < perOrigin; i++) {
      // Leads spread evenly over the horizon, others at each origin.
      turn += GOLDEN
      const lead = horizon <= 24 ? i + 1 : 1 + Math.floor((turn % 1) * horizon)
      const target = end + lead - 1
      if (target >= values.length || !usable(target)) continue
      fillTreeRow(inputs, values, end, lead, start + target * inputs.step, level, row)
      rows.push(row.slice())
      targets.push(values[target]! - level)
    }
  }
  if (rows.length < 500) return undefined
  const columns = names.map((_, column) => Float64Array.from(rows, (each) => each[column]!))
  const settings = { rounds: 150, learningRate: 0.07, leaves: 31, leafRows: 40, columnShare: 0.7, seed }
  return trainTrees({ names, columns }, Float64Array.from(targets), { kind: 'squared' }, settings).model
}
