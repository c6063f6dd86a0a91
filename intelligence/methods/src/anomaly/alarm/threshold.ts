import { chiSquareQuantile } from '../../distributions/gamma.ts'
import { quantileOfSorted, sortedFinite } from '../normal/statistics.ts'
import { exponentialScale } from './tail.ts'

const WEEK = 7 * 86_400e6
/** Share of the rows above the level from which peaks are taken. */
const SHARE = 0.02
/** With fewer peaks than this, the body of the scores says more about their tail than the peaks do. */
const LEAST_PEAKS = 20
/**
 * A short history does not show how much a score varies over a week: mean and variance of what it shows are extended by this. Chosen on
 * steps put into normal recordings, see the notes of the benchmark on SKAB.
 */
const SHORT_HISTORY = 1.1
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
 * The threshold that scores of normal running pass no more often than the budget says. With enough history: peaks over a level, declustered
 * by runs, with an exponential tail taken to the return level of the budget (Coles, An Introduction to Statistical Modeling of Extreme Values,
 * 2001, ch. 4.3 and 5.3, shape 0). With little: a scaled chi-square matched to mean and variance (Box, Ann. Math. Stat. 25 (1954)
 * 290; Nomikos & MacGregor, Technometrics 37 (1995) 41).
 */
export function budgetThreshold(scores: Float64Array, options: BudgetOptions): Threshold {
  const sorted = sortedFinite(scores)
  const level = quantileOfSorted(sorted, 1 - SHARE)
  const peaks = declusteredPeaks(scores, level, options.separation)
  const on =
    peaks.length < LEAST_PEAKS ? matchedLevel(sorted, options) : returnLevel(peaks, level, sorted.length, options)
  // Scores without any spread would put the threshold into normal running itself.
  const clear = Math.max(on, 1.05 * level, 1e-6)
  return { on: clear, off: clear * RELEASE }
}

function returnLevel(
  peaks: readonly number[],
  level: number,
  rows: number,
  { period, alarmsPerWeek }: BudgetOptions,
): number {
  const scale = exponentialScale(Float64Array.from(peaks, (peak) => peak - level))
  const perWeek = (peaks.length * WEEK) / (rows * period)
  return level + scale * Math.max(0, Math.log(perWeek / alarmsPerWeek))
}

function matchedLevel(sorted: Float64Array, { period, alarmsPerWeek, separation }: BudgetOptions): number {
  const mean = sorted.reduce((sum, score) => sum + score, 0) / sorted.length
  const variance = sorted.reduce((sum, score) => sum + (score - mean) ** 2, 0) / sorted.length
  if (!(mean > 0 && variance > 0)) return mean
  const scale = variance / (2 * mean)
  const freedom = (2 * mean * mean) / variance
  const share = Math.min(0.05, (alarmsPerWeek * separation * period) / WEEK)
  return SHORT_HISTORY * scale * chiSquareQuantile(1 - share, freedom)
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
