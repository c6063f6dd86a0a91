import { HOUR, type Micros } from '@millwright/foundation'
import type { Frame } from '../series/index.ts'

/**
 * How the values of a column become one value of a period: a `rate` per hour (kW, m³/h) is integrated, of a `counter` the increase is
 * taken, a `mean` is the mean.
 */
export type Measure = 'rate' | 'counter' | 'mean'

/** Share of a period's steps that must be known. */
const LEAST_KNOWN = 0.5

/**
 * Rows of a fine grid as hours or days. A row's time is the end of its step, on the grid and in what is returned.
 *
 * @param frame even steps of `step`; steps without a row count as missing
 * @param offset of the period's beginning from that in UTC: local midnight for days
 * @returns periods between the first and the last row, those at the ends only where they are whole enough; NaN where a column is missing
 */
export function toPeriods(
  frame: Frame,
  measures: readonly Measure[],
  step: Micros,
  period: Micros,
  offset: Micros = 0,
): Frame {
  const { times, names } = frame
  const indexOf = (time: number) => Math.ceil((time + offset) / period) - 1
  const first = times.length === 0 ? 0 : indexOf(times[0]!)
  const count = times.length === 0 ? 0 : indexOf(times.at(-1)!) - first + 1
  const wanted = period / step
  const columns = frame.columns.map((column, c) => {
    const measure = measures[c]!
    const sums = new Float64Array(count)
    const known = new Float64Array(count)
    let last = Number.NaN
    for (let row = 0; row < times.length; row++) {
      const value = column[row]!
      if (Number.isNaN(value)) continue
      const at = indexOf(times[row]!) - first
      known[at]!++
      if (measure !== 'counter') sums[at]! += value
      // A counter that fell was set back: what it shows now has come since.
      else if (!Number.isNaN(last)) sums[at]! += value >= last ? value - last : 0
      last = value
    }
    return sums.map((sum, i) => {
      if (known[i]! < LEAST_KNOWN * wanted) return Number.NaN
      if (measure === 'counter') return sum
      return (sum / known[i]!) * (measure === 'rate' ? period / HOUR : 1)
    })
  })
  const ends = Float64Array.from({ length: count }, (_, i) => (first + i + 1) * period - offset)
  return { times: ends, names, columns }
}

/** A signal that only goes up, but for being set back now and then, counts something. */
export function looksLikeCounter(column: Float64Array): boolean {
  let rises = 0
  let falls = 0
  let last = Number.NaN
  for (const value of column) {
    if (Number.isNaN(value)) continue
    if (value > last) rises++
    if (value < last) falls++
    last = value
  }
  return rises >= 10 && falls <= rises / 100
}
