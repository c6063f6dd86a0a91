import { CsvParser, type CsvRow } from './csv.ts'
import { type Decimal, isMissing, parseNumber } from './numbers.ts'
import { detectTime } from './time-detect.ts'

export const DELIMITERS = [',', ';', '\t', '|'] as const
export type Delimiter = (typeof DELIMITERS)[number]

export interface Dialect {
  readonly delimiter: Delimiter
  readonly decimal: Decimal
  readonly header: boolean
}

export interface Given {
  readonly delimiter?: Delimiter | undefined
  readonly decimal?: Decimal | undefined
  readonly header?: boolean | undefined
}

const SAMPLE_ROWS = 200

/** Rows of a sample that are whole; at the end of the file the last one is. */
export function sampleRows(text: string, delimiter: string, whole: boolean): CsvRow[] {
  const parser = new CsvParser(delimiter)
  const rows = parser.push(text)
  return whole ? [...rows, ...parser.end()] : rows
}

/**
 * How a file is written: the delimiter under which most rows have one number of columns and most cells make sense as
 * numbers or times. Errors: throws a sentence when no delimiter gives at least two columns.
 */
export function detectDialect(text: string, whole: boolean, given: Given = {}): Dialect {
  const candidates = given.delimiter === undefined ? DELIMITERS : [given.delimiter]
  const judged = candidates.map((delimiter) => {
    const rows = sampleRows(text, delimiter, whole).slice(0, SAMPLE_ROWS)
    const decimal = given.decimal ?? detectDecimal(rows, delimiter)
    return { delimiter, decimal, rows, score: score(rows, decimal) }
  })
  const best = judged.reduce((a, b) => (b.score > a.score ? b : a))
  if (best.score <= 0) {
    throw new Error('No columns can be made out in this file: name its delimiter with --delimiter.')
  }
  const header = given.header ?? detectHeader(best.rows, best.decimal)
  return { delimiter: best.delimiter, decimal: best.decimal, header }
}

function score(rows: readonly CsvRow[], decimal: Decimal): number {
  const counts = new Map<number, number>()
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1)
  const [columns, among] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [0, 0]
  if (columns < 2) return 0
  // The first row may be a header: it says nothing about values, unless there is no other.
  const judged = rows.length > 1 ? rows.slice(1) : rows
  let sensible = 0
  let all = 0
  for (const { cells } of judged) {
    for (const cell of cells) {
      all += 1
      if (isValue(cell.trim(), decimal)) sensible += 1
    }
  }
  return (among / rows.length) * (0.1 + sensible / all) + Math.min(columns, 50) / 1e6
}

const isValue = (cell: string, decimal: Decimal): boolean =>
  cell === '' || isMissing(cell) || parseNumber(cell, decimal) !== undefined || 'format' in detectTime([cell])

/** Numbers with a comma between digits against numbers with a point, dates left out. */
function detectDecimal(rows: readonly CsvRow[], delimiter: Delimiter): Decimal {
  let commas = 0
  let points = 0
  for (const { cells } of rows) {
    for (const cell of cells) {
      const text = cell.trim()
      if (/^[+-]?[\d.]*\d?,\d+(?:[eE][+-]?\d+)?$/.test(text)) commas += 1
      else if (/^[+-]?[\d,]*\d?\.\d+(?:[eE][+-]?\d+)?$/.test(text)) points += 1
    }
  }
  // With commas between the cells, a comma within one is the thousands' unless nearly all numbers have one.
  return commas > (delimiter === ',' ? points * 5 : points) ? ',' : '.'
}

/** A header's cells are all filled and none is a number or a time. */
function detectHeader(rows: readonly CsvRow[], decimal: Decimal): boolean {
  const first = rows[0]?.cells.map((cell) => cell.trim()) ?? []
  return first.every((cell) => cell !== '' && (isMissing(cell) || !isValue(cell, decimal)))
}
