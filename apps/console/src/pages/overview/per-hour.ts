import type { Alarm } from '../../api/types.ts'
import type { Load } from '../../live/standing.ts'

const HOUR = 3_600_000_000

/** Alarms raised in each of `hours` hours from `from` (µs) on, by priority. */
export function perHour(alarms: readonly Pick<Alarm, 'raisedAt' | 'priority'>[], from: number, hours: number): Load[] {
  const counts: Load[] = Array.from({ length: hours }, () => ({ critical: 0, high: 0, medium: 0, low: 0 }))
  for (const alarm of alarms) {
    const count = counts[Math.floor((alarm.raisedAt - from) / HOUR)]
    if (count !== undefined) count[alarm.priority]++
  }
  return counts
}
