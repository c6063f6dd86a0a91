import { solveRidge } from './cholesky.ts'
import type { WindowMoments } from './windows.ts'

/**
 * One linear map from a look-back to every step of the horizon, after the look-back's own mean is taken off: what
 * Zeng et al., "Are Transformers Effective for Time Series Forecasting?" (AAAI 2023) found to beat most networks, solved exactly as
 * ridge regression (Toner and Darlow, "An Analysis of Linear Time Series Forecasting Models", ICML 2024, show that the published variants
 * are this one with different constraints).
 */
export interface LinearMap {
  readonly lookBack: number
  readonly horizon: number
  /** horizon × lookBack, row-major. */
  readonly weights: Float64Array
}

/** @param strength of the ridge, as a share of the mean variance of the inputs; the solution shrinks towards the look-back's mean */
export function fitLinear(moments: WindowMoments, strength: number): LinearMap {
  const { lookBack, horizon } = moments
  let trace = 0
  for (let i = 0; i < lookBack; i++) trace += moments.xx[i * lookBack + i]!
  const weights = new Float64Array(horizon * lookBack)
  // A series that repeats exactly leaves the equations singular, whatever the ridge asked for.
  for (let ridge = strength; trace > 0 && ridge < 1e6; ridge = Math.max(ridge * 100, 1e-8)) {
    weights.set(moments.yx)
    if (solveRidge(moments.xx.slice(), lookBack, (ridge * trace) / lookBack, weights)) break
    weights.fill(0)
  }
  return { lookBack, horizon, weights }
}

/**
 * @param context at least `lookBack` values that end at `end` (exclusive), none missing
 * @param out the forecast, as long as it is wanted (at most `horizon`)
 */
export function applyLinear(map: LinearMap, context: Float64Array, end: number, out: Float64Array): void {
  const { lookBack, weights } = map
  const from = end - lookBack
  let mean = 0
  for (let i = from; i < end; i++) mean += context[i]!
  mean /= lookBack
  for (let h = 0; h < out.length; h++) {
    let sum = mean
    const row = h * lookBack
    for (let i = 0; i < lookBack; i++) sum += weights[row + i]! * (context[from + i]! - mean)
    out[h] = sum
  }
}
