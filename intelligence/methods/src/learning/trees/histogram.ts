import type { Binned } from './bins.ts'

/**
 * Gradient histograms: for each bin of each input two numbers side by side, the sum of gradients and a packed sum. The packed sum holds
 * the number of rows above and the sum of second derivatives, as whole numbers of a fine unit, below: one addition keeps
 * both, and it is exact, so that parent - child is the other child to the last bit.
 */
export interface HistogramLayout {
  /** Where the bins of each input begin, and behind the last the length of a histogram. */
  readonly offsets: Int32Array
}

export function histogramLayout({ edges, missing }: Binned): HistogramLayout {
  const offsets = new Int32Array(edges.length + 1)
  for (let input = 0; input < edges.length; input++)
    offsets[input + 1] = offsets[input]! + 2 * (edges[input]!.length + 1 + (missing[input] ? 1 : 0))
  return { offsets }
}

/** How a count and a sum of second derivatives stand in one number of 53 bits. */
export interface Packing {
  /** What one row counts. */
  readonly one: number
  /** Second derivative of one unit below. */
  readonly unit: number
}

/** @param largest the largest second derivative of any row */
export function packing(rows: number, largest: number): Packing {
  const countBits = Math.ceil(Math.log2(rows + 2))
  const one = 2 ** (53 - countBits)
  return { one, unit: largest / (2 ** (53 - 2 * countBits) - 1) || 1 }
}

/** Gradients of the rows of a leaf, in the order of its rows. */
export interface Ordered {
  readonly gradient: Float64Array
  readonly packed: Float64Array
}

/** Fills `histogram` from rows `rows[from]` to `rows[to - 1]`; gradients stand at 0 to `to - from - 1`. */
export function fillHistogram(
  histogram: Float64Array,
  { bins }: Binned,
  { offsets }: HistogramLayout,
  inputs: ArrayLike<number>,
  rows: Int32Array | undefined,
  from: number,
  to: number,
  ordered: Ordered,
): void {
  histogram.fill(0)
  for (let at = 0; at < inputs.length; at++) {
    const input = inputs[at]!
    const part = histogram.subarray(offsets[input]!, offsets[input + 1]!)
    if (rows === undefined) addAll(part, bins[input]!, ordered.gradient, ordered.packed)
    else addSome(part, bins[input]!, rows, from, to, ordered.gradient, ordered.packed)
  }
}

function addAll(part: Float64Array, bins: Uint8Array, gradient: Float64Array, packed: Float64Array): void {
  for (let row = 0; row < bins.length; row++) {
    const at = bins[row]! << 1
    part[at]! += gradient[row]!
    part[at + 1]! += packed[row]!
  }
}

function addSome(
  part: Float64Array,
  bins: Uint8Array,
  rows: Int32Array,
  from: number,
  to: number,
  gradient: Float64Array,
  packed: Float64Array,
): void {
  for (let place = from, row = 0; place < to; place++, row++) {
    const at = bins[rows[place]!]! << 1
    part[at]! += gradient[row]!
    part[at + 1]! += packed[row]!
  }
}

/** parent - child, in place of the parent. */
export function subtractHistogram(parent: Float64Array, child: Float64Array): void {
  for (let at = 0; at < parent.length; at++) parent[at]! -= child[at]!
}
