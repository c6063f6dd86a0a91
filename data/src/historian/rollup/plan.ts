import type { SignalKey } from '@millwright/connectivity'
import { DAY, HOUR, MINUTE } from '@millwright/foundation'
import { type DirtyHours, extent, type Span } from './dirty.ts'

/** One statement's worth of rolling up: these signals over this span. */
export interface RollTask extends Span {
  readonly signals: readonly SignalKey[]
}

const MOST_SIGNALS = 2_000
/** A statement covers at most this long, so that an import of years is rolled up in bounded steps. */
const LONGEST = 31 * DAY

/**
 * Turns dirty signal-hours into few statements: a signal's neighbouring hours become one span, and signals with the
 * same span go together (live signals all have the current hour; an import has one signal and many hours).
 */
export function rollTasks(dirty: DirtyHours): RollTask[] {
  const byHours = new Map<string, { from: number; to: number; signals: SignalKey[] }>()
  for (const [key, hours] of dirty) {
    for (const run of runs([...hours.keys()].sort((a, b) => a - b))) {
      const start = extent(run.first, hours.get(run.first)!).start
      const end = extent(run.last, hours.get(run.last)!).end
      const name = `${run.first}-${run.last}`
      const group = byHours.get(name)
      if (group === undefined) byHours.set(name, { from: start, to: end, signals: [key] })
      else {
        group.from = Math.min(group.from, start)
        group.to = Math.max(group.to, end)
        group.signals.push(key)
      }
    }
  }
  const tasks: RollTask[] = []
  for (const group of byHours.values()) {
    for (let at = 0; at < group.signals.length; at += MOST_SIGNALS) {
      tasks.push({
        from: group.from * MINUTE,
        to: group.to * MINUTE,
        signals: group.signals.slice(at, at + MOST_SIGNALS),
      })
    }
  }
  return tasks
}

/** The same work on a coarser level: spans widened to whole buckets of `step`. */
export const widened = (task: RollTask, step: number): RollTask => ({
  signals: task.signals,
  from: Math.floor(task.from / step) * step,
  to: Math.ceil(task.to / step) * step,
})

function runs(hours: readonly number[]): { first: number; last: number }[] {
  const found: { first: number; last: number }[] = []
  for (const hour of hours) {
    const run = found.at(-1)
    if (run !== undefined && hour === run.last + 1 && (hour - run.first) * HOUR < LONGEST) run.last = hour
    else found.push({ first: hour, last: hour })
  }
  return found
}
