/**
 * The values of a window in their order, for its median. A reading that comes or goes moves the values after its place:
 * some hundred nanoseconds for the most a window keeps, and never more.
 */
export class SortedValues {
  #values = new Float64Array(16)
  #length = 0

  add(value: number): void {
    if (this.#length === this.#values.length) this.#grow()
    const at = this.#place(value)
    this.#values.copyWithin(at + 1, at, this.#length)
    this.#values[at] = value
    this.#length++
  }

  /** Takes away one value that is there. */
  remove(value: number): void {
    const at = this.#place(value)
    this.#values.copyWithin(at, at + 1, this.#length)
    this.#length--
  }

  clear(): void {
    this.#length = 0
  }

  /** The middle one, or the mean of the two in the middle; NaN when there is none. */
  get median(): number {
    if (this.#length === 0) return Number.NaN
    const middle = this.#length >> 1
    const upper = this.#values[middle]!
    if (this.#length % 2 === 1) return upper
    const lower = this.#values[middle - 1]!
    // Not (lower + upper) / 2: that overflows where the mean does not.
    return lower === upper ? upper : lower / 2 + upper / 2
  }

  /** Where the first value stands that is not less. */
  #place(value: number): number {
    let from = 0
    let to = this.#length
    while (from < to) {
      const middle = (from + to) >> 1
      if (this.#values[middle]! < value) from = middle + 1
      else to = middle
    }
    return from
  }

  #grow(): void {
    const wider = new Float64Array(this.#values.length * 2)
    wider.set(this.#values)
    this.#values = wider
  }
}
