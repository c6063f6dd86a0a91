import { isUtf8 } from 'node:buffer'
import { BOUNDS, MetricRows } from '@millwright/connectivity'
import { prometheusErrors } from '../errors.ts'
import { ByteKeys } from './byte-keys.ts'
import { unitOf } from './units.ts'

/** How labels become devices and metrics. */
export interface Mapping {
  /** The labels that name the device, joined by `/`; a series that lacks one of them is the connection's own. */
  readonly deviceLabels: readonly string[]
  readonly ignoredLabels: readonly string[]
  /** Take units from metric names that end as Prometheus' naming conventions say. */
  readonly units: boolean
}

/** Readings of one device, as they come together until they are handed over. */
export interface DeviceRows {
  readonly device: string | undefined
  readonly rows: MetricRows
}

export interface Series {
  readonly device: DeviceRows
  readonly metric: string
  /** UCUM. */
  readonly unit: string | undefined
}

const MAX_SERIES = 100_000
const MAX_DEVICES = 1_000
const MAX_DEVICE_NAME = 120
const MAX_LABELS = 100
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/

/** The series a connection has met, by their labels as on the wire. Bounded: it is emptied when full. */
export class SeriesTable {
  readonly #mapping: Mapping
  readonly #keys = new ByteKeys()
  readonly #byKey: Series[] = []
  /** Of those whose labels do not stand together, or whose numbers mean something else in each request. */
  readonly #series = new Map<string, Series>()
  readonly #devices = new Map<string | undefined, DeviceRows>()

  constructor(mapping: Mapping) {
    this.#mapping = mapping
  }

  /** Those that may hold rows. */
  get devices(): Iterable<DeviceRows> {
    return this.#devices.values()
  }

  /** Call when no rows are held. */
  trim(): void {
    if (this.#series.size + this.#keys.size < MAX_SERIES && this.#devices.size < MAX_DEVICES) return
    this.#keys.clear()
    this.#byKey.length = 0
    this.#series.clear()
    this.#devices.clear()
  }

  /** By labels that stand together in `view`. */
  findBytes(view: DataView, start: number, end: number): Series | undefined {
    return this.#byKey[this.#keys.find(view, start, end)]
  }

  addBytes(view: DataView, start: number, end: number, labels: readonly string[]): Series {
    const series = this.#made(labels)
    const index = this.#keys.size < 2 * MAX_SERIES ? this.#keys.add(view, start, end) : -1
    if (index >= 0) this.#byKey[index] = series
    return series
  }

  find(key: string): Series | undefined {
    return this.#series.get(key)
  }

  add(key: string, labels: readonly string[]): Series {
    const series = this.#made(labels)
    if (this.#series.size < 2 * MAX_SERIES) this.#series.set(key, series)
    return series
  }

  /** @param labels name, value, name, value, … */
  #made(labels: readonly string[]): Series {
    if (labels.length > 2 * MAX_LABELS)
      throw prometheusErrors.tooMany({ things: 'labels of a series', limit: MAX_LABELS })
    const byName = new Map<string, string>()
    for (let at = 0; at < labels.length; at += 2) byName.set(labels[at]!, labels[at + 1]!)
    const name = byName.get('__name__')
    if (name === undefined || name === '') throw prometheusErrors.labels({ what: 'no name' })
    byName.delete('__name__')
    const metric = name + this.#suffix(byName)
    if (metric.length > BOUNDS.nameChars || CONTROL.test(metric))
      throw prometheusErrors.labels({
        what: `a name and labels of more than ${BOUNDS.nameChars} characters, or with control characters: leave labels out by the configuration`,
      })
    const series = {
      device: this.#device(this.#deviceName(byName)),
      metric,
      unit: this.#mapping.units ? unitOf(name) : undefined,
    }
    return series
  }

  #deviceName(labels: ReadonlyMap<string, string>): string | undefined {
    const { deviceLabels } = this.#mapping
    if (deviceLabels.length === 0 || deviceLabels.some((label) => !labels.has(label))) return undefined
    const name = deviceLabels.map((label) => labels.get(label)!).join('/')
    if (name.length > MAX_DEVICE_NAME || CONTROL.test(name))
      throw prometheusErrors.labels({ what: `a device name of more than ${MAX_DEVICE_NAME} characters` })
    return name
  }

  #device(name: string | undefined): DeviceRows {
    const known = this.#devices.get(name)
    if (known !== undefined) return known
    if (this.#devices.size >= 2 * MAX_DEVICES) throw prometheusErrors.tooMany({ things: 'devices', limit: MAX_DEVICES })
    const made = { device: name, rows: new MetricRows() }
    this.#devices.set(name, made)
    return made
  }

  /** `{code="200",method="GET"}`, as Prometheus writes it. */
  #suffix(labels: ReadonlyMap<string, string>): string {
    const { deviceLabels, ignoredLabels } = this.#mapping
    const shown = [...labels].filter(([label]) => !deviceLabels.includes(label) && !ignoredLabels.includes(label))
    if (shown.length === 0) return ''
    shown.sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${shown.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(',')}}`
  }
}

/** Text of a label; a series with bytes that are no UTF-8 is refused. */
export function labelText(bytes: Buffer, start: number, end: number): string {
  const part = bytes.subarray(start, end)
  if (!isUtf8(part)) throw prometheusErrors.labels({ what: 'a label that is not valid UTF-8' })
  return part.toString()
}
