import { BOUNDS, MetricRows, ROW } from '@millwright/connectivity'
import { DAY, type Micros } from '@millwright/foundation'
import type { PlannedColumn } from './csv/plan.ts'
import type { DeviceRows } from './folder/model.ts'

/** 2000-01-01T00:00:00Z. */
const EARLIEST = 946_684_800_000_000
const MAX_DEVICES = 1_000
const MAX_DEVICE_NAME = 120
/** Cells that hold no value, as measuring programs write it. */
const EMPTY = new Set([
  '',
  'nan',
  'null',
  'none',
  'n/a',
  '#n/a',
  'na',
  '-',
  '--',
  'inf',
  '-inf',
  '+inf',
  'infinity',
  '-infinity',
])
const TRUE = new Set(['true', 'yes', 'on', '1', 'wahr', 'ein', 'x'])
const FALSE = new Set(['false', 'no', 'off', '0', 'falsch', 'aus'])
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const DIGIT = /\d/

/** Rows by device, used again for each batch. */
export class RowsByDevice {
  readonly #devices = new Map<string | undefined, DeviceRows>()
  readonly #now: Micros

  constructor(now: Micros) {
    this.#now = now
  }

  get filled(): DeviceRows[] {
    return [...this.#devices.values()].filter(({ rows }) => rows.length > 0)
  }

  /** undefined: the name is too long, or there are too many devices in one batch. */
  of(device: string | undefined): MetricRows | undefined {
    const known = this.#devices.get(device)
    if (known !== undefined) return known.rows
    if ((device?.length ?? 0) > MAX_DEVICE_NAME || this.#devices.size >= MAX_DEVICES) return undefined
    const rows = new MetricRows()
    this.#devices.set(device, { device, rows })
    return rows
  }

  clear(): void {
    if (this.#devices.size > 100) this.#devices.clear()
    else for (const { rows } of this.#devices.values()) rows.clear()
  }

  isTime(time: Micros): boolean {
    return time >= EARLIEST && time <= this.#now + DAY
  }
}

/** A cell's text as a reading; false when the text cannot be one of the column's kind. An empty cell is no reading. */
export function pushText(rows: MetricRows, column: PlannedColumn, cell: string, decimal: '.' | ','): boolean {
  const text = cell.trim()
  const { metric, kind } = column
  if (kind === 'state') {
    if (text === '') return true
    if (text.length > BOUNDS.stringBytes / 4) return false
    rows.pushWide(metric, ROW.state, { kind: 'state', value: text })
    return true
  }
  if (text === '') return true
  if (kind !== 'boolean' && DIGIT.test(text)) {
    const number = decimal === ',' ? text.replace(',', '.') : text
    const value = NUMBER.test(number) ? Number(number) : Number.NaN
    if (Number.isFinite(value)) {
      rows.push(metric, ROW.number, value, 0)
      return true
    }
  }
  const lower = text.toLowerCase()
  if (EMPTY.has(lower)) return true
  if (kind === 'number') return false
  const boolean =
    kind === 'auto'
      ? lower === 'true'
        ? 1
        : lower === 'false'
          ? 0
          : -1
      : TRUE.has(lower)
        ? 1
        : FALSE.has(lower)
          ? 0
          : -1
  if (boolean >= 0) rows.push(metric, ROW.boolean, boolean, 0)
  else if (kind === 'boolean' || text.length > BOUNDS.stringBytes / 4) return false
  else rows.pushWide(metric, ROW.state, { kind: 'state', value: text })
  return true
}

/** A value of a column that is not text. @returns false when it cannot be a reading of the column's kind */
export function pushValue(rows: MetricRows, column: PlannedColumn, value: unknown): boolean {
  if (value === null || value === undefined) return true
  if (typeof value === 'string') return pushText(rows, column, value, '.')
  const { metric, kind } = column
  if (kind === 'state') {
    rows.pushWide(metric, ROW.state, { kind: 'state', value: String(value).slice(0, BOUNDS.stringBytes / 4) })
    return true
  }
  if (typeof value === 'boolean') rows.push(metric, kind === 'number' ? ROW.number : ROW.boolean, value ? 1 : 0, 0)
  else if (typeof value === 'number' || typeof value === 'bigint') {
    const number = Number(value)
    // NaN is how columns of floats say that there is nothing.
    if (!Number.isFinite(number)) return true
    if (kind === 'boolean') rows.push(metric, ROW.boolean, number === 0 ? 0 : 1, 0)
    else rows.push(metric, ROW.number, number, 0)
  } else return false
  return true
}
