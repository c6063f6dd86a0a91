import type { Packing } from './histogram.ts'
import type { Split, SplitRules } from './split.ts'

/**
 * Moves a split between two bins to the best place between two values in the bins on either side of it: the limits of a machine are sharp, and
 * a bin in which good and bad rows stand together would blur them. Costs a look at those few rows only.
 * @param rows those of the leaf, `rows[from]` to `rows[to - 1]`
 * @returns the split with its sums, and the threshold
 */
export function refineSplit(
  split: Split,
  edges: Float64Array,
  column: Float64Array,
  bins: Uint8Array,
  rows: Int32Array,
  from: number,
  to: number,
  gradient: Float64Array,
  packed: Float64Array,
  { one, unit }: Packing,
  { leafRows, l2 }: SplitRules,
): { readonly split: Split; readonly threshold: number } {
  const { bin, left, right } = split
  const unchanged = { split, threshold: edges[bin] ?? Number.POSITIVE_INFINITY }
  const near: number[] = []
  for (let place = from; place < to; place++) {
    const its = bins[rows[place]!]!
    if (its === bin || (its === bin + 1 && its <= edges.length)) near.push(rows[place]!)
  }
  if (bin >= edges.length || near.length > MOST) return unchanged
  near.sort((a, b) => column[a]! - column[b]!)
  const g = left.gradient + right.gradient
  const h = left.curvature + right.curvature
  const n = left.rows + right.rows
  let [sum, units] = [left.gradient, left.rows * one + Math.round(left.curvature / unit)]
  for (const row of near)
    if (bins[row] === bin) {
      sum -= gradient[row]!
      units -= packed[row]!
    }
  const parent = (g * g) / (h + l2)
  let best = { gain: split.gain, sum: 0, units: 0, threshold: Number.NaN }
  for (let at = 0; at + 1 < near.length; at++) {
    sum += gradient[near[at]!]!
    units += packed[near[at]!]!
    const [value, next] = [column[near[at]!]!, column[near[at + 1]!]!]
    const count = Math.floor(units / one)
    if (value === next || count < leafRows || n - count < leafRows) continue
    const hl = (units - count * one) * unit
    const gain = (sum * sum) / (hl + l2) + (g - sum) ** 2 / (h - hl + l2) - parent
    // A hair more, so that rounding does not move a split that stands well.
    if (gain > best.gain * (1 + 1e-9))
      best = { gain, sum, units, threshold: value / 2 + next / 2 < next ? value / 2 + next / 2 : value }
  }
  if (Number.isNaN(best.threshold)) return unchanged
  const count = Math.floor(best.units / one)
  const curvature = (best.units - count * one) * unit
  return {
    threshold: best.threshold,
    split: {
      ...split,
      gain: best.gain,
      left: { gradient: best.sum, curvature, rows: count },
      right: { gradient: g - best.sum, curvature: h - curvature, rows: n - count },
    },
  }
}

/** With more rows than this in two bins, where exactly the split stands no longer matters. */
const MOST = 2000
