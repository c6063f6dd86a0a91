const FIRST_SLOTS = 4096
/** Keys made to collide are looked for no further than this: they are then not kept, and only cost their sender time. */
const MAX_PROBES = 64

/** A table of byte strings -> their numbers, 0, 1, 2 …: looks a series' labels up as the bytes they are, without making a string. */
export class ByteKeys {
  #slots = new Int32Array(FIRST_SLOTS).fill(-1)
  #hashes = new Int32Array(FIRST_SLOTS)
  #ends = new Float64Array(FIRST_SLOTS)
  #view = new DataView(new ArrayBuffer(FIRST_SLOTS * 64))
  #size = 0

  get size(): number {
    return this.#size
  }

  clear(): void {
    this.#slots.fill(-1)
    this.#size = 0
  }

  /** The number of the key that stands in `view` from `start` to `end`; -1: it is not known. */
  find(view: DataView, start: number, end: number): number {
    const hash = hashOf(view, start, end)
    const mask = this.#slots.length - 1
    for (let slot = hash & mask, probes = 0; probes < MAX_PROBES; slot = (slot + 1) & mask, probes++) {
      const index = this.#slots[slot]!
      if (index < 0) return -1
      if (this.#hashes[index] === hash && this.#equals(index, view, start, end)) return index
    }
    return -1
  }

  /** Keeps a key that `find` did not know. @returns its number; -1: there is no room for it */
  add(view: DataView, start: number, end: number): number {
    if (this.#size * 2 >= this.#slots.length) this.#grow()
    const hash = hashOf(view, start, end)
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (let probes = 0; this.#slots[slot]! >= 0; slot = (slot + 1) & mask) if (++probes >= MAX_PROBES) return -1
    const index = this.#size++
    const from = index === 0 ? 0 : this.#ends[index - 1]!
    const length = end - start
    if (from + length > this.#view.byteLength) {
      const larger = new Uint8Array(Math.max(this.#view.byteLength * 2, from + length))
      larger.set(new Uint8Array(this.#view.buffer, 0, from))
      this.#view = new DataView(larger.buffer)
    }
    new Uint8Array(this.#view.buffer).set(new Uint8Array(view.buffer, view.byteOffset + start, length), from)
    this.#slots[slot] = index
    this.#hashes[index] = hash
    this.#ends[index] = from + length
    return index
  }

  #equals(index: number, view: DataView, start: number, end: number): boolean {
    const from = index === 0 ? 0 : this.#ends[index - 1]!
    const length = end - start
    if (this.#ends[index]! - from !== length) return false
    const own = this.#view
    let at = 0
    for (; at + 4 <= length; at += 4) if (own.getInt32(from + at) !== view.getInt32(start + at)) return false
    for (; at < length; at++) if (own.getUint8(from + at) !== view.getUint8(start + at)) return false
    return true
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1)
    const hashes = new Int32Array(slots.length)
    const ends = new Float64Array(slots.length)
    hashes.set(this.#hashes)
    ends.set(this.#ends)
    for (let index = 0; index < this.#size; index++) {
      let slot = hashes[index]! & (slots.length - 1)
      while (slots[slot]! >= 0) slot = (slot + 1) & (slots.length - 1)
      slots[slot] = index
    }
    this.#slots = slots
    this.#hashes = hashes
    this.#ends = ends
  }
}

/** Four bytes at a time, multiplied and shifted (after Fibonacci hashing). */
function hashOf(view: DataView, start: number, end: number): number {
  let hash = end - start
  let at = start
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  for (; at < end; at++) hash = Math.imul(hash ^ view.getUint8(at), 0x01000193)
  return hash ^ (hash >>> 13)
}
