import { rowValue } from '../codecs/row-value.ts'
import type { MetricRows } from '../codecs/rows.ts'

const SHOWN_ROWS = 10

/** Rows that came without a payload, as people read them in the message list and in dead letters: the head, as JSON. */
export function rowsPayload(rows: MetricRows): Buffer {
  const values: Record<string, unknown> = {}
  for (let row = 0; row < Math.min(rows.length, SHOWN_ROWS); row++) values[rows.name[row]!] = shown(rows, row)
  return json({ ...(rows.length === 0 ? {} : { time: rows.time[0] }), values })
}

/** One row so. */
export function rowPayload(rows: MetricRows, row: number): Buffer {
  const unit = rows.hasUnits ? rows.unit[row] : undefined
  return json({
    time: rows.time[row],
    values: { [rows.name[row]!]: shown(rows, row) },
    ...(unit === undefined ? {} : { units: { [rows.name[row]!]: unit } }),
    quality: { [rows.name[row]!]: rows.quality[row] },
  })
}

function shown(rows: MetricRows, row: number): unknown {
  const value = rowValue(rows, row)
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  const wide = rows.wide[row]
  // A waveform's first samples say enough, and thousands of readings a second pass here when they are refused.
  if (wide?.kind === 'waveform') return { sampleRate: wide.sampleRate, samples: [...wide.samples.subarray(0, 16)] }
  return typeof value === 'string' ? value.slice(0, 1_000) : value
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
