import { DAY, HOUR, MILLISECOND, MINUTE, type Micros, SECOND } from '@millwright/foundation'
import { usage } from '../errors.ts'
import { text } from '../texts/text.ts'

const UNITS: Readonly<Record<string, Micros>> = {
  us: 1,
  µs: 1,
  ms: MILLISECOND,
  s: SECOND,
  m: MINUTE,
  min: MINUTE,
  h: HOUR,
  d: DAY,
  w: 7 * DAY,
}
const PART = /(\d+(?:\.\d+)?)(us|µs|ms|min|s|m|h|d|w)/g
const WHOLE = /^(?:\d+(?:\.\d+)?(?:us|µs|ms|min|s|m|h|d|w))+$/

/** `90s`, `1h30m`, `250ms`, `1.5d` as integer µs; undefined when the text is no duration. */
export function readDuration(given: string): Micros | undefined {
  const compact = given.replace(/\s+/g, '')
  if (!WHOLE.test(compact)) return undefined
  let sum = 0
  for (const [, number, unit] of compact.matchAll(PART)) sum += Number(number) * UNITS[unit!]!
  const micros = Math.round(sum)
  return Number.isSafeInteger(micros) ? micros : undefined
}

/** A duration given by a person. Errors: wrong usage. */
export function parseDuration(given: string): Micros {
  const micros = readDuration(given)
  if (micros === undefined) throw usage(text('input.duration', { given }))
  return micros
}

const WRITTEN: readonly [string, Micros][] = [
  ['w', 7 * DAY],
  ['d', DAY],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', SECOND],
  ['ms', MILLISECOND],
  ['us', 1],
]

/** A duration as it can be given again: `1h30m`. */
export function writeDuration(micros: Micros): string {
  if (micros === 0) return '0s'
  let rest = micros
  let written = ''
  for (const [unit, size] of WRITTEN) {
    const count = Math.floor(rest / size)
    if (count > 0) written += `${count}${unit}`
    rest -= count * size
  }
  return written
}
