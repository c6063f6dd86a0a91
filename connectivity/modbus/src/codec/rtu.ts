/**
 * Modbus RTU (Modbus over Serial Line V1.02, 2.5.1): unit id, PDU, CRC-16. The standard ends a frame by silence of 3.5
 * characters, which no operating system shows us; the request that is out tells how long its answer must be, and the CRC
 * whether it is one. Bytes before it (noise, echoes, late answers of other units) are skipped one by one.
 */
import { crc16 } from './crc.ts'
import type { Expected, Framing } from './framing.ts'
import { answerLength } from './pdu.ts'

/** More than two of the longest frames (256 bytes) are never needed to find one. */
const KEPT = 520

export class RtuFraming implements Framing {
  dropped = 0
  readonly numbered = false
  #expected: Expected | undefined
  #rest: Buffer = Buffer.alloc(0)

  send(expected: Expected, pdu: Uint8Array): Buffer {
    this.#expected = expected
    // Whatever came before the request cannot be its answer.
    this.#rest = EMPTY
    return rtuFrame(expected.unit, pdu)
  }

  receive(bytes: Uint8Array): Uint8Array | undefined {
    if (this.#expected === undefined) {
      this.dropped += bytes.length
      return undefined
    }
    // The answer may stand anywhere in a flood: looked through in pieces, so that a large one is not kept.
    for (let at = 0; at < bytes.length; at += KEPT / 2) {
      this.#rest = Buffer.concat([this.#rest, bytes.subarray(at, at + KEPT / 2)])
      const answer = this.#find(this.#expected)
      if (answer === undefined) continue
      this.#expected = undefined
      this.#rest = EMPTY
      this.dropped += Math.max(0, bytes.length - at - KEPT / 2)
      return answer
    }
    return undefined
  }

  giveUp(): boolean {
    this.#expected = undefined
    const begun = this.#rest.length > 0
    this.#rest = EMPTY
    return begun
  }

  /** The first frame with the right unit, function, length and CRC; drops what cannot be its beginning. */
  #find({ unit, request }: Expected): Uint8Array | undefined {
    const bytes = this.#rest
    // Noise may look like a beginning: a whole frame further on is still looked for.
    let begun = -1
    for (let at = 0; at < bytes.length; at++) {
      const length = bytes[at] === unit ? lengthAt(bytes, at, request.function, answerLength(request)) : 0
      if (length === 0) continue
      if (bytes.length - at < length) {
        if (begun < 0) begun = at
      } else if (crc16(bytes, at, at + length - 2) === bytes.readUInt16LE(at + length - 2)) {
        this.dropped += at
        return bytes.subarray(at + 1, at + length - 2)
      }
    }
    this.dropped += begun < 0 ? bytes.length : begun
    this.#rest = begun < 0 ? EMPTY : Buffer.from(bytes.subarray(begun))
    return undefined
  }
}

const EMPTY = Buffer.alloc(0)

/** Length of the frame that may begin at `at`: of the answer or of an exception; 0 when neither can. */
function lengthAt(bytes: Buffer, at: number, code: number, answer: number): number {
  const found = bytes[at + 1]
  // The next byte is not there yet: anything may come.
  if (found === undefined) return answer + 3
  if (found === (code | 0x80)) return 5
  if (found !== code) return 0
  const reads = code <= 4 || code === 23
  const count = bytes[at + 2]
  if (reads && count !== undefined && count !== answer - 2) return 0
  return answer + 3
}

/** One frame on the wire. */
export function rtuFrame(unit: number, pdu: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(pdu.length + 3)
  frame[0] = unit
  frame.set(pdu, 1)
  frame.writeUInt16LE(crc16(frame, 0, pdu.length + 1), pdu.length + 1)
  return frame
}
