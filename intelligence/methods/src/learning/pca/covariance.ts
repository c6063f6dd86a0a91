import { rowCount, type Table } from '../table.ts'

/** Mean and standard deviation of each column over some rows; the deviation of a constant one is 0. */
export function columnMoments(columns: readonly Float64Array[], rows: ArrayLike<number>) {
  const mean = new Float64Array(columns.length)
  const deviation = new Float64Array(columns.length)
  columns.forEach((column, input) => {
    let sum = 0
    let low = Number.POSITIVE_INFINITY
    let high = Number.NEGATIVE_INFINITY
    for (let at = 0; at < rows.length; at++) {
      const value = column[rows[at]!]!
      sum += value
      if (value < low) low = value
      if (value > high) high = value
    }
    const middle = sum / rows.length
    let squares = 0
    for (let at = 0; at < rows.length; at++) squares += (column[rows[at]!]! - middle) ** 2
    mean[input] = low === high ? low : middle
    deviation[input] = low === high ? 0 : Math.sqrt(squares / (rows.length - 1))
  })
  return { mean, deviation }
}

/** The rows in which no input is missing or infinite. */
export function completeRows(table: Table): Int32Array {
  const rows = new Int32Array(rowCount(table))
  let kept = 0
  for (let row = 0; row < rows.length; row++) {
    let complete = true
    for (let input = 0; complete && input < table.columns.length; input++)
      complete = Number.isFinite(table.columns[input]![row]!)
    if (complete) rows[kept++] = row
  }
  return rows.subarray(0, kept)
}

/** Rows that are brought to the mean 0 and scale 1 together, so that they stay in the cache while they are multiplied. */
const BLOCK = 256

/** Covariance (divided by rows - 1) of (value - mean) / scale, inputs × inputs, row-major. */
export function covariance(
  columns: readonly Float64Array[],
  rows: ArrayLike<number>,
  mean: Float64Array,
  scale: Float64Array,
): Float64Array {
  const inputs = columns.length
  const sums = new Float64Array(inputs * inputs)
  const block = columns.map(() => new Float64Array(BLOCK))
  for (let first = 0; first < rows.length; first += BLOCK) {
    const count = Math.min(BLOCK, rows.length - first)
    for (let input = 0; input < inputs; input++) {
      const [from, to, middle, by] = [columns[input]!, block[input]!, mean[input]!, 1 / scale[input]!]
      for (let at = 0; at < count; at++) to[at] = (from[rows[first + at]!]! - middle) * by
    }
    for (let one = 0; one < inputs; one++)
      for (let other = one; other < inputs; other++)
        sums[one * inputs + other]! += dot(block[one]!, block[other]!, count)
  }
  for (let one = 0; one < inputs; one++)
    for (let other = one; other < inputs; other++)
      sums[other * inputs + one] = sums[one * inputs + other]! /= rows.length - 1
  return sums
}

/** Four sums at once: the processor need not wait for one addition to begin the next. */
function dot(a: Float64Array, b: Float64Array, count: number): number {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  let at = 0
  for (; at + 3 < count; at += 4) {
    s0 += a[at]! * b[at]!
    s1 += a[at + 1]! * b[at + 1]!
    s2 += a[at + 2]! * b[at + 2]!
    s3 += a[at + 3]! * b[at + 3]!
  }
  for (; at < count; at++) s0 += a[at]! * b[at]!
  return s0 + s1 + (s2 + s3)
}
