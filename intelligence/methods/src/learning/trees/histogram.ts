import type { Adder } from './adder.ts'
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

/** Fills `histogram` from the first `count` pairs of the adder, which are those of its rows from `from` on. */
export function fillHistogram(
  histogram: Float64Array,
  sums: Adder,
  { offsets }: HistogramLayout,
  inputs: ArrayLike<number>,
  from: number,
  count: number,
): void {
  for (let at = 0; at < inputs.length; at += 2) {
    const one = inputs[at]!
    const other = inputs[at + 1] ?? one
    sums.add(one, other, from, count)
    histogram.set(sums.sums[0].subarray(0, offsets[one + 1]! - offsets[one]!), offsets[one])
    histogram.set(sums.sums[1].subarray(0, offsets[other + 1]! - offsets[other]!), offsets[other])
  }
}

/** parent - child, in place of the parent. */
export function subtractHistogram(parent: Float64Array, child: Float64Array): void {
  for (let at = 0; at < parent.length; at++) parent[at]! -= child[at]!
}
