import { DAY, type Micros, parseTime } from '@millwright/foundation'
import { usage } from '../errors.ts'
import { text } from '../texts/text.ts'
import { readDuration } from './durations.ts'

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?$/
const EARLIEST = 0

/**
 * A moment as people give it, in µs: RFC 3339 (`2026-11-20T06:00:00Z`); the same without an offset, or only a date, in
 * the machine's time zone; `now`, `today`, `yesterday`; relative to now (`-1h`, `now-90s`, `+5m`); or integer µs, as JSON shows.
 * Errors: wrong usage.
 */
export function parseMoment(given: string, now: Micros): Micros {
  const trimmed = given.trim()
  const moment = relative(trimmed, now) ?? parseTime(trimmed) ?? local(trimmed) ?? micros(trimmed)
  if (moment === undefined || !Number.isSafeInteger(moment) || moment < EARLIEST) {
    throw usage(text('input.moment', { given }))
  }
  return moment
}

function relative(given: string, now: Micros): Micros | undefined {
  if (given === 'now') return now
  if (given === 'today' || given === 'yesterday') {
    const date = new Date(now / 1000)
    const day = given === 'today' ? date.getDate() : date.getDate() - 1
    return new Date(date.getFullYear(), date.getMonth(), day).getTime() * 1000
  }
  const match = /^(?:now)?\s*([+-])\s*(.+)$/.exec(given)
  const span = match === null ? undefined : readDuration(match[2]!)
  if (span === undefined) return undefined
  return match![1] === '-' ? now - span : now + span
}

/** A date with or without a time of day, in the machine's time zone; undefined when there is no such day or hour. */
function local(given: string): Micros | undefined {
  const match = LOCAL.exec(given)
  if (match === null) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0))
  const date = new Date(year!, month! - 1, day!, hour!, minute!, second!)
  const same = date.getFullYear() === year && date.getMonth() === month! - 1 && date.getDate() === day
  if (!same || hour! > 23 || minute! > 59 || second! > 59) return undefined
  return date.getTime() * 1000 + Number((match[7] ?? '').padEnd(6, '0'))
}

/** Sixteen digits or so: seconds or milliseconds would be silently wrong by centuries, and are refused. */
function micros(given: string): Micros | undefined {
  return /^\d{15,16}$/.test(given) ? Number(given) : undefined
}

export interface Span {
  readonly from: Micros
  readonly to: Micros
}

/** A range by two moments. Errors: wrong usage, when it is empty or runs backwards. */
export function parseSpan(given: { from?: string; to?: string }, now: Micros, standard: Micros = DAY / 24): Span {
  const to = given.to === undefined ? now : parseMoment(given.to, now)
  const from = given.from === undefined ? to - standard : parseMoment(given.from, now)
  if (from >= to) throw usage(text('input.span'))
  return { from, to }
}
