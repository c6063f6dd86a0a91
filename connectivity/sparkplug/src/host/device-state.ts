import { type MetricRows, QUALITY, ROW } from '@millwright/connectivity'
import type { Micros } from '@millwright/foundation'
import { isNumericArray } from '../payload/arrays.ts'
import { BOUNDS } from '../payload/bounds.ts'

/** A metric as its birth certificate announced it. */
export interface KnownMetric {
  readonly name: string
  readonly type: number
  /** -1: none. */
  readonly alias: number
  /** UCUM. */
  readonly unit: string | undefined
  /** Not to be stored (is_transient, or a control). */
  readonly hidden: boolean
  /** It had a value since the birth: goes stale with its device. */
  valued: boolean
}

/** An edge node, or a device behind one: what its last birth said. */
export class DeviceState {
  /** As the platform calls it behind the connection. */
  readonly name: string
  /** `group/node[/device]`, for dead letters and the log. */
  readonly source: string
  readonly metrics = new Map<string, KnownMetric>()
  readonly aliases = new Map<number, KnownMetric>()
  /** Its birth certificate is known and holds. */
  born = false
  online = false
  /** Metrics refused since the birth, so that each is told once. */
  readonly refused = new Set<string>()
  readonly #members = new Set<string>()

  constructor(name: string, source: string) {
    this.name = name
    this.source = source
  }

  forget(): void {
    this.metrics.clear()
    this.aliases.clear()
    this.refused.clear()
    this.born = false
  }

  /** Keeps the names of a template's members: they go stale like metrics. */
  remember(rows: MetricRows, start: number): void {
    for (let row = start; row < rows.length && this.#members.size < BOUNDS.metricsPerDevice; row++) {
      this.#members.add(rows.name[row]!)
    }
  }

  /** Rows that say that nobody knows the values any more. A waveform has no "none". */
  pushStale(rows: MetricRows, time: Micros): void {
    for (const metric of this.metrics.values()) {
      if (!metric.valued || metric.hidden || isNumericArray(metric.type)) continue
      pushStale(rows, metric.name, time)
      metric.valued = false
    }
    for (const member of this.#members) pushStale(rows, member, time)
    this.#members.clear()
  }
}

function pushStale(rows: MetricRows, name: string, time: Micros): void {
  const row = rows.length
  rows.push(name, ROW.none, Number.NaN, QUALITY.badNoCommunication)
  rows.time[row] = time
}
