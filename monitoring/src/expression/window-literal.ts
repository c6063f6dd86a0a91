import { DAY, HOUR, MILLISECOND, MINUTE, type Micros, SECOND } from '@millwright/foundation'

/** The longest time a rule may look back. */
export const LONGEST_WINDOW = DAY
/** The shortest: below it a window would hold less than one reading of any sensor we know. */
export const SHORTEST_WINDOW = 10 * MILLISECOND

const UNITS: Readonly<Record<string, Micros>> = { ms: MILLISECOND, s: SECOND, m: MINUTE, h: HOUR, d: DAY }

/**
 * Parses a time literal as CEL writes durations: `30s`, `1m`, `1h30m`, `1.5s`, `250ms`, and `1d`.
 * @returns µs, or undefined when the text is no such literal (bounds are the caller's to check)
 */
export function parseWindow(text: string): Micros | undefined {
  if (text.length > 40 || !/^(?:\d{1,9}(?:\.\d{1,6})?(?:ms|s|m|h|d))+$/.test(text)) return undefined
  let total = 0
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) total += Number(number) * UNITS[unit!]!
  return Math.round(total)
}
