import { type Clock, type Log, MINUTE, type Micros } from '@millwright/foundation'

const EVERY = MINUTE
const MAX_KEYS = 10_000

/**
 * One line a minute for each peer and reason, with the number of those left out: a device that comes back every second
 * with an expired certificate must be seen in the log, and must not fill the disk with it.
 */
export class RefusalLog {
  readonly #log: Log
  readonly #clock: Clock
  readonly #seen = new Map<string, { since: Micros; repeated: number }>()

  constructor(log: Log, clock: Clock) {
    this.#log = log
    this.#clock = clock
  }

  /** @param peer a device or an address */
  note(peer: string, code: string, fields: object, message: string): void {
    const key = `${code} ${peer}`
    const now = this.#clock.now()
    const before = this.#seen.get(key)
    if (before !== undefined && now - before.since < EVERY) {
      before.repeated++
      return
    }
    const repeated = before?.repeated ?? 0
    if (this.#seen.size >= MAX_KEYS) this.#seen.clear()
    this.#seen.set(key, { since: now, repeated: 0 })
    this.#log.warn({ ...fields, code, ...(repeated > 0 ? { repeated } : {}) }, message)
  }
}
