import type { Random } from '../random.ts'
import { takeValues } from '../table.ts'

/** What a threshold is to be best at, or the least it is to reach. */
export type Wanted =
  | { readonly measure: 'f1' }
  /** The highest recall at this precision at least. */
  | { readonly measure: 'precision'; readonly least: number }
  /** The highest precision at this recall at least. */
  | { readonly measure: 'recall'; readonly least: number }
  /** The least cost, of rows of class 1 that are missed and of others that are said to be of it. */
  | { readonly measure: 'cost'; readonly miss: number; readonly falseAlarm: number }

export interface Threshold {
  /** Rows with a score at or above it are said to be of class 1. Infinity when nothing reaches what is wanted. */
  readonly value: number
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

/**
 * The threshold that does what is wanted on these rows. Give it predictions for rows that the model has not learned from (of the training part: out of fold), never
 * those that are scored in the end. It stands midway between two scores, so that rows like these fall clearly to one side.
 */
export function chooseThreshold(truth: ArrayLike<number>, score: ArrayLike<number>, wanted: Wanted): Threshold {
  const order = Int32Array.from({ length: truth.length }, (_, at) => at).sort((a, b) => score[b]! - score[a]!)
  const ones = order.reduce((count, row) => count + (truth[row] === 1 ? 1 : 0), 0)
  let best: Threshold = { value: Number.POSITIVE_INFINITY, precision: 0, recall: 0, f1: 0 }
  let worth = 0
  for (let at = 0, hits = 0; at < order.length; at++) {
    const now = score[order[at]!]!
    if (truth[order[at]!] === 1) hits++
    const next = at + 1 < order.length ? score[order[at + 1]!]! : Number.NEGATIVE_INFINITY
    if (next === now) continue
    const [precision, recall, f1] = [hits / (at + 1), hits / ones, (2 * hits) / (at + 1 + ones)]
    const value = next === Number.NEGATIVE_INFINITY ? now : now / 2 + next / 2 || now
    const found = { value: value > next ? value : now, precision, recall, f1 }
    const its = worthOf(found, wanted)
    if (its > worth) {
      worth = its
      best = found
    }
  }
  return best
}

/** Resamples that a stable threshold is the middle of. */
const RESAMPLES = 25

/**
 * As `chooseThreshold`, but the middle one of those of resampled rows (Efron 1979): where few rows are of class 1, the best threshold of one sample hangs on two or
 * three of them. Its measures are those on the rows as they are.
 */
export function stableThreshold(truth: Float64Array, score: Float64Array, wanted: Wanted, random: Random): Threshold {
  const found = Array.from({ length: RESAMPLES }, () => {
    const rows = Int32Array.from({ length: truth.length }, () => Math.floor(random() * truth.length))
    return chooseThreshold(takeValues(truth, rows), takeValues(score, rows), wanted).value
  }).sort((a, b) => a - b)
  const value = found[RESAMPLES >> 1]!
  let [hits, said, ones] = [0, 0, 0]
  for (let row = 0; row < truth.length; row++) {
    if (truth[row] === 1) ones++
    if (score[row]! < value) continue
    said++
    if (truth[row] === 1) hits++
  }
  return { value, precision: said === 0 ? 0 : hits / said, recall: hits / ones, f1: (2 * hits) / (said + ones) }
}

function worthOf({ precision, recall, f1 }: Threshold, wanted: Wanted): number {
  switch (wanted.measure) {
    case 'f1':
      return f1
    case 'precision':
      return precision >= wanted.least ? recall : 0
    case 'recall':
      return recall >= wanted.least ? precision : 0
    case 'cost':
      // What is saved, for each row of class 1, against saying nothing.
      return precision === 0 ? 0 : recall * (wanted.miss - wanted.falseAlarm * (1 / precision - 1))
  }
}
