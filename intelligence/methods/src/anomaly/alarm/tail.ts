import { aNumber, f64s, fits, record, type Shaped } from '../../model-file/shape.ts'
import { quantileOfSorted, sortedFinite } from '../normal/statistics.ts'

/** Share of the scores above which the tail is extrapolated. */
const TAIL = 0.1
const POINTS = 33

/**
 * How rare a raw score is in normal running: quantiles below a level, an exponential tail above it (the excesses over a high
 * level follow a generalised Pareto distribution: Pickands 1975; its shape is held at 0, because a few hundred rows do not tell it).
 */
export const tailShape = record({ quantiles: f64s, scale: aNumber })
export type Tail = Shaped<typeof tailShape>

/** @param scores raw scores of rows the method was not fitted to; NaN is left out */
export function fitTail(scores: Float64Array): Tail {
  const sorted = sortedFinite(scores)
  const quantiles = new Float64Array(POINTS)
  for (let i = 0; i < POINTS; i++) quantiles[i] = quantileOfSorted(sorted, ((1 - TAIL) * i) / (POINTS - 1))
  const from = quantiles[POINTS - 1]!
  const excesses = sorted.filter((score) => score > from).map((score) => score - from)
  const spread = from - quantiles[0]!
  // Scores that are all alike have no tail to fit: any departure is then as strange as it is far.
  const scale = Math.max(exponentialScale(excesses), 1e-3 * spread, 1e-9 * Math.abs(from), 1e-12)
  return { quantiles, scale }
}

/**
 * The scale of an exponential distribution by its median, not its mean: one excursion that the history holds and that nobody labelled
 * must not make the alarm deaf.
 */
export const exponentialScale = (excesses: Float64Array): number =>
  excesses.length === 0 ? 0 : quantileOfSorted(excesses.toSorted(), 0.5) / Math.LN2

/** Refuses a tail of a file that cannot be one. */
export function checkTail({ quantiles, scale }: Tail): void {
  fits(quantiles.length === POINTS && scale > 0, 'tail', `of ${POINTS} quantiles`)
}

/** A score rarer than one in 10 to this is as strange as any: so that one wild row does not outweigh the next thousand. */
export const MOST_SURPRISE = 10

/** Decimal digits of rarity: 2 means that one normal row in 100 scores as high. 0 to 10; NaN for NaN. */
export function surprise({ quantiles, scale }: Tail, score: number): number {
  if (Number.isNaN(score)) return Number.NaN
  const from = quantiles[POINTS - 1]!
  if (score > from) return Math.min(MOST_SURPRISE, -Math.log10(TAIL) + (score - from) / (scale * Math.LN10))
  let low = 0
  let high = POINTS - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (quantiles[middle]! < score) low = middle
    else high = middle
  }
  const [a, b] = [quantiles[low]!, quantiles[high]!]
  const place = low + (b > a ? Math.max(0, (score - a) / (b - a)) : 1)
  return -Math.log10(1 - ((1 - TAIL) * place) / (POINTS - 1))
}
