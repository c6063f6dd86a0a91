import type { Micros, MillwrightError } from '@millwright/foundation'
import { connectivityErrors } from '../errors.ts'
import { EARLIEST, FURTHEST_AHEAD } from './bounds.ts'

export const isBelievable = (time: Micros, receivedAt: Micros): boolean =>
  time >= EARLIEST && time <= receivedAt + FURTHEST_AHEAD && Number.isInteger(time)

/** What is wrong with a time that is not believable. */
export function unbelievable(time: Micros, receivedAt: Micros, path: string): MillwrightError {
  const what =
    time < EARLIEST
      ? 'before 2000-01-01'
      : time > receivedAt + FURTHEST_AHEAD
        ? 'more than 24 hours ahead of the server'
        : 'not an integer'
  return connectivityErrors.invalidTime({ path, what })
}

/** Passes a time on when it is believable, and throws when it is not. `path` is asked for only then. */
export function believable(time: Micros, receivedAt: Micros, path: () => string): Micros {
  if (isBelievable(time, receivedAt)) return time
  throw unbelievable(time, receivedAt, path())
}
