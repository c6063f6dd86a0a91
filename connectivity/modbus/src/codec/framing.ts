import type { Request } from './pdu.ts'

/** What a line expects while a request is out; nothing while none is. */
export interface Expected {
  readonly unit: number
  readonly request: Request
}

/**
 * How PDUs stand on the wire. It is given bytes as they come, in any pieces, and finds the answer to the request that is
 * out; what else is there is dropped and counted.
 */
export interface Framing {
  /** The frame of a request; what comes next is taken for the answer to it only if it fits. */
  send(expected: Expected, pdu: Uint8Array): Buffer
  /** Takes bytes; the PDU of the answer when it is whole. Throws a FramingError when the stream cannot be followed further. */
  receive(bytes: Uint8Array): Uint8Array | undefined
  /** No answer is awaited any more: what comes is late. True when a frame has begun and is not whole. */
  giveUp(): boolean
  /** Frames (TCP) or bytes (serial) that answered nothing, so far. */
  readonly dropped: number
  /** An answer to an earlier request can be told from one to the present request. */
  readonly numbered: boolean
}

export class FramingError extends Error {}
