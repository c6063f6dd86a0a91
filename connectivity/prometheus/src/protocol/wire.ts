import { prometheusErrors } from '../errors.ts'

export const VARINT = 0
export const FIXED64 = 1
export const BYTES = 2
const FIXED32 = 5

/** Walks through protobuf's wire format (protobuf.dev, "Encoding") in place. */
export class Wire {
  readonly bytes: Buffer
  readonly view: DataView
  at = 0

  constructor(bytes: Buffer) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  fail(what: string) {
    return prometheusErrors.protobuf({ message: 'WriteRequest', what, offset: this.at })
  }

  /** Field number * 8 + wire type. */
  tag(end: number): number {
    const tag = this.varint(end)
    if (tag < 8 || tag > 0xffff_ffff) throw this.fail('a field number is out of range')
    return tag
  }

  /** As an unsigned number; beyond 2^53 it is not exact (a negative int64 is above 2^63). */
  varint(end: number): number {
    const { bytes } = this
    // Most are tags and lengths of one byte.
    const first = this.at < end ? bytes[this.at]! : 0x80
    if (first < 0x80) {
      this.at++
      return first
    }
    let value = 0
    let scale = 1
    for (let count = 0; count < 10; count++) {
      if (this.at >= end) throw this.fail('a number is cut off')
      const byte = bytes[this.at++]!
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 128
    }
    throw this.fail('a number is too long')
  }

  /** @returns where the bytes of a length-delimited field end; `at` is where they begin */
  length(end: number): number {
    const length = this.varint(end)
    if (length > end - this.at) throw this.fail('a field is longer than what holds it')
    return this.at + length
  }

  double(end: number): number {
    if (end - this.at < 8) throw this.fail('a number is cut off')
    const value = this.view.getFloat64(this.at, true)
    this.at += 8
    return value
  }

  /**
   * Whether the double just read is Prometheus' staleness marker, which is one NaN among all. Its bits are looked at where
   * they stand: the engine may change those of a NaN that it holds.
   */
  isStaleBefore(): boolean {
    return this.view.getUint32(this.at - 4, true) === 0x7ff00000 && this.view.getUint32(this.at - 8, true) === 2
  }

  skip(wireType: number, end: number): void {
    if (wireType === VARINT) this.varint(end)
    else if (wireType === BYTES) this.at = this.length(end)
    else if (wireType === FIXED64 || wireType === FIXED32) {
      this.at += wireType === FIXED64 ? 8 : 4
      if (this.at > end) throw this.fail('a field is cut off')
    } else throw this.fail('a field has an unknown type')
  }
}
