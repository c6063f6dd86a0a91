import type { ConnectionPreview } from '@millwright/contracts'
import type { Clock, MillwrightError } from '@millwright/foundation'
import { rowValue } from '../codecs/row-value.ts'
import { kindOf, type MetricRows } from '../codecs/rows.ts'
import { connectivityErrors } from '../errors.ts'
import type { ReadingsPort } from './adapter.ts'
import type { StatusKeeper } from './status.ts'

const SHOWN_CHARS = 2_000
const SHOWN_SAMPLES = 64
const PAYLOAD_BYTES = 4_096
const REFUSED = 50

/** Keeps the first readings of a draft for a person to look at, and stores nothing. */
export class PreviewReadings implements ReadingsPort {
  readonly readings: ConnectionPreview['readings'] = []
  readonly refused: ConnectionPreview['refused'] = []
  readonly saturated = false
  readonly #clock: Clock
  readonly #limit: number
  readonly #status: StatusKeeper
  readonly #enough: () => void
  #over = false

  /** @param enough called when there are `limit` readings */
  constructor(options: { clock: Clock; limit: number; status: StatusKeeper; enough: () => void }) {
    this.#clock = options.clock
    this.#limit = options.limit
    this.#status = options.status
    this.#enough = options.enough
  }

  /** What comes from now on is neither kept nor acknowledged. */
  end(): void {
    this.#over = true
  }

  accept(rows: MetricRows, source: string, device?: string): Promise<void> {
    if (this.#over) return Promise.reject(connectivityErrors.previewCut())
    for (let row = 0; row < rows.length && this.readings.length < this.#limit; row++) {
      const unit = rows.hasUnits ? rows.unit[row] : undefined
      this.readings.push({
        ...(device === undefined ? {} : { device }),
        metric: rows.name[row]!,
        kind: kindOf(rows.kind[row]!) ?? 'none',
        time: rows.time[row] || this.#clock.now(),
        value: shown(rowValue(rows, row)),
        quality: rows.quality[row]!,
        ...(unit === undefined ? {} : { unit }),
        source,
      })
    }
    this.#status.accepted(rows.length)
    if (this.readings.length >= this.#limit) this.#enough()
    return Promise.resolve()
  }

  refuse(payload: Uint8Array, source: string, error: MillwrightError): Promise<void> {
    if (!this.#over && this.refused.length < REFUSED) {
      const head = Buffer.from(payload.subarray(0, PAYLOAD_BYTES)).toString('base64')
      this.refused.push({ source, reason: error.message, payload: head })
    }
    return Promise.resolve()
  }

  online(): void {
    // Nothing to show: its readings name the device.
  }

  offline(device: string, reason: string): void {
    this.#status.failed(`${device}: ${reason}`)
  }

  drained(): Promise<void> {
    return Promise.resolve()
  }
}

/** Large values by their beginning: a preview is looked at, not kept. */
function shown(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return null
  if (typeof value === 'string') return value.slice(0, SHOWN_CHARS)
  if (typeof value !== 'object' || value === null) return value
  const { samples } = value as { samples?: unknown }
  if (samples instanceof Float32Array) return { ...value, samples: [...samples.subarray(0, SHOWN_SAMPLES)] }
  const text = JSON.stringify(value)
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : value
}
