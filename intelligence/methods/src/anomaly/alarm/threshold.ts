import { quantileOfSorted, sortedFinite } from '../normal/statistics.ts'

const WEEK = 7 * 86_400e6
/** Share of the rows above the level from which peaks are taken. */
const SHARE = 0.1
/** The alarm ends when the score falls below this share of the threshold: hysteresis against chatter. */
const RELEASE = 0.7

export interface Threshold {
  /** The score from which there is an alarm. */
  readonly on: number
  /** The score below which it ends. */
  readonly off: number
}

export interface BudgetOptions {
  /** Microseconds between rows. */
  readonly period: number
  readonly alarmsPerWeek: number
  /** Rows that have to lie between two peaks for them to be two: peaks of one episode are not independent. */
  readonly separation: number
}

/**
 * The threshold that scores of normal running pass no more often than the budget says: peaks over a level, declustered by runs,
 * with an exponential tail extrapolated to the budget's return level (Coles, An Introduction to Statistical Modeling of
 * Extreme Values, 2001, ch. 4.3 and 5.3, shape 0). With history longer than 1/budget this interpolates; with less it extrapolates.
 */
export function budgetThreshold(scores: Float64Array, options: BudgetOptions): Threshold {
  const sorted = sortedFinite(scores)
  const level = quantileOfSorted(sorted, 1 - SHARE)
  const peaks = declusteredPeaks(scores, level, options.separation)
  let sum = 0
  for (const peak of peaks) sum += peak - level
  const mean = peaks.length === 0 ? 0 : sum / peaks.length
  const weeks = (sorted.length * options.period) / WEEK
  const perWeek = Math.max(1, peaks.length) / weeks
  const beyond = mean * Math.max(0, Math.log(perWeek / options.alarmsPerWeek))
  // Scores without any spread would put the threshold into normal running itself.
  const on = Math.max(level + beyond, level * 1.05, 1e-6)
  return { on, off: on * RELEASE }
}

/** The highest score of each run above the level; runs with fewer rows than `separation` between them are one. */
export function declusteredPeaks(scores: Float64Array, level: number, separation: number): number[] {
  const peaks: number[] = []
  let below = separation
  for (const score of scores) {
    if (!(score > level)) {
      below++
      continue
    }
    if (below >= separation || peaks.length === 0) peaks.push(score)
    else peaks[peaks.length - 1] = Math.max(peaks[peaks.length - 1]!, score)
    below = 0
  }
  return peaks
}
