/**
 * A strict, bounded CBOR (RFC 8949) reader for telemetry: integers, floats, text, byte strings, arrays, maps, true, false,
 * null, decimal fractions (tag 4). Lengths are checked against the bytes there are before anything is made of them; text
 * must be UTF-8, map keys distinct, numbers finite, the end the end.
 */
import { connectivityErrors } from '../../errors.ts'
import { BOUNDS } from '../bounds.ts'

export type CborValue = number | string | boolean | null | Uint8Array | CborValue[] | CborMap
export type CborMap = Map<number | string, CborValue>

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const INDEFINITE = -1
const BREAK = 0xff

/** @throws MillwrightError when the bytes are not one well-formed item within the bounds */
export function readCbor(payload: Uint8Array): CborValue {
  return new CborReader(payload).readAll()
}

class CborReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0
  #items = 0
  readonly #path: (string | number)[] = []

  constructor(payload: Uint8Array) {
    this.#bytes = payload
    this.#view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  }

  readAll(): CborValue {
    // "Self-described CBOR" may stand in front (RFC 8949, 3.4.6).
    if (this.#bytes[0] === 0xd9 && this.#bytes[1] === 0xd9 && this.#bytes[2] === 0xf7) this.#at = 3
    const value = this.#item(0)
    if (this.#at < this.#bytes.length) throw this.#syntax('something stands after the end')
    return value
  }

  #item(depth: number): CborValue {
    if (++this.#items > BOUNDS.rows * 4) {
      throw connectivityErrors.tooMany({ path: this.#pointer(), limit: BOUNDS.rows * 4, things: 'items' })
    }
    const head = this.#byte()
    const info = head & 31
    switch (head >> 5) {
      case 0:
        return this.#argument(info)
      case 1:
        return -1 - this.#argument(info)
      case 2:
        return this.#string(2, info)
      case 3:
        return this.#text(this.#string(3, info))
      case 4:
        return this.#array(info, this.#deeper(depth))
      case 5:
        return this.#map(info, this.#deeper(depth))
      case 6:
        return this.#tagged(this.#argument(info), this.#deeper(depth))
      default:
        return this.#simple(info)
    }
  }

  #array(info: number, depth: number): CborValue[] {
    const length = this.#length(info)
    const items: CborValue[] = []
    for (let i = 0; length === INDEFINITE ? !this.#ended() : i < length; i++) {
      this.#path.push(i)
      items.push(this.#item(depth))
      this.#path.pop()
    }
    return items
  }

  #map(info: number, depth: number): CborMap {
    const length = this.#length(info)
    const entries: CborMap = new Map()
    for (let i = 0; length === INDEFINITE ? !this.#ended() : i < length; i++) {
      const key = this.#item(depth)
      if (typeof key !== 'string' && typeof key !== 'number')
        throw this.#syntax('a map key is neither text nor a number')
      this.#path.push(key)
      if (entries.has(key)) throw connectivityErrors.duplicateKey({ path: this.#pointer() })
      entries.set(key, this.#item(depth))
      this.#path.pop()
    }
    return entries
  }

  #tagged(tag: number, depth: number): number {
    if (tag !== 4) throw this.#syntax(`the tag ${tag} is not taken`)
    const fraction = this.#item(depth)
    if (!Array.isArray(fraction) || fraction.length !== 2) throw this.#syntax('a decimal fraction needs two integers')
    const [exponent, mantissa] = fraction
    if (!Number.isInteger(exponent) || !Number.isInteger(mantissa)) {
      throw this.#syntax('a decimal fraction needs two integers')
    }
    return this.#finite(Number(`${String(mantissa)}e${String(exponent)}`))
  }

  #simple(info: number): number | boolean | null {
    switch (info) {
      case 20:
        return false
      case 21:
        return true
      case 22:
        return null
      case 25:
        return this.#finite(halfFloat(this.#view.getUint16(this.#take(2))))
      case 26:
        return this.#finite(this.#view.getFloat32(this.#take(4)))
      case 27:
        return this.#finite(this.#view.getFloat64(this.#take(8)))
      default:
        throw this.#syntax('a value was expected')
    }
  }

  /** The argument of an item's head: a count, a tag or a number; above 2^53 rounded to a 64-bit float. */
  #argument(info: number): number {
    if (info < 24) return info
    if (info === 24) return this.#view.getUint8(this.#take(1))
    if (info === 25) return this.#view.getUint16(this.#take(2))
    if (info === 26) return this.#view.getUint32(this.#take(4))
    if (info === 27) return Number(this.#view.getBigUint64(this.#take(8)))
    throw this.#syntax('a length or number is not well formed')
  }

  #length(info: number): number {
    if (info === 31) return INDEFINITE
    const length = this.#argument(info)
    // Each item takes a byte at least: a longer promise is a lie.
    if (length > this.#bytes.length - this.#at) throw this.#syntax('it ends too early')
    return length
  }

  /** Bytes of a string, its chunks joined. */
  #string(major: number, info: number): Uint8Array {
    if (info !== 31) return this.#slice(info)
    const chunks: Uint8Array[] = []
    while (!this.#ended()) {
      const head = this.#byte()
      if (head >> 5 !== major || (head & 31) === 31) throw this.#syntax('a string is not well formed')
      chunks.push(this.#slice(head & 31))
    }
    const whole = Buffer.concat(chunks)
    if (whole.length > BOUNDS.stringBytes) throw this.#tooLong()
    return whole
  }

  #slice(info: number): Uint8Array {
    const length = this.#argument(info)
    if (length > BOUNDS.stringBytes) throw this.#tooLong()
    const start = this.#take(length)
    return this.#bytes.subarray(start, start + length)
  }

  #text(bytes: Uint8Array): string {
    try {
      return utf8.decode(bytes)
    } catch (cause) {
      throw connectivityErrors.invalidUtf8({ path: this.#pointer(), offset: this.#at - bytes.length, cause })
    }
  }

  /** True, and past it, when a break stands next. */
  #ended(): boolean {
    if (this.#at >= this.#bytes.length) throw this.#syntax('it ends too early')
    if (this.#bytes[this.#at] !== BREAK) return false
    this.#at++
    return true
  }

  #deeper(depth: number): number {
    if (depth < BOUNDS.depth) return depth + 1
    throw connectivityErrors.tooDeep({ path: this.#pointer(), limit: BOUNDS.depth })
  }

  #finite(value: number): number {
    if (Number.isFinite(value)) return value
    throw connectivityErrors.numberOutOfRange({ path: this.#pointer() })
  }

  #byte(): number {
    return this.#bytes[this.#take(1)]!
  }

  /** Where the next `count` bytes start; moves past them. */
  #take(count: number): number {
    const start = this.#at
    if (count > this.#bytes.length - start) throw this.#syntax('it ends too early')
    this.#at = start + count
    return start
  }

  #pointer(): string {
    return `/${this.#path.join('/')}`
  }

  #tooLong() {
    return connectivityErrors.valueTooLarge({ path: this.#pointer(), limit: `${BOUNDS.stringBytes} bytes` })
  }

  #syntax(what: string) {
    return connectivityErrors.invalidSyntax({ format: 'CBOR', what, offset: this.#at, path: this.#pointer() })
  }
}

/** IEEE 754 binary16 (RFC 8949, appendix D). */
function halfFloat(half: number): number {
  const exponent = (half >> 10) & 31
  const fraction = half & 1023
  const size =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent === 31
        ? fraction === 0
          ? Number.POSITIVE_INFINITY
          : Number.NaN
        : (1024 + fraction) * 2 ** (exponent - 25)
  return half & 0x8000 ? -size : size
}
