import type { Frame } from '../series/frame.ts'
import { nextLevel } from './alarm/smoothing.ts'
import { MOST_SURPRISE, surprise } from './alarm/tail.ts'
import type { RowScorer } from './detector.ts'
import { anomalyErrors } from './errors.ts'
import { detectors } from './methods/index.ts'
import type { AnomalyModel } from './model.ts'
import { checkFrame } from './normal/clean.ts'
import { Preparer } from './normal/preparation.ts'

/** One entry for each row of the frame that was scored. */
export interface AnomalyScores {
  readonly times: Float64Array
  /** Smoothed decimal digits of rarity: 2 means one normal row in 100. At most 10. */
  readonly raw: Float64Array
  /** 0 to 1; 0.5 is the threshold of the alarm budget, on every machine. */
  readonly score: Float64Array
  /** 1 from where the score has stood above its threshold long enough until it falls below the release. */
  readonly alarm: Uint8Array
  /** 0 to 1: falls with missing readings, with disagreement between the methods and outside of what was trained on. */
  readonly confidence: Float64Array
  /** 1 where a reading lies beyond the range of training, or a signal that never moved has moved. */
  readonly outside: Uint8Array
  readonly mode: Int32Array
  /** rows x signals of the model: the share of each signal in the score; each row sums to 1. */
  readonly contributions: Float32Array
}

export interface AnomalyScorer {
  /** The signals that the contributions are of. */
  readonly signals: readonly string[]
  /**
   * Scores rows that follow on those given before. Signals are found by name; one that is missing counts as missing readings.
   * @throws MW-ANOMALY-0001, -0002 for rows out of order, -0007 when no signal is known to the model
   */
  score(frame: Frame): AnomalyScores
}

/** Share of the threshold below which a row is normal enough to learn the level of any signal from. */
const CALM = 0.5

interface Member {
  readonly weight: number
  readonly scorer: RowScorer
  readonly tail: AnomalyModel['members'][number]['tail']
  readonly parts: Float64Array
}

export function anomalyScorer(model: AnomalyModel): AnomalyScorer {
  const width = model.signals.length
  const preparer = new Preparer(model.preparation, width)
  const members: readonly Member[] = model.members.map(({ method, weight, tail, model: part }) => ({
    weight,
    tail,
    scorer: detectors[method].scorer(part, width),
    parts: new Float64Array(width),
  }))
  const combined = new Combination(members, width)
  const smoothed = new Float64Array(width)
  const alpha = 2 / (model.smoothing + 1)
  const { on, off } = model.threshold
  let level = 0
  let above = 0
  let alarmed = false
  let last = Number.NEGATIVE_INFINITY

  function score(frame: Frame): AnomalyScores {
    checkFrame(frame)
    const rows = frame.times.length
    if (rows > 0 && !(frame.times[0]! > last)) throw anomalyErrors.shuffled({ row: 0 })
    const columnOf = (name: string): Float64Array | undefined => frame.columns[frame.names.indexOf(name)]
    const columns = model.signals.map(columnOf)
    if (!columns.some((column) => column !== undefined))
      throw anomalyErrors.strangers({ names: model.signals.slice(0, 10).join(', ') })
    const resting = model.constants.map(({ name, value }) => ({ column: columnOf(name), value }))
    const result = emptyScores(frame.times, width)
    for (let row = 0; row < rows; row++) {
      last = frame.times[row]!
      preparer.take(last, columns, row)
      const outside = preparer.outside > 0 || resting.some(({ column, value }) => moved(column?.[row], value))
      if (preparer.starts) {
        for (const { scorer } of members) scorer.reset()
        level = 0
        above = 0
        alarmed = false
        smoothed.fill(0)
      }
      const now = combined.take(preparer.values, last)
      level = nextLevel(level, now, model.smoothing)
      const base = row * width
      let sum = 0
      for (let j = 0; j < width; j++) {
        smoothed[j]! += alpha * (combined.parts[j]! - smoothed[j]!)
        sum += smoothed[j]!
      }
      for (let j = 0; j < width; j++) result.contributions[base + j] = sum > 0 ? smoothed[j]! / sum : 1 / width
      preparer.follow(level < CALM * on)
      above = level >= on ? above + 1 : 0
      if (above >= model.minimumRows) alarmed = true
      else if (level < off) alarmed = false
      result.raw[row] = level
      result.score[row] = level / (level + on)
      result.alarm[row] = alarmed ? 1 : 0
      result.mode[row] = preparer.mode
      result.outside[row] = outside ? 1 : 0
      result.confidence[row] = preparer.present * combined.agreement * (outside ? 0.5 : 1)
    }
    return result
  }
  return { signals: model.signals, score }
}

/** What the members say of a row, together: the weighted mean of their surprise, and of what each signal adds to it. */
class Combination {
  readonly parts: Float64Array
  /** 0 to 1: 1 when all say the same. */
  agreement = 1
  readonly #members: readonly Member[]

  constructor(members: readonly Member[], width: number) {
    this.#members = members
    this.parts = new Float64Array(width)
  }

  /** @returns decimal digits of rarity; 0 while all methods warm up */
  take(values: Float64Array, time: number): number {
    const { parts } = this
    parts.fill(0)
    let sum = 0
    let squares = 0
    let weights = 0
    for (const { weight, scorer, tail, parts: own } of this.#members) {
      const raw = scorer.score(values, 0, own, time)
      if (Number.isNaN(raw)) continue
      const rare = surprise(tail, raw)
      weights += weight
      sum += weight * rare
      squares += weight * rare * rare
      let whole = 0
      for (let j = 0; j < own.length; j++) whole += own[j]!
      if (whole > 0) for (let j = 0; j < own.length; j++) parts[j]! += (weight * rare * own[j]!) / whole
    }
    if (weights === 0) {
      this.agreement = 0
      return 0
    }
    const mean = sum / weights
    const spread = Math.sqrt(Math.max(0, squares / weights - mean * mean))
    this.agreement = mean + spread > 0 ? mean / (mean + spread) : 1
    return Math.min(MOST_SURPRISE, mean)
  }
}

const moved = (value: number | undefined, rest: number): boolean =>
  value !== undefined && Number.isFinite(value) && Math.abs(value - rest) > 1e-6 * Math.max(1, Math.abs(rest))

const emptyScores = (times: Float64Array, width: number): AnomalyScores => ({
  times,
  raw: new Float64Array(times.length),
  score: new Float64Array(times.length),
  alarm: new Uint8Array(times.length),
  confidence: new Float64Array(times.length),
  outside: new Uint8Array(times.length),
  mode: new Int32Array(times.length),
  contributions: new Float32Array(times.length * width),
})
