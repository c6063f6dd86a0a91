/**
 * Answers out of a stream of bytes (IEEE 488.2, 8.4 and 8.7.9): each ends with a line feed, which may also stand inside a
 * block of data (#<digits><length><bytes>) or a quoted text, where it ends nothing. Bounded; never throws.
 */
export type Received =
  | { readonly kind: 'answer'; readonly bytes: Buffer }
  /** Longer than the bound: the stream cannot be followed any more. */
  | { readonly kind: 'too-long' }

const NEWLINE = 10
const RETURN = 13
const HASH = 35
const QUOTE = 34
const SEPARATORS = new Set([44, 59])

export class AnswerReader {
  readonly #longest: number
  #pieces: Buffer[] = []
  #length = 0
  /** Bytes of a block that are still to come, or of its header; they are passed without being looked at. */
  #skip = 0
  #header = ''
  #state: 'element' | 'inside' | 'quoted' | 'header' | 'length' | 'block' = 'element'

  constructor(longest: number) {
    this.#longest = longest
  }

  /** True when an answer has begun and is not whole. */
  get begun(): boolean {
    return this.#length > 0
  }

  /** Whole answers, in their order. After `too-long` the reader is of no use. */
  *push(bytes: Uint8Array): Generator<Received> {
    let piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    while (piece.length > 0) {
      const end = this.#endIn(piece)
      const taken = end < 0 ? piece : piece.subarray(0, end)
      this.#length += taken.length
      if (this.#length > this.#longest || this.#skip > this.#longest) {
        yield { kind: 'too-long' }
        return
      }
      this.#pieces.push(taken)
      if (end < 0) return
      yield { kind: 'answer', bytes: this.#whole() }
      piece = piece.subarray(end + 1)
    }
  }

  /** Position of the line feed that ends the answer; -1: it is not in this piece. */
  #endIn(piece: Buffer): number {
    for (let at = 0; at < piece.length; at++) {
      if (this.#state === 'block') {
        const skipped = Math.min(this.#skip, piece.length - at)
        this.#skip -= skipped
        at += skipped
        if (this.#skip > 0) return -1
        this.#state = 'inside'
        if (at >= piece.length) return -1
      }
      if (this.#take(piece[at]!)) return at
    }
    return -1
  }

  /** One byte outside of blocks; true when it ends the answer. */
  #take(byte: number): boolean {
    if (this.#state === 'quoted') {
      if (byte === QUOTE) this.#state = 'inside'
      return false
    }
    if (this.#state === 'header') {
      // #0 has no length (it ends with the message), #H #Q #B are numbers.
      this.#state = byte >= 49 && byte <= 57 ? 'length' : 'inside'
      this.#skip = byte - 48
      this.#header = ''
      return byte === NEWLINE
    }
    if (this.#state === 'length') return this.#digit(byte)
    if (byte === NEWLINE) return true
    if (this.#state === 'element' && byte === HASH) this.#state = 'header'
    else if (this.#state === 'element' && byte === QUOTE) this.#state = 'quoted'
    else if (SEPARATORS.has(byte)) this.#state = 'element'
    else if (byte !== 32) this.#state = 'inside'
    return false
  }

  #digit(byte: number): boolean {
    if (byte < 48 || byte > 57) {
      this.#state = 'inside'
      this.#skip = 0
      return byte === NEWLINE
    }
    this.#header += String.fromCharCode(byte)
    if (this.#header.length < this.#skip) return false
    this.#skip = Number(this.#header)
    this.#state = this.#skip > 0 ? 'block' : 'inside'
    return false
  }

  #whole(): Buffer {
    const whole = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces)
    this.#pieces = []
    this.#length = 0
    this.#skip = 0
    const blockEnd = this.#state === 'inside' && this.#header !== '' ? blockLength(whole) : 0
    this.#state = 'element'
    this.#header = ''
    return whole.length > blockEnd && whole.at(-1) === RETURN ? whole.subarray(0, -1) : whole
  }
}

/** Bytes of the block that an answer begins with, its header included; 0: it begins with none. */
export function blockLength(answer: Uint8Array): number {
  const digits = (answer[1] ?? 0) - 48
  if (answer[0] !== HASH || digits < 1 || digits > 9 || answer.length < 2 + digits) return 0
  const length = Number(Buffer.from(answer.subarray(2, 2 + digits)).toString('latin1'))
  return Number.isInteger(length) ? 2 + digits + length : 0
}
