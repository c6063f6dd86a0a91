import { DAY, type Micros, SECOND } from '@millwright/foundation'
import type { SignalFacts } from '../../signals/catalogue.ts'
import type { LatestMemory } from './memory.ts'

/** No signal counts as stale sooner than this: networks and batches breathe. */
const LEAST: Micros = 3 * SECOND

/**
 * True when a signal's newest reading is older than it may be: `staleAfter`, else five times its usual interval, else
 * (it has been heard once only) a day.
 */
export function isStale(latest: LatestMemory, facts: SignalFacts, now: Micros): boolean {
  const reading = latest.get(facts.key)
  if (reading === undefined) return true
  const pace = latest.pace(facts.key)
  const allowed = facts.staleAfter ?? (pace === undefined ? DAY : Math.max(5 * pace, LEAST))
  return now - reading.time > allowed
}
