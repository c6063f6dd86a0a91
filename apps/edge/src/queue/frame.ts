/**
 * Frames: what the queue's files are made of. A header of 64 bytes with its own checksum, then the payload with another:
 * a file can be walked without reading payloads, and a torn or damaged end is found wherever it lies. All little endian.
 *
 *    0 magic 'MWQF'        4 CRC-32 of bytes 8 to 63
 *    8 payload length u32  12 CRC-32 of the payload
 *   16 first sequence u64  24 last sequence u64
 *   32 rows u32            36 kind u8, 37 to 39 zero
 *   40 earliest time f64   48 latest time f64 (µs, of the readings)
 *   56 accepted at f64 (µs, wall clock)
 */
import { crc32 } from 'node:zlib'

export const HEADER_BYTES = 64
const MAGIC = 0x4651_574d
/** Larger than any payload that is written: a length beyond it is damage. */
export const LARGEST_PAYLOAD = 2 * 1024 * 1024

/** A block of readings; or something else that must reach the platform, as `{ topic, body }` in JSON. */
export const FRAME = { readings: 1, message: 2 } as const

export interface FrameHead {
  /** Sequence numbers of the commits it stands for; one journal frame is one commit. */
  readonly first: number
  readonly last: number
  readonly rows: number
  readonly kind: number
  readonly earliest: number
  readonly latest: number
  readonly acceptedAt: number
}

/** Where a frame lies: `offset` of its header. */
export interface FramePlace extends FrameHead {
  readonly offset: number
  /** Of the payload. */
  readonly length: number
}

export function writeFrame(head: FrameHead, payload: Uint8Array): Buffer {
  const frame = Buffer.alloc(HEADER_BYTES + payload.length)
  frame.writeUInt32LE(MAGIC, 0)
  frame.writeUInt32LE(payload.length, 8)
  frame.writeUInt32LE(crc32(payload), 12)
  frame.writeBigUInt64LE(BigInt(head.first), 16)
  frame.writeBigUInt64LE(BigInt(head.last), 24)
  frame.writeUInt32LE(head.rows, 32)
  frame[36] = head.kind
  frame.writeDoubleLE(head.earliest, 40)
  frame.writeDoubleLE(head.latest, 48)
  frame.writeDoubleLE(head.acceptedAt, 56)
  frame.writeUInt32LE(crc32(frame.subarray(8, HEADER_BYTES)), 4)
  frame.set(payload, HEADER_BYTES)
  return frame
}

/** The header at `offset` of a file; undefined when there is none, or its checksum does not fit. */
export function readHead(bytes: Buffer, offset: number): FramePlace | undefined {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32LE(0) !== MAGIC) return undefined
  if (crc32(bytes.subarray(8, HEADER_BYTES)) !== bytes.readUInt32LE(4)) return undefined
  const length = bytes.readUInt32LE(8)
  if (length > LARGEST_PAYLOAD) return undefined
  return {
    offset,
    length,
    first: Number(bytes.readBigUInt64LE(16)),
    last: Number(bytes.readBigUInt64LE(24)),
    rows: bytes.readUInt32LE(32),
    kind: bytes[36]!,
    earliest: bytes.readDoubleLE(40),
    latest: bytes.readDoubleLE(48),
    acceptedAt: bytes.readDoubleLE(56),
  }
}

/** The payload of a frame as it was read; undefined when it is not the one that was written. */
export function payloadOf(frame: Buffer): Buffer | undefined {
  const head = readHead(frame, 0)
  if (head === undefined || frame.length !== HEADER_BYTES + head.length) return undefined
  const payload = frame.subarray(HEADER_BYTES)
  return crc32(payload) === frame.readUInt32LE(12) ? payload : undefined
}

/** The first byte of a magic number in `bytes` from `start` on; -1: none. */
export const findMagic = (bytes: Buffer, start: number): number => bytes.indexOf('MWQF', start, 'latin1')
