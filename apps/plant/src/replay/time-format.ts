import type { Micros, Zone } from '@millwright/foundation'

export const TIME_FORMATS = ['iso', 'dmy', 'mdy', 'epoch-s', 'epoch-ms', 'epoch-us', 'epoch-ns', 'excel'] as const
export type TimeFormat = (typeof TIME_FORMATS)[number]

export const TIME_FORMAT_WORDS: Readonly<Record<TimeFormat, string>> = {
  iso: 'year-month-day (ISO 8601)',
  dmy: 'day.month.year',
  mdy: 'month/day/year',
  'epoch-s': 'seconds since 1970',
  'epoch-ms': 'milliseconds since 1970',
  'epoch-us': 'microseconds since 1970',
  'epoch-ns': 'nanoseconds since 1970',
  excel: 'Excel’s day number',
}

/** A time as written: an instant, or a local time that a zone makes into one. Fraction: µs within the second. */
type Written = { readonly instant: Micros } | { readonly local: number; readonly micros: number }

const CLOCK = '(?:[T ]+(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?\\s*([AaPp][Mm])?)?'
const OFFSET = '\\s*(Z|[+-]\\d{2}(?::?\\d{2})?)?'
const ISO = new RegExp(`^(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})${CLOCK}${OFFSET}$`)
const FOREIGN = new RegExp(`^(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4}|\\d{2}),?${CLOCK}${OFFSET}$`)
const DECIMAL = /^\d+(?:[.,]\d+)?$/
/** Decimal places of a second that one unit of the format stands for. */
const EPOCH_PLACES: Readonly<Record<string, number>> = { 'epoch-s': 0, 'epoch-ms': 3, 'epoch-us': 6, 'epoch-ns': 9 }
/** Day 0 of Excel's calendar (with its 29 February 1900) is 1899-12-30. */
const EXCEL_EPOCH = Date.UTC(1899, 11, 30)

/** Reads one cell, exact to the µs (further digits are cut); undefined when it is no time in this format. */
export function readTime(cell: string, format: TimeFormat): Written | undefined {
  const text = cell.trim()
  if (format === 'iso') return readIso(text)
  if (format === 'dmy' || format === 'mdy') return readForeign(text, format)
  if (!DECIMAL.test(text)) return undefined
  const [whole, fraction = ''] = text.split(/[.,]/) as [string, string?]
  if (format === 'excel') return readExcel(whole, fraction)
  return readEpoch(whole, fraction, EPOCH_PLACES[format]!)
}

/**
 * The instant of what was written. Where a clock shows an hour twice, the earlier instant is taken unless the row
 * before was later already; in the hour that is left out there is none.
 */
export function instantOf(written: Written, zone: Zone, before: Micros): Micros | undefined {
  if ('instant' in written) return written.instant
  const instants = zone.offsets(written.local * 1000).map((offset) => written.local * 1000 - offset + written.micros)
  return instants.find((instant) => instant >= before) ?? instants[0]
}

function readIso(text: string): Written | undefined {
  const match = ISO.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second, fraction, half, offset] = match
  return writtenOf([year, month, day, hour, minute, second, fraction, half], offset)
}

function readForeign(text: string, format: 'dmy' | 'mdy'): Written | undefined {
  const match = FOREIGN.exec(text)
  if (match === null) return undefined
  const [, first, , second_, year, hour, minute, second, fraction, half, offset] = match
  const [day, month] = format === 'dmy' ? [first, second_] : [second_, first]
  return writtenOf([fourDigits(year!), month, day, hour, minute, second, fraction, half], offset)
}

/** POSIX: 69-99 are of the last century. */
const fourDigits = (year: string) =>
  year.length === 4 ? year : String(Number(year) + (Number(year) < 69 ? 2000 : 1900))

function writtenOf(fields: readonly (string | undefined)[], offset: string | undefined): Written | undefined {
  const [year, month, day, hour = '0', minute = '0', second = '0', fraction = '', half] = fields
  const clock = hourOf(Number(hour), half)
  if (clock === undefined || Number(minute) > 59 || Number(second) > 59) return undefined
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  // 31 April would roll over into May.
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined
  const local = date.getTime() + ((clock * 60 + Number(minute)) * 60 + Number(second)) * 1000
  const micros = Number(fraction.padEnd(6, '0').slice(0, 6))
  if (offset === undefined) return { local, micros }
  return { instant: (local - offsetOf(offset)) * 1000 + micros }
}

function hourOf(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour <= 23 ? hour : undefined
  if (hour < 1 || hour > 12) return undefined
  return (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
}

function offsetOf(text: string): number {
  if (text === 'Z') return 0
  const digits = text.slice(1).replace(':', '').padEnd(4, '0')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))
  return (text.startsWith('-') ? -1 : 1) * minutes * 60_000
}

/** By its digits, not as a float: 1583749273.123456 s has more of them than float64 keeps after × 10⁶. */
function readEpoch(whole: string, fraction: string, places: number): Written | undefined {
  const digits = whole.padStart(places + 1, '0')
  const seconds = digits.slice(0, digits.length - places)
  const micros = (digits.slice(digits.length - places) + fraction).padEnd(6, '0').slice(0, 6)
  const instant = Number(seconds + micros)
  return Number.isSafeInteger(instant) ? { instant } : undefined
}

/** Excel keeps no zone: local time. Rounded to the µs, since its thirds of a day have no end. */
function readExcel(whole: string, fraction: string): Written | undefined {
  if (whole.length > 6) return undefined
  const scale = 10n ** BigInt(fraction.length)
  const day = 86_400_000_000n
  const micros = Number((BigInt(fraction === '' ? '0' : fraction) * day * 2n + scale) / (scale * 2n))
  const local = EXCEL_EPOCH + Number(whole) * 86_400_000 + Math.floor(micros / 1000_000) * 1000
  return { local, micros: micros % 1_000_000 }
}
