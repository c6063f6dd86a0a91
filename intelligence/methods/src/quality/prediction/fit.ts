import { type Table, takeRows } from '../../learning/table.ts'
import { learnNormalRows } from '../multivariate/hotelling.ts'
import { spearman } from './differences.ts'

/** How the inputs that matter most go together in good parts, so that a reason can say what one should have been beside the others. */
export interface Fit {
  /** Places among the inputs. */
  readonly inputs: Int32Array
  readonly mean: Float64Array
  readonly variance: Float64Array
  /** Inverse covariance, row-major. */
  readonly precision: Float64Array
}

const MOST = 6
/** Inputs that go together more closely than this say the same. */
const SAME = 0.9995

/** @param ranked places of the inputs, the most important first; undefined: too few good parts to say */
export function learnFit(features: Table, good: Int32Array, ranked: readonly number[]): Fit | undefined {
  const taken = takeRows(features, good)
  const chosen: number[] = []
  for (const at of ranked) {
    if (chosen.length === MOST) break
    const column = taken.columns[at]!
    const usable = column.every(Number.isFinite) && column.some((value) => value !== column[0])
    const known = chosen.some((other) => !(Math.abs(spearman(column, taken.columns[other]!).correlation) < SAME))
    if (usable && !known) chosen.push(at)
  }
  if (chosen.length < 2 || good.length < Math.max(10, 3 * chosen.length)) return undefined
  const { mean, precision, covariance } = learnNormalRows({
    names: chosen.map((at) => features.names[at]!),
    columns: chosen.map((at) => taken.columns[at]!),
  })
  const variance = mean.map((_, at) => covariance[at * (chosen.length + 1)]!)
  return { inputs: Int32Array.from(chosen), mean, variance, precision }
}

/** Further off than this many standard deviations, an input does not fit the others. */
const OFF = 3
/** Below this share of its variance that the others explain, nothing is expected of an input. */
const EXPLAINED = 0.75

/** What the other inputs lead to expect of one that does not fit them; undefined when it does, or nothing can be said. */
export function misfit(
  { inputs, mean, variance, precision }: Fit,
  values: ArrayLike<number>,
  input: number,
): number | undefined {
  const row = inputs.indexOf(input)
  if (row < 0) return undefined
  const width = inputs.length
  let along = 0
  for (let j = 0; j < width; j++) along += precision[row * width + j]! * (values[inputs[j]!]! - mean[j]!)
  const own = precision[row * width + row]!
  if (1 - 1 / (own * variance[row]!) < EXPLAINED) return undefined
  return Math.abs(along) / Math.sqrt(own) > OFF ? values[input]! - along / own : undefined
}
