import { type Clock, SECOND, type Timer } from '@millwright/foundation'

/** A silence is measured in quarters of the keep-alive: six of them are the one and a half of the standard. */
const PARTS = 4
const SILENT_PARTS = 1.5 * PARTS

/**
 * The deadlines of one connection. Nothing here compares times of day: a wall clock that is set forward must not cost
 * ten thousand devices their connections.
 */
export class Watchdog {
  readonly #clock: Clock
  #silent = 0
  #keepAlive: Timer | undefined
  readonly #deadlines = new Map<string, Timer>()
  #closed = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Something came from the device. */
  heard(): void {
    this.#silent = 0
  }

  /**
   * Calls `silent` once the device has said nothing for one and a half of its keep-alive [MQTT-3.1.2-24], or up to a
   * quarter more. @param seconds 0: never
   */
  keepAlive(seconds: number, silent: (after: number) => void): void {
    if (seconds === 0) return
    const wait = () => {
      this.#keepAlive = this.#clock.after((seconds * SECOND) / PARTS, () => {
        if (this.#closed) return
        this.#silent++
        // What came within the first of the parts is not a whole part ago: hence more than, not as many as.
        if (this.#silent > SILENT_PARTS) silent(seconds * 1.5)
        else wait()
      })
    }
    wait()
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
