import type { ReadingBatch, SignalKey } from '@millwright/connectivity'
import { type Clock, MINUTE, type Micros } from '@millwright/foundation'
import type { Machine } from './machine.ts'

/** Readings stamped further ahead than this are not evaluated: one wrong clock would make all others late. */
const AHEAD = MINUTE

/**
 * What readings may be dated at most to be evaluated. When the platform's clock is set back, it goes on evenly: machines
 * that date their readings themselves are right as before. A machine whose readings follow the platform's clock follows
 * it, too, and by itself: the others have nothing to do with it.
 */
export class EvaluationClock {
  readonly #clock: Clock
  /** What the clock shows when steady time is 0. */
  #origin = Number.NEGATIVE_INFINITY
  /** The same for machines that follow a clock that was set back, by their equipment. */
  readonly #followers = new Map<string, Micros>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Of readings that are evaluated now: asked for one machine at a time. */
  latest(): (equipment: string) => Micros {
    const steady = this.#clock.steady()
    const shown = this.#clock.now() - steady
    this.#origin = Math.max(this.#origin, shown)
    const most = steady + this.#origin + AHEAD
    if (this.#followers.size === 0) return () => most
    return (equipment) => {
      const followed = this.#followers.get(equipment)
      if (followed === undefined) return most
      const origin = Math.max(followed, shown)
      if (origin >= this.#origin) this.#followers.delete(equipment)
      else this.#followers.set(equipment, origin)
      return steady + origin + AHEAD
    }
  }

  /**
   * Machines that are ahead of the platform's clock although the batch dates their readings by it: the clock was set
   * back, and all of their readings would be late from now on. They go by the clock again.
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
    for (const { equipment } of left) this.#followers.set(equipment.id, now - this.#clock.steady())
    return left
  }
}
