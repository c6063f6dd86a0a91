import { stat } from 'node:fs/promises'
import type { Zone } from '@millwright/foundation'
import { type Column, columnNames, findColumn, kindOf } from './columns.ts'
import { type Delimiter, type Dialect, detectDialect, sampleRows } from './dialect.ts'
import { detectEncoding, type Encoding, readSample } from './encoding.ts'
import type { Decimal } from './numbers.ts'
import { detectTime } from './time-detect.ts'
import type { TimeFormat } from './time-format.ts'
import { zoneNamed } from './zone.ts'

export interface PlanOptions {
  readonly timeColumn?: string | undefined
  readonly columns?: readonly string[] | undefined
  readonly delimiter?: Delimiter | undefined
  readonly decimal?: Decimal | undefined
  readonly header?: boolean | undefined
  readonly encoding?: Encoding | undefined
  readonly timeFormat?: TimeFormat | undefined
  readonly timezone?: string | undefined
}

/** How a file will be read. */
export interface Plan {
  readonly path: string
  readonly size: number
  readonly encoding: Encoding
  readonly dialect: Dialect
  readonly width: number
  readonly time: { readonly index: number; readonly name: string; readonly format: TimeFormat }
  readonly zone: Zone
  readonly columns: readonly Column[]
}

const SAMPLE_BYTES = 1024 * 1024

/** Looks at the beginning of a file and decides what was not given. Errors: throws a sentence that says what to give. */
export async function planReplay(path: string, options: PlanOptions): Promise<Plan> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw new Error(`${path} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, { cause })
  })
  if (size === 0) throw new Error(`${path} is empty.`)
  const bytes = await readSample(path, SAMPLE_BYTES)
  const whole = bytes.length === size
  const encoding = options.encoding ?? detectEncoding(bytes)
  const text = new TextDecoder(encoding).decode(bytes, { stream: !whole })
  const dialect = detectDialect(text, whole, options)
  const rows = sampleRows(text, dialect.delimiter, whole)
  const first = rows[0]
  const data = dialect.header ? rows.slice(1) : rows
  if (first === undefined || data.length === 0) throw new Error(`${path} has no rows of data.`)
  const names = columnNames(first, dialect.header)
  const cellsOf = (at: number) => data.map(({ cells }) => cells[at] ?? '')
  const time = timeOf(names, cellsOf, options)
  const columns = chosen(names, time.index, options).map((index) => ({
    index,
    name: names[index]!,
    kind: kindOf(cellsOf(index), dialect.decimal),
  }))
  if (columns.length === 0) throw new Error('There is no column to play besides the time.')
  const zone = zoneNamed(options.timezone ?? 'UTC')
  return { path, size, encoding, dialect, width: names.length, time, zone, columns }
}

function timeOf(names: readonly string[], cellsOf: (at: number) => string[], options: PlanOptions): Plan['time'] {
  const { timeFormat } = options
  if (options.timeColumn === undefined) {
    const index = names.findIndex(
      (name, at) => /time|date|stamp|^ts$|zeit|datum/i.test(name) && !('none' in detectTime(cellsOf(at))),
    )
    if (index < 0) throw new Error(`Which column is the time? Name it with --time-column: ${names.join(', ')}.`)
    return timeOf(names, cellsOf, { ...options, timeColumn: names[index] })
  }
  const index = findColumn(names, options.timeColumn)
  const name = names[index]!
  if (timeFormat !== undefined) return { index, name, format: timeFormat }
  const detection = detectTime(cellsOf(index))
  if ('format' in detection) return { index, name, format: detection.format }
  const example = cellsOf(index).find((cell) => cell.trim() !== '') ?? ''
  if ('ambiguous' in detection) {
    throw new Error(`“${example}” in the column ${name} can be read in two ways: give --time-format dmy or mdy.`)
  }
  // What no format reads, or else the first: then all are times, but not of one format.
  const odd = cellsOf(index).findIndex((cell) => cell.trim() !== '' && 'none' in detectTime([cell]))
  const cell = odd < 0 ? example : cellsOf(index)[odd]!
  const where = odd < 0 ? '' : ` (row ${odd + 1} of the data)`
  throw new Error(`“${cell}”${where} in the column ${name} is no time that is known: mend it, or give --time-format.`)
}

function chosen(names: readonly string[], time: number, options: PlanOptions): number[] {
  const asked = options.columns?.map((name) => findColumn(names, name)) ?? names.map((_, at) => at)
  return [...new Set(asked)].filter((at) => at !== time)
}
