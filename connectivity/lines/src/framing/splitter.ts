/** Bytes as they come, in any pieces, into lines. What has no end within the bound is left out, and said once. */
export interface Splitter {
  push(bytes: Uint8Array): void
  /** No more comes (a datagram, a closed connection): what is there is a line, unless records have a fixed length. */
  end(): void
}

export interface SplitterEvents {
  /** Without its delimiter; a view that holds until it returns. */
  line(bytes: Buffer): void
  /** The head of a line that is longer than allowed. */
  tooLong(head: Buffer): void
}

/**
 * @param delimiter what ends a line; a number: the length of each record in bytes
 * @param longest bytes of a line
 */
export function createSplitter(delimiter: Uint8Array | number, longest: number, events: SplitterEvents): Splitter {
  return typeof delimiter === 'number' ? new Records(delimiter, events) : new Delimited(delimiter, longest, events)
}

class Records implements Splitter {
  readonly #length: number
  readonly #events: SplitterEvents
  #rest: Buffer = EMPTY

  constructor(length: number, events: SplitterEvents) {
    this.#length = length
    this.#events = events
  }

  push(bytes: Uint8Array): void {
    const whole = joined(this.#rest, bytes)
    let at = 0
    for (; whole.length - at >= this.#length; at += this.#length)
      this.#events.line(whole.subarray(at, at + this.#length))
    this.#rest = Buffer.from(whole.subarray(at))
  }

  end(): void {
    this.#rest = EMPTY
  }
}

const NEWLINE = 10
const RETURN = 13

class Delimited implements Splitter {
  readonly #delimiter: Uint8Array
  readonly #longest: number
  readonly #events: SplitterEvents
  readonly #newline: boolean
  #rest: Buffer = EMPTY
  /** Inside a line that was too long: up to its end, all is dropped. */
  #dropping = false

  constructor(delimiter: Uint8Array, longest: number, events: SplitterEvents) {
    this.#delimiter = delimiter
    this.#longest = longest
    this.#events = events
    this.#newline = delimiter.length === 1 && delimiter[0] === NEWLINE
  }

  push(bytes: Uint8Array): void {
    const whole = joined(this.#rest, bytes)
    let from = 0
    // What was looked through before is not looked through again.
    let search = Math.max(0, this.#rest.length - this.#delimiter.length + 1)
    for (;;) {
      const end = whole.indexOf(this.#delimiter, search)
      if (end < 0) break
      this.#line(whole.subarray(from, end))
      from = search = end + this.#delimiter.length
    }
    const rest = whole.subarray(from)
    if (this.#dropping) this.#rest = Buffer.from(rest.subarray(Math.max(0, rest.length - this.#delimiter.length + 1)))
    else if (rest.length > this.#longest + this.#delimiter.length) {
      this.#events.tooLong(rest.subarray(0, this.#longest))
      this.#dropping = true
      this.#rest = Buffer.from(rest.subarray(Math.max(0, rest.length - this.#delimiter.length + 1)))
    } else this.#rest = Buffer.from(rest)
  }

  end(): void {
    const rest = this.#rest
    this.#rest = EMPTY
    if (rest.length > 0) this.#line(rest)
    this.#dropping = false
  }

  #line(line: Buffer): void {
    if (this.#dropping) {
      this.#dropping = false
      return
    }
    const end = this.#newline && line.at(-1) === RETURN ? line.length - 1 : line.length
    if (end > this.#longest) this.#events.tooLong(line.subarray(0, this.#longest))
    else if (end > 0) this.#events.line(line.subarray(0, end))
  }
}

const EMPTY = Buffer.alloc(0)

const joined = (rest: Buffer, bytes: Uint8Array): Buffer =>
  rest.length === 0 ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length) : Buffer.concat([rest, bytes])
