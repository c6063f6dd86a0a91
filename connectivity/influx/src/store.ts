import { isAscii, isUtf8 } from 'node:buffer'
import { type ConnectionPorts, isRefusal } from '@millwright/connectivity'
import { influxErrors } from './errors.ts'
import { LineReader } from './protocol/lines.ts'
import type { Precision } from './protocol/precision.ts'
import { type Mapping, SeriesTable } from './protocol/series.ts'

/** What became of a payload. */
export interface Stored {
  readonly lines: number
  /** Lines that could not be read, and readings that were refused. */
  readonly rejected: number
  /** `line 3: …`, of the first. */
  readonly reason: string | undefined
}

/** Points that are read before the event loop gets its turn and storage is waited for. */
const SLICE = 20_000
const PAYLOAD_HEAD = 4096

/** Line protocol into readings: parses, hands over, keeps what is wrong as one dead letter a payload. */
export class LineStore {
  readonly counters = { lines: 0, points: 0, rejected_lines: 0 }
  readonly #readings: ConnectionPorts['readings']
  readonly #clock: ConnectionPorts['clock']
  readonly #table: SeriesTable

  constructor({ readings, clock }: Pick<ConnectionPorts, 'readings' | 'clock'>, mapping: Mapping) {
    this.#readings = readings
    this.#clock = clock
    this.#table = new SeriesTable(mapping)
  }

  /**
   * Resolves when all that can be stored is durable. Rejects when storage failed (send it again), or with a refusal when
   * the payload is no text at all.
   */
  async take(payload: Buffer, precision: Precision, source: string): Promise<Stored> {
    if (!isUtf8(payload)) {
      const error = influxErrors.invalidUtf8()
      await this.#readings.refuse(payload.subarray(0, PAYLOAD_HEAD), source, error)
      throw error
    }
    // One-byte strings are quicker to walk through.
    const text = isAscii(payload) ? payload.toString('latin1') : payload.toString('utf8')
    const reader = new LineReader(text, precision, this.#table, this.#clock.now())
    let refused: string | undefined
    for (let more = true; more; ) {
      more = reader.read(SLICE)
      // A refusal has its dead letter already; the other devices' readings are stored all the same.
      for (const outcome of await Promise.allSettled(this.#handOver(source))) {
        if (outcome.status === 'fulfilled') continue
        if (!isRefusal(outcome.reason)) throw outcome.reason
        refused ??= outcome.reason.message
      }
      if (more && this.#readings.saturated) await this.#readings.drained()
    }
    this.counters.lines += reader.lines
    this.counters.points += reader.points
    this.counters.rejected_lines += reader.errorCount
    if (reader.errorCount === 0)
      return { lines: reader.lines, rejected: refused === undefined ? 0 : 1, reason: refused }
    const reason = summary(reader)
    const bad = reader.errors.map(({ line, text }) => `# line ${line}\n${text}\n`).join('')
    await this.#readings.refuse(
      Buffer.from(bad).subarray(0, PAYLOAD_HEAD),
      source,
      influxErrors.partialWrite({ summary: reason }),
    )
    return { lines: reader.lines, rejected: reader.errorCount, reason }
  }

  /** Nothing awaits between reading and this: the table's rows are one payload's at a time. */
  #handOver(source: string): Promise<void>[] {
    const accepted: Promise<void>[] = []
    for (const { device, rows } of this.#table.devices) {
      if (rows.length === 0) continue
      accepted.push(this.#readings.accept(rows, source, device))
      rows.clear()
    }
    this.#table.trim()
    return accepted
  }
}

function summary({ errors, errorCount }: LineReader): string {
  const first = errors[0]!
  const more = errorCount > 1 ? ` (and ${errorCount - 1} more lines)` : ''
  return `unable to parse line ${first.line} '${first.text.slice(0, 100)}': ${first.error.message}${more}; dropped=${errorCount}`
}
