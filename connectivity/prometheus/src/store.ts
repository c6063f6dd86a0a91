import { type ConnectionPorts, isRefusal } from '@millwright/connectivity'
import { prometheusErrors } from './errors.ts'
import { type Mapping, SeriesTable } from './protocol/series.ts'
import { unpackSnappy } from './protocol/snappy.ts'
import { type Version, WriteRequestReader } from './protocol/write-request.ts'

/** What became of a request. */
export interface Stored {
  readonly samples: number
  readonly rejected: number
  readonly reason: string | undefined
}

/** Samples that are read before the event loop gets its turn and storage is waited for. */
const SLICE = 20_000
const PAYLOAD_HEAD = 4096

/** Remote write requests into readings. */
export class SampleStore {
  readonly counters = { samples: 0, rejected_samples: 0, histograms_dropped: 0, exemplars_dropped: 0 }
  readonly #readings: ConnectionPorts['readings']
  readonly #clock: ConnectionPorts['clock']
  readonly #table: SeriesTable
  readonly #limit: number

  /** @param limit of an unpacked request, bytes */
  constructor({ readings, clock }: Pick<ConnectionPorts, 'readings' | 'clock'>, mapping: Mapping, limit: number) {
    this.#readings = readings
    this.#clock = clock
    this.#table = new SeriesTable(mapping)
    this.#limit = limit
  }

  /**
   * Resolves when all that can be stored is durable. Rejects with a refusal when the request cannot be read (its dead
   * letter is durable), otherwise when storage failed: send it again.
   */
  async take(packed: Buffer, version: Version, source: string): Promise<Stored> {
    try {
      return await this.#take(packed, version, source)
    } catch (error) {
      if (isRefusal(error)) await this.#readings.refuse(packed.subarray(0, PAYLOAD_HEAD), source, error)
      throw error
    }
  }

  async #take(packed: Buffer, version: Version, source: string): Promise<Stored> {
    const reader = new WriteRequestReader(unpackSnappy(packed, this.#limit), version, this.#table, this.#clock.now())
    let refused: string | undefined
    for (let more = true; more; ) {
      try {
        more = reader.read(SLICE)
      } catch (error) {
        // What was read before is whole; but the request is refused as one.
        for (const { rows } of this.#table.devices) rows.clear()
        throw error
      }
      for (const outcome of await Promise.allSettled(this.#handOver(source))) {
        if (outcome.status === 'fulfilled') continue
        if (!isRefusal(outcome.reason)) throw outcome.reason
        refused ??= outcome.reason.message
      }
      if (more && this.#readings.saturated) await this.#readings.drained()
    }
    this.counters.samples += reader.samples
    this.counters.rejected_samples += reader.rejected
    this.counters.histograms_dropped += reader.histograms
    this.counters.exemplars_dropped += reader.exemplars
    const { samples, histograms } = reader
    const rejected = reader.rejected + histograms
    const reason = reader.reason ?? (histograms > 0 ? 'native histograms are not stored' : undefined)
    if (rejected > 0) {
      const error = prometheusErrors.samples({ count: rejected, what: reason })
      await this.#readings.refuse(packed.subarray(0, PAYLOAD_HEAD), source, error)
      return { samples, rejected, reason: error.message }
    }
    return { samples, rejected: refused === undefined ? 0 : 1, reason: refused }
  }

  /** Nothing awaits between reading and this: the table's rows are one request's at a time. */
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
