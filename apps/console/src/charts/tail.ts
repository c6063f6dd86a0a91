import type { Columns } from './columns.ts'

/** Rows as the live link brings them: newer than what was read, in order, one signal. */
export interface TailRow {
  readonly time: number
  readonly value: number | null
  readonly quality: number
}

/**
 * History with the live rows behind it. Rows that history already holds are left out. Where history is rolled up, the
 * live rows are rolled up to the same step, so that a day's chart does not end in a hair of single readings.
 */
export function mergeTail(base: Columns, tail: readonly TailRow[], step: number | undefined): Columns {
  const last = base.time.at(-1) ?? Number.NEGATIVE_INFINITY
  const reach = step === undefined ? last : last + step - 1
  const fresh = tail.filter((row) => row.time > reach)
  if (fresh.length === 0) return base
  const grown = step === undefined ? raw(fresh) : rolled(fresh, step)
  const spread = base.min !== undefined || grown.min !== undefined
  return {
    time: base.time.concat(grown.time),
    value: base.value.concat(grown.value),
    quality: base.quality.concat(grown.quality),
    min: spread ? (base.min ?? base.value).concat(grown.min ?? grown.value) : undefined,
    max: spread ? (base.max ?? base.value).concat(grown.max ?? grown.value) : undefined,
  }
}

function raw(rows: readonly TailRow[]): Columns {
  return {
    time: rows.map((row) => row.time),
    value: rows.map((row) => row.value),
    quality: rows.map((row) => row.quality),
    min: undefined,
    max: undefined,
  }
}

function rolled(rows: readonly TailRow[], step: number): Columns {
  const time: number[] = []
  const value: (number | null)[] = []
  const min: (number | null)[] = []
  const max: (number | null)[] = []
  const quality: number[] = []
  let count = 0
  for (const row of rows) {
    const start = Math.floor(row.time / step) * step
    const at = time.length - 1
    if (at < 0 || time[at] !== start) {
      time.push(start)
      value.push(row.value)
      min.push(row.value)
      max.push(row.value)
      quality.push(row.quality)
      count = row.value === null ? 0 : 1
      continue
    }
    quality[at] = Math.max(quality[at]!, row.quality)
    if (row.value === null) continue
    count++
    value[at] = (value[at] ?? 0) + (row.value - (value[at] ?? 0)) / count
    min[at] = Math.min(min[at] ?? row.value, row.value)
    max[at] = Math.max(max[at] ?? row.value, row.value)
  }
  return { time, value, min, max, quality }
}

/** Live rows of one signal, bounded in time and in number: the oldest fall out first. */
export class Tail {
  rows: TailRow[] = []
  readonly #most: number

  constructor(most = 6_000) {
    this.#most = most
  }

  push(row: TailRow): void {
    const last = this.rows.at(-1)
    // The link may repeat its newest row after it came back, and late readings are history's business.
    if (last !== undefined && row.time <= last.time) return
    this.rows.push(row)
    if (this.rows.length > this.#most) this.rows = this.rows.slice(-Math.floor(this.#most * 0.8))
  }

  dropBefore(time: number): void {
    const keep = this.rows.findIndex((row) => row.time >= time)
    if (keep > 500) this.rows = this.rows.slice(keep)
    else if (keep === -1 && this.rows.length > 0) this.rows = []
  }
}
