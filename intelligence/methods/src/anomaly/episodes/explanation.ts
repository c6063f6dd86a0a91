import type { Frame } from '../../series/frame.ts'
import type { AnomalyModel } from '../model.ts'
import type { AnomalyScores } from '../scorer.ts'
import { type Resemblance, resemblance } from './known.ts'

/** One signal's part in an anomaly. */
export interface Cause {
  readonly signal: string
  /** 0 to 1, of the score. */
  readonly share: number
  /** The reading; NaN when it is missing. */
  readonly value: number
  /** Where it mostly lay in this operating mode in training: two robust standard deviations about the median. */
  readonly usual: { readonly from: number; readonly to: number }
  /** Whether the reading is within that, so that only its relation to the other signals is odd. */
  readonly relation: boolean
}

export interface Explanation {
  readonly time: number
  readonly score: number
  readonly confidence: number
  readonly outside: boolean
  /** The signals that make up most of the score, the largest first. */
  readonly causes: readonly Cause[]
  readonly looksLike?: Resemblance
}

/** Causes are named until they make up this much, at most so many. */
const EXPLAINED = 0.8
const MOST_CAUSES = 3

/** Why a row has its score. @param frame the rows that were scored */
export function explain(model: AnomalyModel, scores: AnomalyScores, frame: Frame, row: number): Explanation {
  const width = model.signals.length
  const shares = Float64Array.from(scores.contributions.subarray(row * width, (row + 1) * width))
  const order = Array.from(shares.keys()).sort((a, b) => shares[b]! - shares[a]!)
  const causes: Cause[] = []
  let told = 0
  for (const j of order) {
    if (causes.length >= MOST_CAUSES || told >= EXPLAINED) break
    told += shares[j]!
    const at = scores.mode[row]! * width + j
    const centre = model.preparation.centre[at]!
    // The scale of the mode holds the drift that was allowed for; what was usual is without it.
    const spread = 2 * model.preparation.scale[at]! * Math.sqrt(1 - Math.min(0.99, model.preparation.wander[j]!))
    const value = frame.columns[frame.names.indexOf(model.signals[j]!)]?.[row] ?? Number.NaN
    const usual = { from: centre - spread, to: centre + spread }
    const relation = value >= usual.from && value <= usual.to
    causes.push({ signal: model.signals[j]!, share: shares[j]!, value, usual, relation })
  }
  const alike = resemblance(shares, model.known)
  return {
    time: scores.times[row]!,
    score: scores.score[row]!,
    confidence: scores.confidence[row]!,
    outside: scores.outside[row] === 1,
    causes,
    ...(alike !== undefined && { looksLike: alike }),
  }
}

/** What a technician reads. @param units UCUM code or symbol of each signal by its name */
export function explanationSentence(explanation: Explanation, units: Readonly<Record<string, string>> = {}): string {
  const { score, confidence, causes, outside, looksLike } = explanation
  const parts = causes.map(({ signal, share, value, usual, relation }) => {
    const unit = units[signal] === undefined ? '' : ` ${units[signal]}`
    const digits = decimals(usual.to - usual.from)
    const now = Number.isNaN(value) ? 'has no reading' : `is ${value.toFixed(digits)}${unit}`
    const range = `${usual.from.toFixed(digits)} to ${usual.to.toFixed(digits)}${unit}`
    const why = relation ? `usual by itself (${range}) but not with the other signals` : `usually ${range}`
    return `${signal} ${now}, ${why} (${Math.round(100 * share)} % of it)`
  })
  const sentences = [
    `Anomaly score ${score.toFixed(2)}, where 0.50 is an alarm; confidence ${Math.round(100 * confidence)} %.`,
    `${parts.join('; ')}.`,
  ]
  if (outside) sentences.push('The machine is outside of what the model was trained on.')
  if (looksLike !== undefined)
    sentences.push(
      `It looks like "${looksLike.name}" of ${new Date(looksLike.from / 1000).toISOString().slice(0, 10)} (${Math.round(100 * looksLike.similarity)} % alike).`,
    )
  return sentences.join(' ')
}

/** Decimals that show a tenth of the usual range. */
const decimals = (range: number): number => (range > 0 ? Math.min(8, Math.max(0, Math.ceil(1 - Math.log10(range)))) : 2)
