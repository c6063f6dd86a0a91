import { QUALITY, ROW } from '@millwright/connectivity'
import { DAY, type Micros, MillwrightError } from '@millwright/foundation'
import { prometheusErrors } from '../errors.ts'
import { labelText, type Series, type SeriesTable } from './series.ts'
import { BYTES, FIXED64, VARINT, Wire } from './wire.ts'

/** `prometheus.WriteRequest` (remote write 1.0) and `io.prometheus.write.v2.Request` (2.0). */
export type Version = '1.0' | '2.0'

/** 2000-01-01T00:00:00Z. */
const EARLIEST = 946_684_800_000_000
const MAX_SYMBOLS = 500_000
const tagOf = (field: number, wireType: number) => field * 8 + wireType
const SAMPLE_VALUE = tagOf(1, FIXED64)
const SAMPLE_TIME = tagOf(2, VARINT)

/** Fields that differ between the versions. */
const LAYOUT = {
  '1.0': {
    series: tagOf(1, BYTES),
    symbols: -1,
    label: tagOf(1, BYTES),
    exemplar: tagOf(3, BYTES),
    histogram: tagOf(4, BYTES),
  },
  '2.0': {
    series: tagOf(5, BYTES),
    symbols: tagOf(4, BYTES),
    label: tagOf(1, BYTES),
    exemplar: tagOf(4, BYTES),
    histogram: tagOf(3, BYTES),
  },
} as const
const SAMPLE = tagOf(2, BYTES)

/**
 * Reads a remote write request series by series into the rows of its devices; hand them over between calls of `read`. A
 * sample or series that cannot be taken is counted and left out; a request that cannot be read throws.
 */
export class WriteRequestReader {
  samples = 0
  rejected = 0
  histograms = 0
  exemplars = 0
  /** Why the first was rejected. */
  reason: string | undefined
  readonly #wire: Wire
  readonly #table: SeriesTable
  readonly #now: Micros
  readonly #version: Version
  /** Of 2.0: texts that labels refer to. They may stand behind the series. */
  readonly #symbols: string[] = []

  constructor(bytes: Buffer, version: Version, table: SeriesTable, now: Micros) {
    this.#wire = new Wire(bytes)
    this.#version = version
    this.#table = table
    this.#now = now
    if (version === '2.0') this.#readSymbols()
  }

  /** Reads series until `samples` more are there. @returns false at the end */
  read(samples: number): boolean {
    const wire = this.#wire
    const end = wire.bytes.length
    const { series } = LAYOUT[this.#version]
    const enough = this.samples + this.rejected + samples
    while (wire.at < end) {
      if (this.samples + this.rejected >= enough) return true
      const tag = wire.tag(end)
      if (tag !== series) wire.skip(tag & 7, end)
      else {
        const stop = wire.length(end)
        this.#series(stop)
        wire.at = stop
      }
    }
    return false
  }

  #readSymbols(): void {
    const wire = this.#wire
    const end = wire.bytes.length
    while (wire.at < end) {
      const tag = wire.tag(end)
      if (tag !== LAYOUT['2.0'].symbols) wire.skip(tag & 7, end)
      else {
        const stop = wire.length(end)
        if (this.#symbols.length >= MAX_SYMBOLS)
          throw prometheusErrors.tooMany({ things: 'symbols', limit: MAX_SYMBOLS })
        this.#symbols.push(labelText(wire.bytes, wire.at, stop))
        wire.at = stop
      }
    }
    wire.at = 0
  }

  #series(end: number): void {
    const wire = this.#wire
    const start = wire.at
    const layout = LAYOUT[this.#version]
    const { bytes } = wire
    // The labels stand together and first, as every sender writes them.
    while (wire.at < end && bytes[wire.at] === layout.label) {
      wire.at++
      wire.at = wire.length(end)
    }
    const labelsEnd = wire.at
    let together = this.#version === '1.0'
    while (wire.at < end) {
      const tag = wire.tag(end)
      if (tag === layout.label) together = false
      wire.skip(tag & 7, end)
    }
    const series = this.#find(together, start, labelsEnd, end)
    wire.at = start
    while (wire.at < end) {
      const tag = wire.tag(end)
      if (tag === SAMPLE) {
        const stop = wire.length(end)
        this.#sample(series, stop)
        wire.at = stop
      } else {
        if (tag === layout.histogram) this.histograms++
        else if (tag === layout.exemplar) this.exemplars++
        wire.skip(tag & 7, end)
      }
    }
  }

  /** @returns why not, when the series cannot be taken */
  #find(together: boolean, start: number, labelsEnd: number, end: number): Series | string {
    const wire = this.#wire
    const known = together ? this.#table.findBytes(wire.view, start, labelsEnd) : undefined
    if (known !== undefined) return known
    wire.at = start
    const labels = this.#version === '1.0' ? this.#labels(end) : this.#references(end)
    try {
      if (together) return this.#table.addBytes(wire.view, start, labelsEnd, labels)
      const name = labels.join('\u0000')
      return this.#table.find(name) ?? this.#table.add(name, labels)
    } catch (error) {
      if (error instanceof MillwrightError) return error.message
      throw error
    }
  }

  #labels(end: number): string[] {
    const wire = this.#wire
    const labels: string[] = []
    while (wire.at < end) {
      const tag = wire.tag(end)
      if (tag !== LAYOUT['1.0'].label) {
        wire.skip(tag & 7, end)
        continue
      }
      const stop = wire.length(end)
      let [name, value] = ['', '']
      while (wire.at < stop) {
        const field = wire.tag(stop)
        if (field !== tagOf(1, BYTES) && field !== tagOf(2, BYTES)) {
          wire.skip(field & 7, stop)
          continue
        }
        const textEnd = wire.length(stop)
        const text = labelText(wire.bytes, wire.at, textEnd)
        if (field === tagOf(1, BYTES)) name = text
        else value = text
        wire.at = textEnd
      }
      labels.push(name, value)
    }
    return labels
  }

  /** 2.0: pairs of numbers of symbols, packed or one by one. */
  #references(end: number): string[] {
    const wire = this.#wire
    const labels: string[] = []
    while (wire.at < end) {
      const tag = wire.tag(end)
      const packed = tag === LAYOUT['2.0'].label
      if (!packed && tag !== tagOf(1, VARINT)) {
        wire.skip(tag & 7, end)
        continue
      }
      const stop = packed ? wire.length(end) : end
      do {
        const symbol = this.#symbols[wire.varint(stop)]
        if (symbol === undefined) throw wire.fail('a label refers to a symbol that is not there')
        labels.push(symbol)
      } while (packed && wire.at < stop)
    }
    if (labels.length % 2 !== 0) throw wire.fail('a label has a name and no value')
    return labels
  }

  #sample(series: Series | string, end: number): void {
    const wire = this.#wire
    let value = 0
    let stale = false
    let milliseconds = 0
    while (wire.at < end) {
      const tag = wire.tag(end)
      if (tag === SAMPLE_VALUE) {
        value = wire.double(end)
        stale = Number.isNaN(value) && wire.isStaleBefore()
      } else if (tag === SAMPLE_TIME) milliseconds = wire.varint(end)
      else wire.skip(tag & 7, end)
    }
    const time = milliseconds * 1000
    if (typeof series === 'string') this.#reject(series)
    else if (!(time >= EARLIEST && time <= this.#now + DAY))
      this.#reject(`a time outside of 2000 to tomorrow (${series.metric})`)
    else {
      pushSample(series, value, stale, time)
      this.samples++
    }
  }

  #reject(reason: string): void {
    this.rejected++
    this.reason ??= reason
  }
}

/** A stale series ended (its target went away): no value from then on. Any other NaN or an infinity is no value either. */
function pushSample({ device: { rows }, metric, unit }: Series, value: number, stale: boolean, time: Micros): void {
  if (Number.isFinite(value)) rows.push(metric, ROW.number, value, 0)
  else rows.push(metric, ROW.none, Number.NaN, stale ? QUALITY.badNoCommunication : QUALITY.bad)
  const row = rows.length - 1
  rows.time[row] = time
  if (unit !== undefined) rows.setUnit(row, unit)
}
