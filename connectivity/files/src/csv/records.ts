const QUOTE = 34
const NEWLINE = 10
const RETURN = 13
/** Lines that a quoted cell may run over; beyond, its quote was never closed. */
const MAX_SPAN = 100
const MAX_RECORD = 65_536
const MAX_CELLS = 20_000

export interface RecordLine {
  /** Number of the record's first line in the file, from 1. */
  readonly line: number
  /** Used again for the next record. */
  readonly cells: readonly string[]
  /** Why it is no record; undefined: it is one. */
  readonly problem: string | undefined
  /** Where it stands in the text, without its line end. */
  readonly start: number
  readonly end: number
}

/**
 * Takes records out of a piece of delimited text (RFC 4180, with any one-character delimiter, and cells that hold quotes
 * without being quoted). A quote that is never closed costs its own line, not the rest of the file.
 */
export class Records {
  readonly #text: string
  readonly #delimiter: number
  readonly #last: boolean
  readonly #cells: string[] = []
  #at = 0
  #line: number

  /** @param line of the text's beginning @param last nothing comes after this text: its last line needs no line end */
  constructor(text: string, delimiter: string, line: number, last: boolean) {
    this.#text = text
    this.#delimiter = delimiter.charCodeAt(0)
    this.#line = line
    this.#last = last
  }

  /** Characters that are done with. */
  get at(): number {
    return this.#at
  }

  /** Of the next record. */
  get line(): number {
    return this.#line
  }

  /** undefined: the rest is no whole record (yet). */
  next(): RecordLine | undefined {
    const text = this.#text
    const start = this.#at
    if (start >= text.length) return undefined
    const line = this.#line
    this.#cells.length = 0
    let at = start
    let problem: string | undefined
    for (;;) {
      if (text.charCodeAt(at) === QUOTE) {
        const close = this.#closing(at)
        if (close === -1) {
          this.#line = line
          return undefined
        }
        if (close === -2) {
          problem = 'a quote is not closed'
          break
        }
        const stop = this.#plainEnd(close + 1)
        // Something between the quote and the delimiter: the quote that closed it was meant to open another cell.
        if (text.slice(close + 1, stop).trim() !== '') {
          problem = 'a quote is not closed, or stands within a cell that is not quoted'
          break
        }
        this.#push(unquoted(text.slice(at + 1, close)))
        at = stop
      } else {
        const stop = this.#plainEnd(at)
        this.#push(text.slice(at, stop))
        at = stop
      }
      if (text.charCodeAt(at) !== this.#delimiter) break
      at++
    }
    let end = at
    if (problem !== undefined) {
      end = text.indexOf('\n', start)
      if (end < 0) end = text.length
      this.#line = line
    }
    if (end >= text.length && !this.#last) {
      this.#line = line
      if (text.length - start <= MAX_RECORD) return undefined
      problem = `the line is longer than ${MAX_RECORD} characters`
    }
    if (this.#cells.length > MAX_CELLS) problem = `the line has more than ${MAX_CELLS} cells`
    this.#line++
    this.#at = Math.min(text.length, end + 1)
    const stop = end > start && text.charCodeAt(end - 1) === RETURN ? end - 1 : end
    if (problem === undefined && stop < end) this.#dropReturn()
    return { line, cells: this.#cells, problem, start, end: stop }
  }

  #push(cell: string): void {
    if (this.#cells.length <= MAX_CELLS) this.#cells.push(cell)
  }

  #dropReturn(): void {
    const last = this.#cells.at(-1)!
    if (last.endsWith('\r')) this.#cells[this.#cells.length - 1] = last.slice(0, -1)
  }

  #plainEnd(from: number): number {
    const text = this.#text
    let at = from
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === this.#delimiter || code === NEWLINE) break
    }
    return at
  }

  /** Where the cell's closing quote stands; -1: not in this text, more is to come; -2: it has none. */
  #closing(open: number): number {
    const text = this.#text
    let lines = 0
    let at = open + 1
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === NEWLINE) lines++
      if (lines > MAX_SPAN || at - open > MAX_RECORD) return -2
      if (code !== QUOTE) continue
      if (text.charCodeAt(at + 1) === QUOTE) at++
      else {
        this.#line += lines
        return at
      }
    }
    return this.#last ? -2 : -1
  }
}

const unquoted = (text: string): string => (text.includes('""') ? text.replaceAll('""', '"') : text)
