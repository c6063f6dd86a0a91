import { isObject } from '@millwright/connectivity'
import { parseTime } from '@millwright/foundation'
import { BOUNDS } from './bounds.ts'
import type { OutDataSet, OutValue } from './encode.ts'
import { INTEGER_RANGE, TYPE, typeName } from './types.ts'

/**
 * What a person or program gave for a metric, as `type` holds it; a sentence when it does not fit. Dates are RFC 3339 text
 * or milliseconds, 64-bit integers numbers or decimal text, bytes base64, DataSets `{ columns, types, rows }`.
 */
export function valueFor(type: number, given: unknown): { value: OutValue } | { problem: string } {
  if (given === null) return { value: null }
  const value = convert(type, given)
  return value === undefined ? { problem: `expected ${EXPECTED[type] ?? 'nothing'}` } : { value }
}

const EXPECTED: Readonly<Record<number, string>> = {
  ...Object.fromEntries(
    Object.entries(INTEGER_RANGE).map(([type, [least, most]]) => [type, `an integer from ${least} to ${most}`]),
  ),
  [TYPE.Int64]: 'a 64-bit integer',
  [TYPE.UInt64]: 'an unsigned 64-bit integer',
  [TYPE.Float]: 'a number that a 32-bit float holds',
  [TYPE.Double]: 'a number',
  [TYPE.Boolean]: 'true or false',
  [TYPE.String]: 'a text',
  [TYPE.Text]: 'a text',
  [TYPE.UUID]: 'a UUID',
  [TYPE.DateTime]: 'a time (RFC 3339, or milliseconds since 1970)',
  [TYPE.Bytes]: 'bytes as base64 text',
  [TYPE.File]: 'bytes as base64 text',
  [TYPE.DataSet]: 'a DataSet { columns, types, rows }',
  ...Object.fromEntries(
    Object.values(TYPE)
      .filter((type) => type >= TYPE.Int8Array)
      .map((type) => [type, `an array for ${typeName(type)}`]),
  ),
}

/** Anything of this type can be written. */
export const isWritable = (type: number): boolean => EXPECTED[type] !== undefined

function convert(type: number, given: unknown): OutValue | undefined {
  const range = INTEGER_RANGE[type]
  if (range !== undefined) return integer(given, range[0], range[1])
  switch (type) {
    case TYPE.Int64:
      return bigInteger(given, -(2n ** 63n), 2n ** 63n - 1n)
    case TYPE.UInt64:
      return bigInteger(given, 0n, 2n ** 64n - 1n)
    case TYPE.Double:
      return typeof given === 'number' && Number.isFinite(given) ? given : undefined
    case TYPE.Float:
      return typeof given === 'number' && Number.isFinite(Math.fround(given)) ? given : undefined
    case TYPE.Boolean:
      return typeof given === 'boolean' ? given : given === 0 || given === 1 ? given === 1 : undefined
    case TYPE.String:
    case TYPE.Text:
      return typeof given === 'string' && Buffer.byteLength(given) <= BOUNDS.stringBytes ? given : undefined
    case TYPE.UUID:
      return typeof given === 'string' && UUID.test(given) ? given : undefined
    case TYPE.DateTime:
      return milliseconds(given)
    case TYPE.Bytes:
    case TYPE.File:
      return base64(given)
    case TYPE.DataSet:
      return dataSet(given)
    default:
      return array(type, given)
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function integer(given: unknown, least: number, most: number): number | undefined {
  return typeof given === 'number' && Number.isInteger(given) && given >= least && given <= most ? given : undefined
}

function bigInteger(given: unknown, least: bigint, most: bigint): bigint | undefined {
  const safe = typeof given === 'number' && Number.isSafeInteger(given)
  const digits = typeof given === 'string' && /^-?\d{1,20}$/.test(given)
  if (!safe && !digits) return undefined
  const value = BigInt(given as number | string)
  return value >= least && value <= most ? value : undefined
}

function milliseconds(given: unknown): number | undefined {
  if (typeof given === 'number') return Number.isSafeInteger(given) && given >= 0 ? given : undefined
  const time = typeof given === 'string' ? parseTime(given) : undefined
  return time === undefined || time < 0 ? undefined : Math.floor(time / 1000)
}

function base64(given: unknown): Buffer | undefined {
  if (typeof given !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(given)) return undefined
  const bytes = Buffer.from(given, 'base64')
  return bytes.length <= BOUNDS.binaryBytes ? bytes : undefined
}

function dataSet(given: unknown): OutDataSet | undefined {
  if (!isObject(given)) return undefined
  const { columns, types, rows } = given
  if (!Array.isArray(columns) || !Array.isArray(types) || !Array.isArray(rows)) return undefined
  const codes = types.map((name) => (TYPE as Readonly<Record<string, number>>)[String(name)] ?? 0)
  const shaped = columns.length === codes.length && columns.every((name) => typeof name === 'string')
  // Section 6.4.13: a DataSet's cells are basic types.
  if (!shaped || codes.some((code) => code < TYPE.Int8 || code > TYPE.Text)) return undefined
  if (rows.length * columns.length > BOUNDS.cells) return undefined
  const cells: (number | bigint | boolean | string | null)[][] = []
  for (const row of rows) {
    if (!Array.isArray(row) || row.length !== columns.length) return undefined
    const converted = row.map((cell, at) => (cell === null ? null : convert(codes[at]!, cell)))
    if (converted.includes(undefined)) return undefined
    cells.push(converted as (number | bigint | boolean | string | null)[])
  }
  return { columns, types: codes, rows: cells }
}

/** Element type and bytes of each array type, in the order of their numbers. */
const ELEMENT: Readonly<Record<number, readonly [type: number, width: number]>> = {
  [TYPE.Int8Array]: [TYPE.Int8, 1],
  [TYPE.Int16Array]: [TYPE.Int16, 2],
  [TYPE.Int32Array]: [TYPE.Int32, 4],
  [TYPE.Int64Array]: [TYPE.Int64, 8],
  [TYPE.UInt8Array]: [TYPE.UInt8, 1],
  [TYPE.UInt16Array]: [TYPE.UInt16, 2],
  [TYPE.UInt32Array]: [TYPE.UInt32, 4],
  [TYPE.UInt64Array]: [TYPE.UInt64, 8],
  [TYPE.FloatArray]: [TYPE.Float, 4],
  [TYPE.DoubleArray]: [TYPE.Double, 8],
  [TYPE.DateTimeArray]: [TYPE.DateTime, 8],
}

function array(type: number, given: unknown): Buffer | undefined {
  if (!Array.isArray(given) || given.length > BOUNDS.elements) return undefined
  if (type === TYPE.BooleanArray) return booleans(given)
  if (type === TYPE.StringArray) {
    const texts = given.every((text) => typeof text === 'string' && !text.includes('\0'))
    return texts ? Buffer.from(given.map((text) => `${text}\0`).join('')) : undefined
  }
  const element = ELEMENT[type]
  if (element === undefined) return undefined
  const [of, width] = element
  const bytes = Buffer.alloc(given.length * width)
  for (const [at, item] of given.entries()) {
    const value = convert(of, item)
    if (typeof value === 'bigint') bytes.writeBigUInt64LE(BigInt.asUintN(64, value), at * width)
    else if (typeof value !== 'number') return undefined
    else if (of === TYPE.Float) bytes.writeFloatLE(value, at * width)
    else if (of === TYPE.Double) bytes.writeDoubleLE(value, at * width)
    else if (width === 8) bytes.writeBigUInt64LE(BigInt(value), at * width)
    else bytes.writeUIntLE(value < 0 ? value + 2 ** (width * 8) : value, at * width, width)
  }
  return bytes
}

function booleans(given: readonly unknown[]): Buffer | undefined {
  if (!given.every((item) => typeof item === 'boolean')) return undefined
  const bytes = Buffer.alloc(4 + Math.ceil(given.length / 8))
  bytes.writeUInt32LE(given.length)
  for (const [at, item] of given.entries()) if (item) bytes[4 + (at >> 3)]! |= 0x80 >> (at & 7)
  return bytes
}
