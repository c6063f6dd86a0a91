import { CholeskyDecomposition, Matrix } from 'ml-matrix'

/**
 * One health out of many signals: in each operating mode the weighted sum of normalised signals that comes nearest to the remaining
 * life (ridge regression). Signals that do not trend get next to no weight, and those that say the same share it, which averages out their noise.
 */
export interface HealthFusion {
  readonly signals: number
  /** modes × (signals + 1), row-major; the last of each row is the constant. In units of the horizon: about 1 healthy, 0 at the end. */
  readonly weights: Float64Array
}

/** In rows: a signal needs this much evidence before it gets half of its weight. */
const RIDGE = 10

/** @param z normalised signals, one column each; @param target remaining life as a share of the horizon, NaN for unknown */
export function fitFusion(
  z: readonly Float64Array[],
  mode: Int32Array,
  modes: number,
  target: Float64Array,
): HealthFusion {
  const signals = z.length
  const width = signals + 1
  const weights = new Float64Array(modes * width)
  const row = new Float64Array(width)
  for (let at = 0; at < modes; at++) {
    const gram = Matrix.zeros(width, width)
    const moment = Matrix.zeros(width, 1)
    for (let index = 0; index < target.length; index++) {
      if (mode[index] !== at || Number.isNaN(target[index]!)) continue
      for (let signal = 0; signal < signals; signal++) row[signal] = known(z[signal]![index]!)
      row[signals] = 1
      for (let i = 0; i < width; i++) {
        for (let j = 0; j <= i; j++) gram.set(i, j, gram.get(i, j) + row[i]! * row[j]!)
        moment.set(i, 0, moment.get(i, 0) + row[i]! * target[index]!)
      }
    }
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < i; j++) gram.set(j, i, gram.get(i, j))
      gram.set(i, i, gram.get(i, i) + (i < signals ? RIDGE : 1e-9))
    }
    weights.set(new CholeskyDecomposition(gram).solve(moment).to1DArray(), at * width)
  }
  return { signals, weights }
}

/** A missing signal counts as being at the level of its mode. @returns NaN without a mode */
export function fuse({ signals, weights }: HealthFusion, mode: number, z: ArrayLike<number>): number {
  if (mode < 0) return Number.NaN
  const base = mode * (signals + 1)
  let sum = weights[base + signals]!
  for (let signal = 0; signal < signals; signal++) sum += weights[base + signal]! * known(z[signal]!)
  return sum
}

const known = (value: number): number => (Number.isFinite(value) ? value : 0)
