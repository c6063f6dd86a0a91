import { isBitTable, type Table } from '../codec/functions.ts'
import type { Order, Register, RegisterType } from '../config.ts'

/** A register with all that the configuration left open filled in. */
export interface Point {
  readonly name: string
  readonly table: Table
  readonly address: number
  /** Registers (or bits, in tables of bits) it takes. */
  readonly size: number
  readonly type: RegisterType
  readonly order: Order
  readonly bit: number | undefined
  readonly bits: number | undefined
  readonly scale: number
  /** 1/scale when that is a whole number: 123 / 10 is 12.3, 123 * 0.1 is not. */
  readonly divisor: number | undefined
  readonly offset: number
  readonly unit: string | undefined
  readonly interval: number
  readonly writable: boolean
  readonly minimum: number
  readonly maximum: number
  readonly states: ReadonlyMap<number, string> | undefined
  readonly invalid: readonly number[]
}

const SIZE: Readonly<Record<RegisterType, number>> = {
  bool: 1,
  int16: 1,
  uint16: 1,
  int32: 2,
  uint32: 2,
  int64: 4,
  uint64: 4,
  float32: 2,
  float64: 4,
  string: 0,
}

/** @param interval ms, of registers that do not say */
export function pointOf(register: Register, order: Order, interval: number): Point {
  const table = register.table ?? 'holding'
  const type = isBitTable(table) ? 'bool' : (register.type ?? 'uint16')
  const scale = register.scale ?? 1
  const inverse = Math.round(1 / scale)
  return {
    name: register.name,
    table,
    address: register.address,
    size: type === 'string' ? (register.length ?? 1) : SIZE[type],
    type,
    order: register.order ?? order,
    bit: register.bit,
    bits: register.bits,
    scale,
    divisor: inverse > 1 && inverse <= 1e12 && 1 / inverse === scale ? inverse : undefined,
    offset: register.offset ?? 0,
    unit: register.unit === '' ? undefined : register.unit,
    interval: register.interval ?? interval,
    writable: register.writable ?? false,
    minimum: register.minimum ?? Number.NEGATIVE_INFINITY,
    maximum: register.maximum ?? Number.POSITIVE_INFINITY,
    states: register.states?.length ? new Map(register.states.map(({ value, name }) => [value, name])) : undefined,
    invalid: register.invalid ?? [],
  }
}

/**
 * Puts the bytes of `size` registers, as they came, into big-endian order (or back: it is its own inverse).
 * - CDAB: words in reverse order; BADC: the bytes of each word swapped; DCBA: both, which is little-endian.
 * - Text is a row of characters: its words are never reversed, its bytes are swapped for BADC and DCBA.
 */
export function arrange(
  from: Uint8Array,
  at: number,
  words: number,
  order: Order,
  text: boolean,
  to: Uint8Array,
): void {
  const reversed = !text && (order === 'CDAB' || order === 'DCBA')
  const swapped = order === 'BADC' || order === 'DCBA' ? 1 : 0
  for (let word = 0; word < words; word++) {
    const source = at + 2 * (reversed ? words - 1 - word : word)
    to[2 * word] = from[source + swapped]!
    to[2 * word + 1] = from[source + 1 - swapped]!
  }
}
