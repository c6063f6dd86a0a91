import { type Micros, parseTime } from '@millwright/foundation'

/** How a file writes its times; `auto` is RFC 3339, or the size of a whole number tells. */
export const TIME_FORMATS = ['auto', 'rfc3339', 's', 'ms', 'us', 'ns'] as const
export type TimeFormat = (typeof TIME_FORMATS)[number]

/** Digits after the decimal point that a unit has before microseconds. */
const SHIFT: Readonly<Record<'s' | 'ms' | 'us' | 'ns', number>> = { s: 6, ms: 3, us: 0, ns: -3 }
const NUMBER = /^(\d{1,19})(?:\.(\d{1,12}))?$/

/**
 * A time of a file in exact µs; no detour over floating point. A time finer than a microsecond, one without an offset, or
 * anything else that would have to be guessed is undefined.
 */
export function readExactTime(given: string, format: TimeFormat): Micros | undefined {
  const trimmed = given.trim()
  if (format === 'rfc3339') return rfc3339(trimmed)
  const match = NUMBER.exec(trimmed)
  if (match === null) return format === 'auto' ? rfc3339(trimmed) : undefined
  const whole = match[1]!
  return scaled(whole, match[2] ?? '', format === 'auto' ? unitOf(whole) : format)
}

function rfc3339(given: string): Micros | undefined {
  // parseTime cuts further digits: here they must be zeros.
  const finer = /[.,]\d{6}(\d+)/.exec(given)?.[1]
  return finer !== undefined && /[1-9]/.test(finer) ? undefined : parseTime(given)
}

/** Times from 2001 on have 10 digits in seconds, 13 in ms, 16 in µs, 19 in ns. */
function unitOf(whole: string): 's' | 'ms' | 'us' | 'ns' {
  if (whole.length <= 11) return 's'
  if (whole.length <= 14) return 'ms'
  return whole.length <= 17 ? 'us' : 'ns'
}

function scaled(whole: string, fraction: string, unit: 's' | 'ms' | 'us' | 'ns'): Micros | undefined {
  const shift = SHIFT[unit]
  const digits = shift >= 0 ? whole + fraction.slice(0, shift).padEnd(shift, '0') : whole.slice(0, shift)
  const lost = shift >= 0 ? fraction.slice(shift) : whole.slice(shift) + fraction
  const micros = Number(digits === '' ? '0' : digits)
  return /[1-9]/.test(lost) || !Number.isSafeInteger(micros) ? undefined : micros
}
