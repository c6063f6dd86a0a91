/** What answers say (SCPI-99 volume 1, 7.2 and IEEE 488.2, 8.7). */
import { scpiErrors } from '../errors.ts'

/** "No number" and the infinities of SCPI-99, 7.2.1.4 and 7.2.1.5. */
const NOT_A_NUMBER = 9.91e37
const INFINITY = 9.9e37

const DECIMAL = /^([+-]?(?:\d{1,300}\.?\d{0,300}|\.\d{1,300})(?:[eE] ?[+-]?\d{1,4})?)\s?[A-Za-z%]{0,12}$/
const BASES: Readonly<Record<string, readonly [RegExp, number]>> = {
  H: [/^[0-9A-F]{1,13}$/i, 16],
  Q: [/^[0-7]{1,17}$/, 8],
  B: [/^[01]{1,53}$/, 2],
}

/**
 * A number as instruments write it, with or without a unit behind it; NaN for what SCPI has for "no number", overload and
 * infinity. Throws a MillwrightError for anything else.
 */
export function readNumber(text: string, command: string): number {
  const trimmed = text.trim()
  const special = trimmed.toUpperCase()
  if (special === 'NAN' || special === 'INF' || special === 'NINF' || special === '-INF' || special === '+INF')
    return Number.NaN
  const base = trimmed[0] === '#' ? BASES[special[1] ?? ''] : undefined
  if (base?.[0].test(trimmed.slice(2))) return Number.parseInt(trimmed.slice(2), base[1])
  const match = DECIMAL.exec(trimmed)
  const number = match === null ? undefined : Number(match[1]!.replace(' ', ''))
  if (number === undefined) throw scpiErrors.notNumber({ command, said: text })
  return Math.abs(number) >= INFINITY && Math.abs(number) <= NOT_A_NUMBER
    ? Number.NaN
    : Number.isFinite(number)
      ? number
      : Number.NaN
}

/** 0 or 1; ON and OFF too. */
export function readBoolean(text: string, command: string): 0 | 1 {
  const word = text.trim().toUpperCase()
  if (word === 'ON') return 1
  if (word === 'OFF') return 0
  const number = DECIMAL.test(word) ? Number(word) : Number.NaN
  if (number !== 0 && number !== 1) throw scpiErrors.notBoolean({ command, said: text })
  return number
}

/** Text, without the quotation marks around it. */
export function readText(text: string): string {
  const trimmed = text.trim()
  const quote = trimmed[0]
  const quoted = trimmed.length >= 2 && (quote === '"' || quote === "'") && trimmed.at(-1) === quote
  const bare = quoted ? trimmed.slice(1, -1).replaceAll(`${quote}${quote}`, quote) : trimmed
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed here
  return bare.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').slice(0, 4_000)
}

/** Numbers between commas. */
export function readNumbers(text: string, command: string, limit: number): Float64Array {
  const cells = text.trim() === '' ? [] : text.split(',', limit + 1)
  if (cells.length > limit) throw scpiErrors.tooManySamples({ command, found: `more than ${limit}`, limit })
  return Float64Array.from(cells, (cell) => readNumber(cell, command))
}

/** `-113,"Undefined header"` of SYSTem:ERRor?; undefined: no error. */
export function readErrorQueue(answer: string): string | undefined {
  const match = /^\s*([+-]?\d{1,6})\s*(?:,(.*))?$/s.exec(answer)
  if (match === null || Number(match[1]) === 0) return undefined
  return `${Number(match[1])} ${readText(match[2] ?? '')}`.trim()
}
