/**
 * Looks at the packets' lengths as their bytes come in, before anything gathers them: a broker that announces a huge packet
 * is cut off at its header (the client library would gather up to 256 MB).
 */
export class PacketGuard {
  readonly #limit: number
  /** Bytes of the present packet that are still to come. */
  #rest = 0
  /** Bytes of the remaining length read so far; -1: the packet's first byte is next. */
  #digits = -1
  #length = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** @returns the announced size of a packet that is too large; undefined: all is well */
  check(chunk: Buffer): number | undefined {
    let at = 0
    while (at < chunk.length) {
      if (this.#rest > 0) {
        const taken = Math.min(this.#rest, chunk.length - at)
        this.#rest -= taken
        at += taken
        continue
      }
      const byte = chunk[at++]!
      if (this.#digits === -1) {
        this.#digits = 0
        this.#length = 0
        continue
      }
      this.#length += (byte & 0x7f) * 128 ** this.#digits
      this.#digits++
      if (this.#digits > 4) return this.#length
      if (byte < 0x80) {
        if (this.#length > this.#limit) return this.#length
        this.#rest = this.#length
        this.#digits = -1
      }
    }
    return undefined
  }
}
