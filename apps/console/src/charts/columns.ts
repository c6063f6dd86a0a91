import type { Series } from '../api/types.ts'
import { type Severity, severity } from './quality.ts'

/** One signal over time as parallel columns; a null value breaks the line. Times are integer µs, ascending. */
export interface Columns {
  readonly time: number[]
  readonly value: (number | null)[]
  readonly min: (number | null)[] | undefined
  readonly max: (number | null)[] | undefined
  readonly quality: number[]
}

export const EMPTY: Columns = { time: [], value: [], min: undefined, max: undefined, quality: [] }

export const columnsOf = (series: Series): Columns => ({
  time: series.time,
  value: series.value,
  min: series.min,
  max: series.max,
  quality: series.quality,
})

/** Applies the viewer's unit to every column. */
export function inUnit(columns: Columns, to: (value: number) => number): Columns {
  const each = (values: (number | null)[]) => values.map((value) => (value === null ? null : to(value)))
  return {
    ...columns,
    value: each(columns.value),
    min: columns.min && each(columns.min),
    max: columns.max && each(columns.max),
  }
}

/** The usual distance between rows: the median, which a gap or a burst does not move. Undefined below three rows. */
export function usualStep(time: readonly number[]): number | undefined {
  if (time.length < 3) return undefined
  const stride = Math.max(1, Math.floor(time.length / 500))
  const steps: number[] = []
  for (let i = stride; i < time.length; i += stride) steps.push((time[i]! - time[i - stride]!) / stride)
  steps.sort((a, b) => a - b)
  return steps[steps.length >> 1]
}

/**
 * Puts a null between rows that stand further apart than a gap may be, so that no line is drawn over a time nobody
 * measured. `gapAfter` in µs; undefined leaves the rows as they are.
 */
export function withGaps(columns: Columns, gapAfter: number | undefined): Columns {
  if (gapAfter === undefined) return columns
  const { time } = columns
  if (!time.some((at, i) => i > 0 && at - time[i - 1]! > gapAfter)) return columns
  const out = { time: [] as number[], value: [] as (number | null)[], quality: [] as number[] }
  const min: (number | null)[] | undefined = columns.min && []
  const max: (number | null)[] | undefined = columns.max && []
  for (let i = 0; i < time.length; i++) {
    if (i > 0 && time[i]! - time[i - 1]! > gapAfter) {
      out.time.push(time[i - 1]! + 1)
      out.value.push(null)
      out.quality.push(columns.quality[i - 1]!)
      min?.push(null)
      max?.push(null)
    }
    out.time.push(time[i]!)
    out.value.push(columns.value[i]!)
    out.quality.push(columns.quality[i]!)
    min?.push(columns.min![i]!)
    max?.push(columns.max![i]!)
  }
  return { ...out, min, max }
}

export interface QualitySpan {
  readonly from: number
  readonly to: number
  readonly severity: Exclude<Severity, 'good'>
}

/** Stretches whose readings are not Good, for the shading behind the line; a lone row reaches to the next one. */
export function qualitySpans(columns: Columns): QualitySpan[] {
  const spans: QualitySpan[] = []
  let open: { from: number; to: number; severity: Exclude<Severity, 'good'> } | undefined
  for (let i = 0; i < columns.time.length; i++) {
    const kind = severity(columns.quality[i]!)
    const at = columns.time[i]!
    if (open !== undefined && open.severity !== kind) {
      open.to = at
      spans.push(open)
      open = undefined
    }
    if (kind !== 'good')
      open = open === undefined ? { from: at, to: at, severity: kind } : Object.assign(open, { to: at })
  }
  if (open !== undefined) spans.push(open)
  return spans
}

export interface Statistics {
  readonly count: number
  readonly mean: number | undefined
  readonly min: number | undefined
  readonly max: number | undefined
}

/** Of the rows within [from, to); rollup rows give their own minimum and maximum. */
export function statistics(columns: Columns, from: number, to: number): Statistics {
  let count = 0
  let sum = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (let i = 0; i < columns.time.length; i++) {
    const at = columns.time[i]!
    const value = columns.value[i]
    if (at < from || at >= to || value === null || value === undefined) continue
    count++
    sum += value
    min = Math.min(min, columns.min?.[i] ?? value)
    max = Math.max(max, columns.max?.[i] ?? value)
  }
  return count === 0
    ? { count, mean: undefined, min: undefined, max: undefined }
    : { count, mean: sum / count, min, max }
}

/** Index of the last row at or before a time; -1 when there is none. */
export function rowAt(time: readonly number[], at: number): number {
  let low = 0
  let high = time.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (time[middle]! <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}
