import { lifeErrors } from '../errors.ts'

/** One life as the health went, in steps of equal length; its end is the failure. */
export interface HealthPath {
  readonly unit: string
  readonly health: Float64Array
}

/** A place on an earlier life that looks like the last steps of the one in hand. */
export interface Match {
  readonly unit: string
  /** Steps that remained there. */
  readonly remaining: number
  /** Mean squared distance over the window, in units of the health's noise. */
  readonly distance: number
  /** Shares of all matches, summing to 1. */
  readonly weight: number
}

export interface SimilarityPrediction {
  /** Steps; mean and quantiles of the matches' remaining lives by their weights. */
  readonly remaining: number
  readonly low: number
  readonly high: number
  /** The best of each unit, best first. */
  readonly matches: readonly Match[]
  /** Distance of the best: far above 1, no earlier life looks like this one. */
  readonly nearest: number
}

/** How fast a match loses weight with its distance beyond the best. */
const SHARPNESS = 2

/**
 * Remaining life as of those earlier lives that went through the same (Wang, Yu, Siegel and Lee, "A similarity-based prognostics approach for
 * remaining useful life estimation", PHM 2008): the last steps of the health are laid along each earlier life at every place.
 *
 * @param recent the last steps of the health, oldest first
 * @param noise standard deviation of the health about its own trend, above 0
 * @param coverage share of the weight between `low` and `high`
 * @throws MW-LIFE-0008 when there is nothing to compare with, or nothing to compare
 */
export function similarRemaining(
  recent: Float64Array,
  lives: readonly HealthPath[],
  noise: number,
  coverage: number,
): SimilarityPrediction {
  if (recent.length < 2) throw lifeErrors.trend({ reason: 'it has fewer than two steps of health' })
  if (!(noise > 0)) throw lifeErrors.trend({ reason: 'the noise of the health is a number above 0' })
  const found: { unit: string; remaining: number; distance: number }[] = []
  for (const { unit, health } of lives) {
    for (let end = recent.length; end <= health.length; end++)
      found.push({ unit, remaining: health.length - end, distance: distanceAt(recent, health, end) / noise ** 2 })
  }
  if (found.length === 0) throw lifeErrors.trend({ reason: `no earlier life has ${recent.length} steps` })
  const nearest = found.reduce((least, { distance }) => Math.min(least, distance), Number.POSITIVE_INFINITY)
  const weights = found.map(({ distance }) => Math.exp(-(distance - nearest) * SHARPNESS))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const matches = found.map((each, at) => ({ ...each, weight: weights[at]! / total }))
  const ascending = matches.toSorted((a, b) => a.remaining - b.remaining)
  const bests = [...Map.groupBy(matches, (each) => each.unit).values()].map((its) =>
    its.reduce((best, each) => (each.distance < best.distance ? each : best)),
  )
  return {
    remaining: matches.reduce((sum, each) => sum + each.weight * each.remaining, 0),
    low: quantile(ascending, (1 - coverage) / 2),
    high: quantile(ascending, (1 + coverage) / 2),
    matches: bests.sort((a, b) => a.distance - b.distance),
    nearest,
  }
}

function distanceAt(recent: Float64Array, health: Float64Array, end: number): number {
  let sum = 0
  for (let at = 0; at < recent.length; at++) sum += (recent[at]! - health[end - recent.length + at]!) ** 2
  return sum / recent.length
}

function quantile(ascending: readonly Match[], level: number): number {
  let left = level
  for (const { remaining, weight } of ascending) {
    left -= weight
    if (left <= 0) return remaining
  }
  return ascending[ascending.length - 1]!.remaining
}
