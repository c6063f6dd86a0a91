/**
 * Modbus TCP (Messaging on TCP/IP Implementation Guide V1.0b, 3.1.3): transaction id, protocol id 0, length, unit id, PDU.
 * TCP cuts where it likes: frames are put together from pieces and taken apart from heaps. An answer counts only with the
 * number of the request that is out, so that late ones are never taken for it.
 */
import { type Expected, type Framing, FramingError } from './framing.ts'

const HEADER = 7
/** Unit id and the longest PDU (253 bytes). */
const LONGEST = 254

export class MbapFraming implements Framing {
  dropped = 0
  readonly numbered = true
  #transaction: number
  #expected: Expected | undefined
  #rest: Buffer = Buffer.alloc(0)

  /** @param start of the transaction ids: another one on each connection */
  constructor(start = 0) {
    this.#transaction = start & 0xffff
  }

  send(expected: Expected, pdu: Uint8Array): Buffer {
    this.#expected = expected
    this.#transaction = (this.#transaction + 1) & 0xffff
    return mbapFrame(this.#transaction, expected.unit, pdu)
  }

  receive(bytes: Uint8Array): Uint8Array | undefined {
    const whole = this.#rest.length === 0 ? asBuffer(bytes) : Buffer.concat([this.#rest, bytes])
    let at = 0
    let answer: Uint8Array | undefined
    while (whole.length - at >= HEADER) {
      const protocol = whole.readUInt16BE(at + 2)
      const length = whole.readUInt16BE(at + 4)
      if (protocol !== 0) throw new FramingError(`protocol ${protocol} instead of 0`)
      if (length < 2 || length > LONGEST) throw new FramingError(`a length of ${length}`)
      if (whole.length - at < 6 + length) break
      const frame = whole.subarray(at, at + 6 + length)
      at += frame.length
      if (this.#answers(frame)) {
        answer = frame.subarray(HEADER)
        this.#expected = undefined
      } else this.dropped++
    }
    // A copy: the piece it came in may be large.
    this.#rest = at === whole.length ? EMPTY : Buffer.from(whole.subarray(at))
    return answer
  }

  giveUp(): boolean {
    this.#expected = undefined
    return this.#rest.length > 0
  }

  #answers(frame: Buffer): boolean {
    return (
      this.#expected !== undefined && frame.readUInt16BE(0) === this.#transaction && frame[6] === this.#expected.unit
    )
  }
}

const EMPTY = Buffer.alloc(0)
const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)

/** One frame on the wire. */
export function mbapFrame(transaction: number, unit: number, pdu: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEADER + pdu.length)
  frame.writeUInt16BE(transaction, 0)
  frame.writeUInt16BE(0, 2)
  frame.writeUInt16BE(1 + pdu.length, 4)
  frame[6] = unit
  frame.set(pdu, HEADER)
  return frame
}
