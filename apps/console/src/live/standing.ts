import type { Alarm, Priority } from '../api/types.ts'

const RANK: Record<Priority, number> = { critical: 0, high: 1, medium: 2, low: 3 }

/** By priority, then what nobody acknowledged yet, then the newest first. */
export function byUrgency(a: Alarm, b: Alarm): number {
  const waiting = (alarm: Alarm) => (needsAcknowledge(alarm) ? 0 : 1)
  return (
    RANK[a.priority] - RANK[b.priority] || waiting(a) - waiting(b) || b.raisedAt - a.raisedAt || (a.id < b.id ? 1 : -1)
  )
}

export const needsAcknowledge = (alarm: Alarm): boolean =>
  alarm.state === 'unacknowledged' || alarm.state === 'returned-unacknowledged'

/** Out of the way for a time, by a person. */
export const isShelved = (alarm: Alarm): boolean => alarm.shelvedUntil !== undefined

export const stands = (alarm: Alarm): boolean => alarm.closedAt === undefined && alarm.state !== 'normal'

/** The list with an alarm as it is now: put in, replaced, or taken out when it no longer stands. Older news is ignored. */
export function withAlarm(list: readonly Alarm[], alarm: Alarm): Alarm[] {
  const held = list.find((one) => one.id === alarm.id)
  if (held !== undefined && held.version > alarm.version) return [...list]
  const others = list.filter((one) => one.id !== alarm.id)
  return (stands(alarm) ? [...others, alarm] : others).sort(byUrgency)
}

export type Load = Record<Priority, number>

export function countByPriority(alarms: readonly Alarm[]): Load {
  const load: Load = { critical: 0, high: 0, medium: 0, low: 0 }
  for (const alarm of alarms) load[alarm.priority]++
  return load
}
