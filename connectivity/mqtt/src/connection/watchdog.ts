import { type Clock, type Micros, SECOND, type Timer } from '@millwright/foundation'

/**
 * The deadlines of one connection. Timers are not moved with each packet: one that fires too early looks how long it
 * really was and waits for the rest.
 */
export class Watchdog {
  readonly #clock: Clock
  #heard: Micros
  #keepAlive: Timer | undefined
  readonly #deadlines = new Map<string, Timer>()
  #closed = false

  constructor(clock: Clock) {
    this.#clock = clock
    this.#heard = clock.now()
  }

  /** Something came from the device. */
  heard(): void {
    this.#heard = this.#clock.now()
  }

  /** Calls `silent` once the device says nothing for one and a half of its keep-alive [MQTT-3.1.2-24]. */
  keepAlive(seconds: number, silent: (after: number) => void): void {
    if (seconds === 0) return
    const limit = seconds * 1.5 * SECOND
    const wait = (rest: Micros) => {
      this.#keepAlive = this.#clock.after(rest, () => {
        if (this.#closed) return
        const left = this.#heard + limit - this.#clock.now()
        if (left > 0) wait(left)
        else silent(seconds * 1.5)
      })
    }
    wait(limit)
  }

  /** Something must have happened within `seconds`, or `late` is called. A deadline that runs already stays. */
  begin(name: string, seconds: number, late: () => void): void {
    if (this.#closed || this.#deadlines.has(name)) return
    this.#deadlines.set(
      name,
      this.#clock.after(seconds * SECOND, () => {
        if (this.#deadlines.delete(name)) late()
      }),
    )
  }

  /** It happened. */
  met(name: string): void {
    const timer = this.#deadlines.get(name)
    if (timer === undefined) return
    timer.cancel()
    this.#deadlines.delete(name)
  }

  close(): void {
    this.#closed = true
    this.#keepAlive?.cancel()
    for (const timer of this.#deadlines.values()) timer.cancel()
    this.#deadlines.clear()
  }
}
