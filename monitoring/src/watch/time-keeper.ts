import { type Clock, MILLISECOND, type Micros, type Timer } from '@millwright/foundation'
import type { Machine } from './machine.ts'

/** Machines that fall due close together are woken together. */
const STEP = 10 * MILLISECOND

/**
 * Lets the data time of machines go on when nothing arrives, so that delays and silences fall due: by as much as time
 * has passed, whatever the clock was set to meanwhile.
 */
export class TimeKeeper {
  readonly #clock: Clock
  readonly #machines: ReadonlyMap<string, Machine>
  readonly #after: () => void
  #timer: Timer | undefined
  #wakeAt: Micros = Number.POSITIVE_INFINITY

  /** @param after called when machines have been evaluated */
  constructor(clock: Clock, machines: ReadonlyMap<string, Machine>, after: () => void) {
    this.#clock = clock
    this.#machines = machines
    this.#after = after
  }

  /** These machines may fall due earlier now. */
  expect(machines: Iterable<Machine>): void {
    let earliest = Number.POSITIVE_INFINITY
    for (const machine of machines) earliest = Math.min(earliest, wallDue(machine))
    this.#arm(earliest)
  }

  stop(): void {
    this.#timer?.cancel()
    this.#wakeAt = Number.NEGATIVE_INFINITY
  }

  #arm(at: Micros): void {
    if (at >= this.#wakeAt || at === Number.POSITIVE_INFINITY) return
    this.#timer?.cancel()
    this.#wakeAt = at
    this.#timer = this.#clock.after(Math.max(0, at - this.#clock.steady()), () => this.#wake())
  }

  #wake(): void {
    const now = this.#clock.steady()
    this.#wakeAt = Number.POSITIVE_INFINITY
    let next = Number.POSITIVE_INFINITY
    for (const machine of this.#machines.values()) {
      if (wallDue(machine) <= now) machine.passTime(machine.now + (now - machine.reachedAt))
      next = Math.min(next, wallDue(machine))
    }
    this.#after()
    this.#arm(next === Number.POSITIVE_INFINITY ? next : Math.max(next, now + STEP))
  }
}

/** The platform's steady time at which the machine falls due. */
const wallDue = (machine: Machine): Micros => machine.reachedAt + (machine.due - machine.now)
