import type { ByteReader, ByteWriter } from './bytes.ts'

/**
 * Integers as byte planes: all lowest bytes, then all second ones…, as many as the largest needs. High planes are nearly
 * all zeros, which the compression behind takes for nothing; low ones hold what noise there is, and no more.
 */
export function writePlanes(into: ByteWriter, values: Float64Array, count: number): void {
  let largest = 0
  for (let i = 0; i < count; i++) if (values[i]! > largest) largest = values[i]!
  let width = 0
  for (let rest = largest; rest >= 1; rest = Math.floor(rest / 256)) width++
  into.u8(width)
  const planes = into.reserve(width * count)
  for (let i = 0; i < count; i++) {
    let rest = values[i]!
    // The lower 32 bits by integer arithmetic, which is all there is mostly.
    let low = rest >>> 0
    rest = (rest - low) / 0x1_0000_0000
    for (let plane = 0; plane < width; plane++) {
      if (plane === 4) low = rest
      planes[plane * count + i] = low & 0xff
      low >>>= 8
    }
  }
}

/** Reads `count` integers into `values`; all are exact: at most 53 bits. */
export function readPlanes(from: ByteReader, values: Float64Array, count: number): void {
  const width = from.u8()
  if (width > 7) throw from.fail(`an integer has ${width} bytes`)
  values.fill(0, 0, count)
  let weight = 1
  for (let plane = 0; plane < width; plane++) {
    const bytes = from.take(count)
    for (let i = 0; i < count; i++) values[i] = values[i]! + bytes[i]! * weight
    weight *= 256
  }
  if (width === 7) {
    for (let i = 0; i < count; i++) {
      if (values[i]! > Number.MAX_SAFE_INTEGER) throw from.fail('an integer has more than 53 bits')
    }
  }
}

/** Signed to unsigned, small stays small: 0, -1, 1, -2, … -> 0, 1, 2, 3, … */
export const zigzag = (value: number): number => (value >= 0 ? value * 2 : -value * 2 - 1)
export const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2)

/** Beyond this the zigzag of an integer is not exact any more. */
export const ZIGZAG_LIMIT = 2 ** 52

/** About the bits that a value takes. */
export const bitsOf = (value: number): number => {
  const size = Math.abs(value)
  return size < 0x8000_0000 ? 32 - Math.clz32(size) : 64 - Math.clz32(Math.floor(size / 0x1_0000_0000))
}

/** Replaces values by their differences; the first stays. */
export function differences(values: Float64Array, count: number, from = 1): void {
  for (let i = count - 1; i >= from; i--) values[i] = values[i]! - values[i - 1]!
}

export function sums(values: Float64Array, count: number, from = 1): void {
  for (let i = from; i < count; i++) values[i] = values[i]! + values[i - 1]!
}
