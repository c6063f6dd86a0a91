import type { Micros } from '@millwright/foundation'
import { influxErrors } from '../errors.ts'

/** How the integer of a line becomes µs: nanoseconds lose their last three digits, the others are multiplied. */
export type Precision = 'ns' | 'us' | 'ms' | 's' | 'm' | 'h'

const NAMES: Readonly<Record<string, Precision>> = {
  n: 'ns',
  ns: 'ns',
  u: 'us',
  us: 'us',
  µ: 'us',
  µs: 'us',
  ms: 'ms',
  s: 's',
  m: 'm',
  h: 'h',
}
const FACTOR = { us: 1, ms: 1_000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 } as const

/** @param name as in a query of InfluxDB 1.x or 2.x; null: nanoseconds */
export function precisionOf(name: string | null): Precision {
  const precision = name === null ? 'ns' : Object.hasOwn(NAMES, name) ? NAMES[name] : undefined
  if (precision === undefined) throw influxErrors.precision({ value: name, path: 'precision' })
  return precision
}

/** The time that stands in `text`, exact (nanoseconds are cut down to µs); NaN when it is not an integer. */
export function readTime(text: string, start: number, end: number, precision: Precision): Micros {
  let at = start
  const negative = text.charCodeAt(at) === 45
  if (negative) at++
  if (at === end || end - at > 20) return Number.NaN
  const kept = precision === 'ns' ? end - 3 : end
  let value = 0
  let rest = false
  for (; at < end; at++) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) return Number.NaN
    if (at < kept) value = value * 10 + digit
    else if (digit !== 0) rest = true
  }
  if (precision !== 'ns') value *= FACTOR[precision]
  return negative ? -value - (rest ? 1 : 0) : value
}
