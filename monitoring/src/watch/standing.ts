import { MINUTE, type Micros, SECOND } from '@millwright/foundation'
import { NO, type Truth, YES } from '../expression/frame.ts'

/** What happened to a watched condition: it became abnormal long enough, or clear long enough. */
export type Turn = 'raised' | 'returned'

export interface Delays {
  /** µs. */
  readonly onDelay: Micros
  readonly offDelay: Micros
}

/** ISA-18.2 calls an alarm chattering that is raised three times a minute; we hold it from the fifth. */
const CHATTER_TIMES = 5
const CHATTER_SPAN = MINUTE
/** How long a chattering condition must be clear before it returns. */
const CHATTER_HOLD = 30 * SECOND

/**
 * Whether one rule's condition stands on one machine: on delay, off delay, hysteresis by a clear condition, and a longer
 * off delay while it chatters. All in data time. An unknown answer changes nothing.
 */
export class Standing {
  active = false
  /** Since when the pending change has held; undefined: none is pending. */
  #pending: Micros | undefined
  #raises: Micros[] = []

  /**
   * @param condition the rule's condition now
   * @param clear its clear condition now; undefined when the rule has none
   */
  step(now: Micros, condition: Truth, clear: Truth | undefined, delays: Delays): Turn | undefined {
    const turning = this.active ? clearing(condition, clear) : condition
    if (turning === NO) this.#pending = undefined
    if (turning !== YES) return undefined
    this.#pending ??= now
    if (now - this.#pending < this.#delay(now, delays)) return undefined
    this.#pending = undefined
    this.active = !this.active
    if (!this.active) return 'returned'
    this.#raises.push(now)
    if (this.#raises.length > CHATTER_TIMES) this.#raises.shift()
    return 'raised'
  }

  /** When a pending change becomes due if nothing else happens; Infinity when none is. */
  due(now: Micros, delays: Delays): Micros {
    return this.#pending === undefined ? Number.POSITIVE_INFINITY : this.#pending + this.#delay(now, delays)
  }

  /** How often it was raised within the last minute, when that is too often; otherwise 0. */
  chattering(now: Micros): number {
    const [oldest] = this.#raises
    return this.#raises.length === CHATTER_TIMES && oldest! > now - CHATTER_SPAN ? CHATTER_TIMES : 0
  }

  #delay(now: Micros, { onDelay, offDelay }: Delays): Micros {
    if (!this.active) return onDelay
    return this.chattering(now) > 0 ? Math.max(offDelay, CHATTER_HOLD) : offDelay
  }
}

/** Clear is: the clear condition holds, or without one the condition does not. Never while the condition holds. */
function clearing(condition: Truth, clear: Truth | undefined): Truth {
  if (condition === YES) return NO
  if (clear !== undefined) return clear
  return condition === NO ? YES : condition
}
