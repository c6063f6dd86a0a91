import { rocArea } from '../learning/metrics/classification.ts'
import { smoothed } from './alarm/smoothing.ts'

/** How the members of an ensemble came to their weights. */
export interface Weighed {
  /** One for each method; sums to 1; 0 for one that is left out. */
  readonly weights: readonly number[]
  /** What the weights were made from: area under the ROC curve on the labels, or correlation with the other methods. */
  readonly evidence: readonly number[]
  readonly by: 'labels' | 'agreement' | 'alone'
}

/** A method whose area is further than this below the best one only adds noise. */
const NEAR_BEST = 0.1
/** A method that agrees with no other keeps this much of a voice: it may be the one that is right. */
const LEAST_VOICE = 0.1

/**
 * @param surprises of each method, row by row, held out; NaN where it warms up
 * @param normal 1 for rows of normal running, 0 for rows labelled as anomalies
 */
export function weigh(surprises: readonly Float64Array[], normal: Uint8Array, smoothing: number): Weighed {
  const levels = surprises.map((scores) => smoothed(scores, smoothing))
  if (normal.includes(0)) {
    const truth = Float64Array.from(normal, (each) => 1 - each)
    const areas = levels.map((level) => rocArea(truth, level))
    const best = Math.max(...areas)
    const votes = areas.map((area) => (area < best - NEAR_BEST ? 0 : Math.max(1e-3, area - 0.5) ** 2))
    return { weights: shares(votes), evidence: areas, by: 'labels' }
  }
  if (levels.length < 3) return { weights: levels.map(() => 1 / levels.length), evidence: [], by: 'alone' }
  const agreements = levels.map((level, k) => correlation(level, meanOf(levels.filter((_, other) => other !== k))))
  return {
    weights: shares(agreements.map((each) => Math.max(LEAST_VOICE, each))),
    evidence: agreements,
    by: 'agreement',
  }
}

function shares(votes: readonly number[]): number[] {
  const sum = votes.reduce((a, b) => a + b, 0)
  return votes.map((vote) => vote / sum)
}

const meanOf = (series: readonly Float64Array[]): Float64Array =>
  series[0]!.map((_, row) => series.reduce((sum, each) => sum + each[row]!, 0) / series.length)

function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [ma, mb] = [mean(a), mean(b)]
  let [ab, aa, bb] = [0, 0, 0]
  for (let row = 0; row < a.length; row++) {
    ab += (a[row]! - ma) * (b[row]! - mb)
    aa += (a[row]! - ma) ** 2
    bb += (b[row]! - mb) ** 2
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0
}
