const TAB = 0x09
const NEWLINE = 0x0a
const ZERO = 0x30
const MINUS = 0x2d
const POINT = 0x2e
const BACKSLASH = 0x5c

/**
 * Writes TabSeparated rows straight into one growing buffer: no string and no object per value, for the numbers that
 * sensors send. Every float64 comes back bit for bit: what no fast path writes exactly is written by JavaScript's own
 * shortest round-trip form.
 */
export class TsvWriter {
  #bytes: Buffer
  #at = 0

  constructor(capacity = 1 << 16) {
    this.#bytes = Buffer.allocUnsafe(capacity)
  }

  get length(): number {
    return this.#at
  }

  clear(): void {
    this.#at = 0
  }

  /** What was written; valid until the next write. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#at)
  }

  /** A non-negative integer up to 2^53. */
  uint(value: number): this {
    this.#room(17)
    this.#digits(value)
    return this
  }

  float(value: number): this {
    this.#room(32)
    if (Number.isNaN(value)) return this.#ascii('nan')
    if (value === Infinity) return this.#ascii('inf')
    if (value === -Infinity) return this.#ascii('-inf')
    let size = value
    if (value < 0 || Object.is(value, -0)) {
      this.#bytes[this.#at++] = MINUS
      size = -value
    }
    if (size < 1e9) {
      const whole = Math.floor(size)
      if (whole === size) {
        this.#digits(whole)
        return this
      }
      // A number of at most six decimals is k / 10^6 with k < 2^53: both that division and the engine's reading of the
      // decimal are correctly rounded, so when the division gives the number back, so does the engine.
      const scaled = Math.round(size * 1e6)
      if (scaled / 1e6 === size) {
        const integer = Math.floor(scaled / 1e6)
        this.#digits(integer)
        this.#fraction(scaled - integer * 1e6)
        return this
      }
    }
    return this.#ascii(String(size))
  }

  /** UTF-8 text, escaped. */
  text(value: string): this {
    return this.raw(Buffer.from(value, 'utf8'))
  }

  /** Any bytes, escaped: a String column takes them as they are. */
  raw(bytes: Uint8Array): this {
    this.#room(bytes.length * 2)
    const out = this.#bytes
    let at = this.#at
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]!
      if (byte === TAB || byte === NEWLINE || byte === BACKSLASH || byte === 0x0d) {
        out[at++] = BACKSLASH
        out[at++] = byte === TAB ? 0x74 : byte === NEWLINE ? 0x6e : byte === 0x0d ? 0x72 : BACKSLASH
      } else out[at++] = byte
    }
    this.#at = at
    return this
  }

  tab(): this {
    this.#room(1)
    this.#bytes[this.#at++] = TAB
    return this
  }

  newline(): this {
    this.#room(1)
    this.#bytes[this.#at++] = NEWLINE
    return this
  }

  #room(size: number): void {
    if (this.#at + size <= this.#bytes.length) return
    const wider = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + size))
    this.#bytes.copy(wider, 0, 0, this.#at)
    this.#bytes = wider
  }

  #digits(value: number): void {
    if (value >= 1e8) {
      const high = Math.floor(value / 1e8)
      this.#digits(high)
      this.#padded(value - high * 1e8, 8)
      return
    }
    let width = 1
    for (let limit = 10; value >= limit; limit *= 10) width++
    this.#padded(value, width)
  }

  /** `value` < 10^8 in `width` digits, zeros in front. */
  #padded(value: number, width: number): void {
    const out = this.#bytes
    let rest = value | 0
    for (let at = this.#at + width - 1; at >= this.#at; at--) {
      const next = (rest / 10) | 0
      out[at] = ZERO + rest - next * 10
      rest = next
    }
    this.#at += width
  }

  /** The point and six digits without the zeros at the end; `millionths` > 0. */
  #fraction(millionths: number): void {
    let width = 6
    let rest = millionths | 0
    while (rest % 10 === 0) {
      rest = (rest / 10) | 0
      width--
    }
    this.#bytes[this.#at++] = POINT
    this.#padded(rest, width)
  }

  #ascii(text: string): this {
    this.#at += this.#bytes.write(text, this.#at, 'latin1')
    return this
  }
}
