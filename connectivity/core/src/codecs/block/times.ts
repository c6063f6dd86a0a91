import type { ByteReader, ByteWriter } from './bytes.ts'
import { bitsOf, differences, readPlanes, sums, unzigzag, writePlanes, ZIGZAG_LIMIT, zigzag } from './integers.ts'

/** Offsets from the earliest; differences; differences of differences (Gorilla, VLDB 2015, 4.1.1). */
const OFFSETS = 0
const DELTAS = 1
const DELTAS_OF_DELTAS = 2
/** Clocks often count in seconds or milliseconds. */
const UNITS = [1, 1_000, 1_000_000] as const

/**
 * Times of one column: integers from 0 to 2^53 - 1, in the order they came, which need not be that of time.
 * `scratch` has room for `count`.
 */
export function writeTimes(into: ByteWriter, times: Float64Array, count: number, scratch: Float64Array): void {
  const origin = times[0]!
  let unit = 2
  for (let i = 0; i < count && unit > 0; i++) while (unit > 0 && (times[i]! - origin) % UNITS[unit]! !== 0) unit--
  for (let i = 0; i < count; i++) scratch[i] = (times[i]! - origin) / UNITS[unit]!
  const mode = bestMode(scratch, count)
  into.varint(origin)
  into.u8((unit << 2) | mode)
  if (mode === OFFSETS) {
    let earliest = 0
    for (let i = 0; i < count; i++) if (scratch[i]! < earliest) earliest = scratch[i]!
    into.varint(-earliest)
    for (let i = 0; i < count; i++) scratch[i] = scratch[i]! - earliest
  } else {
    differences(scratch, count)
    if (mode === DELTAS_OF_DELTAS) differences(scratch, count, 2)
    for (let i = 0; i < count; i++) scratch[i] = zigzag(scratch[i]!)
  }
  writePlanes(into, scratch, count)
}

export function readTimes(from: ByteReader, times: Float64Array, count: number): void {
  const origin = from.varint(Number.MAX_SAFE_INTEGER, 'a time')
  const form = from.u8()
  const unit = UNITS[form >>> 2]
  const mode = form & 3
  if (unit === undefined || mode > DELTAS_OF_DELTAS) throw from.fail('the form of the times is unknown')
  const before = mode === OFFSETS ? from.varint(Number.MAX_SAFE_INTEGER, 'a time') : 0
  readPlanes(from, times, count)
  if (mode !== OFFSETS) {
    for (let i = 0; i < count; i++) times[i] = unzigzag(times[i]!)
    if (mode === DELTAS_OF_DELTAS) sums(times, count, 2)
    sums(times, count)
  }
  for (let i = 0; i < count; i++) {
    times[i] = (times[i]! - before) * unit + origin
    if (!Number.isSafeInteger(times[i])) throw from.fail('a time is beyond all bounds')
  }
}

function bestMode(offsets: Float64Array, count: number): number {
  let plain = 0
  let deltas = 0
  let seconds = 0
  let before = 0
  let deltaBefore = 0
  for (let i = 1; i < count; i++) {
    const delta = offsets[i]! - before
    const second = i === 1 ? delta : delta - deltaBefore
    plain += bitsOf(offsets[i]!)
    deltas += bitsOf(delta)
    seconds += bitsOf(second)
    if (Math.abs(delta) >= ZIGZAG_LIMIT || Math.abs(second) >= ZIGZAG_LIMIT) return OFFSETS
    before = offsets[i]!
    deltaBefore = delta
  }
  // Jitter weighs double in differences of differences.
  if (seconds < deltas) return DELTAS_OF_DELTAS
  return deltas <= plain ? DELTAS : OFFSETS
}
