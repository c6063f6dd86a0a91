import { WIRE } from './reader.ts'

const HIGH = 4_294_967_296

/** Writes protobuf's wire format into a buffer that grows and is used again. */
export class WireWriter {
  #bytes = Buffer.allocUnsafe(4096)
  #at = 0

  reset(): void {
    this.#at = 0
  }

  get length(): number {
    return this.#at
  }

  /** A copy of what was written. */
  finish(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#at))
  }

  /** An unsigned integer up to 2^53. */
  uint(field: number, value: number): void {
    this.#tag(field, WIRE.varint)
    this.#varint(value)
  }

  /** 64 bits, two's complement. */
  int64(field: number, value: bigint): void {
    this.#tag(field, WIRE.varint)
    this.#room(10)
    let rest = BigInt.asUintN(64, value)
    for (; rest > 0x7fn; rest >>= 7n) this.#bytes[this.#at++] = Number(rest & 0x7fn) | 0x80
    this.#bytes[this.#at++] = Number(rest)
  }

  bool(field: number, value: boolean): void {
    this.uint(field, value ? 1 : 0)
  }

  float(field: number, value: number): void {
    this.#tag(field, WIRE.fixed32)
    this.#room(4)
    this.#at = this.#bytes.writeFloatLE(value, this.#at)
  }

  double(field: number, value: number): void {
    this.#tag(field, WIRE.fixed64)
    this.#room(8)
    this.#at = this.#bytes.writeDoubleLE(value, this.#at)
  }

  text(field: number, value: string): void {
    this.bytes(field, Buffer.from(value))
  }

  bytes(field: number, value: Uint8Array): void {
    this.#tag(field, WIRE.bytes)
    this.#varint(value.length)
    this.#room(value.length)
    this.#bytes.set(value, this.#at)
    this.#at += value.length
  }

  /** A nested message: what `write` writes, with its length before it. */
  message(field: number, write: () => void): void {
    this.#tag(field, WIRE.bytes)
    const start = this.#at
    write()
    const length = this.#at - start
    let prefix = 1
    for (let rest = length; rest > 0x7f; rest = Math.floor(rest / 128)) prefix++
    this.#room(prefix)
    this.#bytes.copyWithin(start + prefix, start, this.#at)
    this.#at = start
    this.#varint(length)
    this.#at += length
  }

  #tag(field: number, wire: number): void {
    this.#varint(field * 8 + wire)
  }

  #varint(value: number): void {
    this.#room(10)
    let rest = value
    while (rest > 0x7f) {
      this.#bytes[this.#at++] = (rest % 128) | 0x80
      rest = rest < HIGH ? rest >>> 7 : Math.floor(rest / 128)
    }
    this.#bytes[this.#at++] = rest
  }

  #room(count: number): void {
    if (this.#at + count <= this.#bytes.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + count))
    this.#bytes.copy(grown, 0, 0, this.#at)
    this.#bytes = grown
  }
}
