import { BOUNDS, MetricRows } from '@millwright/connectivity'
import { influxErrors } from '../errors.ts'

/** How measurements, fields and tags become devices and metrics. */
export interface Mapping {
  /** The tags that name the device, joined by `/`; a series that lacks one of them is the connection's own. */
  readonly deviceTags: readonly string[]
  /** Tags that are left out of metric names. */
  readonly ignoredTags: readonly string[]
  readonly metric: 'measurement.field' | 'field'
}

/** Readings of one device, as they come together until they are handed over. */
export interface DeviceRows {
  readonly device: string | undefined
  readonly rows: MetricRows
}

export interface Field {
  /** As it stands on the wire, `=` included. */
  readonly raw: string
  readonly metric: string
}

/** All lines with the same measurement and tags. */
export interface Series {
  readonly device: DeviceRows
  /** In the order of their first coming: lines of a series repeat it. */
  readonly fields: Field[]
  readonly byRaw: Map<string, Field>
  readonly before: string
  readonly after: string
}

const MAX_SERIES = 20_000
const MAX_DEVICES = 1_000
const MAX_FIELDS = 5_000
export const MAX_KEY = 32_768
const MAX_DEVICE_NAME = 120
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/

/** The series a connection has met, by the text of their measurement and tags. Bounded: it is emptied when full. */
export class SeriesTable {
  readonly #mapping: Mapping
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
    if (this.#series.size < MAX_SERIES && this.#devices.size < MAX_DEVICES) return
    this.#series.clear()
    this.#devices.clear()
  }

  find(key: string): Series | undefined {
    return this.#series.get(key)
  }

  /** @param key measurement and tags as on the wire */
  add(key: string): Series {
    if (this.#series.size >= 2 * MAX_SERIES) throw influxErrors.tooLong({ what: 'list of series', limit: MAX_SERIES })
    const [measurement, ...pairs] = splitUnescaped(key, ',')
    const name = plain(measurement!)
    if (name === '') throw influxErrors.missingTags()
    const tags = new Map<string, string>()
    for (const pair of pairs) {
      const [tag, value, more] = splitUnescaped(pair, '=')
      if (tag === undefined || tag === '' || value === undefined || value === '' || more !== undefined)
        throw influxErrors.missingTags()
      tags.set(plain(tag), plain(value))
    }
    const { metric } = this.#mapping
    const series: Series = {
      device: this.#device(this.#deviceName(tags)),
      fields: [],
      byRaw: new Map(),
      before: metric === 'field' ? '' : `${name}.`,
      after: this.#suffix(tags),
    }
    // Kept apart from the request's text, of which the key is a slice.
    this.#series.set(Buffer.from(key).toString(), series)
    return series
  }

  /** @param raw the field's name as on the wire, `=` included */
  field(series: Series, raw: string): Field {
    const known = series.byRaw.get(raw)
    if (known !== undefined) return known
    const metric = `${series.before}${plain(raw.slice(0, -1))}${series.after}`
    if (metric.length > BOUNDS.nameChars) throw influxErrors.tooLong({ what: 'metric name', limit: BOUNDS.nameChars })
    if (CONTROL.test(metric)) throw influxErrors.missingFields()
    if (series.fields.length >= MAX_FIELDS) throw influxErrors.tooLong({ what: 'list of fields', limit: MAX_FIELDS })
    const field = { raw: Buffer.from(raw).toString(), metric }
    series.fields.push(field)
    series.byRaw.set(field.raw, field)
    return field
  }

  #deviceName(tags: ReadonlyMap<string, string>): string | undefined {
    const { deviceTags } = this.#mapping
    if (deviceTags.length === 0 || deviceTags.some((tag) => !tags.has(tag))) return undefined
    const name = deviceTags.map((tag) => tags.get(tag)!).join('/')
    if (name.length > MAX_DEVICE_NAME || CONTROL.test(name))
      throw influxErrors.tooLong({ what: 'device name', limit: MAX_DEVICE_NAME })
    return name
  }

  #device(name: string | undefined): DeviceRows {
    const known = this.#devices.get(name)
    if (known !== undefined) return known
    if (this.#devices.size >= 2 * MAX_DEVICES) throw influxErrors.tooManyDevices({ limit: MAX_DEVICES })
    const made = { device: name, rows: new MetricRows() }
    this.#devices.set(name, made)
    return made
  }

  /** `{cpu=cpu0,mode=idle}`, sorted: the same tags in another order are the same metric. */
  #suffix(tags: ReadonlyMap<string, string>): string {
    const { deviceTags, ignoredTags } = this.#mapping
    const shown = [...tags].filter(([tag]) => !deviceTags.includes(tag) && !ignoredTags.includes(tag))
    if (shown.length === 0) return ''
    shown.sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${shown.map(([tag, value]) => `${tag}=${value}`).join(',')}}`
  }
}

/** A backslash stands for itself, except before a character that would mean something. */
const plain = (text: string): string => (text.includes('\\') ? text.replace(/\\([,= ])/g, '$1') : text)

function splitUnescaped(text: string, by: string): string[] {
  const parts: string[] = []
  let from = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === by) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  parts.push(text.slice(from))
  return parts
}
