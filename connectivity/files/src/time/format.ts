import type { Micros } from '@millwright/foundation'
import { fileErrors } from '../errors.ts'
import { type ToUtc, zonedTime } from './zone.ts'

/** µs since the epoch of a text; NaN when it is not a time of that format. */
export type ReadTime = (text: string) => Micros

const UNIX: Readonly<Record<string, number>> = { 'unix s': 1e6, 'unix ms': 1e3, 'unix us': 1, 'unix ns': 1e-3 }
/** Days from Excel's day 0 (1899-12-30) to the epoch. */
const EXCEL_EPOCH = 25_569
const ISO =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:[T _](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/i

/**
 * How times stand in a file: `auto` (ISO 8601 with or without a zone, or Unix time told by its size), `iso`, `unix s|ms|us|ns`,
 * `excel` (days since 1899-12-30), or a pattern of yyyy yy MM M dd d HH H hh h mm m ss s a and S for fractions, as
 * `dd.MM.yyyy HH:mm:ss,SSS`. Times without a zone are local to `zone`.
 */
export function timeFormat(format: string, zone: string): ReadTime {
  const toUtc = zonedTime(zone)
  if (format === 'iso') return (text) => readIso(text, toUtc)
  if (format === 'auto')
    return (text) => {
      const iso = readIso(text, toUtc)
      return Number.isNaN(iso) ? readUnix(text, undefined) : iso
    }
  if (format === 'excel') return (text) => toUtc(Math.round((readDecimal(text) - EXCEL_EPOCH) * 86_400e6))
  if (Object.hasOwn(UNIX, format)) return (text) => readUnix(text, UNIX[format])
  return pattern(format, toUtc)
}

const readDecimal = (text: string): number =>
  /^\d{1,20}(?:[.,]\d{1,15})?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN

/** Exact to the µs: whole and fraction are scaled apart, since 1790000000.123456 is beyond what a double holds by µs. */
function readUnix(text: string, scale: number | undefined): Micros {
  const match = /^(\d{1,20})(?:[.,](\d{1,15}))?$/.exec(text)
  if (match === null) return Number.NaN
  const [, whole, fraction] = match
  const by = scale ?? (whole!.length <= 10 ? 1e6 : whole!.length <= 13 ? 1e3 : whole!.length <= 16 ? 1 : 1e-3)
  if (by < 1) return Number(whole!.slice(0, -3) || '0')
  return Number(whole) * by + (fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * by + 1e-6))
}

function readIso(text: string, toUtc: ToUtc): Micros {
  const match = ISO.exec(text)
  if (match === null) return Number.NaN
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match
  const local = instant(+year!, +month!, +day!, +hour, +minute, +second, Number(fraction.padEnd(6, '0').slice(0, 6)))
  if (zone === undefined) return toUtc(local)
  if (/^z$/i.test(zone)) return local
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || '0')
  return local - (zone.startsWith('-') ? -1 : 1) * minutes * 60e6
}

/** µs, as if in UTC; NaN when there is no such day or time. A leap second is the second after. */
function instant(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  micros: number,
): Micros {
  if (month < 1 || month > 12 || day < 1 || hour > 24 || minute > 59 || second > 60) return Number.NaN
  if (day > 28 && day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return Number.NaN
  return Date.UTC(year, month - 1, day, hour, minute, second) * 1000 + micros
}

type Part = 'year' | 'shortYear' | 'month' | 'day' | 'hour' | 'hour12' | 'minute' | 'second' | 'fraction' | 'half'
const PARTS: readonly (readonly [RegExp, Part, string])[] = [
  [/^yyyy/, 'year', '(\\d{4})'],
  [/^yy/, 'shortYear', '(\\d{2})'],
  [/^MM?/, 'month', '(\\d{1,2})'],
  [/^dd?/, 'day', '(\\d{1,2})'],
  [/^HH?/, 'hour', '(\\d{1,2})'],
  [/^hh?/, 'hour12', '(\\d{1,2})'],
  [/^mm?/, 'minute', '(\\d{1,2})'],
  [/^ss?/, 'second', '(\\d{1,2})'],
  [/^S+/, 'fraction', '(\\d{1,9})'],
  [/^a/, 'half', '([AaPp])\\.?[Mm]\\.?'],
]

function pattern(format: string, toUtc: ToUtc): ReadTime {
  const parts: Part[] = []
  let source = ''
  for (let rest = format; rest.length > 0; ) {
    const quoted = /^'([^']*)'/.exec(rest)
    const found = quoted === null ? PARTS.find(([expression]) => expression.test(rest)) : undefined
    if (found !== undefined) {
      if (parts.includes(found[1]))
        throw fileErrors.timeFormat({ format, what: `has the ${found[1]} twice`, path: '/time/format' })
      parts.push(found[1])
      source += found[2]
      rest = rest.replace(found[0], '')
      continue
    }
    const literal = quoted === null ? rest[0]! : quoted[1]!
    if (quoted === null && /[A-Za-z]/.test(literal))
      throw fileErrors.timeFormat({
        format,
        what: `has the letter ${literal}, which stands for nothing (quote texts: 'T')`,
        path: '/time/format',
      })
    source += literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    rest = rest.slice(quoted === null ? 1 : quoted[0].length)
  }
  if (!(parts.includes('year') || parts.includes('shortYear')) || !parts.includes('month') || !parts.includes('day'))
    throw fileErrors.timeFormat({ format, what: 'has no year, month and day', path: '/time/format' })
  const expression = new RegExp(`^${source}$`)
  return (text) => {
    const match = expression.exec(text)
    if (match === null) return Number.NaN
    const value = { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, micros: 0, half: '' }
    for (const [index, part] of parts.entries()) {
      const found = match[index + 1]!
      if (part === 'fraction') value.micros = Number(found.padEnd(6, '0').slice(0, 6))
      else if (part === 'half') value.half = found.toLowerCase()
      else if (part === 'shortYear') value.year = 2000 + Number(found)
      else value[part === 'hour12' ? 'hour' : part] = Number(found)
    }
    if (value.half !== '') value.hour = (value.hour % 12) + (value.half === 'p' ? 12 : 0)
    return toUtc(instant(value.year, value.month, value.day, value.hour, value.minute, value.second, value.micros))
  }
}
