import { clean } from './clean.ts'
import { cut, cutStart, pad, widthOf } from './width.ts'

export interface Column<Row> {
  readonly title: string
  /** The cell's text; `at` is the row's place. */
  readonly value: (row: Row, at: number) => string
  readonly align?: 'left' | 'right'
  /** Never cut: what people copy, as ids and times. */
  readonly whole?: boolean
  /** Cut at its start instead of its end: of a path, the end says most. */
  readonly keepEnd?: boolean
  /** Columns at which a cut cell can still be read; below that, other columns are left out first. */
  readonly readable?: number
  /** Left out when the table does not fit; the highest first. */
  readonly drop?: number
  /** Dresses a cell after it was cut and padded. */
  readonly dress?: (shown: string, row: Row) => string
}

const GAP = 2
const READABLE = 16
const NARROWEST = 8

/** Lines of a table that fits the width (Infinity: nothing is cut), its first line the titles. */
export function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string[] {
  const cells = rows.map((row, at) => columns.map((column) => clean(column.value(row, at))))
  const natural = columns.map((column, i) =>
    cells.reduce((widest, row) => Math.max(widest, widthOf(row[i]!)), widthOf(clean(column.title))),
  )
  const widths = fit(columns, natural, width)
  const shown = columns.map((_, i) => i).filter((i) => widths[i] !== undefined)
  const line = (texts: readonly string[], dress: (i: number, shown: string) => string) =>
    shown
      .map((i, at) => {
        const align = columns[i]!.align ?? 'left'
        const last = at === shown.length - 1 && align === 'left'
        const text = (columns[i]!.keepEnd === true ? cutStart : cut)(texts[i]!, widths[i]!)
        return dress(i, last ? text : pad(text, widths[i]!, align))
      })
      .join(' '.repeat(GAP))
      .trimEnd()
  return [
    line(
      columns.map(({ title }) => clean(title)),
      (_, text) => text,
    ),
    ...cells.map((row, at) => line(row, (i, text) => columns[i]!.dress?.(text, rows[at]!) ?? text)),
  ]
}

/** The width of each column; undefined for one that is left out. */
function fit<Row>(
  columns: readonly Column<Row>[],
  natural: readonly number[],
  width: number,
): readonly (number | undefined)[] {
  const held: (number | undefined)[] = [...natural]
  const droppable = columns
    .map((column, i) => ({ i, drop: column.drop ?? 0 }))
    .filter(({ drop }) => drop > 0)
    .sort((a, b) => b.drop - a.drop)
  for (;;) {
    // Cells that can still be read are worth more than columns that nobody can read.
    const widths = shrink(columns, held, width, (column) => column.readable ?? READABLE)
    if (total(widths) <= width) return widths
    const next = droppable.shift()
    if (next === undefined) return shrink(columns, widths, width, () => NARROWEST)
    held[next.i] = undefined
  }
}

/** Takes columns from the widest cells that may be cut, down to what each must keep. */
function shrink<Row>(
  columns: readonly Column<Row>[],
  given: readonly (number | undefined)[],
  width: number,
  least: (column: Column<Row>) => number,
): (number | undefined)[] {
  const widths = [...given]
  for (let over = total(widths) - width; over > 0; over -= 1) {
    let widest = -1
    for (const [i, column] of columns.entries()) {
      const here = widths[i]
      if (here === undefined || column.whole === true || here <= least(column)) continue
      if (widest < 0 || here > widths[widest]!) widest = i
    }
    if (widest < 0) break
    widths[widest]! -= 1
  }
  return widths
}

function total(widths: readonly (number | undefined)[]): number {
  const shown = widths.filter((width) => width !== undefined)
  return shown.reduce((sum, width) => sum + width, 0) + GAP * Math.max(0, shown.length - 1)
}
