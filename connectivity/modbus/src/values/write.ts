/** Values of commands, into registers. */
import { isBitTable } from '../codec/functions.ts'
import type { Order } from '../config.ts'
import { modbusErrors } from '../errors.ts'
import { arrange, type Point } from './layout.ts'

/** What is to be written. */
export type Written =
  | { readonly kind: 'coil'; readonly on: boolean }
  /** Registers as they go over the wire. */
  | { readonly kind: 'registers'; readonly data: Uint8Array }
  /** Bits of one register; the others are kept. `field` stands in its place already. */
  | { readonly kind: 'bits'; readonly mask: number; readonly field: number }

/** Throws a MillwrightError that says what the point takes. */
export function writtenOf(point: Point, value: unknown): Written {
  if (isBitTable(point.table)) return { kind: 'coil', on: wantedRaw(point, value, 0, 1) === 1 }
  if (point.type === 'string') return { kind: 'registers', data: textBytes(point, value) }
  if (point.bit !== undefined) {
    const most = 2 ** (point.type === 'bool' ? 1 : (point.bits ?? 1)) - 1
    const placed = (bits: number) => onWire(bits << point.bit!, point.order)
    return { kind: 'bits', mask: placed(most), field: placed(wantedRaw(point, value, 0, most)) }
  }
  const big = new DataView(new ArrayBuffer(point.size * 2))
  putNumber(point, value, big)
  const data = new Uint8Array(point.size * 2)
  arrange(new Uint8Array(big.buffer), 0, point.size, point.order, false, data)
  return { kind: 'registers', data }
}

/** A register of a device that swaps the bytes of a word. */
const onWire = (word: number, order: Order): number =>
  order === 'BADC' || order === 'DCBA' ? ((word & 0xff) << 8) | (word >>> 8) : word

function putNumber(point: Point, value: unknown, into: DataView): void {
  switch (point.type) {
    case 'bool':
      into.setUint16(0, wantedRaw(point, value, 0, 1))
      break
    case 'int16':
      into.setInt16(0, wantedRaw(point, value, -0x8000, 0x7fff))
      break
    case 'int32':
      into.setInt32(0, wantedRaw(point, value, -0x80000000, 0x7fffffff))
      break
    case 'uint32':
      into.setUint32(0, wantedRaw(point, value, 0, 0xffffffff))
      break
    case 'int64':
      into.setBigInt64(0, wantedWide(point, value, -(2n ** 63n), 2n ** 63n - 1n))
      break
    case 'uint64':
      into.setBigUint64(0, wantedWide(point, value, 0n, 2n ** 64n - 1n))
      break
    case 'float32':
      into.setFloat32(0, wantedFloat(point, value, 3.4028234663852886e38))
      break
    case 'float64':
      into.setFloat64(0, wantedFloat(point, value, Number.MAX_VALUE))
      break
    default:
      into.setUint16(0, wantedRaw(point, value, 0, 0xffff))
      break
  }
}

/** The whole number that goes into the register. */
function wantedRaw(point: Point, value: unknown, least: number, most: number): number {
  if (point.states !== undefined && typeof value === 'string') return stateRaw(point, value)
  if (typeof value === 'boolean' && point.type === 'bool') return value ? 1 : 0
  const number = inLimits(point, value)
  const raw = Math.round(unscaled(point, number))
  if (raw < least || raw > most) throw refused(point, value, rangeText(point, least, most))
  return raw
}

function wantedFloat(point: Point, value: unknown, most: number): number {
  const raw = unscaled(point, inLimits(point, value))
  if (!(Math.abs(raw) <= most)) throw refused(point, value, 'a number that fits the register')
  return raw
}

/** 64-bit integers without scale may be given as text, with all their digits. */
function wantedWide(point: Point, value: unknown, least: bigint, most: bigint): bigint {
  let raw: bigint
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value) && point.scale === 1 && point.offset === 0) {
    raw = BigInt(value)
    inLimits(point, Number(value))
  } else {
    const number = Math.round(unscaled(point, inLimits(point, value)))
    if (!Number.isSafeInteger(number)) throw refused(point, value, 'a whole number below 2^53, or text with its digits')
    raw = BigInt(number)
  }
  if (raw < least || raw > most) throw refused(point, value, `between ${least} and ${most}`)
  return raw
}

function inLimits(point: Point, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw refused(point, value, expected(point))
  if (value < point.minimum || value > point.maximum) {
    throw refused(point, value, `between ${point.minimum} and ${point.maximum}`)
  }
  return value
}

function unscaled(point: Point, value: number): number {
  const shifted = value - point.offset
  return point.divisor === undefined ? shifted / point.scale : shifted * point.divisor
}

function stateRaw(point: Point, value: string): number {
  for (const [raw, name] of point.states!) if (name === value) return raw
  throw refused(point, value, `one of ${[...point.states!.values()].join(', ')}`)
}

function textBytes(point: Point, value: unknown): Uint8Array {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : undefined
  if (bytes === undefined || bytes.length > point.size * 2 || bytes.includes(0)) {
    throw refused(point, value, `text of at most ${point.size * 2} bytes`)
  }
  const padded = new Uint8Array(point.size * 2)
  padded.set(bytes)
  const data = new Uint8Array(padded.length)
  arrange(padded, 0, point.size, point.order, true, data)
  return data
}

const expected = (point: Point): string => {
  if (point.states !== undefined) return `one of ${[...point.states.values()].join(', ')}`
  return point.type === 'bool' ? 'true or false' : 'a number'
}

function rangeText(point: Point, least: number, most: number): string {
  if (point.type === 'bool') return 'true or false'
  const ends = [least, most].map((raw) => raw * point.scale + point.offset).sort((a, b) => a - b)
  return `between ${ends[0]} and ${ends[1]}`
}

const refused = (point: Point, value: unknown, what: string) =>
  modbusErrors.value({ metric: point.name, value, expected: what, path: '/params/value' })
