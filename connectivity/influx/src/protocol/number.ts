/** Powers of ten that a double holds exactly. */
const EXACT = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent)
const MINUS = 45
const PLUS = 43
const DOT = 46
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/**
 * The number that stands in `text` from `start` to `end`, correctly rounded; NaN when none stands there. Short decimals are
 * read digit by digit without making a string: an integer below 2^53 and a power of ten up to 22 divide exactly.
 */
export function readNumber(text: string, start: number, end: number): number {
  let at = start
  const first = text.charCodeAt(at)
  const negative = first === MINUS
  if (negative || first === PLUS) at++
  const digitsFrom = at
  let mantissa = 0
  let dot = -1
  for (; at < end; at++) {
    const digit = text.charCodeAt(at) - 48
    if (digit >= 0 && digit <= 9) mantissa = mantissa * 10 + digit
    else if (digit === DOT - 48 && dot < 0) dot = at
    else return slow(text.slice(start, end))
  }
  const digits = end - digitsFrom - (dot < 0 ? 0 : 1)
  if (digits < 1) return Number.NaN
  if (digits > 15) return slow(text.slice(start, end))
  const value = dot < 0 ? mantissa : mantissa / EXACT[end - dot - 1]!
  return negative ? -value : value
}

const slow = (text: string): number => (NUMBER.test(text) ? Number(text) : Number.NaN)

/** An integer of at most 20 digits, as the nearest double; NaN when it is none or lies outside `low` to `high`. */
export function readInteger(text: string, start: number, end: number, low: bigint, high: bigint): number {
  const length = end - start
  if (length < 1 || length > 21) return Number.NaN
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code >= 48 && code <= 57) continue
    if (at > start || (code !== MINUS && code !== PLUS) || length === 1) return Number.NaN
  }
  if (length <= 15) {
    const value = readNumber(text, start, end)
    return low === 0n && value < 0 ? Number.NaN : value
  }
  const exact = BigInt(text.slice(text.charCodeAt(start) === PLUS ? start + 1 : start, end))
  return exact < low || exact > high ? Number.NaN : Number(exact)
}
