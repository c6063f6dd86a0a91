import { DAY, HOUR, MINUTE, type Micros, SECOND } from '@millwright/foundation'
import { forecastErrors } from './errors.ts'

/** A signal on even steps. */
export interface Series {
  /** Start of the first step. */
  readonly start: Micros
  readonly step: Micros
  /** The mean of each step; NaN where it holds no usable reading. */
  readonly values: Float64Array
}

/** Some years of quarters of an hour, some weeks of seconds. */
const LIMIT = 2_000_000

const USUAL = [
  ...[1, 2, 5, 10, 15, 20, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 20, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 4, 6, 8, 12].map((n) => n * HOUR),
  DAY,
  7 * DAY,
]

/**
 * Irregular readings on even steps, aligned with the epoch so that a step of an hour is a clock's hour in UTC.
 *
 * @param times ascending; equal times count as two readings of one step
 * @param values as long as `times`, NaN = missing
 * @param step as found from the median distance of the readings when it is not given
 * @throws MW-FORECAST-0001 for times that do not ascend, MW-FORECAST-0004 when the grid would be too long
 */
export function toSeries(times: Float64Array, values: Float64Array, step: Micros = stepOf(times)): Series {
  if (times.length === 0) return { start: 0, step, values: new Float64Array(0) }
  for (let i = 1; i < times.length; i++) if (!(times[i]! >= times[i - 1]!)) throw forecastErrors.shuffled({ index: i })
  const first = Math.floor(times[0]! / step)
  const cells = Math.floor(times.at(-1)! / step) - first + 1
  if (cells > LIMIT) throw forecastErrors.tooLong({ cells, limit: LIMIT })
  const sums = new Float64Array(cells)
  const counts = new Int32Array(cells)
  for (let i = 0; i < times.length; i++) {
    if (!Number.isFinite(values[i]!)) continue
    const cell = Math.floor(times[i]! / step) - first
    sums[cell]! += values[i]!
    counts[cell]!++
  }
  return { start: first * step, step, values: sums.map((sum, i) => sum / counts[i]!) }
}

/** The usual distance of two readings, as the next usual step (a minute, an hour, …) when it is within a fifth of one. */
export function stepOf(times: Float64Array): Micros {
  const gaps = Float64Array.from({ length: Math.max(0, times.length - 1) }, (_, i) => times[i + 1]! - times[i]!)
    .filter((gap) => gap > 0)
    .sort()
  const median = gaps[gaps.length >> 1] ?? HOUR
  return USUAL.find((step) => Math.abs(median - step) <= step / 5) ?? Math.max(1, Math.round(median))
}
