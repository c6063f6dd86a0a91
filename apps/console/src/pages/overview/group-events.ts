import type { Event } from '../../api/types.ts'
import { event as words } from '../../messages/en/overview.ts'

type EventKey = keyof typeof words

export interface EventGroup {
  readonly key: EventKey
  readonly count: number
  /** µs of the newest. */
  readonly latest: number
}

/** Events counted by kind, the kind with the newest first; kinds that nobody gave words to stand together. */
export function groupEvents(events: readonly Pick<Event, 'type' | 'time'>[]): EventGroup[] {
  const groups = new Map<EventKey, { count: number; latest: number }>()
  for (const event of events) {
    const name = event.type.replace(/^millwright\./, '')
    const key: EventKey = Object.hasOwn(words, name) ? (name as EventKey) : 'other'
    const group = groups.get(key) ?? { count: 0, latest: 0 }
    groups.set(key, { count: group.count + 1, latest: Math.max(group.latest, event.time) })
  }
  return [...groups].map(([key, group]) => ({ key, ...group })).sort((a, b) => b.latest - a.latest)
}
