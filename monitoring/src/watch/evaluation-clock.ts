import type { ReadingBatch, SignalKey } from '@millwright/connectivity'
import { type Clock, MINUTE, type Micros } from '@millwright/foundation'
import type { Machine } from './machine.ts'

/** Readings stamped further ahead than this are not evaluated: one wrong clock would make all others late. */
const AHEAD = MINUTE

/**
 * What readings may be dated at most to be evaluated. When the platform's clock is set back, it goes on evenly: machines
 * that date their readings themselves are right as before. Where readings follow the platform's clock, it follows, too.
 */
export class EvaluationClock {
  readonly #clock: Clock
  /** What the clock shows when steady time is 0. */
  #origin = Number.NEGATIVE_INFINITY

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Of readings that are evaluated now. */
  latest(): Micros {
    const steady = this.#clock.steady()
    this.#origin = Math.max(this.#origin, this.#clock.now() - steady)
    return steady + this.#origin + AHEAD
  }

  /**
   * Machines that are ahead of the platform's clock although the batch dates their readings by it: the clock was set
   * back, and all of their readings would be late from now on. The evaluation goes by the clock again.
   */
  leftBehind(touched: readonly Machine[], batch: ReadingBatch): Machine[] {
    const now = this.#clock.now()
    const ahead = touched.filter((machine) => machine.now > now + AHEAD)
    if (ahead.length === 0) return ahead
    const present = new Set<SignalKey>()
    const near = (time: Micros) => Math.abs(time - now) <= AHEAD
    for (let i = 0; i < batch.length; i++) if (near(batch.time[i]!)) present.add(batch.signal[i]!)
    for (const { signal, time } of batch.wide) if (near(time)) present.add(signal)
    const left = ahead.filter((machine) => Array.from(machine.signals).some(({ key }) => present.has(key)))
    if (left.length > 0) this.#origin = now - this.#clock.steady()
    return left
  }
}
