import type { Micros } from '@millwright/foundation'
import { connectivityErrors } from '../errors.ts'
import { EARLIEST, FURTHEST_AHEAD } from './bounds.ts'

/** Passes a time on when it is believable, and throws when it is not. `path` is asked for only then. */
export function believable(time: Micros, receivedAt: Micros, path: () => string): Micros {
  if (time >= EARLIEST && time <= receivedAt + FURTHEST_AHEAD && Number.isInteger(time)) return time
  const what = !Number.isInteger(time)
    ? 'not an integer'
    : time < EARLIEST
      ? 'before 2000-01-01'
      : 'more than 24 hours ahead of the server'
  throw connectivityErrors.invalidTime({ path: path(), what })
}
