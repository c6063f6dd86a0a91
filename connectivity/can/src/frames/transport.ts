import type { Micros } from '@millwright/foundation'
import { FrameBytes, MAX_J1939 } from './extract.ts'

/** Parameter groups of the transport protocol (SAE J1939-21, 5.10): connection management and data transfer. */
const MANAGEMENT = 0xec00
const TRANSFER = 0xeb00
/** Control bytes of connection management. */
const REQUEST_TO_SEND = 16
const ANNOUNCE = 32
const ABORT = 255
/** T2 and T3, the longest waits that the standard knows: a sender that pauses longer has given up. µs. */
const LONGEST_PAUSE = 1_250_000
const PACKET = 7
const MAX_SESSIONS = 256

interface Session {
  /** The identifier that the message would have were it one frame. */
  readonly id: number
  readonly size: number
  readonly data: Uint8Array
  /** One bit a packet. */
  readonly got: Uint8Array
  missing: number
  last: Micros
}

/** A message of several frames, whole. */
export interface WholeMessage {
  readonly id: number
  readonly frame: FrameBytes
}

/**
 * Puts messages of 9 to 1,785 bytes together that J1939 sends in packets of seven: broadcasts (BAM), and transfers between
 * two nodes (RTS/CTS) as one who listens hears them. Packets may come again or, between two nodes, in another order;
 * what stays incomplete is dropped.
 */
export class TransportSessions {
  /** Messages that were announced and never became whole. */
  broken = 0
  readonly #sessions = new Map<number, Session>()
  readonly #frame = new FrameBytes(MAX_J1939)

  static carries(group: number): boolean {
    return group === MANAGEMENT || group === TRANSFER
  }

  /**
   * @param group `MANAGEMENT` or `TRANSFER`
   * @returns the message, when this frame was its last; good until the next call
   */
  take(id: number, group: number, { bytes, length }: FrameBytes, time: Micros): WholeMessage | undefined {
    if (length < 8) return undefined
    // Who sends to whom: each pair has one transfer at a time. Answers (CTS, abort of the receiver) go the other way.
    const key = id & 0xffff
    if (group === TRANSFER) return this.#packet(key, bytes, time)
    const control = bytes[0]!
    if (control === ABORT) this.#drop(key)
    if (control !== ANNOUNCE && control !== REQUEST_TO_SEND) return undefined
    this.#drop(key)
    const size = bytes.readUInt16LE(1)
    const packets = bytes[3]!
    if (size < 9 || size > MAX_J1939 || packets !== Math.ceil(size / PACKET)) return undefined
    if (this.#sessions.size >= MAX_SESSIONS) this.#drop(this.#sessions.keys().next().value!)
    this.#sessions.set(key, {
      id: ((id & 0x1c00_0000) | (bytes.readUIntLE(5, 3) << 8) | (id & 0xff)) >>> 0,
      size,
      data: new Uint8Array(packets * PACKET),
      got: new Uint8Array(packets),
      missing: packets,
      last: time,
    })
    return undefined
  }

  #packet(key: number, bytes: Buffer, time: Micros): WholeMessage | undefined {
    const session = this.#sessions.get(key)
    if (session === undefined) return undefined
    if (time - session.last > LONGEST_PAUSE) {
      this.#drop(key)
      return undefined
    }
    session.last = time
    const index = bytes[0]! - 1
    if (index < 0 || index >= session.got.length) return undefined
    session.data.set(bytes.subarray(1, 8), index * PACKET)
    if (session.got[index] === 0) session.missing--
    session.got[index] = 1
    if (session.missing > 0) return undefined
    this.#sessions.delete(key)
    const frame = this.#frame
    frame.bytes.set(session.data.subarray(0, session.size))
    frame.finish(session.size)
    return { id: session.id, frame }
  }

  #drop(key: number): void {
    if (this.#sessions.delete(key)) this.broken++
  }
}
