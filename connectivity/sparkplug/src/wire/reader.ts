import { sparkplugErrors } from '../errors.ts'

/** Protobuf's wire types (Encoding, "Message structure"); groups (3, 4) have no place in Sparkplug B. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

const HIGH = 4_294_967_296

/**
 * Reads protobuf's wire format in place. One reader serves many payloads: no object is made per field. Nested messages
 * are read by remembering `end` (`enter`/`leave`), so that nothing is copied. Throws MW-SPB-0001 for whatever does not
 * fit; never reads past the bytes it was given.
 */
export class WireReader {
  #bytes: Buffer = Buffer.alloc(0)
  #whole = 0
  at = 0
  /** Where the message that is being read ends. */
  end = 0
  /** Wire type of the field whose tag was read last. */
  wire = 0
  /** The two halves of the varint or fixed64 read last, unsigned. */
  low = 0
  high = 0

  start(bytes: Buffer, from = 0, to: number = bytes.length): void {
    this.#bytes = bytes
    this.#whole = to
    this.at = from
    this.end = to
  }

  /** Lets go of the payload. */
  release(): void {
    this.#bytes = Buffer.alloc(0)
  }

  get bytes(): Buffer {
    return this.#bytes
  }

  /** The next field's number, 0 at the message's end. */
  field(): number {
    if (this.at >= this.end) return 0
    const tag = this.uint32()
    this.wire = tag & 7
    const number = tag >>> 3
    if (number === 0) throw this.#fault('a field has the number 0')
    return number
  }

  /** Steps into a nested message. @returns the end to `leave` to */
  enter(): number {
    const length = this.#length()
    const outer = this.end
    this.end = this.at + length
    return outer
  }

  leave(outer: number): void {
    this.at = this.end
    this.end = outer
  }

  /** A varint of at most 32 bits; more bits are cut, as protobuf does. */
  uint32(): number {
    const bytes = this.#bytes
    if (this.at < this.end) {
      const byte = bytes[this.at]!
      if (byte < 0x80) {
        this.at++
        return byte
      }
    }
    this.varint()
    return this.low
  }

  /** A varint whose halves are not asked for: times, aliases, lengths. Exact up to 2^53. */
  number(): number {
    const bytes = this.#bytes
    const end = this.end
    let at = this.at
    let value = 0
    for (let scale = 1; at < end && scale <= 2 ** 63; scale *= 128) {
      const byte = bytes[at++]!
      if (byte < 0x80) {
        this.at = at
        return value + byte * scale
      }
      value += (byte & 0x7f) * scale
    }
    throw this.#fault(at >= end ? 'it ends within a number' : 'a number has more than ten bytes')
  }

  /** A varint of 64 bits into `low` and `high`. @returns its value, exact up to 2^53 */
  varint(): number {
    const bytes = this.#bytes
    let at = this.at
    let low = 0
    let high = 0
    for (let shift = 0; shift < 70; shift += 7) {
      if (at >= this.end) throw this.#fault('it ends within a number')
      const byte = bytes[at++]!
      const bits = byte & 0x7f
      if (shift < 28) low |= bits << shift
      else if (shift === 28) {
        low |= bits << 28
        high |= bits >>> 4
      } else if (shift < 63) high |= bits << (shift - 32)
      else high |= (bits & 1) << 31
      if (byte < 0x80) {
        this.at = at
        this.low = low >>> 0
        this.high = high >>> 0
        return this.high * HIGH + this.low
      }
    }
    throw this.#fault('a number has more than ten bytes')
  }

  fixed64(): void {
    this.#need(8)
    this.low = this.#bytes.readUInt32LE(this.at)
    this.high = this.#bytes.readUInt32LE(this.at + 4)
    this.at += 8
  }

  float(): number {
    this.#need(4)
    const value = this.#bytes.readFloatLE(this.at)
    this.at += 4
    return value
  }

  double(): number {
    this.#need(8)
    const value = this.#bytes.readDoubleLE(this.at)
    this.at += 8
    return value
  }

  /** Length-delimited bytes, not copied. */
  slice(): Buffer {
    const length = this.#length()
    const from = this.at
    this.at += length
    return this.#bytes.subarray(from, from + length)
  }

  /** UTF-8 text of at most `limit` bytes; broken UTF-8 is a fault. */
  text(limit: number): string {
    const length = this.#length()
    if (length > limit) throw sparkplugErrors.tooMany({ limit, things: 'bytes in one text' })
    const from = this.at
    this.at += length
    for (let i = from; i < this.at; i++) {
      if (this.#bytes[i]! < 0x80) continue
      try {
        return utf8.decode(this.#bytes.subarray(from, this.at))
      } catch {
        throw this.#fault('a text is not UTF-8')
      }
    }
    return this.#bytes.toString('latin1', from, this.at)
  }

  /** Passes over the field whose tag was read last. */
  skip(): void {
    switch (this.wire) {
      case WIRE.varint:
        this.number()
        return
      case WIRE.fixed64:
        this.#need(8)
        this.at += 8
        return
      case WIRE.bytes: {
        const length = this.#length()
        this.at += length
        return
      }
      case WIRE.fixed32:
        this.#need(4)
        this.at += 4
        return
      default:
        throw this.#fault(`a field has the wire type ${this.wire}`)
    }
  }

  /** Throws unless the field has the wire type that its number says. */
  expect(wire: number): void {
    if (this.wire !== wire) throw this.#fault(`a field has the wire type ${this.wire} instead of ${wire}`)
  }

  #length(): number {
    const length = this.number()
    if (length > this.end - this.at) throw this.#fault(`${length} bytes are announced and do not follow`)
    return length
  }

  #need(count: number): void {
    if (this.end - this.at < count) throw this.#fault('it ends within a number')
  }

  #fault(what: string) {
    return sparkplugErrors.malformed({ what, offset: Math.min(this.at, this.#whole) })
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
