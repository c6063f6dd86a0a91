import { type Micros, SECOND } from '@millwright/foundation'

const SLOTS = 10

/** Points a second over the last ten seconds. */
export class RateMeter {
  readonly #counts = new Float64Array(SLOTS)
  readonly #seconds = new Float64Array(SLOTS).fill(-1)

  add(count: number, now: Micros): void {
    const second = Math.floor(now / SECOND)
    const slot = second % SLOTS
    if (this.#seconds[slot] !== second) {
      this.#seconds[slot] = second
      this.#counts[slot] = 0
    }
    this.#counts[slot]! += count
  }

  perSecond(now: Micros): number {
    const second = Math.floor(now / SECOND)
    let sum = 0
    for (let slot = 0; slot < SLOTS; slot++) {
      // The second that is still running would pull the mean down.
      const age = second - this.#seconds[slot]!
      if (age >= 1 && age < SLOTS) sum += this.#counts[slot]!
    }
    return sum / (SLOTS - 1)
  }
}
