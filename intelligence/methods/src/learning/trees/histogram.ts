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
  // Two inputs at a time: a row's gradients are read once for both, and the processor adds to two places at once.
  for (let at = 0; at < inputs.length; at += 2) {
    const one = inputs[at]!
    const other = inputs[at + 1] ?? one
    const first = histogram.subarray(offsets[one]!, offsets[one + 1]!)
    const second =
      one === other ? new Float64Array(first.length) : histogram.subarray(offsets[other]!, offsets[other + 1]!)
    if (rows === undefined) addAll(first, bins[one]!, second, bins[other]!, ordered)
    else addSome(first, bins[one]!, second, bins[other]!, rows, from, to, ordered)
  }
}

function addAll(
  first: Float64Array,
  ones: Uint8Array,
  second: Float64Array,
  others: Uint8Array,
  { gradient, packed }: Ordered,
) {
  for (let row = 0; row < ones.length; row++) {
    const g = gradient[row]!
    const p = packed[row]!
    const one = ones[row]! << 1
    const other = others[row]! << 1
    first[one]! += g
    second[other]! += g
    first[one + 1]! += p
    second[other + 1]! += p
  }
}

function addSome(
  first: Float64Array,
  ones: Uint8Array,
  second: Float64Array,
  others: Uint8Array,
  rows: Int32Array,
  from: number,
  to: number,
  { gradient, packed }: Ordered,
): void {
  for (let place = from, at = 0; place < to; place++, at++) {
    const row = rows[place]!
    const g = gradient[at]!
    const p = packed[at]!
    const one = ones[row]! << 1
    const other = others[row]! << 1
    first[one]! += g
    second[other]! += g
    first[one + 1]! += p
    second[other + 1]! += p
  }
}

/** parent - child, in place of the parent. */
export function subtractHistogram(parent: Float64Array, child: Float64Array): void {
  for (let at = 0; at < parent.length; at++) parent[at]! -= child[at]!
}
