import type { FedReading } from '@millwright/connectivity'

/** A reading that is to be sent; `historical` when its time to be live has passed. */
export interface Waiting {
  readonly reading: FedReading
  readonly historical: boolean
}

/** Readings in the order of their coming, bounded: the oldest are dropped. */
export class Backlog {
  readonly #most: number
  #items: Waiting[] = []
  #head = 0
  dropped = 0

  constructor(most: number) {
    this.#most = most
  }

  get length(): number {
    return this.#items.length - this.#head
  }

  push(waiting: Waiting): void {
    this.#items.push(waiting)
    if (this.length <= this.#most) return
    this.#head++
    this.dropped++
    this.#compact()
  }

  take(count: number): Waiting[] {
    const taken = this.#items.slice(this.#head, this.#head + count)
    this.#head += taken.length
    this.#compact()
    return taken
  }

  /** What was to be live is too late for it. */
  age(): void {
    for (let at = this.#head; at < this.#items.length; at++) {
      const { reading, historical } = this.#items[at]!
      if (!historical) this.#items[at] = { reading, historical: true }
    }
  }

  #compact(): void {
    if (this.#head < 4096 || this.#head * 2 < this.#items.length) return
    this.#items = this.#items.slice(this.#head)
    this.#head = 0
  }
}
