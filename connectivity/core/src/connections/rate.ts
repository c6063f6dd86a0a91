import { type Clock, SECOND } from '@millwright/foundation'

const SECONDS = 10

/** How many a second, over the last ten whole seconds. */
export class Rate {
  readonly #clock: Clock
  /** Counts of the seconds before and of the one that runs, by second modulo their number. */
  readonly #counts = new Float64Array(SECONDS + 1)
  #second: number
  readonly #began: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#second = this.#now()
    this.#began = this.#second
  }

  add(count: number): void {
    this.#move()
    this.#counts[this.#second % this.#counts.length]! += count
  }

  get perSecond(): number {
    this.#move()
    const running = this.#counts[this.#second % this.#counts.length]!
    const whole = Math.min(SECONDS, this.#second - this.#began)
    // In its first second there is nothing whole to go by.
    if (whole === 0) return running
    return (this.#counts.reduce((sum, count) => sum + count, 0) - running) / whole
  }

  #now(): number {
    return Math.floor(this.#clock.steady() / SECOND)
  }

  #move(): void {
    const now = this.#now()
    for (let second = Math.max(this.#second + 1, now - SECONDS); second <= now; second++) {
      this.#counts[second % this.#counts.length] = 0
    }
    this.#second = Math.max(this.#second, now)
  }
}
