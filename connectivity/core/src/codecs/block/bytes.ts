import { connectivityErrors } from '../../errors.ts'

const damaged = (what: string, offset: number) =>
  connectivityErrors.invalidSyntax({ format: 'a block of readings', what, offset })

/** A growing buffer. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(16 * 1024)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** What was written; valid until the next write. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  u8(value: number): void {
    this.#room(1)
    this.#bytes[this.#length++] = value
  }

  u32(value: number): void {
    this.#room(4)
    this.#length = this.#bytes.writeUInt32LE(value, this.#length)
  }

  /** 0 <= value <= Number.MAX_SAFE_INTEGER. */
  varint(value: number): void {
    this.#room(8)
    let rest = value
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.#bytes[this.#length++] = rest
  }

  bytes(source: Uint8Array): void {
    this.#room(source.length)
    this.#bytes.set(source, this.#length)
    this.#length += source.length
  }

  text(text: string): void {
    const length = Buffer.byteLength(text)
    this.varint(length)
    this.#room(length)
    this.#length += this.#bytes.write(text, this.#length)
  }

  /** `size` bytes to be filled by the caller at once. */
  reserve(size: number): Buffer {
    this.#room(size)
    this.#length += size
    return this.#bytes.subarray(this.#length - size, this.#length)
  }

  #room(size: number): void {
    if (this.#length + size <= this.#bytes.length) return
    const wider = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + size))
    wider.set(this.written)
    this.#bytes = wider
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads what a ByteWriter wrote, or what somebody says it did: whatever does not fit is a MillwrightError. */
export class ByteReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  u8(): number {
    return this.take(1)[0]!
  }

  u32(): number {
    return this.take(4).readUInt32LE(0)
  }

  /** @param limit the largest value that makes sense here */
  varint(limit: number, what: string): number {
    let value = 0
    let weight = 1
    for (let i = 0; i < 8; i++) {
      const byte = this.u8()
      value += (byte & 0x7f) * weight
      if (byte < 0x80) {
        if (value > limit) throw damaged(`${what} is ${value} and at most ${limit} is possible`, this.#at)
        return value
      }
      weight *= 0x80
    }
    throw damaged(`${what} is no number`, this.#at)
  }

  text(limit: number, what: string): string {
    const bytes = this.take(this.varint(limit, `the length of ${what}`))
    try {
      return utf8.decode(bytes)
    } catch {
      throw connectivityErrors.invalidUtf8({ path: what, offset: this.#at })
    }
  }

  /** A view, not a copy. */
  take(size: number): Buffer {
    if (this.#at + size > this.#bytes.length) throw damaged('it ends too early', this.#bytes.length)
    this.#at += size
    return this.#bytes.subarray(this.#at - size, this.#at)
  }

  fail(what: string): Error {
    return damaged(what, this.#at)
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw damaged('more follows than it says', this.#at)
  }
}
