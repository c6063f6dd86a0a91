import { CHANNEL, type Channel } from '../blocks/model.ts'

/** The raw number of a channel in a record. */
export type ReadRaw = (record: Buffer, index: number) => number

export const isFloat = ({ dataType }: Channel): boolean => dataType === 4 || dataType === 5
export const isText = ({ dataType }: Channel): boolean => dataType >= 6 && dataType <= 9
const isInteger = ({ dataType }: Channel): boolean => dataType <= 3

/**
 * Makes the reader of a number; undefined when the channel is none, or lies outside of its record. A virtual channel is the
 * number of its record.
 */
export function rawReader(channel: Channel, recordBytes: number): ReadRaw | undefined {
  const { type, dataType, bitOffset, byteOffset: at, bitCount } = channel
  if (type === CHANNEL.virtual || type === CHANNEL.virtualMaster) return (_, index) => index
  if (!isInteger(channel) && !isFloat(channel)) return undefined
  const bytes = (bitOffset + bitCount + 7) >>> 3
  if (bitCount === 0 || bitCount > 64 || at + bytes > recordBytes) return undefined
  const little = dataType % 2 === 0
  if (isFloat(channel)) {
    if (bitOffset !== 0) return undefined
    if (bitCount === 64) return little ? (record) => record.readDoubleLE(at) : (record) => record.readDoubleBE(at)
    if (bitCount === 32) return little ? (record) => record.readFloatLE(at) : (record) => record.readFloatBE(at)
    return bitCount === 16 ? (record) => half(little ? record.readUInt16LE(at) : record.readUInt16BE(at)) : undefined
  }
  const signed = dataType >= 2
  const modulus = 2 ** bitCount
  const unsigned = unsignedReader(at, bytes, bitOffset, bitCount, little)
  if (unsigned === undefined) return wide(at, bytes, bitOffset, bitCount, little, signed)
  if (!signed) return unsigned
  const sign = modulus / 2
  return (record) => {
    const value = unsigned(record)
    return value >= sign ? value - modulus : value
  }
}

function unsignedReader(
  at: number,
  bytes: number,
  bitOffset: number,
  bitCount: number,
  little: boolean,
): ((record: Buffer) => number) | undefined {
  if (bytes > 6) return undefined
  if (bitOffset === 0 && bitCount === 8 * bytes) {
    if (bytes === 1) return (record) => record[at]!
    return little ? (record) => record.readUIntLE(at, bytes) : (record) => record.readUIntBE(at, bytes)
  }
  const scale = 2 ** bitOffset
  const modulus = 2 ** bitCount
  return little
    ? (record) => Math.floor(record.readUIntLE(at, bytes) / scale) % modulus
    : (record) => Math.floor(record.readUIntBE(at, bytes) / scale) % modulus
}

/** Seven to nine bytes. */
function wide(
  at: number,
  bytes: number,
  bitOffset: number,
  bitCount: number,
  little: boolean,
  signed: boolean,
): ReadRaw {
  return (record) => {
    let whole = 0n
    for (let byte = 0; byte < bytes; byte++)
      whole = (whole << 8n) | BigInt(record[little ? at + bytes - 1 - byte : at + byte]!)
    const bits = whole >> BigInt(bitOffset)
    return Number(signed ? BigInt.asIntN(bitCount, bits) : BigInt.asUintN(bitCount, bits))
  }
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >>> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

const latin1 = new TextDecoder('windows-1252')

/** A text as it stands in a record, up to its first zero. */
export function textOf(bytes: Buffer, dataType: number): string {
  let text: string
  if (dataType === 8) text = bytes.toString('utf16le', 0, bytes.length & ~1)
  else if (dataType === 9)
    text = Buffer.from(bytes.subarray(0, bytes.length & ~1))
      .swap16()
      .toString('utf16le')
  else text = dataType === 6 ? latin1.decode(bytes) : bytes.toString('utf8')
  const end = text.indexOf('\0')
  return (end < 0 ? text : text.slice(0, end)).trim().toWellFormed()
}
