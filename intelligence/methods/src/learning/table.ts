import { learningErrors } from './errors.ts'

/** Numeric inputs side by side, column by column; NaN is missing. A `Frame` is one, so is anything without a time. */
export interface Table {
  /** One for each column, unique. */
  readonly names: readonly string[]
  readonly columns: readonly Float64Array[]
}

export const rowCount = (table: Table): number => table.columns[0]?.length ?? 0

/** @throws MW-LEARN-0005 when names and columns differ in number, a name stands twice, or columns differ in length */
export function checkTable({ names, columns }: Table, target?: Float64Array): void {
  if (names.length !== columns.length)
    throw learningErrors.shape({ reason: `${names.length} names for ${columns.length} columns` })
  if (new Set(names).size !== names.length) throw learningErrors.shape({ reason: 'a name stands twice' })
  const rows = target?.length ?? columns[0]?.length ?? 0
  const odd = columns.findIndex((column) => column.length !== rows)
  if (odd >= 0)
    throw learningErrors.shape({
      reason: `"${names[odd]}" has ${columns[odd]!.length} rows where ${rows} are expected`,
    })
}

/** @throws MW-LEARN-0006 when the columns are not those the model knows, in that order */
export function checkInputs(trainedOn: readonly string[], { names, columns }: Table): void {
  const same = names.length === trainedOn.length && names.every((name, at) => name === trainedOn[at])
  if (!same || columns.length !== names.length)
    throw learningErrors.inputs({ wanted: listed(trainedOn), given: listed(names) })
}

/** The rows whose numbers are given, in that order. */
export function takeRows<T extends Table>(table: T, rows: ArrayLike<number>): Table {
  return { names: table.names, columns: table.columns.map((column) => takeValues(column, rows)) }
}

export function takeValues(values: Float64Array, rows: ArrayLike<number>): Float64Array {
  const taken = new Float64Array(rows.length)
  for (let at = 0; at < rows.length; at++) taken[at] = values[rows[at]!]!
  return taken
}

/** A sentence must stay one: of many names only the first few are said. */
export const listed = (names: readonly string[]): string =>
  names.length === 0
    ? 'none'
    : names.length <= 6
      ? names.join(', ')
      : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`
