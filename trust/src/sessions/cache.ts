import type { Clock, Micros } from '@millwright/foundation'

interface Entry<V> {
  readonly value: V
  readonly until: Micros
}

/**
 * What was looked up, for a short while and up to a number of entries, the longest unused falling out first. What is
 * invalidated while it is being looked up is not kept: it may have been read before the change.
 */
export class Cache<V> {
  readonly #entries = new Map<string, Entry<V>>()
  readonly #clock: Clock
  readonly #keepFor: Micros
  readonly #most: number
  #generation = 0

  constructor(clock: Clock, keepFor: Micros, most: number) {
    this.#clock = clock
    this.#keepFor = keepFor
    this.#most = most
  }

  /** Undefined results are not kept: an unknown key costs a look-up each time, and no memory. */
  async get(key: string, load: () => Promise<V | undefined>): Promise<V | undefined> {
    const now = this.#clock.now()
    const known = this.#entries.get(key)
    if (known !== undefined && known.until > now) {
      this.#entries.delete(key)
      this.#entries.set(key, known)
      return known.value
    }
    const generation = this.#generation
    const value = await load()
    if (value !== undefined && generation === this.#generation) {
      this.#entries.delete(key)
      this.#entries.set(key, { value, until: now + this.#keepFor })
      if (this.#entries.size > this.#most) {
        for (const oldest of this.#entries.keys()) {
          this.#entries.delete(oldest)
          break
        }
      }
    }
    return value
  }

  /** Forgets what `affected` says yes to. */
  drop(affected: (value: V) => boolean): void {
    this.#generation++
    for (const [key, entry] of this.#entries) if (affected(entry.value)) this.#entries.delete(key)
  }
}
