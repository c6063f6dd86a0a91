import type { ByteReader, ByteWriter } from './bytes.ts'
import { bitsOf, differences, readPlanes, sums, unzigzag, writePlanes, ZIGZAG_LIMIT, zigzag } from './integers.ts'

/** All the same. */
const CONSTANT = 0
/** Decimal fractions, as instruments and people write them: integers by a power of ten, as offsets or differences. */
const DECIMAL_OFFSETS = 1
const DECIMAL_DELTAS = 2
/** Bits as they are, in planes; XOR: each against the one before (Gorilla, VLDB 2015, 4.1.2). */
const SINGLES = 3
const SINGLES_XOR = 4
const DOUBLES = 5
const DOUBLES_XOR = 6

/** Powers of ten that are exact, and leave the quotient of two exact numbers rounded once: the same bits again. */
const TENS = Array.from({ length: 16 }, (_, power) => 10 ** power)
const LARGEST = 2 ** 50

const view = new DataView(new ArrayBuffer(8))

/** Values of one column, to the bit (NaN is one NaN). `scratch` has room for `count`. */
export function writeNumbers(into: ByteWriter, values: Float64Array, count: number, scratch: Float64Array): void {
  if (isConstant(values, count)) {
    into.u8(CONSTANT)
    view.setFloat64(0, values[0]!, true)
    into.u32(view.getUint32(0, true))
    into.u32(view.getUint32(4, true))
    return
  }
  const power = decimals(values, count, scratch)
  if (power >= 0) writeDecimals(into, scratch, count, power)
  else writeBits(into, values, count)
}

export function readNumbers(from: ByteReader, values: Float64Array, count: number): void {
  const mode = from.u8()
  if (mode === CONSTANT) values.fill(from.take(8).readDoubleLE(0), 0, count)
  else if (mode === DECIMAL_OFFSETS || mode === DECIMAL_DELTAS) readDecimals(from, values, count, mode)
  else if (mode >= SINGLES && mode <= DOUBLES_XOR) readBits(from, values, count, mode)
  else throw from.fail('the form of the values is unknown')
}

function isConstant(values: Float64Array, count: number): boolean {
  for (let i = 1; i < count; i++) if (!Object.is(values[i], values[0])) return false
  return true
}

/** Fills `scratch` with integers n so that n / 10^power is each value to the bit; -1 when there is no such power. */
function decimals(values: Float64Array, count: number, scratch: Float64Array): number {
  let power = 0
  for (let i = 0; i < count; i++) {
    const value = values[i]!
    if (Object.is(value, -0)) return -1
    while (Math.round(value * TENS[power]!) / TENS[power]! !== value) if (++power === TENS.length) return -1
  }
  for (let i = 0; i < count; i++) {
    const scaled = Math.round(values[i]! * TENS[power]!)
    if (Math.abs(scaled) > LARGEST || scaled / TENS[power]! !== values[i]) return -1
    scratch[i] = scaled
  }
  return power
}

function writeDecimals(into: ByteWriter, scaled: Float64Array, count: number, power: number): void {
  let least = scaled[0]!
  let deltaBits = 0
  for (let i = 1; i < count; i++) {
    if (scaled[i]! < least) least = scaled[i]!
    deltaBits += bitsOf(scaled[i]! - scaled[i - 1]!) + 1
  }
  let offsetBits = 0
  for (let i = 1; i < count; i++) offsetBits += bitsOf(scaled[i]! - least)
  const deltas = deltaBits < offsetBits
  into.u8(deltas ? DECIMAL_DELTAS : DECIMAL_OFFSETS)
  into.u8(power)
  into.varint(zigzag(deltas ? scaled[0]! : least))
  if (deltas) {
    const first = scaled[0]!
    differences(scaled, count)
    scaled[0] = scaled[0]! - first
    for (let i = 0; i < count; i++) scaled[i] = zigzag(scaled[i]!)
  } else for (let i = 0; i < count; i++) scaled[i] = scaled[i]! - least
  writePlanes(into, scaled, count)
}

function readDecimals(from: ByteReader, values: Float64Array, count: number, mode: number): void {
  const divisor = TENS[from.u8()]
  if (divisor === undefined) throw from.fail('the power of ten of the values is unknown')
  const base = unzigzag(from.varint(Number.MAX_SAFE_INTEGER, 'a value'))
  if (Math.abs(base) >= ZIGZAG_LIMIT) throw from.fail('a value is beyond all bounds')
  readPlanes(from, values, count)
  if (mode === DECIMAL_DELTAS) {
    for (let i = 0; i < count; i++) values[i] = unzigzag(values[i]!)
    sums(values, count)
  }
  for (let i = 0; i < count; i++) values[i] = (values[i]! + base) / divisor
}

function writeBits(into: ByteWriter, values: Float64Array, count: number): void {
  const single = isSingle(values, count)
  const size = single ? 4 : 8
  const bits = single ? new Uint8Array(Float32Array.from(values.subarray(0, count)).buffer) : bytesOf(values, count)
  const xor = xorHelps(bits, size)
  into.u8(single ? (xor ? SINGLES_XOR : SINGLES) : xor ? DOUBLES_XOR : DOUBLES)
  const planes = into.reserve(size * count)
  for (let i = 0; i < count; i++) {
    for (let plane = 0; plane < size; plane++) {
      const at = i * size + plane
      planes[plane * count + i] = xor && i > 0 ? bits[at]! ^ bits[at - size]! : bits[at]!
    }
  }
}

function readBits(from: ByteReader, values: Float64Array, count: number, mode: number): void {
  const single = mode === SINGLES || mode === SINGLES_XOR
  const xor = mode === SINGLES_XOR || mode === DOUBLES_XOR
  const size = single ? 4 : 8
  const planes = from.take(size * count)
  const bits = new Uint8Array(size * count)
  for (let i = 0; i < count; i++) {
    for (let plane = 0; plane < size; plane++) {
      const at = i * size + plane
      const byte = planes[plane * count + i]!
      bits[at] = xor && i > 0 ? byte ^ bits[at - size]! : byte
    }
  }
  values.set(single ? new Float32Array(bits.buffer) : new Float64Array(bits.buffer))
}

function isSingle(values: Float64Array, count: number): boolean {
  for (let i = 0; i < count; i++) if (!Object.is(Math.fround(values[i]!), values[i])) return false
  return true
}

function bytesOf(values: Float64Array, count: number): Uint8Array {
  const copy = values.slice(0, count)
  for (let i = 0; i < count; i++) if (Number.isNaN(copy[i])) copy[i] = Number.NaN
  return new Uint8Array(copy.buffer)
}

/** Does it make more zero bytes to store each against the one before? */
function xorHelps(bits: Uint8Array, size: number): boolean {
  let plain = 0
  let xored = 0
  for (let at = size; at < bits.length; at++) {
    if (bits[at] === 0) plain++
    if (bits[at] === bits[at - size]) xored++
  }
  return xored > plain
}
