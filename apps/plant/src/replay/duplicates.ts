import type { Micros } from '@millwright/foundation'

const REMEMBERED = 100_000

/**
 * Finds rows of a time that was there before: the platform keeps one reading per signal and time, so the later row is
 * the one that stays. Looks back over the last 100,000 times, which is all of them where time goes forward.
 */
export class Duplicates {
  readonly #seen = new Set<Micros>()
  /** The times in `#seen` in the order they came, round and round. */
  readonly #order = new Float64Array(REMEMBERED)
  #next = 0
  /** Lines of the first few. */
  readonly lines: number[] = []
  count = 0
  outOfOrder = 0
  #latest: Micros = 0

  note(time: Micros, line: number): void {
    if (time < this.#latest) this.outOfOrder += 1
    else this.#latest = time
    if (this.#seen.has(time)) {
      this.count += 1
      if (this.lines.length < 5) this.lines.push(line)
      return
    }
    if (this.#seen.size === REMEMBERED) this.#seen.delete(this.#order[this.#next]!)
    this.#seen.add(time)
    this.#order[this.#next] = time
    this.#next = (this.#next + 1) % REMEMBERED
  }
}
