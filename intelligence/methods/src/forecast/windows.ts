/** Sums over every window of a series, the look-back x and what followed it, y; both less the mean of x. */
export interface WindowMoments {
  readonly lookBack: number
  readonly horizon: number
  /** Σ x xᵀ, lookBack × lookBack, row-major. */
  readonly xx: Float64Array
  /** Σ y xᵀ, horizon × lookBack, row-major. */
  readonly yx: Float64Array
  windows: number
}

/**
 * The normal equations of a linear map from a look-back to a horizon. A window and the next one share all but two values, so
 * that each diagonal of the sums follows from its first entry (the structure of a Hankel matrix): O((L+H)² + (L+H)·N)
 * instead of O((L+H)²·N).
 *
 * @param segments runs without a gap, in the same units, near zero mean (for the sake of rounding); those too short add nothing
 */
export function windowMoments(segments: readonly Float64Array[], lookBack: number, horizon: number): WindowMoments {
  const size = lookBack + horizon
  const sums = new Float64Array(lookBack * size)
  let windows = 0
  for (const z of segments) {
    const n = z.length - size + 1
    if (n <= 0) continue
    windows += n
    for (let j = 0; j < size; j++) {
      let sum = 0
      for (let t = 0; t < n; t++) sum += z[t]! * z[t + j]!
      for (let i = 0; i < lookBack && i + j < size; i++) {
        sums[i * size + i + j]! += sum
        sum += z[n + i]! * z[n + i + j]! - z[i]! * z[i + j]!
      }
    }
  }
  for (let i = 0; i < lookBack; i++) for (let j = 0; j < i; j++) sums[i * size + j] = sums[j * size + i]!
  return centred(sums, lookBack, horizon, windows)
}

/** From sums of raw values to sums of values less the mean of their look-back, which is linear in them. */
function centred(sums: Float64Array, lookBack: number, horizon: number, windows: number): WindowMoments {
  const size = lookBack + horizon
  const columnMean = new Float64Array(size)
  for (let i = 0; i < lookBack; i++) for (let j = 0; j < size; j++) columnMean[j]! += sums[i * size + j]! / lookBack
  let mean = 0
  for (let i = 0; i < lookBack; i++) mean += columnMean[i]! / lookBack
  const xx = new Float64Array(lookBack * lookBack)
  const yx = new Float64Array(horizon * lookBack)
  for (let i = 0; i < lookBack; i++) {
    for (let j = 0; j < lookBack; j++)
      xx[i * lookBack + j] = sums[i * size + j]! - columnMean[i]! - columnMean[j]! + mean
    for (let j = 0; j < horizon; j++)
      yx[j * lookBack + i] = sums[i * size + lookBack + j]! - columnMean[lookBack + j]! - columnMean[i]! + mean
  }
  return { lookBack, horizon, xx, yx, windows }
}
