import type { Micros } from '@millwright/foundation'

/** A token bucket: `rate` a second, `burst` at once. */
export class TokenBucket {
  readonly rate: number
  readonly #burst: number
  #tokens: number
  #at: Micros

  constructor(rate: number, burst: number, now: Micros) {
    this.rate = rate
    this.#burst = burst
    this.#tokens = burst
    this.#at = now
  }

  /**
   * Takes `count` tokens; false when there are too few. More than a whole burst is let through when the bucket is full, so
   * that one large message is not refused for ever.
   */
  take(count: number, now: Micros): boolean {
    if (now > this.#at) {
      this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) * this.rate) / 1e6)
      this.#at = now
    }
    if (this.#tokens < Math.min(count, this.#burst)) return false
    this.#tokens -= count
    return true
  }
}
