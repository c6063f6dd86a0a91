import { MINUTE, type Micros, SECOND } from '@millwright/foundation'

/** A speed this old says nothing of the recording any more. */
const OLDEST: Micros = 2 * MINUTE
/** Its sender may write the speed after the recording that it belongs to. */
const AHEAD: Micros = 2 * SECOND
const KEPT = 4096

/** The last values of the speed signal, Hz. */
export class Speeds {
  #times: Micros[] = []
  #values: number[] = []

  push(time: Micros, value: number): void {
    if (Number.isNaN(value)) return
    this.#times.push(time)
    this.#values.push(value)
    if (this.#times.length < 2 * KEPT) return
    this.#times = this.#times.slice(-KEPT)
    this.#values = this.#values.slice(-KEPT)
  }

  /** The nearest at that time; undefined when none is near. */
  at(time: Micros): number | undefined {
    let nearest: number | undefined
    let distance = Number.POSITIVE_INFINITY
    for (let n = this.#times.length - 1; n >= 0; n--) {
      const away = time - this.#times[n]!
      if (away > OLDEST) break
      if (away < -AHEAD || Math.abs(away) >= distance) continue
      distance = Math.abs(away)
      nearest = this.#values[n]
    }
    return nearest
  }
}
