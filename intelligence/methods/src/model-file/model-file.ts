import { modelFileErrors } from './errors.ts'

/**
 * What a trained model is kept as: JSON with typed arrays beside it. Nothing in it is code, so a file from a stranger can be
 * read; every length is checked before it is trusted.
 *
 * Layout, little endian: `MWMF`, version (u32), length of the JSON (u32), the JSON in UTF-8, zero to seven bytes of padding to a multiple
 * of 8, then the arrays one after the other, each starting at a multiple of 8. An array stands in the JSON as
 * `{"$array": [type, offset, length]}`, offset in bytes from the first array.
 */
const MAGIC = 0x464d574d
const VERSION = 1
const HEAD = 12
/** A model larger than this is none of ours. */
const LIMIT = 1 << 30

const TYPES = { f64: Float64Array, f32: Float32Array, i32: Int32Array, u16: Uint16Array, u8: Uint8Array } as const
type TypeName = keyof typeof TYPES
type AnyArray = Float64Array | Float32Array | Int32Array | Uint16Array | Uint8Array

/** Plain data: objects, lists, strings, finite numbers, booleans, null and typed arrays. */
export type ModelData =
  | string
  | number
  | boolean
  | null
  | AnyArray
  | readonly ModelData[]
  | { readonly [key: string]: ModelData | undefined }

export function writeModel(data: ModelData): Uint8Array {
  const arrays: AnyArray[] = []
  let offset = 0
  const json = JSON.stringify(data, (_, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('a model holds finite numbers only')
    const type = typeName(value)
    if (type === undefined) return value
    const array = value as AnyArray
    arrays.push(array)
    const at = offset
    offset = padded(offset + array.byteLength)
    return { $array: [type, at, array.length] }
  })
  const text = new TextEncoder().encode(json)
  const base = padded(HEAD + text.length)
  const bytes = new Uint8Array(base + offset)
  const head = new DataView(bytes.buffer)
  head.setUint32(0, MAGIC, true)
  head.setUint32(4, VERSION, true)
  head.setUint32(8, text.length, true)
  bytes.set(text, HEAD)
  let at = base
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at)
    at = padded(at + array.byteLength)
  }
  return bytes
}

/** @throws MW-MODEL-0001 when it is not such a file, of a newer version, cut short, or its arrays lie outside of it */
export function readModel(bytes: Uint8Array): ModelData {
  if (bytes.length < HEAD || bytes.length > LIMIT) throw unreadable('its size is none a model has')
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (head.getUint32(0, true) !== MAGIC) throw unreadable('it does not begin like one')
  if (head.getUint32(4, true) !== VERSION) throw unreadable(`its version is ${head.getUint32(4, true)}`)
  const length = head.getUint32(8, true)
  const base = padded(HEAD + length)
  if (base > bytes.length) throw unreadable('it is cut short')
  const body = bytes.slice(base).buffer
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(HEAD, HEAD + length))
    return JSON.parse(text, (_, value: unknown) => {
      const reference = (value as { $array?: unknown } | null)?.$array
      return reference === undefined ? value : arrayAt(body, reference)
    }) as ModelData
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) throw unreadable('its description is broken')
    throw error
  }
}

function arrayAt(body: ArrayBuffer, reference: unknown): AnyArray {
  if (!Array.isArray(reference) || reference.length !== 3) throw unreadable('an array in it is broken')
  const [type, offset, length] = reference as [TypeName, number, number]
  if (!Object.hasOwn(TYPES, type)) throw unreadable('an array in it is of an unknown type')
  const { BYTES_PER_ELEMENT } = TYPES[type]
  const fits = Number.isInteger(offset) && offset >= 0 && offset % 8 === 0 && Number.isInteger(length) && length >= 0
  if (!fits || offset + length * BYTES_PER_ELEMENT > body.byteLength)
    throw unreadable('an array in it lies outside of the file')
  return new TYPES[type](body, offset, length)
}

const unreadable = (reason: string) => modelFileErrors.unreadable({ reason })

const padded = (n: number): number => Math.ceil(n / 8) * 8

const typeName = (value: unknown): TypeName | undefined =>
  ArrayBuffer.isView(value)
    ? (Object.keys(TYPES) as TypeName[]).find((name) => value.constructor.name === TYPES[name].name)
    : undefined
