/** Decoded rows -> the historian's open window. Nothing here awaits: a message is in one window as a whole. */
import type { Micros } from '@millwright/foundation'
import { QUALITY, type ReadingBatch, type WideValue } from '../batch.ts'
import { kindOf, type MetricRows, ROW } from '../codecs/rows.ts'
import { isBelievable, unbelievable } from '../codecs/times.ts'
import { connectivityErrors } from '../errors.ts'
import type { ResolvedSignal } from '../ports.ts'

/** A reading further ahead of the server than this has a clock that cannot be trusted. */
const SKEW: Micros = 5 * 60 * 1_000_000

/** Why one metric is not stored, though its message is. */
export interface MetricRefusal {
  readonly metric: string
  readonly code: string
  readonly reason: string
}

/** Pushes one row; or says why it cannot be stored in this signal. */
export function placeRow(
  rows: MetricRows,
  row: number,
  signal: ResolvedSignal,
  receivedAt: Micros,
  into: ReadingBatch,
): MetricRefusal | undefined {
  const code = rows.kind[row]!
  const time = rows.time[row]!
  let quality = rows.quality[row]!
  if (!isBelievable(time, receivedAt)) return refusal(rows, row, unbelievable(time, receivedAt, rows.name[row]!))
  if (quality === QUALITY.good && time > receivedAt + SKEW) quality = QUALITY.uncertain
  if (code === ROW.number || code === ROW.boolean) {
    const value = rows.value[row]!
    if (signal.kind === 'number') {
      const stored = code === ROW.number ? value * signal.scale + signal.offset : value
      if (!Number.isFinite(stored))
        return refusal(rows, row, connectivityErrors.numberOutOfRange({ path: rows.name[row]! }))
      into.push(signal.key, time, stored, quality)
      return undefined
    }
    // A switch may be sent as 0 and 1.
    if (signal.kind === 'boolean' && (value === 0 || value === 1)) {
      into.push(signal.key, time, value, quality)
      return undefined
    }
    const text = rows.wide[row]
    if (text !== undefined && text.kind === signal.kind) {
      into.wide.push({ signal: signal.key, time, quality, value: text })
      return undefined
    }
    return mismatch(rows, row, signal)
  }
  if (code === ROW.none) return placeNone(rows, row, signal, into)
  const value = rows.wide[row]!
  if (value.kind !== signal.kind) return mismatch(rows, row, signal)
  const stored = scaled(value, signal)
  if (stored === undefined) return refusal(rows, row, connectivityErrors.numberOutOfRange({ path: rows.name[row]! }))
  into.wide.push({ signal: signal.key, time, quality, value: stored })
  return undefined
}

/** No value: Bad quality, and of each kind the emptiest value there is. */
function placeNone(
  rows: MetricRows,
  row: number,
  signal: ResolvedSignal,
  into: ReadingBatch,
): MetricRefusal | undefined {
  const time = rows.time[row]!
  const quality = rows.quality[row]!
  if (signal.kind === 'number' || signal.kind === 'boolean') {
    into.push(signal.key, time, Number.NaN, quality)
    return undefined
  }
  if (signal.kind === 'state')
    into.wide.push({ signal: signal.key, time, quality, value: { kind: 'state', value: '' } })
  else if (signal.kind === 'document') {
    into.wide.push({ signal: signal.key, time, quality, value: { kind: 'document', value: null } })
  } else return refusal(rows, row, connectivityErrors.noValueOfKind({ path: rows.name[row]!, kind: signal.kind }))
  return undefined
}

function mismatch(rows: MetricRows, row: number, signal: ResolvedSignal): MetricRefusal {
  const found = kindOf(rows.kind[row]!)
  return refusal(rows, row, connectivityErrors.kindMismatch({ path: rows.name[row]!, expected: signal.kind, found }))
}

function refusal(rows: MetricRows, row: number, error: { code: string; message: string }): MetricRefusal {
  return { metric: rows.name[row]!, code: error.code, reason: error.message }
}

/** In the signal's unit; undefined when a sample is beyond what a 32-bit float holds. */
function scaled(value: WideValue, { scale, offset }: ResolvedSignal): WideValue | undefined {
  if (value.kind !== 'waveform' || (scale === 1 && offset === 0)) return value
  const samples = value.samples.map((sample) => sample * scale + offset)
  return samples.every(Number.isFinite) ? { ...value, samples } : undefined
}
