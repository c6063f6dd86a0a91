import type { Micros } from '@millwright/foundation'
import { DAY, HOUR, MINUTE } from '@millwright/foundation'
import { LEVELS, type Level } from '../rollup/levels.ts'

export type Resolution = 'raw' | '1m' | '1h' | '1d'

/** Which rows answer a range: readings themselves, or spans of `step` made from a rollup level. */
export type Choice = { readonly level: undefined } | { readonly level: Level; readonly step: Micros }

/** Steps that people read easily. */
const NICE: Readonly<Record<Level['resolution'], readonly number[]>> = {
  '1m': [1, 2, 3, 5, 10, 15, 20, 30].map((count) => count * MINUTE),
  '1h': [1, 2, 3, 4, 6, 8, 12].map((count) => count * HOUR),
  '1d': [1, 2, 5, 7, 10, 14, 30, 90, 365].map((count) => count * DAY),
}

/** Above this many readings in the range, spans are answered instead of thinned readings. */
const MOST_READINGS = 20_000_000

/**
 * Picks the coarsest level that still gives a row for every second pixel, and of its nice steps the first that gives
 * no more rows than pixels. `pace`: usual interval of the readings, where known.
 */
export function chooseResolution(range: Micros, pixels: number, pace: Micros | undefined, asked?: Resolution): Choice {
  if (asked === 'raw') return { level: undefined }
  const wanted = asked === undefined ? undefined : LEVELS.find((level) => level.resolution === asked)
  const level =
    wanted ??
    [...LEVELS].reverse().find((each) => range / each.step >= pixels / 2) ??
    (range / (pace ?? Infinity) > MOST_READINGS ? LEVELS[0] : undefined)
  if (level === undefined) return { level: undefined }
  const ideal = range / pixels
  const nice = NICE[level.resolution]
  return { level, step: nice.find((step) => step >= ideal) ?? Math.ceil(ideal / level.step) * level.step }
}

/** The coarsest level whose buckets make up whole steps; undefined: only the readings do. */
export const levelFor = (step: Micros): Level | undefined =>
  [...LEVELS].reverse().find((level) => step % level.step === 0)
