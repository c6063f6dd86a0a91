import { DAY, type Micros } from '@millwright/foundation'

/** How long a class keeps readings and their rollups; null: forever. */
export interface RetentionRule {
  readonly days: number | null
  readonly rollupDays: number | null
}

export const RETENTION_NUMBERS = { short: 1, standard: 2, long: 3, forever: 4 } as const
export type RetentionClass = keyof typeof RETENTION_NUMBERS

export const DEFAULT_RETENTION: Readonly<Record<RetentionClass, RetentionRule>> = {
  short: { days: 14, rollupDays: 400 },
  standard: { days: 400, rollupDays: 3650 },
  long: { days: 3650, rollupDays: null },
  forever: { days: null, rollupDays: null },
}

/** The number of a class as stored; an unknown name (from a newer version) counts as `forever`. */
export const classNumber = (name: string): number =>
  RETENTION_NUMBERS[name as RetentionClass] ?? RETENTION_NUMBERS.forever

/** The start of the partition's period in which a time lies, and its end: a week (from Monday) or a calendar month. */
export function periodOf(classNo: number, time: Micros): { start: Micros; end: Micros } {
  if (classNo === RETENTION_NUMBERS.short) {
    // 1970-01-05 was a Monday.
    const start = Math.floor((time - 4 * DAY) / (7 * DAY)) * 7 * DAY + 4 * DAY
    return { start, end: start + 7 * DAY }
  }
  const date = new Date(Math.floor(time / 1000))
  const year = date.getUTCFullYear()
  const month = date.getUTCMonth()
  return { start: Date.UTC(year, month, 1) * 1000, end: Date.UTC(year, month + 1, 1) * 1000 }
}
