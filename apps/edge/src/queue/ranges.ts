/** A set of whole numbers as ranges, ascending and apart: few ranges stand for millions of numbers. */
export class Ranges {
  #ranges: { first: number; last: number }[] = []

  get list(): readonly { readonly first: number; readonly last: number }[] {
    return this.#ranges
  }

  /** The largest number; 0: none. */
  get last(): number {
    return this.#ranges.at(-1)?.last ?? 0
  }

  has(number: number): boolean {
    const range = this.#ranges[this.#at(number)]
    return range !== undefined && range.first <= number
  }

  /** Are all from `first` to `last` in it? */
  covers(first: number, last: number): boolean {
    const range = this.#ranges[this.#at(first)]
    return range !== undefined && range.first <= first && range.last >= last
  }

  add(first: number, last: number): void {
    // Neighbours grow together.
    const from = this.#at(first - 1)
    let end = from
    let low = first
    let high = last
    while (end < this.#ranges.length && this.#ranges[end]!.first <= last + 1) {
      low = Math.min(low, this.#ranges[end]!.first)
      high = Math.max(high, this.#ranges[end]!.last)
      end++
    }
    this.#ranges.splice(from, end - from, { first: low, last: high })
  }

  /** Fills all up to `number`: what lies before is not asked for any more. */
  fillTo(number: number): void {
    if (number >= 1) this.add(1, number)
  }

  /** Index of the first range that ends at `number` or later. */
  #at(number: number): number {
    let low = 0
    let high = this.#ranges.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#ranges[middle]!.last < number) low = middle + 1
      else high = middle
    }
    return low
  }
}
