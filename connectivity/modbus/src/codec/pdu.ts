/**
 * Protocol data units of the Modbus Application Protocol V1.1b3: function code and data, without address and check. Pure
 * bytes; a request knows how the answer to it must look, so that any other answer is found out.
 */
import { FUNCTION, MOST } from './functions.ts'

export type Request =
  | { readonly function: 1 | 2 | 3 | 4; readonly address: number; readonly count: number }
  | { readonly function: 5; readonly address: number; readonly on: boolean }
  | { readonly function: 6; readonly address: number; readonly value: number }
  | { readonly function: 15; readonly address: number; readonly bits: readonly boolean[] }
  /** `data`: registers as they go over the wire, big-endian. */
  | { readonly function: 16; readonly address: number; readonly data: Uint8Array }
  | { readonly function: 22; readonly address: number; readonly and: number; readonly or: number }
  | {
      readonly function: 23
      readonly address: number
      readonly count: number
      readonly writeAddress: number
      readonly data: Uint8Array
    }

/** The answer to a request: what was read (registers big-endian, bits packed from the lowest), nothing for writes. */
export type Answer =
  | { readonly kind: 'data'; readonly data: Uint8Array }
  | { readonly kind: 'exception'; readonly code: number }
  /** Not an answer to this request. */
  | { readonly kind: 'malformed'; readonly what: string }

/** Throws a RangeError for what no request can carry: the caller checked its configuration. */
export function encodeRequest(request: Request): Buffer {
  checkRange(request)
  switch (request.function) {
    case 1:
    case 2:
    case 3:
    case 4:
      return words(request.function, request.address, request.count)
    case 5:
      return words(5, request.address, request.on ? 0xff00 : 0)
    case 6:
      return words(6, request.address, request.value)
    case 15: {
      const bytes = Math.ceil(request.bits.length / 8)
      const pdu = Buffer.alloc(6 + bytes)
      words(15, request.address, request.bits.length).copy(pdu)
      pdu[5] = bytes
      request.bits.forEach((on, at) => {
        if (on) pdu[6 + (at >> 3)]! |= 1 << (at & 7)
      })
      return pdu
    }
    case 16:
      return Buffer.concat([
        words(16, request.address, request.data.length / 2),
        Buffer.of(request.data.length),
        request.data,
      ])
    case 22:
      return words(22, request.address, request.and, request.or)
    case 23:
      return Buffer.concat([
        words(23, request.address, request.count, request.writeAddress, request.data.length / 2),
        Buffer.of(request.data.length),
        request.data,
      ])
  }
}

/** How long the answer to a request is, in bytes of PDU; an exception has 2. */
export function answerLength(request: Request): number {
  switch (request.function) {
    case 1:
    case 2:
      return 2 + Math.ceil(request.count / 8)
    case 3:
    case 4:
    case 23:
      return 2 + request.count * 2
    case 22:
      return 7
    default:
      return 5
  }
}

/** Reads the answer to `request`; the data is a view of `pdu`. Never throws. */
export function decodeAnswer(request: Request, pdu: Uint8Array): Answer {
  const code = pdu[0]
  if (code === (request.function | 0x80)) {
    return pdu.length === 2 ? { kind: 'exception', code: pdu[1]! } : malformed(`an exception of ${pdu.length} bytes`)
  }
  if (code !== request.function) return malformed(`function ${code ?? 'none'}`)
  const length = answerLength(request)
  if (pdu.length !== length) return malformed(`${pdu.length} bytes instead of ${length}`)
  switch (request.function) {
    case 1:
    case 2:
    case 3:
    case 4:
    case 23:
      if (pdu[1] !== length - 2) return malformed(`a byte count of ${pdu[1]} instead of ${length - 2}`)
      return { kind: 'data', data: pdu.subarray(2) }
    case 15:
    case 16:
      return echoes(pdu, [request.address, request.function === 15 ? request.bits.length : request.data.length / 2])
    case 5:
      return echoes(pdu, [request.address, request.on ? 0xff00 : 0])
    case 6:
      return echoes(pdu, [request.address, request.value])
    case 22:
      return echoes(pdu, [request.address, request.and, request.or])
  }
}

const NOTHING = new Uint8Array(0)

/** Answers to writes repeat what was asked. */
function echoes(pdu: Uint8Array, expected: readonly number[]): Answer {
  const same = expected.every((value, at) => ((pdu[1 + at * 2]! << 8) | pdu[2 + at * 2]!) === value)
  return same ? { kind: 'data', data: NOTHING } : malformed('the confirmation of another write')
}

const malformed = (what: string): Answer => ({ kind: 'malformed', what })

function words(code: number, ...values: number[]): Buffer {
  const pdu = Buffer.allocUnsafe(1 + values.length * 2)
  pdu[0] = code
  for (let at = 0; at < values.length; at++) pdu.writeUInt16BE(values[at]!, 1 + at * 2)
  return pdu
}

function checkRange(request: Request): void {
  const within = (count: number, most: number, address: number) => {
    if (!Number.isInteger(count) || count < 1 || count > most || address < 0 || address + count > 0x10000) {
      throw new RangeError(`function ${request.function}: ${count} at ${address} cannot be asked for`)
    }
  }
  const even = (data: Uint8Array) => {
    if (data.length % 2 !== 0) throw new RangeError('registers have two bytes')
  }
  switch (request.function) {
    case FUNCTION.readCoils:
    case FUNCTION.readDiscreteInputs:
      within(request.count, MOST.readBits, request.address)
      break
    case FUNCTION.readHoldingRegisters:
    case FUNCTION.readInputRegisters:
      within(request.count, MOST.readRegisters, request.address)
      break
    case FUNCTION.writeMultipleCoils:
      within(request.bits.length, MOST.writeBits, request.address)
      break
    case FUNCTION.writeMultipleRegisters:
      even(request.data)
      within(request.data.length / 2, MOST.writeRegisters, request.address)
      break
    case FUNCTION.readWriteMultipleRegisters:
      even(request.data)
      within(request.data.length / 2, MOST.readWriteWrite, request.writeAddress)
      within(request.count, MOST.readRegisters, request.address)
      break
    default:
      within(1, 1, request.address)
      break
  }
}

/** A request in words, as "holding registers 100 to 109". */
export function describeRequest(request: Request): string {
  const range = (count: number) =>
    count === 1 ? `${request.address}` : `${request.address} to ${request.address + count - 1}`
  switch (request.function) {
    case 1:
      return `the read of coils ${range(request.count)}`
    case 2:
      return `the read of discrete inputs ${range(request.count)}`
    case 3:
      return `the read of holding registers ${range(request.count)}`
    case 4:
      return `the read of input registers ${range(request.count)}`
    case 5:
      return `the write of coil ${request.address}`
    case 15:
      return `the write of coils ${range(request.bits.length)}`
    case 16:
      return `the write of holding registers ${range(request.data.length / 2)}`
    case 23:
      return `the read and write of holding registers ${range(request.count)}`
    default:
      return `the write of holding register ${request.address}`
  }
}
