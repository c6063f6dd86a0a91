import { DAY, formatTime, type Micros } from '@millwright/foundation'
import type { TelemetryMessage, Value } from '@millwright/sdk/device'
import { cellValue } from './columns.ts'
import { CsvParser, type CsvRow } from './csv.ts'
import { readText } from './encoding.ts'
import type { Plan } from './plan.ts'
import { RowError, shown } from './row-error.ts'
import { instantOf, readTime, TIME_FORMAT_WORDS } from './time-format.ts'

export interface TimedRow {
  readonly line: number
  readonly time: Micros
  readonly values: TelemetryMessage['values']
  /** About how many bytes of the file lie before the next row. */
  readonly bytes: number
}

/** The platform takes nothing older. */
const EARLIEST = Date.UTC(2000, 0, 1) * 1000

/**
 * The rows of a file in its order, as readings, in constant memory. A row that cannot be read goes to `onBad`, which
 * may throw. `now` bounds times from above: the platform refuses what lies more than a day ahead.
 */
export async function* timedRows(plan: Plan, now: Micros, onBad: (error: RowError) => void): AsyncGenerator<TimedRow> {
  const parser = new CsvParser(plan.dialect.delimiter)
  let before: Micros = 0
  let header = plan.dialect.header
  let earlier = 0
  const read = (row: CsvRow, bytes: number): TimedRow | undefined => {
    try {
      const timed = readRow(plan, row, before, now, bytes)
      before = timed.time
      return timed
    } catch (error) {
      if (!(error instanceof RowError)) throw error
      onBad(error)
      return undefined
    }
  }
  for await (const { text, bytes, end } of readText(plan.path, plan.encoding)) {
    const rows = end ? [...parser.push(text), ...parser.end()] : parser.push(text)
    for (const [at, row] of rows.entries()) {
      if (header) header = false
      else {
        const timed = read(row, Math.round(earlier + ((bytes - earlier) * (at + 1)) / rows.length))
        if (timed !== undefined) yield timed
      }
    }
    earlier = bytes
  }
}

function readRow(plan: Plan, row: CsvRow, before: Micros, now: Micros, bytes: number): TimedRow {
  // A row that was cut short may end within a number: it is not taken for whole. Delimiters too many at its end are.
  const filled = row.cells.findLastIndex((cell) => cell.trim() !== '') + 1
  if (filled > plan.width || row.cells.length < plan.width) {
    throw new RowError(row.line, `${row.cells.length} cells, but the file has ${plan.width} columns`)
  }
  const { index, name, format } = plan.time
  const cell = row.cells[index] ?? ''
  const written = readTime(cell, format)
  if (written === undefined) {
    throw new RowError(row.line, `${shown(cell)} in the column ${name} is not a time as ${TIME_FORMAT_WORDS[format]}`)
  }
  const time = instantOf(written, plan.zone, before)
  if (time === undefined) {
    throw new RowError(row.line, `${shown(cell)} does not exist in ${plan.zone.name}: clocks were put forward there`)
  }
  if (time < EARLIEST || time > now + DAY) {
    throw new RowError(
      row.line,
      `${formatTime(time)} is ${time < EARLIEST ? 'before 2000' : 'more than a day ahead'}: the platform refuses it`,
    )
  }
  const values: Record<string, Value> = {}
  for (const column of plan.columns) {
    const value = cellValue(row.cells[column.index] ?? '', column, plan.dialect.decimal, row.line)
    if (value !== undefined) values[column.name] = value
  }
  return { line: row.line, time, values, bytes }
}
