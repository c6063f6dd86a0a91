/**
 * Names as they stand in a payload -> the one string for them. Metric names come again in every message: a look-up by
 * their bytes makes no string, and says at once whether the name stood before in the same object.
 */
const SLOTS = 16_384
const REFILL = SLOTS / 2

export class KeyTable {
  readonly #slots = new Int32Array(SLOTS).fill(-1)
  readonly #hash = new Int32Array(SLOTS)
  readonly #start = new Int32Array(SLOTS + 1)
  readonly #seen = new Float64Array(SLOTS)
  readonly #strings: string[] = []
  #bytes = Buffer.alloc(64 * 1024)
  #stamp = 0
  readonly #seed: number

  /** @param seed any integer: makes it impossible to craft names that collide in somebody else's table */
  constructor(seed: number) {
    this.#seed = seed | 0
  }

  /** Begins an object: names seen from now on are its own. Empties a table that is half full. */
  begin(): void {
    this.#stamp++
    if (this.#strings.length < REFILL) return
    this.#slots.fill(-1)
    this.#strings.length = 0
  }

  /** False when the table has only the room left that one more object of distinct names may need. */
  get roomy(): boolean {
    return this.#strings.length < REFILL
  }

  /** Index of the name that stands in `bytes` from `start` to `end` (UTF-8), or -1 when it is new: then `add` it. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const hash = this.#hashOf(bytes, start, end)
    const length = end - start
    let slot = hash & (SLOTS - 1)
    for (;;) {
      const index = this.#slots[slot]!
      if (index < 0) return -1
      if (this.#hash[index] === hash) {
        const from = this.#start[index]!
        if (this.#start[index + 1]! - from === length) {
          const own = this.#bytes
          let at = 0
          while (at < length && own[from + at] === bytes[start + at]) at++
          if (at === length) return index
        }
      }
      slot = (slot + 1) & (SLOTS - 1)
    }
  }

  /** Keeps a name that `find` did not know. @returns its index */
  add(bytes: Uint8Array, start: number, end: number, name: string): number {
    const index = this.#strings.length
    const from = index === 0 ? 0 : this.#start[index]!
    const length = end - start
    while (from + length > this.#bytes.length) {
      const larger = Buffer.alloc(this.#bytes.length * 2)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#bytes.set(bytes.subarray(start, end), from)
    const hash = this.#hashOf(bytes, start, end)
    this.#strings.push(name)
    this.#hash[index] = hash
    this.#start[index] = from
    this.#start[index + 1] = from + length
    this.#seen[index] = 0
    let slot = hash & (SLOTS - 1)
    while (this.#slots[slot]! >= 0) slot = (slot + 1) & (SLOTS - 1)
    this.#slots[slot] = index
    return index
  }

  name(index: number): string {
    return this.#strings[index]!
  }

  /** True when the name was marked since `begin` already; marks it. */
  mark(index: number): boolean {
    if (this.#seen[index] === this.#stamp) return true
    this.#seen[index] = this.#stamp
    return false
  }

  /** FNV-1a, 32 bits. */
  #hashOf(bytes: Uint8Array, start: number, end: number): number {
    let hash = this.#seed ^ 0x811c9dc5
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193)
    return hash ^ (hash >>> 15)
  }
}
