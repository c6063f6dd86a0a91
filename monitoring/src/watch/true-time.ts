import type { Micros } from '@millwright/foundation'

/** Spans kept apart; beyond, the two oldest become one of the same total. */
const MOST_SPANS = 512

/** How long a condition has been true within the window (now - length, now]. Whole µs: sums are exact. */
export class TrueTime {
  readonly length: Micros
  #starts: Micros[] = []
  #ends: Micros[] = []
  #head = 0
  /** Sum of the closed spans from `head` on. */
  #closed = 0
  /** Start of the span that is open now. */
  #since: Micros | undefined

  constructor(length: Micros) {
    this.length = length
  }

  /** Tells what the condition is from `time` on; times never go back. */
  set(time: Micros, isTrue: boolean): void {
    if (isTrue) {
      this.#since ??= time
      return
    }
    if (this.#since === undefined) return
    if (time > this.#since) this.#close(this.#since, time)
    this.#since = undefined
  }

  /** µs true in the window ending at `now`. */
  total(now: Micros): Micros {
    this.#evict(now)
    const edge = now - this.length
    let total = this.#closed
    if (this.#head < this.#ends.length) total -= Math.max(0, edge - this.#starts[this.#head]!)
    if (this.#since !== undefined) total += now - Math.max(edge, this.#since)
    return total
  }

  /** True while the total changes with time alone. */
  moving(now: Micros): boolean {
    this.#evict(now)
    return this.#since !== undefined || this.#head < this.#ends.length
  }

  #evict(now: Micros): void {
    while (this.#head < this.#ends.length && this.#ends[this.#head]! <= now - this.length) this.#drop()
  }

  #close(start: Micros, end: Micros): void {
    this.#starts.push(start)
    this.#ends.push(end)
    this.#closed += end - start
    if (this.#ends.length - this.#head > MOST_SPANS) {
      const span = this.#ends[this.#head]! - this.#starts[this.#head]!
      this.#starts[this.#head + 1]! -= span
      this.#head++
    }
    if (this.#head > MOST_SPANS) this.#compact()
  }

  #drop(): void {
    this.#closed -= this.#ends[this.#head]! - this.#starts[this.#head]!
    this.#head++
    if (this.#head > MOST_SPANS) this.#compact()
  }

  #compact(): void {
    this.#starts.splice(0, this.#head)
    this.#ends.splice(0, this.#head)
    this.#head = 0
  }
}
