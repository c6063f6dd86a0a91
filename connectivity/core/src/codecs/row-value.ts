import { type MetricRows, ROW } from './rows.ts'

/**
 * A row's value as plain JavaScript: number, boolean, text of a state, document, `{ latitude, longitude, altitude }`,
 * `{ sampleRate, samples }`; null: none.
 */
export function rowValue(rows: MetricRows, row: number): unknown {
  const code = rows.kind[row]!
  if (code === ROW.number) return rows.value[row]!
  if (code === ROW.boolean) return rows.value[row] === 1
  const wide = rows.wide[row]
  if (wide === undefined || code === ROW.none) return null
  if (wide.kind === 'state' || wide.kind === 'document') return wide.value
  const { kind: _, ...value } = wide
  return value
}
