import type { FedReading, FedSignal } from '@millwright/connectivity'
import { formatTime } from '@millwright/foundation'

/** A reading as `{ time, value, unit, quality }`: RFC 3339, JSON, UCUM, OPC UA status code. */
export function jsonPayload({ unit }: FedSignal, { time, value, quality }: FedReading): Buffer {
  const shown = plain(value)
  return Buffer.from(
    JSON.stringify({ time: formatTime(time), value: shown, ...(unit === undefined ? {} : { unit }), quality }),
  )
}

/** The value alone: numbers, true/false and texts as they are, anything else as JSON; nothing for no value. */
export function valuePayload({ value }: FedReading): Buffer {
  const shown = plain(value)
  if (shown === null) return Buffer.alloc(0)
  return Buffer.from(typeof shown === 'object' ? JSON.stringify(shown) : String(shown))
}

function plain(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'object' || value === null) return value ?? null
  if ('samples' in value && ArrayBuffer.isView(value.samples)) {
    return { ...value, samples: [...(value.samples as Float32Array)] }
  }
  return value
}
