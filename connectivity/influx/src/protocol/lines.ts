import { BOUNDS, type MetricRows, ROW } from '@millwright/connectivity'
import { DAY, type Micros, MillwrightError } from '@millwright/foundation'
import { influxErrors } from '../errors.ts'
import { readInteger, readNumber } from './number.ts'
import { type Precision, readTime } from './precision.ts'
import { type Field, MAX_KEY, type Series, type SeriesTable } from './series.ts'

const TAB = 9
const NEWLINE = 10
const RETURN = 13
const SPACE = 32
const QUOTE = 34
const HASH = 35
const COMMA = 44
const EQUALS = 61
const BACKSLASH = 92
const [LOW_INT, HIGH_INT, HIGH_UINT] = [-(2n ** 63n), 2n ** 63n - 1n, 2n ** 64n - 1n]
/** 2000-01-01T00:00:00Z. */
const EARLIEST = 946_684_800_000_000
const KEPT_ERRORS = 20
const EXCERPT = 200

export interface LineError {
  /** From 1. */
  readonly line: number
  readonly error: MillwrightError
  /** The head of the line. */
  readonly text: string
}

/**
 * Reads InfluxDB's line protocol (docs.influxdata.com, "Line protocol reference"): `measurement,tag=v field=1i,other="x" 1700000000`.
 * A line that cannot be read is noted with its number and left out; the others count. Rows go to the series' devices:
 * hand them over between calls of `read`. One reader is for one payload.
 */
export class LineReader {
  /** The first of them; `errorCount` has all. */
  readonly errors: LineError[] = []
  errorCount = 0
  lines = 0
  points = 0
  readonly #text: string
  readonly #precision: Precision
  readonly #table: SeriesTable
  readonly #now: Micros
  #at = 0
  #line = 1

  /** @param now the time of lines without one, and what times are held against, µs */
  constructor(text: string, precision: Precision, table: SeriesTable, now: Micros) {
    this.#text = text
    this.#precision = precision
    this.#table = table
    this.#now = now
  }

  /** Reads lines until `points` more are there. @returns false at the end of the text */
  read(points: number): boolean {
    const text = this.#text
    const enough = this.points + points
    while (this.points < enough) {
      const first = this.#skipBlanks()
      if (first < 0) return false
      if (first === HASH) {
        this.#nextLine()
        continue
      }
      const start = this.#at
      const line = this.#line
      this.lines++
      let rows: MetricRows | undefined
      let before = 0
      try {
        const series = this.#series()
        rows = series.device.rows
        before = rows.length
        this.#fields(series, rows)
        this.#time(rows, before)
        this.points += rows.length - before
      } catch (error) {
        if (!(error instanceof MillwrightError)) throw error
        rows?.cut(before)
        this.errorCount++
        if (this.errors.length < KEPT_ERRORS)
          this.errors.push({ line, error, text: text.slice(start, start + EXCERPT).split('\n', 1)[0]! })
      }
      this.#nextLine()
    }
    return this.#at < text.length
  }

  /** The first character of the next line, or -1 at the end. */
  #skipBlanks(): number {
    const text = this.#text
    for (; this.#at < text.length; this.#at++) {
      const code = text.charCodeAt(this.#at)
      if (code === NEWLINE) this.#line++
      else if (code !== SPACE && code !== TAB && code !== RETURN && code !== 0) return code
    }
    return -1
  }

  #nextLine(): void {
    const end = this.#text.indexOf('\n', this.#at)
    this.#at = end < 0 ? this.#text.length : end + 1
    this.#line++
  }

  /** Measurement and tags: all up to the first space that no backslash stands before. */
  #series(): Series {
    const text = this.#text
    const start = this.#at
    const limit = Math.min(text.length, start + MAX_KEY)
    let at = start
    for (; at < limit; at++) {
      const code = text.charCodeAt(at)
      if (code === SPACE || code === NEWLINE) break
      if (code === BACKSLASH) at++
    }
    this.#at = Math.min(at, text.length)
    if (at >= limit && limit < text.length)
      throw influxErrors.tooLong({ what: 'measurement with its tags', limit: MAX_KEY })
    if (at >= text.length || text.charCodeAt(at) === NEWLINE) throw influxErrors.missingFields()
    const key = text.slice(start, at)
    return this.#table.find(key) ?? this.#table.add(key)
  }

  #fields(series: Series, rows: MetricRows): void {
    const text = this.#text
    while (text.charCodeAt(this.#at) === SPACE) this.#at++
    for (let index = 0; ; index++) {
      if (index >= BOUNDS.metrics) throw influxErrors.tooLong({ what: 'list of fields', limit: BOUNDS.metrics })
      const field = this.#fieldName(series, index)
      this.#value(field, rows)
      if (text.charCodeAt(this.#at) !== COMMA) return
      this.#at++
    }
  }

  /** Most lines of a series have the same fields in the same order: the next is compared before it is searched. */
  #fieldName(series: Series, index: number): Field {
    const text = this.#text
    const start = this.#at
    const expected = series.fields[index]
    if (expected !== undefined && text.startsWith(expected.raw, start)) {
      this.#at = start + expected.raw.length
      return expected
    }
    let at = start
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === EQUALS) break
      if (code === NEWLINE || code === SPACE || code === COMMA) at = text.length
      else if (code === BACKSLASH) at++
    }
    if (at >= text.length || at === start) {
      const missing = start >= text.length || text.charCodeAt(start) === NEWLINE
      throw missing
        ? influxErrors.missingFields()
        : influxErrors.invalidField({ at: start + 1 - this.#lineStart(start) })
    }
    if (at - start > MAX_KEY) throw influxErrors.tooLong({ what: 'field name', limit: MAX_KEY })
    this.#at = at + 1
    return this.#table.field(series, text.slice(start, at + 1))
  }

  #lineStart(at: number): number {
    return this.#text.lastIndexOf('\n', at - 1) + 1
  }

  #value({ metric }: Field, rows: MetricRows): void {
    const text = this.#text
    const start = this.#at
    if (text.charCodeAt(start) === QUOTE) {
      rows.pushWide(metric, ROW.state, { kind: 'state', value: this.#string(start) })
      return
    }
    let end = start
    let code = text.charCodeAt(end)
    // NaN, past the end, compares false.
    while (code !== COMMA && code !== SPACE && code !== NEWLINE && code !== RETURN && end < text.length)
      code = text.charCodeAt(++end)
    this.#at = end
    const last = text.charCodeAt(end - 1)
    let value: number
    if (last >= 48 && last <= 57) value = readNumber(text, start, end)
    else if (last === 105) value = readInteger(text, start, end - 1, LOW_INT, HIGH_INT)
    else if (last === 117) value = readInteger(text, start, end - 1, 0n, HIGH_UINT)
    else {
      const boolean = BOOLEANS.get(text.slice(start, Math.min(end, start + 6)))
      if (boolean !== undefined) {
        rows.push(metric, ROW.boolean, boolean, 0)
        return
      }
      value = end - start > BOUNDS.numberChars ? Number.NaN : readNumber(text, start, end)
    }
    if (!Number.isFinite(value))
      throw influxErrors.invalidNumber({ value: text.slice(start, Math.min(end, start + 60)) })
    rows.push(metric, ROW.number, value, 0)
  }

  /** In a string, `\"` and `\\` are escaped; anything else, line ends included, stands for itself. */
  #string(start: number): string {
    const text = this.#text
    const limit = Math.min(text.length, start + BOUNDS.stringBytes)
    let escaped = false
    for (let at = start + 1; at < limit; at++) {
      const code = text.charCodeAt(at)
      if (code === QUOTE) {
        this.#at = at + 1
        const raw = text.slice(start + 1, at)
        return escaped ? raw.replace(/\\(["\\])/g, '$1') : raw
      }
      if (code === BACKSLASH) {
        escaped = true
        at++
      } else if (code === NEWLINE) this.#line++
    }
    // What follows cannot be told from the string: the rest of its first line is left out, and reading goes on after it.
    this.#line -= text.slice(start, limit).split('\n').length - 1
    throw influxErrors.openString({ limit: BOUNDS.stringBytes })
  }

  #time(rows: MetricRows, from: number): void {
    const text = this.#text
    let at = this.#at
    while (text.charCodeAt(at) === SPACE) at++
    let end = at
    let code = text.charCodeAt(end)
    while (code >= 33 && end < text.length) code = text.charCodeAt(++end)
    if (at === end) {
      if (end < text.length && code !== NEWLINE && code !== RETURN) throw influxErrors.invalidTime({ value: '' })
      rows.setTime(from, this.#now)
      this.#at = end
      return
    }
    const time = readTime(text, at, end, this.#precision)
    // Between a value and its time stands a space; after the time nothing but the end of the line.
    let rest = end
    while (text.charCodeAt(rest) === SPACE || text.charCodeAt(rest) === RETURN) rest++
    const clean = at > this.#at && (rest >= text.length || text.charCodeAt(rest) === NEWLINE)
    if (!clean || !(time >= EARLIEST && time <= this.#now + DAY))
      throw influxErrors.invalidTime({ value: text.slice(at, Math.min(end, at + 40)) })
    this.#at = end
    rows.setTime(from, time)
  }
}

const BOOLEANS = new Map<string, number>([
  ...['t', 'T', 'true', 'True', 'TRUE'].map((text) => [text, 1] as const),
  ...['f', 'F', 'false', 'False', 'FALSE'].map((text) => [text, 0] as const),
])
