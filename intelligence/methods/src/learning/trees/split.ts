import type { Binned } from './bins.ts'
import type { HistogramLayout, Packing } from './histogram.ts'

export interface Sums {
  readonly gradient: number
  readonly curvature: number
  readonly rows: number
}

export interface Split {
  readonly gain: number
  readonly input: number
  /** Rows in this bin and before go left. */
  readonly bin: number
  readonly missingLeft: boolean
  readonly left: Sums
  readonly right: Sums
}

export interface SplitRules {
  readonly leafRows: number
  readonly l2: number
}

/** Second derivatives of a leaf at least; below it, a Newton step means nothing. */
const LEAST_CURVATURE = 1e-3

/**
 * The split of a leaf that lowers the loss most by its second-order approximation (Chen and Guestrin 2016, eq. 7), each input's missing
 * values once on either side; undefined where none lowers it.
 */
export function bestSplit(
  histogram: Float64Array,
  binned: Binned,
  { offsets }: HistogramLayout,
  { one, unit }: Packing,
  inputs: ArrayLike<number>,
  sums: Sums,
  { leafRows, l2 }: SplitRules,
): Split | undefined {
  const { gradient: g, curvature: h, rows: n } = sums
  const most = n - leafRows
  // A power of 2: multiplying by its inverse is exact, and cheaper than dividing.
  const perRow = 1 / one
  const parent = (g * g) / (h + l2)
  let gain = Math.abs(parent) * 1e-12 + Number.MIN_VALUE
  let best = -1
  let bin = 0
  let missingLeft = false
  let bestLeft = 0
  let bestPacked = 0
  for (let at = 0; at < inputs.length; at++) {
    const input = inputs[at]!
    const from = offsets[input]!
    const last = binned.edges[input]!.length
    const gaps = binned.missing[input]!
    for (let side = gaps ? 0 : 1; side < 2; side++) {
      // Missing left: the left side begins with them. Missing right: they are in no left side, and may stand alone on the right.
      const missing = from + 2 * (last + 1)
      let left = side === 0 ? histogram[missing]! : 0
      let packed = side === 0 ? histogram[missing + 1]! : 0
      const end = from + 2 * (gaps && side === 1 ? last + 1 : last)
      for (let place = from; place < end; place += 2) {
        left += histogram[place]!
        packed += histogram[place + 1]!
        const count = Math.floor(packed * perRow)
        if (count < leafRows) continue
        if (count > most) break
        const hl = (packed - count * one) * unit
        const hr = h - hl
        if (hl < LEAST_CURVATURE || hr < LEAST_CURVATURE) continue
        const right = g - left
        const found = (left * left) / (hl + l2) + (right * right) / (hr + l2) - parent
        if (found > gain) {
          gain = found
          best = input
          bin = (place - from) >>> 1
          missingLeft = side === 0
          bestLeft = left
          bestPacked = packed
        }
      }
    }
  }
  if (best < 0) return undefined
  const rows = Math.floor(bestPacked / one)
  const left = { gradient: bestLeft, curvature: (bestPacked - rows * one) * unit, rows }
  const right = { gradient: g - left.gradient, curvature: h - left.curvature, rows: n - rows }
  return { gain, input: best, bin, missingLeft, left, right }
}
