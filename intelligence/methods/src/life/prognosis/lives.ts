import type { Frame } from '../../series/index.ts'
import type { Run } from '../run.ts'
import type { FailureLimit } from './settings.ts'

export interface Lives {
  readonly runs: readonly Run[]
  /** Whether the history holds the begin of the first run, or the machine was already in use. */
  readonly firstIsWhole: boolean
  /** Rows beyond the limit: what is broken has no remaining life. */
  readonly rowsFailed: number
  /** When the last life began, µs. */
  readonly lastFrom: number
}

/** Lives of fewer rows say nothing. */
const LEAST_ROWS = 20

/** Whether a value is at or beyond the limit; false for a missing one. */
export const beyond = ({ value, direction }: Pick<FailureLimit, 'value' | 'direction'>, reading: number): boolean =>
  direction === 'rises' ? reading >= value : reading <= value

/**
 * Cuts the history of a machine into lives: each ends where the limit is reached, or where a person said that it failed, and the next begins when
 * the signal is back, or right after. Pieces shorter than twenty rows are left out.
 *
 * @param ends times at which a person said that a life ended, µs
 */
export function livesOf(unit: string, frame: Frame, limit: FailureLimit | undefined, ends: readonly number[]): Lives {
  const { times } = frame
  const column = limit === undefined ? undefined : frame.columns[frame.names.indexOf(limit.signal)]
  const said = ends.toSorted((a, b) => a - b)
  const runs: Run[] = []
  let from = 0
  let next = 0
  let failed = false
  let rowsFailed = 0
  let whole = false
  let firstIsWhole = false
  const end = (to: number, ended: Run['ended']) => {
    if (to - from >= LEAST_ROWS) {
      if (runs.length === 0) firstIsWhole = whole
      runs.push({ unit, ended, frame: sliced(frame, from, to) })
    }
    if (ended === 'failure') whole = true
  }
  for (let row = 0; row < times.length; row++) {
    const over = column !== undefined && beyond(limit!, column[row]!)
    if (over) rowsFailed++
    if (over && !failed) end(row + 1, 'failure')
    // A missing reading does not end a failure.
    const still: boolean = failed && column !== undefined && Number.isNaN(column[row]!)
    if (!over && failed && !still) from = row
    failed = over || still
    while (next < said.length && said[next]! <= times[row]!) {
      next++
      if (failed) continue
      end(row + 1, 'failure')
      from = row + 1
    }
  }
  if (!failed) end(times.length, 'stopped')
  return { runs, firstIsWhole, rowsFailed, lastFrom: times[Math.min(from, times.length - 1)] ?? 0 }
}

const sliced = ({ times, names, columns }: Frame, from: number, to: number): Frame => ({
  times: times.slice(from, to),
  names,
  columns: columns.map((column) => column.slice(from, to)),
})
