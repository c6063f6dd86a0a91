import { RowError } from './row-error.ts'

export interface CsvRow {
  /** Line of the file on which the row begins, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

const QUOTE = 34
const LINE_FEED = 10
const RETURN = 13
const LONGEST_CELL = 1024 * 1024
const MOST_CELLS = 10_000

/**
 * Takes a CSV apart as it comes, in any pieces (RFC 4180: quoted cells may hold delimiters, doubled quotes and line
 * ends; CRLF, LF and CR end a row). Rows without any content are passed over.
 */
export class CsvParser {
  readonly #delimiter: number
  #cells: string[] = []
  /** What is there of the cell under way, when it began in an earlier piece or is quoted. */
  #cell = ''
  #state: 'plain' | 'quoted' | 'quote-in-quoted' = 'plain'
  #line = 1
  #rowLine = 1
  #afterReturn = false

  /** @param delimiter one character */
  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0)
  }

  /** Errors: RowError when a cell or row grows beyond all bounds (a quote that is never closed). */
  push(text: string): CsvRow[] {
    const rows: CsvRow[] = []
    let start = 0
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (this.#afterReturn) {
        this.#afterReturn = false
        if (code === LINE_FEED) {
          start = i + 1
          continue
        }
      }
      if (this.#state === 'quoted') {
        if (code === QUOTE) {
          this.#take(text, start, i)
          this.#state = 'quote-in-quoted'
          start = i + 1
        } else if (code === LINE_FEED) this.#line += 1
        continue
      }
      if (code === QUOTE) {
        if (this.#state === 'quote-in-quoted') {
          this.#cell += '"'
          this.#state = 'quoted'
          start = i + 1
        } else if (this.#cell === '' && text.slice(start, i).trim() === '') {
          this.#state = 'quoted'
          start = i + 1
        }
        continue
      }
      if (code === this.#delimiter) {
        this.#take(text, start, i)
        this.#endCell()
        start = i + 1
      } else if (code === LINE_FEED || code === RETURN) {
        this.#take(text, start, i)
        this.#endCell()
        this.#endRow(rows)
        this.#afterReturn = code === RETURN
        start = i + 1
      }
    }
    this.#take(text, start, text.length)
    return rows
  }

  /** The last row, when the file does not end with a line end. Errors: RowError when a quote was never closed. */
  end(): CsvRow[] {
    if (this.#state === 'quoted') throw new RowError(this.#rowLine, 'a quote opens here and is never closed')
    const rows: CsvRow[] = []
    if (this.#cells.length > 0 || this.#cell !== '') {
      this.#endCell()
      this.#endRow(rows)
    }
    return rows
  }

  #take(text: string, start: number, end: number): void {
    if (end > start) this.#cell += text.slice(start, end)
    if (this.#cell.length > LONGEST_CELL) {
      throw new RowError(this.#rowLine, 'a cell here is longer than a million characters: is a quote not closed?')
    }
  }

  #endCell(): void {
    this.#cells.push(this.#cell)
    this.#cell = ''
    this.#state = 'plain'
    if (this.#cells.length > MOST_CELLS) throw new RowError(this.#rowLine, `more than ${MOST_CELLS} columns`)
  }

  #endRow(rows: CsvRow[]): void {
    if (this.#cells.length > 1 || this.#cells[0]!.trim() !== '') rows.push({ line: this.#rowLine, cells: this.#cells })
    this.#cells = []
    this.#line += 1
    this.#rowLine = this.#line
  }
}
