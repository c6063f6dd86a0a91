/** How many messages and bytes may wait for one that is late. */
const MOST = 64
const MOST_BYTES = 4 * 1024 * 1024

/**
 * The order of one edge node's messages (3.0, sections 6.4.5 and 5.5): each has the number after the one before, 0 after
 * 255. What comes too early waits; the caller gives up after the reorder timeout.
 */
export class Sequence<Item> {
  #next = -1
  #bytes = 0
  readonly #held = new Map<number, { item: Item; bytes: number }>()

  /** A birth: the count begins here. */
  begin(sequence: number): void {
    this.clear()
    this.#next = (sequence + 1) & 255
  }

  clear(): void {
    this.#held.clear()
    this.#bytes = 0
    this.#next = -1
  }

  get holding(): number {
    return this.#held.size
  }

  /**
   * - `due`: it is its turn (the caller handles it, then asks `takeDue`)
   * - `held`: one before it is missing; it waits
   * - `repeated`: the one before, once more
   * - `lost`: it is late, or too many wait: order cannot be had any more
   */
  offer(sequence: number, item: Item, bytes: number): 'due' | 'held' | 'repeated' | 'lost' {
    if (sequence === this.#next) {
      this.#next = (sequence + 1) & 255
      return 'due'
    }
    const ahead = (sequence - this.#next) & 255
    if (ahead === 255) return 'repeated'
    if (ahead >= 128 || this.#held.has(sequence)) return 'lost'
    if (this.#held.size >= MOST || this.#bytes + bytes > MOST_BYTES) return 'lost'
    this.#held.set(sequence, { item, bytes })
    this.#bytes += bytes
    return 'held'
  }

  /** The held item whose turn has come. */
  takeDue(): Item | undefined {
    const held = this.#held.get(this.#next)
    if (held === undefined) return undefined
    this.#held.delete(this.#next)
    this.#bytes -= held.bytes
    this.#next = (this.#next + 1) & 255
    return held.item
  }

  /** Gives up on what is missing: all that waits, in its order; the count goes on after it. */
  giveUp(): Item[] {
    const from = this.#next
    const ordered = [...this.#held.entries()].sort(([a], [b]) => ((a - from) & 255) - ((b - from) & 255))
    const last = ordered.at(-1)
    this.#held.clear()
    this.#bytes = 0
    if (last !== undefined) this.#next = (last[0] + 1) & 255
    return ordered.map(([, { item }]) => item)
  }

  /** The count goes on after this one, whatever was before. */
  resume(sequence: number): void {
    this.#next = (sequence + 1) & 255
  }
}
