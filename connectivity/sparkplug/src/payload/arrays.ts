import { sparkplugErrors } from '../errors.ts'
import { BOUNDS } from './bounds.ts'
import { exactInteger } from './integers.ts'
import { dateText } from './scalar.ts'
import { TYPE, typeName } from './types.ts'

/** Bytes of one element; arrays are packed little-endian (section 6.4.16). */
const WIDTH: Readonly<Record<number, number>> = {
  [TYPE.Int8Array]: 1,
  [TYPE.Int16Array]: 2,
  [TYPE.Int32Array]: 4,
  [TYPE.Int64Array]: 8,
  [TYPE.UInt8Array]: 1,
  [TYPE.UInt16Array]: 2,
  [TYPE.UInt32Array]: 4,
  [TYPE.UInt64Array]: 8,
  [TYPE.FloatArray]: 4,
  [TYPE.DoubleArray]: 8,
  [TYPE.DateTimeArray]: 8,
}

const READ: Readonly<Record<number, (bytes: Buffer, at: number) => unknown>> = {
  [TYPE.Int8Array]: (bytes, at) => bytes.readInt8(at),
  [TYPE.Int16Array]: (bytes, at) => bytes.readInt16LE(at),
  [TYPE.Int32Array]: (bytes, at) => bytes.readInt32LE(at),
  [TYPE.Int64Array]: (bytes, at) => exactInteger(TYPE.Int64, bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)),
  [TYPE.UInt8Array]: (bytes, at) => bytes.readUInt8(at),
  [TYPE.UInt16Array]: (bytes, at) => bytes.readUInt16LE(at),
  [TYPE.UInt32Array]: (bytes, at) => bytes.readUInt32LE(at),
  [TYPE.UInt64Array]: (bytes, at) => exactInteger(TYPE.UInt64, bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)),
  [TYPE.FloatArray]: (bytes, at) => finite(bytes.readFloatLE(at)),
  [TYPE.DoubleArray]: (bytes, at) => finite(bytes.readDoubleLE(at)),
  [TYPE.DateTimeArray]: (bytes, at) => dateText(Number(bytes.readBigUInt64LE(at))),
}

const NUMERIC: ReadonlySet<number> = new Set([
  TYPE.Int8Array,
  TYPE.Int16Array,
  TYPE.Int32Array,
  TYPE.UInt8Array,
  TYPE.UInt16Array,
  TYPE.UInt32Array,
  TYPE.FloatArray,
  TYPE.DoubleArray,
])

export const isArray = (type: number): boolean => type >= TYPE.Int8Array && type <= TYPE.DateTimeArray

/** Its elements can be the samples of a waveform. */
export const isNumericArray = (type: number): boolean => NUMERIC.has(type)

/** The elements, as JSON has them. @throws MW-SPB-0025 */
export function readArray(bytes: Buffer, type: number, name: string): unknown[] {
  if (type === TYPE.BooleanArray) return readBooleans(bytes, name)
  if (type === TYPE.StringArray) return readTexts(bytes, name)
  const width = WIDTH[type]!
  const read = READ[type]!
  if (bytes.length % width !== 0) throw wrong(name, type, `${bytes.length} bytes are no multiple of ${width}`)
  const count = checkCount(bytes.length / width)
  const elements: unknown[] = new Array(count)
  for (let i = 0; i < count; i++) elements[i] = read(bytes, i * width)
  return elements
}

/** The elements of a numeric array as samples. @throws MW-SPB-0025 */
export function readSamples(bytes: Buffer, type: number, name: string): Float32Array {
  const samples = Float32Array.from(readArray(bytes, type, name) as number[])
  if (!samples.every(Number.isFinite)) throw wrong(name, type, 'a sample is not a finite 32-bit number')
  return samples
}

/** A count of 32 bits, then one bit for each, the highest of a byte first. */
function readBooleans(bytes: Buffer, name: string): boolean[] {
  if (bytes.length < 4) throw wrong(name, TYPE.BooleanArray, 'its count is missing')
  const count = checkCount(bytes.readUInt32LE(0))
  if (bytes.length - 4 !== Math.ceil(count / 8)) {
    throw wrong(name, TYPE.BooleanArray, `${count} values are announced in ${bytes.length - 4} bytes`)
  }
  return Array.from({ length: count }, (_, i) => (bytes[4 + (i >> 3)]! & (0x80 >> (i & 7))) !== 0)
}

/** Each text ends with a zero byte. */
function readTexts(bytes: Buffer, name: string): string[] {
  const texts: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0, at)
    if (end === -1) throw wrong(name, TYPE.StringArray, 'the last text does not end')
    texts.push(bytes.toString('utf8', at, end))
    checkCount(texts.length)
    at = end + 1
  }
  return texts
}

function checkCount(count: number): number {
  if (count <= BOUNDS.elements) return count
  throw sparkplugErrors.tooMany({ limit: BOUNDS.elements, things: 'elements of an array' })
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
const wrong = (path: string, type: number, what: string) =>
  sparkplugErrors.wrongValue({ path, type: typeName(type), what })
