import { learningErrors } from './errors.ts'

/**
 * Split-conformal prediction (Vovk 2005; Lei 2018, algorithm 2): the smallest q such that of n scores and one more, exchangeable with them, the new
 * one is <= q with probability >= `coverage`. Infinity when there are too few scores to promise that. NaN scores are left out.
 */
export function conformalQuantile(scores: Float64Array, coverage: number): number {
  if (!(coverage > 0 && coverage < 1))
    throw learningErrors.setting({ name: 'coverage', value: coverage, reason: 'it lies between 0 and 1' })
  const sorted = scores.filter((score) => !Number.isNaN(score)).sort()
  // A hair less than the product, so that .9 * 10 is 9 and not 10.
  const rank = Math.ceil((sorted.length + 1) * coverage - 1e-9)
  return rank > sorted.length ? Number.POSITIVE_INFINITY : sorted[rank - 1]!
}

/** How far the truth is from predictions, for intervals of one width: prediction ± `conformalQuantile` of these. */
export const absoluteScores = (truth: Float64Array, predicted: Float64Array): Float64Array =>
  truth.map((value, row) => Math.abs(value - predicted[row]!))

/** As `absoluteScores`, by the difficulty of each row (> 0): prediction ± quantile × difficulty (Lei 2018, section 5.2). */
export const scaledScores = (truth: Float64Array, predicted: Float64Array, difficulty: Float64Array): Float64Array =>
  truth.map((value, row) => Math.abs(value - predicted[row]!) / difficulty[row]!)

/**
 * Conformalised quantile regression (Romano 2019, eq. 6): how far the truth lies outside of [low, high], below 0 within. The interval is
 * [low - q, high + q] with q the `conformalQuantile` of these.
 */
export const quantileScores = (truth: Float64Array, low: Float64Array, high: Float64Array): Float64Array =>
  truth.map((value, row) => Math.max(low[row]! - value, value - high[row]!))
