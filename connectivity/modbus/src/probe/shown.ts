import { MetricRows, ROW } from '@millwright/connectivity'
import type { ReadRange } from '../plan/plan.ts'

/** The first values of a range as people read them: `Speed 1450 /min, Running true`. */
export function shownValues(range: ReadRange, data: Uint8Array, most = 5): string {
  const rows = new MetricRows()
  for (const read of range.reads.slice(0, most)) read(data, rows)
  const shown: string[] = []
  for (let row = 0; row < rows.length; row++) {
    const unit = rows.hasUnits && rows.unit[row] !== undefined ? ` ${rows.unit[row]}` : ''
    shown.push(`${rows.name[row]} ${valueAt(rows, row)}${unit}`)
  }
  return `${shown.join(', ')}${range.reads.length > most ? ', …' : ''}`
}

function valueAt(rows: MetricRows, row: number): string {
  const wide = rows.wide[row]
  if (wide?.kind === 'state') return JSON.stringify(wide.value)
  if (rows.kind[row] === ROW.none) return 'no value'
  return rows.kind[row] === ROW.boolean ? String(rows.value[row] === 1) : String(rows.value[row])
}
