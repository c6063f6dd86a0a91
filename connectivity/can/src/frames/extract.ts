import type { DbcSignal } from '../dbc/model.ts'

/** The bytes of one frame, followed by zeros so that signals can be read in one piece. */
export class FrameBytes {
  readonly bytes: Buffer
  readonly view: DataView
  length = 0

  /** @param capacity the longest data it takes */
  constructor(capacity = MAX_DATA) {
    this.bytes = Buffer.alloc(capacity + 9)
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length)
  }

  /** Clears what an earlier, longer frame left. */
  finish(length: number): void {
    if (length < this.length) this.bytes.fill(0, length, this.length)
    this.length = length
  }
}

/** Of CAN FD. */
export const MAX_DATA = 64
/** Of J1939's transport protocol: 255 packets of seven bytes. */
export const MAX_J1939 = 1785

/** The raw value of a signal: an integer (the nearest double beyond 2^53), or the float that it is. */
export type Extract = (frame: FrameBytes) => number

/** Bytes that a frame must have for the signal to be in it. */
export function bytesNeeded({ start, length, littleEndian }: DbcSignal): number {
  if (littleEndian) return ((start + length - 1) >>> 3) + 1
  const first = (start >>> 3) * 8 + 7 - (start & 7)
  return ((first + length - 1) >>> 3) + 1
}

/** Makes the reader of a signal, as simple as its place allows. */
export function extractor(signal: DbcSignal): Extract {
  const raw = signal.float === 64 || signal.length > 32 ? undefined : narrow(signal)
  if (raw === undefined) return wide(signal)
  if (signal.float === 32) {
    const scratch = new DataView(new ArrayBuffer(4))
    return (frame) => {
      scratch.setUint32(0, raw(frame))
      return scratch.getFloat32(0)
    }
  }
  if (!signal.signed) return raw
  const sign = 2 ** (signal.length - 1)
  const modulus = 2 ** signal.length
  return (frame) => {
    const value = raw(frame)
    return value >= sign ? value - modulus : value
  }
}

/** Up to 32 bits, unsigned: out of one 32-bit word, or out of 40 bits, which a double holds exactly. */
function narrow({ start, length, littleEndian }: DbcSignal): Extract {
  const modulus = 2 ** length
  const mask = length === 32 ? 0xffff_ffff : modulus - 1
  if (littleEndian) {
    const byte = start >>> 3
    const shift = start & 7
    if (length === 8 && shift === 0) return ({ bytes }) => bytes[byte]!
    if (shift + length <= 32) return ({ view }) => ((view.getUint32(byte, true) >>> shift) & mask) >>> 0
    const scale = 2 ** shift
    return ({ view }) => Math.floor((view.getUint32(byte, true) + view.getUint8(byte + 4) * 2 ** 32) / scale) % modulus
  }
  const byte = start >>> 3
  const skipped = 7 - (start & 7)
  if (skipped + length <= 32) {
    const shift = 32 - skipped - length
    return ({ view }) => ((view.getUint32(byte) >>> shift) & mask) >>> 0
  }
  const scale = 2 ** (40 - skipped - length)
  return ({ view }) => Math.floor((view.getUint32(byte) * 256 + view.getUint8(byte + 4)) / scale) % modulus
}

/** Up to 64 bits, which may lie in nine bytes. */
function wide({ start, length, littleEndian, signed, float }: DbcSignal): Extract {
  const byte = start >>> 3
  const shift = littleEndian ? start & 7 : 7 - (start & 7)
  const low = BigInt(littleEndian ? shift : 72 - shift - length)
  const scratch = new DataView(new ArrayBuffer(8))
  return ({ view }) => {
    const whole = littleEndian
      ? view.getBigUint64(byte, true) | (BigInt(view.getUint8(byte + 8)) << 64n)
      : (view.getBigUint64(byte) << 8n) | BigInt(view.getUint8(byte + 8))
    const bits = BigInt.asUintN(length, whole >> low)
    if (float === 64) {
      scratch.setBigUint64(0, bits)
      return scratch.getFloat64(0)
    }
    return Number(signed ? BigInt.asIntN(length, bits) : bits)
  }
}
