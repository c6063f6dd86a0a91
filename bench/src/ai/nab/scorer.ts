import type { NabStream } from './corpus.ts'

/** Weights of a Numenta profile: of a first detection in a window, of a false alarm, of a window without any. */
export interface NabProfile {
  readonly tpWeight: number
  readonly fpWeight: number
  readonly fnWeight: number
}

export interface NabScore {
  /** 100 is a perfect detector, 0 one that never alarms. */
  readonly score: number
  /** Sum of the weights before that scaling. */
  readonly raw: number
  /** A row whose score is at least this is an alarm: the one threshold that scores best over all streams. */
  readonly threshold: number
}

/** A row after the probation: what it adds when it is an alarm, and in which window (of all streams) it lies. */
interface Row {
  readonly score: number
  readonly gain: number
  readonly window: number
}

/**
 * Scores a detector as the Numenta Anomaly Benchmark does (Lavin & Ahmad 2015, "Evaluating Real-time Anomaly Detection
 * Algorithms", section III; NAB 1.1): in each window the best row counts, worth more the earlier it comes; alarms
 * outside cost, less shortly after a window. The threshold is the best over all streams together, for each profile
 * anew.
 * @param scores one for each stream, one value for each row, higher is more anomalous
 */
export function nabScore(
  streams: readonly NabStream[],
  scores: readonly Float64Array[],
  profile: NabProfile,
): NabScore {
  const rows: Row[] = []
  let windows = 0
  streams.forEach((stream, at) => {
    rows.push(...nabRows(stream, scores[at]!, profile, windows))
    windows += stream.windows.length
  })
  rows.sort((a, b) => b.score - a.score)
  const best = new Float64Array(windows).fill(Number.NaN)
  for (const { window } of rows) if (window >= 0) best[window] = -profile.fnWeight
  let raw = best.reduce((sum, each) => sum + (Number.isNaN(each) ? 0 : each), 0)
  const none = raw
  let top = { raw, threshold: 1.1 }
  rows.forEach(({ score, gain, window }, at) => {
    if (window < 0) raw += gain
    else {
      const better = Math.max(best[window]!, gain)
      raw += better - best[window]!
      best[window] = better
    }
    if (score !== rows[at + 1]?.score && raw > top.raw) top = { raw, threshold: score }
  })
  const perfect = windows * profile.tpWeight
  return { ...top, score: (100 * (top.raw - none)) / (perfect - none) }
}

/** What a detector did at one threshold. */
export interface NabCount {
  readonly raw: number
  /** Windows with rows after the probation, and those with an alarm. */
  readonly windows: number
  readonly found: number
  /** Rows outside of the windows that are alarms. */
  readonly falseAlarms: number
}

/** @param threshold a row whose score is at least this is an alarm */
export function nabCount(
  streams: readonly NabStream[],
  scores: readonly Float64Array[],
  profile: NabProfile,
  threshold: number,
): NabCount {
  const sum = { raw: 0, windows: 0, found: 0, falseAlarms: 0 }
  streams.forEach((stream, at) => {
    const rows = nabRows(stream, scores[at]!, profile)
    const best = new Map(rows.filter(({ window }) => window >= 0).map(({ window }) => [window, -profile.fnWeight]))
    for (const { score, gain, window } of rows) {
      if (score < threshold) continue
      if (window >= 0) best.set(window, Math.max(best.get(window)!, gain))
      else {
        sum.falseAlarms++
        sum.raw += gain
      }
    }
    sum.windows += best.size
    for (const each of best.values()) {
      sum.raw += each
      if (each > -profile.fnWeight) sum.found++
    }
  })
  return sum
}

/** A raw score on the scale of the benchmark: 100 is a perfect detector, 0 one that never alarms. */
export function nabScaled(raw: number, windows: number, { tpWeight, fnWeight }: NabProfile): number {
  const none = -windows * fnWeight
  return (100 * (raw - none)) / (windows * tpWeight - none)
}

/** What each row of a stream is worth as an alarm; none for the probation, in which a detector may learn unjudged. */
export function nabRows({ windows, values }: NabStream, scores: Float64Array, profile: NabProfile, first = 0): Row[] {
  const best = scaledSigmoid(-1)
  const rows: Row[] = []
  let next = 0
  for (let row = 0; row < values.length; row++) {
    while (next < windows.length && windows[next]![1] < row) next++
    const window = windows[next]
    const inside = window !== undefined && row >= window[0]
    if (row < probation(values.length)) continue
    const score = scores[row]!
    if (inside) {
      const [left, right] = window
      const gain = scaledSigmoid(-(right - row + 1) / (right - left + 1)) * (profile.tpWeight / best)
      rows.push({ score, gain, window: first + next })
    } else {
      const before = windows[next - 1]
      const gain = before === undefined ? -1 : scaledSigmoid((row - before[1]) / (before[1] - before[0]))
      rows.push({ score, gain: gain * profile.fpWeight, window: -1 })
    }
  }
  return rows
}

/** Rows at the beginning of a stream that are not scored: 15 %, of at most 5,000. */
export const probation = (rows: number): number => Math.min(Math.floor(0.15 * rows), 0.15 * 5000)

/**
 * Worth of an alarm at a place relative to a window: near 1 at its left edge (-1), 0 at its right one (0), -1 far
 * behind.
 */
export const scaledSigmoid = (place: number): number => (place > 3 ? -1 : 2 / (1 + Math.exp(5 * place)) - 1)
