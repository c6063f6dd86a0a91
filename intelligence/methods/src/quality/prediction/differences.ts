/** Whether good and bad parts differ in an input, one input at a time. */

import { studentTwoSided } from '../../distributions/beta.ts'
import { normalCdf } from '../../distributions/normal.ts'

/** Places in order of size, equal values sharing their mean place (1 is the least), and the sum of t³ - t over ties. */
function ranks(values: ArrayLike<number>): { readonly rank: Float64Array; readonly ties: number } {
  const order = Int32Array.from({ length: values.length }, (_, at) => at).sort((a, b) => values[a]! - values[b]!)
  const rank = new Float64Array(values.length)
  let ties = 0
  for (let from = 0; from < order.length; ) {
    let to = from + 1
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++
    for (let at = from; at < to; at++) rank[order[at]!] = (from + 1 + to) / 2
    ties += (to - from) ** 3 - (to - from)
    from = to
  }
  return { rank, ties }
}

/**
 * Mann & Whitney 1947, two-sided, by the normal approximation with ties and continuity: probability of such a difference by chance.
 * NaN when one side has fewer than 3 values.
 */
export function mannWhitney(one: Float64Array, other: Float64Array): number {
  const [n, m] = [one.length, other.length]
  if (n < 3 || m < 3) return Number.NaN
  const { rank, ties } = ranks(Float64Array.from([...one, ...other]))
  let sum = 0
  for (let at = 0; at < n; at++) sum += rank[at]!
  const u = sum - (n * (n + 1)) / 2
  const all = n + m
  const variance = ((n * m) / 12) * (all + 1 - ties / (all * (all - 1)))
  if (variance === 0) return 1
  const z = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5) / Math.sqrt(variance)
  return Math.min(1, 2 * normalCdf(-z))
}

/** Spearman 1904: correlation of ranks, and the probability of such a one by chance (t approximation); NaN below 5 values or without spread. */
export function spearman(one: Float64Array, other: Float64Array): { readonly correlation: number; readonly p: number } {
  const n = one.length
  if (n < 5) return { correlation: Number.NaN, p: Number.NaN }
  const [a, b] = [ranks(one).rank, ranks(other).rank]
  const middle = (n + 1) / 2
  let [ab, aa, bb] = [0, 0, 0]
  for (let at = 0; at < n; at++) {
    ab += (a[at]! - middle) * (b[at]! - middle)
    aa += (a[at]! - middle) ** 2
    bb += (b[at]! - middle) ** 2
  }
  if (aa === 0 || bb === 0) return { correlation: Number.NaN, p: Number.NaN }
  const correlation = ab / Math.sqrt(aa * bb)
  const t = correlation * Math.sqrt((n - 2) / Math.max(1e-15, 1 - correlation * correlation))
  return { correlation, p: studentTwoSided(t, n - 2) }
}

/** Of many tests: the smallest false-discovery rate at which each would be kept (Benjamini & Hochberg 1995). NaN stays NaN. */
export function falseDiscovery(p: ArrayLike<number>): Float64Array {
  const asked = Array.from({ length: p.length }, (_, at) => at).filter((at) => Number.isFinite(p[at]!))
  asked.sort((a, b) => p[b]! - p[a]!)
  const q = new Float64Array(p.length).fill(Number.NaN)
  let least = 1
  asked.forEach((at, place) => {
    least = Math.min(least, (p[at]! * asked.length) / (asked.length - place))
    q[at] = least
  })
  return q
}
