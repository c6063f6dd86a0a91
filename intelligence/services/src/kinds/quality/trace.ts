/** Readings that are kept of a signal: about two hours at 10 Hz, so that a part that waits long is still whole. */
const MOST = 65_536

/** The newest readings of one signal, in the order of time. */
export class Trace {
  #times = new Float64Array(256)
  #values = new Float64Array(256)
  #length = 0

  push(time: number, value: number): void {
    if (this.#length === this.#times.length) this.#makeRoom()
    let at = this.#length++
    // A late reading is put in its place; hardly ever far.
    for (; at > 0 && this.#times[at - 1]! > time; at--) {
      this.#times[at] = this.#times[at - 1]!
      this.#values[at] = this.#values[at - 1]!
    }
    this.#times[at] = time
    this.#values[at] = value
  }

  /** Holds until the next `push`. */
  view(): { readonly times: Float64Array; readonly values: Float64Array } {
    return {
      times: this.#times.subarray(0, this.#length),
      values: this.#values.subarray(0, this.#length),
    }
  }

  #makeRoom(): void {
    const kept = Math.min(this.#length, MOST / 2)
    const size = kept * 2 >= this.#times.length ? Math.min(MOST, this.#times.length * 2) : this.#times.length
    const [times, values] = [new Float64Array(size), new Float64Array(size)]
    times.set(this.#times.subarray(this.#length - kept, this.#length))
    values.set(this.#values.subarray(this.#length - kept, this.#length))
    this.#times = times
    this.#values = values
    this.#length = kept
  }
}
