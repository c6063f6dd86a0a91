import { styleText } from 'node:util'
import type { Micros } from '@millwright/foundation'
import { clean, cleanLines, safeJson } from './clean.ts'
import { Progress } from './progress.ts'
import { type Column, tableLines } from './table.ts'
import { exactTime, shownTime, type Zone } from './times.ts'
import { pad, widthOf } from './width.ts'

export type Style = Parameters<typeof styleText>[0]

export interface OutputSettings {
  readonly json: boolean
  readonly utc: boolean
  readonly colour: boolean
  readonly quiet: boolean
}

/** Where results go: tables for people, JSON for programs; notes and progress go to standard error. */
export class Output {
  readonly json: boolean
  readonly zone: Zone
  readonly #settings: OutputSettings

  constructor(settings: OutputSettings) {
    this.#settings = settings
    this.json = settings.json
    this.zone = settings.utc ? 'utc' : 'local'
  }

  /** Columns of the terminal; Infinity where nobody looks: nothing is cut in a pipe or a file. */
  get width(): number {
    // Some terminals say 0 while they do not know.
    return process.stdout.columns || Number.POSITIVE_INFINITY
  }

  get interactive(): boolean {
    return process.stdout.isTTY === true
  }

  /** One line, made safe for the terminal. */
  line(text = ''): void {
    process.stdout.write(`${clean(text)}\n`)
  }

  /** Lines that this program dressed itself; their untrusted parts were cleaned before. */
  dressed(lines: readonly string[]): void {
    if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`)
  }

  /** The API's own answer. */
  value(value: unknown): void {
    process.stdout.write(`${safeJson(value, 2)}\n`)
  }

  /** One JSON value a line, for streams. */
  jsonLine(value: unknown): void {
    process.stdout.write(`${safeJson(value)}\n`)
  }

  table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void {
    const [titles, ...lines] = tableLines(columns, rows, this.width)
    this.dressed([this.style('bold', titles!), ...lines])
  }

  /** What one thing is: labels and values; a value of several lines is indented. */
  record(rows: readonly (readonly [label: string, value: string | undefined])[]): void {
    const given = rows.filter((row): row is readonly [string, string] => row[1] !== undefined && row[1] !== '')
    const width = Math.max(0, ...given.map(([label]) => widthOf(label)))
    for (const [label, value] of given) {
      const [first, ...more] = cleanLines(value)
      const lines = [`${this.style('dim', pad(label, width, 'left'))}  ${first}`]
      for (const line of more) lines.push(`${' '.repeat(width + 2)}${line}`)
      this.dressed(lines)
    }
  }

  /** Untrusted text within a line that is dressed. */
  safe(text: string): string {
    return clean(text)
  }

  /** To the person, not into the result. */
  note(text: string): void {
    if (this.#settings.quiet) return
    process.stderr.write(`${cleanLines(text).join('\n')}\n`)
  }

  progress(): Progress {
    return new Progress(process.stderr, this.#settings.quiet)
  }

  /** Colour means something and is only for eyes: on a terminal, without NO_COLOR. */
  style(style: Style, text: string): string {
    return this.#settings.colour ? styleText(style, text, { validateStream: false }) : text
  }

  time(time: Micros | null | undefined): string {
    return time === null || time === undefined ? '' : shownTime(time, this.zone)
  }

  exactTime(time: Micros): string {
    return exactTime(time, this.zone)
  }
}
