import { lowerBound } from '../parts/aggregates.ts'

/** A part's result, and when it was known: µs. The value is what was measured, or 1 for a failed part and 0 for a good one. */
export interface KnownResult {
  readonly time: number
  readonly value: number
}

export const recentNames = ['median of last 5 results'] as const

/**
 * What had been measured of earlier parts when a part was finished: tool offsets and drifts that no sensor sees show there. Never looks
 * ahead. `results` ascend in time.
 */
export function fillRecent(results: readonly KnownResult[], finished: number, into: Float64Array, at: number): void {
  const end = lowerBound(
    results.map(({ time }) => time),
    finished,
  )
  fillLast(results.slice(Math.max(0, end - 5), end), into, at)
}

/** By the results themselves, the newest last. The median: one part that went wrong says nothing of the next. */
export function fillLast(last: readonly KnownResult[], into: Float64Array, at: number): void {
  const sorted = last.map(({ value }) => value).sort((a, b) => a - b)
  const middle = sorted.length >> 1
  into[at] =
    sorted.length === 0
      ? Number.NaN
      : sorted.length % 2 === 1
        ? sorted[middle]!
        : (sorted[middle - 1]! + sorted[middle]!) / 2
}
