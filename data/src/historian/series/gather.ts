import type { Micros } from '@millwright/foundation'

/** Aggregates over a span of one signal. Numbers that are not finite come from the engine as null. */
export interface BucketRow {
  readonly time: Micros
  readonly readings: number
  readonly usable: number
  readonly sum: number | null
  readonly min: number | null
  readonly max: number | null
  readonly first: number | null
  readonly last: number | null
  readonly quality: number
  /** Start of the finest rows that `first` and `last` were taken from. */
  readonly firstAt: Micros
  readonly lastAt: Micros
}

/**
 * Of two rows for one bucket the one made from more readings, else the fresh one: readings that retention has taken
 * away live on in the rollup. The roller decides the same way, by the version of rollup rows.
 */
export function fuller(stored: readonly BucketRow[], fresh: readonly BucketRow[]): BucketRow[] {
  const best = new Map(stored.map((row) => [row.time, row]))
  for (const row of fresh) {
    const before = best.get(row.time)
    if (before === undefined || before.readings <= row.readings) best.set(row.time, row)
  }
  return [...best.values()]
}

/** Rows in buckets of `step`, in order of time: what `FROM_ROLLUP` does in the engine. */
export function gathered(rows: readonly BucketRow[], step: Micros): BucketRow[] {
  const buckets = new Map<Micros, BucketRow>()
  for (const row of rows) {
    const time = Math.floor(row.time / step) * step
    const before = buckets.get(time)
    buckets.set(time, before === undefined ? { ...row, time } : joined(before, row))
  }
  return [...buckets.values()].sort((a, b) => a.time - b.time)
}

function joined(a: BucketRow, b: BucketRow): BucketRow {
  const counts = { time: a.time, readings: a.readings + b.readings, quality: Math.max(a.quality, b.quality) }
  if (b.usable === 0) return { ...a, ...counts }
  if (a.usable === 0) return { ...b, ...counts }
  const early = a.firstAt <= b.firstAt ? a : b
  const late = a.lastAt >= b.lastAt ? a : b
  return {
    ...counts,
    usable: a.usable + b.usable,
    sum: a.sum === null || b.sum === null ? null : a.sum + b.sum,
    min: Math.min(a.min!, b.min!),
    max: Math.max(a.max!, b.max!),
    first: early.first,
    last: late.last,
    firstAt: early.firstAt,
    lastAt: late.lastAt,
  }
}
