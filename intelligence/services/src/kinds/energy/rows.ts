import type { Frame } from '@millwright/methods/series'

export const firstRows = (frame: Frame, count: number): Frame => part(frame, 0, count)

/** Rows whose time is at most `end`. */
export const rowsUntil = (frame: Frame, end: number): Frame => part(frame, 0, countUntil(frame, end))

/** Rows whose time is `from` or later. */
export const rowsFrom = (frame: Frame, from: number): Frame =>
  part(frame, countUntil(frame, from - 1), frame.times.length)

function countUntil({ times }: Frame, end: number): number {
  const after = times.findIndex((time) => time > end)
  return after < 0 ? times.length : after
}

const part = ({ times, names, columns }: Frame, from: number, to: number): Frame => ({
  times: times.subarray(from, to),
  names,
  columns: columns.map((column) => column.subarray(from, to)),
})
