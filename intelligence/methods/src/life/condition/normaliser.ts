import { type Modes, modeOf } from './modes.ts'

/** Level and spread of each signal in each operating mode: what is left after it is wear and noise, whatever the load. */
export interface Normaliser {
  readonly modes: Modes
  /** Which columns of a row are the condition signals. */
  readonly conditions: readonly number[]
  /** modes × signals, row-major. */
  readonly mean: Float64Array
  /** 0 where a signal does not change in a mode. */
  readonly deviation: Float64Array
}

/** Rows as a table of all runs behind one another. */
export function fitNormaliser(
  columns: readonly Float64Array[],
  conditions: readonly number[],
  modes: Modes,
): Normaliser {
  const signals = columns.length
  const rows = columns[0]?.length ?? 0
  const mean = new Float64Array(modes.count * signals)
  const squares = new Float64Array(modes.count * signals)
  const largest = new Float64Array(modes.count * signals)
  const counts = new Float64Array(modes.count * signals)
  const condition = new Float64Array(conditions.length)
  for (let row = 0; row < rows; row++) {
    for (let at = 0; at < conditions.length; at++) condition[at] = columns[conditions[at]!]![row]!
    const { mode } = modeOf(modes, condition)
    if (mode < 0) continue
    for (let signal = 0; signal < signals; signal++) {
      const value = columns[signal]![row]!
      if (!Number.isFinite(value)) continue
      const at = mode * signals + signal
      const off = value - mean[at]!
      mean[at]! += off / ++counts[at]!
      squares[at]! += off * (value - mean[at]!)
      largest[at] = Math.max(largest[at]!, Math.abs(value))
    }
  }
  const deviation = squares.map((sum, at) => {
    const value = Math.sqrt(sum / Math.max(1, counts[at]!))
    return value > 1e-7 * largest[at]! ? value : 0
  })
  return { modes, conditions, mean, deviation }
}

/**
 * @param row every signal; @param into as long, standard deviations from the level of the mode; NaN where missing or without a mode
 * @returns the mode and how far, scaled, the conditions lie from its centre
 */
export function normalise(
  { modes, conditions, mean, deviation }: Normaliser,
  row: ArrayLike<number>,
  condition: Float64Array,
  into: Float64Array,
): { readonly mode: number; readonly distance: number } {
  for (let at = 0; at < conditions.length; at++) condition[at] = row[conditions[at]!]!
  const found = modeOf(modes, condition)
  for (let signal = 0; signal < row.length; signal++) {
    const at = found.mode * row.length + signal
    if (found.mode < 0) into[signal] = Number.NaN
    else into[signal] = deviation[at]! > 0 ? (row[signal]! - mean[at]!) / deviation[at]! : 0
  }
  return found
}
