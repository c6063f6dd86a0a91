import { prometheusErrors } from '../errors.ts'

/** From here on, one call is quicker than a loop. */
const LONG = 24

const broken = (what: string) => prometheusErrors.snappy({ what })

/**
 * Unpacks Snappy's block format (google/snappy, format_description.txt). Every length is held against what is there
 * before anything is copied, and the announced size against `limit` before anything is allocated.
 */
export function unpackSnappy(packed: Uint8Array, limit: number): Buffer {
  let at = 0
  let size = 0
  for (let shift = 0; ; shift += 7) {
    const byte = packed[at++]
    if (byte === undefined || shift > 28) throw broken('its size is cut off')
    size += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) break
  }
  if (size > limit) throw prometheusErrors.tooLarge({ size, limit })
  // No element gives more than 64 bytes for its two: a small body cannot announce much.
  if (size > packed.length * 32) throw broken('it announces more than it can hold')
  const out = Buffer.allocUnsafe(size)
  let to = 0
  while (at < packed.length) {
    const tag = packed[at++]!
    const kind = tag & 3
    let length = (tag >>> 2) + 1
    if (kind === 0) {
      if (length > 60) {
        const bytes = length - 60
        if (at + bytes > packed.length) throw broken('a length is cut off')
        length = littleEndian(packed, at, bytes) + 1
        at += bytes
      }
      if (at + length > packed.length || to + length > size) throw broken('a literal is too long')
      if (length < LONG) for (let i = 0; i < length; i++) out[to + i] = packed[at + i]!
      else out.set(packed.subarray(at, at + length), to)
      at += length
      to += length
      continue
    }
    const bytes = kind === 1 ? 1 : kind === 2 ? 2 : 4
    if (at + bytes > packed.length) throw broken('an offset is cut off')
    let offset = littleEndian(packed, at, bytes)
    at += bytes
    if (kind === 1) {
      offset += (tag >>> 5) << 8
      length = ((tag >>> 2) & 7) + 4
    }
    if (offset === 0 || offset > to || to + length > size) throw broken('a copy points outside')
    // A copy may overlap with itself: it repeats.
    const from = to - offset
    if (offset >= length && length >= LONG) out.copyWithin(to, from, from + length)
    else for (let i = 0; i < length; i++) out[to + i] = out[from + i]!
    to += length
  }
  if (to !== size) throw broken('it is cut off')
  return out
}

function littleEndian(from: Uint8Array, at: number, bytes: number): number {
  let value = 0
  for (let byte = bytes - 1; byte >= 0; byte--) value = value * 256 + from[at + byte]!
  return value
}
