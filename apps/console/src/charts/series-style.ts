import type { Signal } from '../api/types.ts'

export const SERIES_COLOURS = 8

/**
 * The colour of a signal, the same on every page and for every viewer: its place among its equipment's signals in the
 * order in which they were made (ids sort by time).
 */
export function seriesIndex(signal: Pick<Signal, 'id'>, siblings: readonly Pick<Signal, 'id' | 'kind'>[]): number {
  const drawn = siblings.filter((one) => one.kind === 'number' || one.kind === 'boolean').map((one) => one.id)
  drawn.sort()
  const place = drawn.indexOf(signal.id)
  return (place === -1 ? hash(signal.id) : place) % SERIES_COLOURS
}

function hash(text: string): number {
  let sum = 0
  for (const char of text) sum = (sum * 31 + char.charCodeAt(0)) >>> 0
  return sum
}

/** Lines of one colour within a chart are told apart by their dashes. */
export const DASHES: readonly (readonly number[] | undefined)[] = [undefined, [6, 3], [2, 3], [8, 3, 2, 3]]

export const dashOf = (colour: number, earlier: readonly number[]): readonly number[] | undefined =>
  DASHES[earlier.filter((other) => other === colour).length % DASHES.length]

export const seriesVariable = (colour: number): string => `var(--mw-series-${colour})`
