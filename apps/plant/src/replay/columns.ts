import type { Value } from '@millwright/sdk/device'
import type { CsvRow } from './csv.ts'
import { type Decimal, isMissing, parseNumber } from './numbers.ts'
import { RowError, shown } from './row-error.ts'

export type ColumnKind = 'number' | 'boolean' | 'state'

export interface Column {
  readonly index: number
  /** The metric's name. */
  readonly name: string
  readonly kind: ColumnKind
}

const LONGEST_STATE = 1000
const LONGEST_NAME = 200

/** From this part of its cells on, a column is one of numbers, and what is none is an error in it, not a text. */
const MOSTLY = 0.7

/** What a column holds, judged by a sample of its cells; a column without any content is taken for numbers. */
export function kindOf(cells: readonly string[], decimal: Decimal): ColumnKind {
  const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== '')
  const numbers = filled.filter((cell) => isMissing(cell) || parseNumber(cell, decimal) !== undefined)
  if (numbers.length >= filled.length * MOSTLY) return 'number'
  return filled.every((cell) => /^(true|false)$/i.test(cell)) ? 'boolean' : 'state'
}

/** A cell as the reading's value; undefined: no reading. Errors: RowError when it is not of the column's kind. */
export function cellValue(cell: string, column: Column, decimal: Decimal, line: number): Value | undefined {
  const text = cell.trim()
  if (text === '') return undefined
  if (column.kind === 'number') {
    const value = parseNumber(text, decimal)
    if (value !== undefined) return value
    if (isMissing(text)) return null
    throw new RowError(line, `${shown(text)} in the column ${column.name} is not a number`)
  }
  if (column.kind === 'boolean') {
    const lower = text.toLowerCase()
    if (lower === 'true' || lower === 'false') return lower === 'true'
    throw new RowError(line, `${shown(text)} in the column ${column.name} is neither true nor false`)
  }
  if (text.length > LONGEST_STATE) {
    throw new RowError(line, `the text in the column ${column.name} is longer than ${LONGEST_STATE} characters`)
  }
  return text
}

/** Names of all columns. Errors: throws a sentence when two are alike or one cannot be a metric's name. */
export function columnNames(first: CsvRow, header: boolean): string[] {
  if (!header) return first.cells.map((_, at) => `column_${at + 1}`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a metric's name may not have
  const names = first.cells.map((cell) => cell.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim())
  const seen = new Set<string>()
  for (const [at, name] of names.entries()) {
    if (name.length > LONGEST_NAME) {
      throw new RowError(first.line, `the name of column ${at + 1} is longer than ${LONGEST_NAME} characters`)
    }
    if (name === '') names[at] = `column_${at + 1}`
    else if (seen.has(name)) {
      throw new RowError(first.line, `two columns are named ${shown(name)}: choose with --columns, or mend the header`)
    }
    seen.add(name)
  }
  return names
}

/** A column by its name, or by its number from 1. Errors: throws a sentence with the names that there are. */
export function findColumn(names: readonly string[], asked: string): number {
  const at = names.indexOf(asked)
  if (at >= 0) return at
  const insensitive = names.findIndex((name) => name.toLowerCase() === asked.toLowerCase())
  if (insensitive >= 0) return insensitive
  const number = Number(asked)
  if (Number.isInteger(number) && number >= 1 && number <= names.length) return number - 1
  throw new Error(`There is no column ${shown(asked)}; there are: ${names.join(', ')}.`)
}
