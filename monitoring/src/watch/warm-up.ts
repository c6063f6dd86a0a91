import { ReadingBatch, type SignalKey } from '@millwright/connectivity'
import { HOUR, type Micros } from '@millwright/foundation'
import type { History } from '../ports.ts'
import type { Machine } from './machine.ts'
import { NO_LIMIT, Router } from './router.ts'

/** Machines whose newest readings lie this close together are read in one query. */
const TOGETHER = HOUR

/**
 * Fills the windows of machines from history, so that a rule knows after a restart what it knew before. Machines are
 * read back from their own newest reading: recorded data may be years old.
 * @param until the end of what is read, exclusive
 */
export async function warmUp(
  machines: readonly Machine[],
  history: History,
  until: Micros,
  signal: AbortSignal,
): Promise<void> {
  if (machines.length === 0) return
  const router = new Router()
  for (const machine of machines) router.add(machine)
  const newest = await history.newest([...router.keys], until, signal)
  const newestOf = newestTimes(newest)
  for (const group of together(machines, newestOf)) {
    // What came last before the stretch that is read again: signals that change seldom have their value from there.
    const seeds = new ReadingBatch(64)
    copyWhere(newest, seeds, (key, time) => group.keys.has(key) && time < group.from)
    router.dispatch(seeds, NO_LIMIT, until)
    for await (const batch of history.raw([...group.keys], group.from, until, signal))
      router.dispatch(batch, NO_LIMIT, until)
  }
}

function newestTimes(newest: ReadingBatch): Map<SignalKey, Micros> {
  const times = new Map<SignalKey, Micros>()
  for (let i = 0; i < newest.length; i++) times.set(newest.signal[i]!, newest.time[i]!)
  for (const { signal, time } of newest.wide) times.set(signal, time)
  return times
}

interface Group {
  readonly from: Micros
  readonly keys: Set<SignalKey>
}

/** Machines by the time they are to be read from; those without any reading are left out. */
function together(machines: readonly Machine[], newestOf: ReadonlyMap<SignalKey, Micros>): Group[] {
  const starts = machines
    .map((machine) => {
      const keys = [...machine.signals].map(({ key }) => key)
      const newest = Math.max(...keys.map((key) => newestOf.get(key) ?? Number.NEGATIVE_INFINITY))
      return { keys, from: newest - machine.reach }
    })
    .filter(({ from }) => from > Number.NEGATIVE_INFINITY)
    .sort((a, b) => a.from - b.from)
  const groups: Group[] = []
  for (const { keys, from } of starts) {
    let group = groups.at(-1)
    if (group === undefined || from > group.from + TOGETHER) {
      group = { from, keys: new Set() }
      groups.push(group)
    }
    for (const key of keys) group.keys.add(key)
  }
  return groups
}

/** Copies the rows that pass, as they stand. */
export function copyWhere(from: ReadingBatch, to: ReadingBatch, keep: (key: SignalKey, time: Micros) => boolean): void {
  for (let i = 0; i < from.length; i++) {
    if (keep(from.signal[i]!, from.time[i]!)) to.push(from.signal[i]!, from.time[i]!, from.value[i]!, from.quality[i]!)
  }
  for (const row of from.wide) if (keep(row.signal, row.time)) to.wide.push(row)
}
