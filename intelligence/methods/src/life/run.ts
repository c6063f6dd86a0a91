import type { Frame } from '../series/index.ts'
import { lifeErrors } from './errors.ts'

export const HOUR = 3_600_000_000

/** One life of one machine, from new or repaired to its end. */
export interface Run {
  /** Whose life it is; runs of one unit are never on both sides of a validation split. */
  readonly unit: string
  readonly frame: Frame
  /** `failure`: the last row is the end of life. `stopped`: it was taken out, or still runs, in working order (censored). */
  readonly ended: 'failure' | 'stopped'
}

/** @throws MW-LIFE-0001 when a frame is no series in order, -0002 when the runs differ in their signals */
export function checkRuns(runs: readonly Run[]): void {
  for (const { unit, frame } of runs) {
    checkFrame(unit, frame)
    const wanted = runs[0]!.frame.names
    if (frame.names.length !== wanted.length || frame.names.some((name, at) => name !== wanted[at]))
      throw lifeErrors.signals({ unit, given: frame.names.join(', '), wanted: wanted.join(', ') })
  }
}

function checkFrame(unit: string, { times, names, columns }: Frame): void {
  if (times.length < 2) throw lifeErrors.frame({ unit, reason: 'it has fewer than two rows' })
  if (names.length !== columns.length || columns.some((column) => column.length !== times.length))
    throw lifeErrors.frame({ unit, reason: 'its names, columns and times do not go together' })
  if (new Set(names).size !== names.length) throw lifeErrors.frame({ unit, reason: 'a name stands twice' })
  for (let row = 1; row < times.length; row++)
    if (!(times[row]! > times[row - 1]!))
      throw lifeErrors.frame({ unit, reason: `its times do not ascend at row ${row}` })
}

/** Hours from the first row to the last. */
export const lengthHours = ({ frame: { times } }: Run): number => (times[times.length - 1]! - times[0]!) / HOUR

/**
 * Hours that remained at each row, at most `horizon`: far from the end a machine shows nothing of it, so a larger number could only be
 * guessed (Heimes, "Recurrent neural networks for remaining useful life estimation", PHM 2008). Of a run that was stopped it is known
 * for the rows that lie at least a horizon before its end; NaN for the others.
 */
export function remaining(run: Run, horizon: number): Float64Array {
  const { times } = run.frame
  const end = times[times.length - 1]!
  return times.map((time) => {
    const left = (end - time) / HOUR
    if (left >= horizon) return horizon
    return run.ended === 'failure' ? left : Number.NaN
  })
}
