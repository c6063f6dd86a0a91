import { TYPE, wide64 } from './types.ts'

/** Bounds on what becomes a document: a server may send structures that hold themselves many times over. */
const DEPTH = 14
const NODES = 20_000
const TEXT = 65_536

/** A field of a structure, as the library describes it. */
interface Field {
  readonly name: string
  readonly originalName?: string
  readonly fieldType: string
  readonly isArray?: boolean
  readonly schema?: unknown
}
interface Schema {
  readonly fields: readonly Field[]
  readonly name: string
  getBaseSchema?(): Schema | null
}

/** Too large or too deep to be kept. */
export class TooLarge extends Error {}

/**
 * Turns any value of the library into plain JSON: what a document holds. Numbers that JSON cannot say become null, bytes
 * base64, times RFC 3339. Throws TooLarge.
 */
export function toPlain(value: unknown, type: number, isArray: boolean): unknown {
  const budget = { left: NODES, text: 4 * TEXT }
  return isArray ? listOf(value, type, budget, DEPTH) : oneOf(value, type, budget, DEPTH)
}

interface Budget {
  left: number
  text: number
}

function listOf(value: unknown, type: number, budget: Budget, depth: number): unknown {
  if (!isList(value)) return oneOf(value, type, budget, depth)
  const list: unknown[] = []
  // Indexed: the library gives typed arrays too, and pairs of halves for 64-bit integers.
  for (let at = 0; at < value.length; at++) list.push(oneOf(value[at], type, budget, depth - 1))
  return list
}

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView) && !Buffer.isBuffer(value))

function oneOf(value: unknown, type: number, budget: Budget, depth: number): unknown {
  budget.left--
  if (depth < 0 || budget.left < 0) throw new TooLarge()
  if (value === null || value === undefined) return null
  switch (type) {
    case TYPE.int64:
    case TYPE.uint64:
      return finite(wide64(value, type === TYPE.int64))
    case TYPE.byteString:
      return text(Buffer.isBuffer(value) ? value.toString('base64') : textOf(value), budget)
    case TYPE.dateTime:
      return value instanceof Date ? isoOf(value) : null
    case TYPE.localizedText:
      return text(localized(value), budget)
    case TYPE.statusCode:
      return text(statusName(value), budget)
    case TYPE.dataValue:
      return variant((value as { value?: unknown }).value, budget, depth)
    case TYPE.variant:
      return variant(value, budget, depth)
    case TYPE.extensionObject:
      return structure(value, budget, depth)
  }
  return guess(value, budget, depth)
}

/** A value whose type nobody says. */
function guess(value: unknown, budget: Budget, depth: number): unknown {
  if (typeof value === 'number') return finite(value)
  if (typeof value === 'boolean') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'string') return text(value, budget)
  if (value instanceof Date) return isoOf(value)
  if (Buffer.isBuffer(value)) return text(value.toString('base64'), budget)
  if (isList(value)) return listOf(value, TYPE.null, budget, depth)
  if (typeof value !== 'object' || value === null) return null
  if ('dataType' in value && 'arrayType' in value) return variant(value, budget, depth)
  if ('schema' in value) return structure(value, budget, depth)
  return text(textOf(value), budget)
}

function variant(value: unknown, budget: Budget, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return guess(value, budget, depth)
  const { dataType, arrayType, value: inner } = value as { dataType?: number; arrayType?: number; value?: unknown }
  const type = typeof dataType === 'number' ? dataType : TYPE.null
  return arrayType === 0 ? oneOf(inner, type, budget, depth - 1) : listOf(inner, type, budget, depth - 1)
}

function structure(value: unknown, budget: Budget, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return guess(value, budget, depth)
  const { schema } = value as { schema?: Schema }
  if (schema?.fields === undefined || Buffer.isBuffer((value as { buffer?: unknown }).buffer))
    return opaque(value, budget)
  if (schema.name === 'LocalizedText') return oneOf(value, TYPE.localizedText, budget, depth)
  const plain: Record<string, unknown> = {}
  for (const field of fieldsOf(schema)) {
    const inner = (value as Record<string, unknown>)[field.name]
    if (inner === undefined) continue
    const type = TYPES[field.fieldType] ?? TYPE.null
    const name = safeName(field.originalName ?? field.name)
    plain[name] = field.isArray ? listOf(inner, type, budget, depth - 1) : oneOf(inner, type, budget, depth - 1)
  }
  return plain
}

/** Those of the structures it extends first. */
function fieldsOf(schema: Schema): Field[] {
  const fields: Field[] = []
  for (let at: Schema | null | undefined = schema, depth = 0; at && depth < 32; at = at.getBaseSchema?.(), depth++) {
    fields.unshift(...at.fields)
  }
  return fields
}

/** A structure whose type the server does not describe: its bytes. */
function opaque(value: object, budget: Budget): unknown {
  const { nodeId, buffer } = value as { nodeId?: unknown; buffer?: unknown }
  return {
    type: text(textOf(nodeId ?? ''), budget),
    bytes: Buffer.isBuffer(buffer) ? text(buffer.toString('base64'), budget) : null,
  }
}

/** Field types whose value the library gives in a form that does not say what it is. */
const TYPES: Readonly<Record<string, number>> = {
  Int64: TYPE.int64,
  UInt64: TYPE.uint64,
  LocalizedText: TYPE.localizedText,
  StatusCode: TYPE.statusCode,
  Variant: TYPE.variant,
  DataValue: TYPE.dataValue,
  ByteString: TYPE.byteString,
  DateTime: TYPE.dateTime,
  UtcTime: TYPE.dateTime,
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
const isoOf = (date: Date): string | null => (Number.isNaN(date.getTime()) ? null : date.toISOString())
const safeName = (name: string): string => {
  const clean = storable(name).slice(0, 200)
  return clean === '__proto__' || clean === '' ? `_${clean}` : clean
}

function text(value: string, budget: Budget): string {
  budget.text -= value.length
  if (budget.text < 0) throw new TooLarge()
  return storable(value)
}

/** What a database's text cannot hold is replaced: NUL and halves of characters. */
export const storable = (value: string): string => value.replaceAll('\0', '\uFFFD').toWellFormed()

/** A LocalizedText may be without a text. */
export const localized = (value: unknown): string => {
  const text: unknown = typeof value === 'object' && value !== null ? (value as { text?: unknown }).text : value
  return typeof text === 'string' ? text : ''
}

/** As `BadNodeIdUnknown`. */
export const statusName = (value: unknown): string => {
  const name: unknown = typeof value === 'object' && value !== null ? (value as { name?: unknown }).name : value
  return textOf(name)
}

/** The text of what has one: a node id, a GUID; of anything else none. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return typeof value === 'symbol' ? '' : String(value)
  const { text, name } = value as { text?: unknown; name?: unknown }
  if (typeof text === 'string') return text
  if (typeof (value as { toString?: unknown }).toString === 'function' && value.constructor !== Object) {
    const own: unknown = value.toString()
    if (typeof own === 'string') return own
  }
  return typeof name === 'string' ? name : ''
}
