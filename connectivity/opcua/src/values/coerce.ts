import { parseTime } from '@millwright/foundation'
import { opcuaErrors } from '../errors.ts'
import { SHAPE, TYPE, TYPE_NAMES } from './types.ts'

/** What a node or an argument takes. */
export interface Accepts {
  /** For the error. */
  readonly name: string
  /** Built-in type. */
  readonly builtIn: number
  /** -1: scalar; 0 and more: array; -2, -3: either. */
  readonly valueRank: number
  readonly states: ReadonlyMap<number, string> | undefined
}

/** A value as the library's variants take it. */
export interface Coerced {
  readonly dataType: number
  readonly arrayType: number
  readonly value: unknown
}

const INTEGERS: Readonly<Record<number, readonly [least: number, most: number]>> = {
  [TYPE.sbyte]: [-128, 127],
  [TYPE.byte]: [0, 255],
  [TYPE.int16]: [-32_768, 32_767],
  [TYPE.uint16]: [0, 65_535],
  [TYPE.int32]: [-2_147_483_648, 2_147_483_647],
  [TYPE.uint32]: [0, 4_294_967_295],
}
const WIDE: Readonly<Record<number, readonly [least: bigint, most: bigint]>> = {
  [TYPE.int64]: [-(2n ** 63n), 2n ** 63n - 1n],
  [TYPE.uint64]: [0n, 2n ** 64n - 1n],
}
const LARGEST_FLOAT = 3.4028234663852886e38
const LONGEST_TEXT = 65_536
const LONGEST_ARRAY = 100_000
const GUID = /^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/

/** Turns what a person or a rule gave into a value of the node's type; throws when it is none. */
export function coerce(value: unknown, accepts: Accepts): Coerced {
  const list = isDocumentOfValues(value) ? value.values : value
  if (Array.isArray(list) && accepts.valueRank !== -1) {
    if (list.length > LONGEST_ARRAY) throw wrong(value, accepts, `a list of at most ${LONGEST_ARRAY} values`)
    return { dataType: accepts.builtIn, arrayType: SHAPE.array, value: list.map((one) => scalar(one, accepts)) }
  }
  if (accepts.valueRank >= 0) throw wrong(value, accepts, 'a list')
  return { dataType: accepts.builtIn, arrayType: SHAPE.scalar, value: scalar(value, accepts) }
}

/** As arrays are stored. */
const isDocumentOfValues = (value: unknown): value is { values: unknown[] } =>
  typeof value === 'object' && value !== null && 'values' in value && Array.isArray(value.values)

function scalar(value: unknown, accepts: Accepts): unknown {
  const { builtIn, states } = accepts
  if (states !== undefined) return stateOf(value, states, accepts)
  const range = INTEGERS[builtIn]
  if (range !== undefined) {
    const [least, most] = range
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
    throw wrong(value, accepts, `a whole number from ${least} to ${most}`)
  }
  const wide = WIDE[builtIn]
  if (wide !== undefined) return wideOf(value, wide, accepts)
  switch (builtIn) {
    case TYPE.boolean:
      if (typeof value === 'boolean') return value
      if (value === 0 || value === 1) return value === 1
      throw wrong(value, accepts, 'true or false')
    case TYPE.float:
      if (typeof value === 'number' && Math.abs(value) <= LARGEST_FLOAT) return value
      throw wrong(value, accepts, 'a number that fits 32 bits')
    case TYPE.double:
      if (typeof value === 'number' && Number.isFinite(value)) return value
      throw wrong(value, accepts, 'a number')
    case TYPE.string:
    case TYPE.xmlElement:
      if (typeof value === 'string' && value.length <= LONGEST_TEXT) return value
      throw wrong(value, accepts, `a text of at most ${LONGEST_TEXT} characters`)
    case TYPE.localizedText:
      if (typeof value === 'string' && value.length <= LONGEST_TEXT) return { text: value }
      throw wrong(value, accepts, 'a text')
    case TYPE.dateTime:
      return dateOf(value, accepts)
    case TYPE.guid:
      if (typeof value === 'string' && GUID.test(value)) return value
      throw wrong(value, accepts, 'a GUID')
    case TYPE.byteString:
      return bytesOf(value, accepts)
  }
  throw wrong(value, accepts, `a ${TYPE_NAMES[builtIn] ?? 'value'}, which cannot be written from here`)
}

function stateOf(value: unknown, states: ReadonlyMap<number, string>, accepts: Accepts): unknown {
  for (const [number, name] of states) {
    if (value === number || value === name) return accepts.builtIn === TYPE.boolean ? number === 1 : number
  }
  const names = [...states.values()].slice(0, 20).join(', ')
  throw wrong(value, accepts, `one of ${names}`)
}

/** As two halves, which is how the library takes 64-bit integers. Beyond 2^53 they are given as decimal text. */
function wideOf(value: unknown, [least, most]: readonly [bigint, bigint], accepts: Accepts): readonly [number, number] {
  const whole =
    (typeof value === 'number' && Number.isSafeInteger(value)) ||
    (typeof value === 'string' && /^-?\d{1,20}$/.test(value))
  const number = whole ? BigInt(value as number | string) : undefined
  if (number === undefined || number < least || number > most) {
    throw wrong(value, accepts, `a whole number from ${least} to ${most}, beyond 2^53 as text`)
  }
  const bits = BigInt.asUintN(64, number)
  return [Number(bits >> 32n), Number(bits & 0xffff_ffffn)]
}

function dateOf(value: unknown, accepts: Accepts): Date {
  const micros =
    typeof value === 'string' ? parseTime(value) : Number.isSafeInteger(value) ? (value as number) : undefined
  if (micros === undefined) throw wrong(value, accepts, 'a time (RFC 3339, or µs since 1970)')
  const date = new Date(Math.floor(micros / 1000))
  if (Number.isNaN(date.getTime())) throw wrong(value, accepts, 'a time (RFC 3339, or µs since 1970)')
  return date
}

function bytesOf(value: unknown, accepts: Accepts): Buffer {
  const text = typeof value === 'object' && value !== null && 'base64' in value ? value.base64 : value
  if (typeof text === 'string' && text.length <= LONGEST_TEXT * 2) {
    const bytes = Buffer.from(text, 'base64')
    if (bytes.toString('base64') === text) return bytes
  }
  throw wrong(value, accepts, 'bytes in base64')
}

const wrong = (value: unknown, { name }: Accepts, expected: string) =>
  opcuaErrors.value({ metric: name, expected, value, path: '/params/value' })
