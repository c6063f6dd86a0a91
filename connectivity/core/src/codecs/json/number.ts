import { BOUNDS } from '../bounds.ts'

/** Powers of ten that a 64-bit float holds exactly. */
const TENS = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]

/** The largest mantissa to which one more digit can be added below 2^53. */
const ROOM = 900_719_925_474_098

/** Where a number ended, and what it is. */
export interface ScannedNumber {
  at: number
  value: number
}

/**
 * Reads a JSON number. Up to 2^53 in the digits and 10^±22 the result is exact by one multiplication or division (Clinger,
 * "How to read floating point numbers accurately", 1990); anything else goes through `Number`.
 * @returns undefined, or what is wrong: `range` when it is beyond a 64-bit float
 */
export function scanNumber(bytes: Buffer, start: number, end: number, into: ScannedNumber): string | undefined {
  let at = start
  let byte = at < end ? bytes[at]! : 0
  const negative = byte === 0x2d
  if (negative) byte = ++at < end ? bytes[at]! : 0
  if (byte === 0x49) return 'range' // -Infinity
  if (byte < 0x30 || byte > 0x39) return 'a digit was expected'
  let mantissa = 0
  let exact = true
  if (byte === 0x30) {
    byte = ++at < end ? bytes[at]! : 0
    if (byte >= 0x30 && byte <= 0x39) return 'a number starts with a needless zero'
  } else {
    do {
      if (mantissa > ROOM) exact = false
      mantissa = mantissa * 10 + (byte - 0x30)
      byte = ++at < end ? bytes[at]! : 0
    } while (byte >= 0x30 && byte <= 0x39)
  }
  let exponent = 0
  if (byte === 0x2e) {
    byte = ++at < end ? bytes[at]! : 0
    if (byte < 0x30 || byte > 0x39) return 'a digit was expected after the decimal point'
    do {
      if (mantissa > ROOM) exact = false
      mantissa = mantissa * 10 + (byte - 0x30)
      exponent--
      byte = ++at < end ? bytes[at]! : 0
    } while (byte >= 0x30 && byte <= 0x39)
  }
  if (byte === 0x65 || byte === 0x45) {
    byte = ++at < end ? bytes[at]! : 0
    const down = byte === 0x2d
    if (down || byte === 0x2b) byte = ++at < end ? bytes[at]! : 0
    if (byte < 0x30 || byte > 0x39) return 'a digit was expected in the exponent'
    let power = 0
    do {
      if (power < 10_000) power = power * 10 + (byte - 0x30)
      byte = ++at < end ? bytes[at]! : 0
    } while (byte >= 0x30 && byte <= 0x39)
    exponent += down ? -power : power
  }
  into.at = at
  if (exact && exponent >= -22 && exponent <= 22) {
    const size = exponent < 0 ? mantissa / TENS[-exponent]! : mantissa * TENS[exponent]!
    into.value = negative ? -size : size
    return undefined
  }
  if (at - start > BOUNDS.numberChars) return `a number has more than ${BOUNDS.numberChars} characters`
  into.value = Number(bytes.toString('latin1', start, at))
  return Number.isFinite(into.value) ? undefined : 'range'
}
