import type { AnomalyScores } from '../scorer.ts'

/** One stretch of alarm. */
export interface Episode {
  readonly from: number
  /** The last row of it so far, while it is open. */
  readonly to: number
  readonly open: boolean
  readonly rows: number
  readonly peak: { readonly time: number; readonly score: number }
  /** Fingerprint: the mean share of each signal, in the order of the model's signals; sums to 1. */
  readonly shares: Float64Array
  /** Mean over its rows. */
  readonly confidence: number
  /** Whether a reading lay outside of what the model was trained on. */
  readonly outside: boolean
}

export interface EpisodeTracker {
  /** @returns the episodes that began, went on or ended within these rows, the last one possibly open */
  take(scores: AnomalyScores): readonly Episode[]
}

interface Running {
  from: number
  to: number
  rows: number
  peak: { time: number; score: number }
  sums: Float64Array
  confidence: number
  outside: boolean
}

/** Makes episodes of scores that come batch by batch. An episode that goes on is given again with the same start. */
export function episodeTracker(width: number): EpisodeTracker {
  let running: Running | undefined
  return {
    take(scores) {
      const touched: Episode[] = []
      for (let row = 0; row < scores.times.length; row++) {
        if (scores.alarm[row] === 1) {
          running ??= begun(scores, row, width)
          extend(running, scores, row, width)
        } else if (running !== undefined) {
          touched.push(closed(running, false))
          running = undefined
        }
      }
      if (running !== undefined) touched.push(closed(running, true))
      return touched
    },
  }
}

const begun = ({ times }: AnomalyScores, row: number, width: number): Running => ({
  from: times[row]!,
  to: times[row]!,
  rows: 0,
  peak: { time: times[row]!, score: 0 },
  sums: new Float64Array(width),
  confidence: 0,
  outside: false,
})

function extend(running: Running, scores: AnomalyScores, row: number, width: number): void {
  running.to = scores.times[row]!
  running.rows++
  if (scores.score[row]! > running.peak.score) running.peak = { time: scores.times[row]!, score: scores.score[row]! }
  for (let j = 0; j < width; j++) running.sums[j]! += scores.contributions[row * width + j]!
  running.confidence += scores.confidence[row]!
  running.outside ||= scores.outside[row] === 1
}

function closed({ from, to, rows, peak, sums, confidence, outside }: Running, open: boolean): Episode {
  const whole = sums.reduce((sum, each) => sum + each, 0)
  const shares = sums.map((sum) => sum / whole)
  return { from, to, open, rows, peak, shares, confidence: confidence / rows, outside }
}
