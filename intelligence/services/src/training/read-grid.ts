import type { SignalFacts } from '@millwright/data'
import type { Micros } from '@millwright/foundation'
import type { Frame } from '@millwright/methods/series'
import { serviceErrors } from '../errors.ts'
import type { Plan } from '../kinds/kind.ts'
import type { Platform } from '../ports.ts'
import { holdGaps } from '../scoring/hold.ts'
import type { Span } from './survey.ts'

/** Values in all: 160 MB. */
export const MOST_VALUES = 20_000_000
/** Values read at a time: some tens of milliseconds of parsing, so that the event loop keeps turning. */
const PAGE_VALUES = 100_000

/**
 * Means of the signals over the steps of a grid, read in pages; rows in which nothing was measured are left out. A row's time is
 * the end of its step: what it tells is known from then on.
 * @throws MW-SERVICE-0025 when it is too much
 */
export async function readGrid(
  historian: Pick<Platform['historian'], 'table'>,
  signals: readonly SignalFacts[],
  { step, inputs }: Plan & { readonly step: Micros },
  { from, to }: Span,
  done: (fraction: number) => void,
  abort: AbortSignal,
): Promise<Frame> {
  const width = signals.length
  const first = Math.ceil(from / step)
  const last = Math.floor(to / step)
  const page = Math.max(1, Math.floor(PAGE_VALUES / width))
  const times: number[] = []
  const columns: number[][] = signals.map(() => [])
  for (let at = first; at < last; at += page) {
    const end = Math.min(last, at + page)
    const query = { from: at * step, to: end * step, step, aggregate: 'mean', fill: 'none' } as const
    const table = await historian.table(signals, query, { threads: 1, seconds: 60, signal: abort })
    for (let row = 0; row < table.time.length; row++) {
      if (!table.columns.some((column) => column[row] !== null)) continue
      times.push(table.time[row]! + step)
      for (let i = 0; i < width; i++) columns[i]!.push(table.columns[i]![row] ?? Number.NaN)
    }
    if (times.length * width > MOST_VALUES)
      throw serviceErrors.tooMuchHistory({ values: `over ${MOST_VALUES}`, limit: MOST_VALUES })
    done((end - first) / Math.max(1, last - first))
  }
  const frame: Frame = {
    times: Float64Array.from(times),
    names: signals.map(({ name }) => name),
    columns: columns.map((column) => Float64Array.from(column)),
  }
  holdGaps(frame, step, inputs)
  return frame
}
