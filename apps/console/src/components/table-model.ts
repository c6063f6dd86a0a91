import type { ReactNode } from 'react'

export interface Column<T> {
  readonly key: string
  readonly title: string
  readonly cell: (row: T) => ReactNode
  /** What it sorts by; a column without is not sortable. */
  readonly sort?: (row: T) => string | number | null | undefined
  /** What stands in an exported file; without, the column is left out of it. */
  readonly text?: (row: T) => string | number | null | undefined
  /** A track of the grid, as `minmax(160px, 2fr)`. */
  readonly width?: string
  readonly align?: 'end'
  /** On a phone: the row's title, its second line (the default), or nothing. */
  readonly phone?: 'title' | 'line' | 'hidden'
  /** Hidden until somebody chooses it. */
  readonly optional?: boolean
}

export interface Sort {
  readonly key: string
  readonly down: boolean
}

/** Rows in the order of a column; rows without a value come last either way. Stable. */
export function sortRows<T>(rows: readonly T[], columns: readonly Column<T>[], sort: Sort | undefined): readonly T[] {
  const by = columns.find((column) => column.key === sort?.key)?.sort
  if (sort === undefined || by === undefined) return rows
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })
  const sign = sort.down ? -1 : 1
  return rows
    .map((row) => ({ row, value: by(row) }))
    .sort((a, b) => {
      if (a.value == null || b.value == null) return Number(a.value == null) - Number(b.value == null)
      if (typeof a.value === 'number' && typeof b.value === 'number') return sign * (a.value - b.value)
      return sign * collator.compare(String(a.value), String(b.value))
    })
    .map(({ row }) => row)
}

/** RFC 4180; a cell that a spreadsheet would take for a formula is quoted with an apostrophe in front. */
export function toCsv(
  header: readonly string[],
  rows: readonly (readonly (string | number | null | undefined)[])[],
): string {
  return [header, ...rows]
    .map((row) => row.map(csvCell).join(','))
    .join('\r\n')
    .concat('\r\n')
}

function csvCell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
