import type { Table } from '../../learning/table.ts'
import type { Rows } from '../detector.ts'

/** Rows as the columns that learning methods take, named by their number. */
export function columnsOf({ count, width, values }: Rows): Table {
  const columns = Array.from({ length: width }, (_, j) => {
    const column = new Float64Array(count)
    for (let row = 0; row < count; row++) column[row] = values[row * width + j]!
    return column
  })
  return { names: columns.map((_, j) => String(j)), columns }
}
