import { MetricRows, QUALITY } from '@millwright/connectivity'
import { DAY, type Micros, MillwrightError } from '@millwright/foundation'
import { sparkplugErrors } from '../errors.ts'
import { BOUNDS } from '../payload/bounds.ts'
import type { Envelope } from '../payload/envelope.ts'
import { integerOf } from '../payload/integers.ts'
import { MetricFields, nameProblem, VALUE } from '../payload/metric.ts'
import { type PlaceContext, placeValue, propertiesOf } from '../payload/place.ts'
import { qualityOf, unitTextOf } from '../payload/properties.ts'
import type { TemplateMembers } from '../payload/templates.ts'
import { TYPE } from '../payload/types.ts'
import { ucumOf } from '../payload/units.ts'
import { WIRE, WireReader } from '../wire/reader.ts'
import type { DeviceState, KnownMetric } from './device-state.ts'

/** Before this nothing was measured that comes by telemetry: such a clock was never set (2000-01-01). */
const EARLIEST: Micros = 946_684_800_000_000
/** Death numbers and controls are no measurements. */
const CONTROL = /^(bdSeq|(Node|Device) Control\/(Rebirth|Reboot|Next Server))$/
/** Refusals told of one message. */
const TOLD = 20

export interface DecoderOptions {
  readonly templatesAs: 'members' | 'documents'
  readonly storeTransient: boolean
  /** A metric that is not stored, as it stood in the payload. */
  refuse(metric: Buffer, device: DeviceState, error: MillwrightError): void
}

/** Turns the metrics of births and data into rows. One for all edge nodes: they take turns. */
export class MetricDecoder {
  readonly rows = new MetricRows()
  readonly #reader = new WireReader()
  readonly #metric = new MetricFields()
  readonly #options: DecoderOptions
  /** Made once: the hot path makes no object per metric. */
  readonly #context: { templates: Map<string, TemplateMembers> } & Omit<PlaceContext, 'templates'>
  #told = 0
  #device: DeviceState | undefined
  /** bdSeq of the birth or death that was read last; undefined: it had none. */
  bdSeq: number | undefined
  /** Metrics of the last data message that no birth had announced. */
  unknown = 0

  constructor(options: DecoderOptions) {
    this.#options = options
    this.#context = {
      templates: new Map(),
      templatesAs: options.templatesAs,
      refused: (error) => this.#refuse(error),
    }
  }

  /** A birth: what is known of the device is replaced. */
  birth(envelope: Envelope, device: DeviceState, templates: Map<string, TemplateMembers>, receivedAt: Micros): void {
    device.forget()
    this.bdSeq = undefined
    this.#context.templates = templates
    const ambiguous = new Set<number>()
    this.#each(envelope, device, () => {
      const metric = this.#metric
      const known = this.#announce(device, ambiguous)
      if (metric.name === 'bdSeq') this.bdSeq = this.#number()
      if (known !== undefined) this.#place(known, envelope, receivedAt, QUALITY.good)
    })
    device.born = true
  }

  /** Data of a device that was born. @param quality of what is not said to be bad */
  data(
    envelope: Envelope,
    device: DeviceState,
    templates: Map<string, TemplateMembers>,
    receivedAt: Micros,
    quality: number,
  ): void {
    this.unknown = 0
    this.#context.templates = templates
    this.#each(envelope, device, () => {
      const metric = this.#metric
      const known =
        metric.name === '' && metric.alias !== -1 ? device.aliases.get(metric.alias) : device.metrics.get(metric.name)
      if (known !== undefined) this.#place(known, envelope, receivedAt, quality)
      else this.#missing()
    })
  }

  /** The bdSeq of a death certificate. */
  death(envelope: Envelope, device: DeviceState): number | undefined {
    this.bdSeq = undefined
    this.#each(envelope, device, () => {
      if (this.#metric.name === 'bdSeq') this.bdSeq = this.#number()
    })
    return this.bdSeq
  }

  #each(envelope: Envelope, device: DeviceState, visit: () => void): void {
    this.rows.clear()
    this.#told = 0
    this.#device = device
    const reader = this.#reader
    reader.start(envelope.bytes)
    try {
      for (let field = reader.field(); field !== 0; field = reader.field()) {
        if (field !== 2) {
          reader.skip()
          continue
        }
        reader.expect(WIRE.bytes)
        const outer = reader.enter()
        this.#metric.read(reader)
        visit()
        reader.leave(outer)
      }
    } finally {
      reader.release()
    }
  }

  /** Takes a metric of a birth into what is known; undefined: refused. */
  #announce(device: DeviceState, ambiguous: Set<number>): KnownMetric | undefined {
    const metric = this.#metric
    const problem = metric.badName ? sparkplugErrors.invalidName({ path: device.source }) : nameProblem(metric.name)
    if (problem !== undefined) return this.#refuse(problem)
    if (device.metrics.size >= BOUNDS.metricsPerDevice) {
      return this.#refuse(sparkplugErrors.tooMany({ limit: BOUNDS.metricsPerDevice, things: 'metrics' }))
    }
    const properties = this.#properties()
    const unit = unitTextOf(properties)
    const known: KnownMetric = {
      name: metric.name,
      type: metric.type >= 0 ? metric.type : typeOf(metric.value),
      alias: metric.alias,
      unit: unit === undefined ? undefined : ucumOf(unit),
      hidden: CONTROL.test(metric.name) || (metric.transient && !this.#options.storeTransient),
      valued: false,
    }
    device.metrics.set(known.name, known)
    if (metric.alias !== -1) {
      // Which of the two data would mean nobody can say: neither is taken.
      const other = device.aliases.get(metric.alias)
      if ((other !== undefined && other.name !== known.name) || ambiguous.has(metric.alias)) {
        ambiguous.add(metric.alias)
        device.aliases.delete(metric.alias)
        this.#refuse(sparkplugErrors.duplicateAlias({ path: metric.name }))
      } else device.aliases.set(metric.alias, known)
    }
    return known
  }

  #place(known: KnownMetric, envelope: Envelope, receivedAt: Micros, base: number): void {
    if (known.hidden) return
    const metric = this.#metric
    const { rows } = this
    const start = rows.length
    let quality = base
    let time = metric.time === 0 ? envelope.time : metric.time
    if (time === 0) time = receivedAt
    if (time < EARLIEST || time > receivedAt + DAY) {
      if (metric.historical) {
        this.#refuse(sparkplugErrors.invalidTime({ path: known.name }))
        return
      }
      // A clock that was never set: the value is taken at the time of its coming, and is not sure.
      time = receivedAt
      if (quality === QUALITY.good) quality = QUALITY.uncertain
    }
    if (metric.propertiesTo !== 0) {
      const said = qualityOf(this.#properties())
      if (said !== undefined && said !== QUALITY.good) quality = said
    }
    try {
      placeValue(rows, this.#reader, metric, known.name, known.type, time, quality, this.#context)
    } catch (error) {
      if (!(error instanceof MillwrightError)) throw error
      rows.cut(start)
      this.#refuse(error)
    }
    if (rows.length === start) return
    if (known.type === TYPE.Template) this.#device!.remember(rows, start)
    else if (!metric.isNull) known.valued = true
    if (known.unit !== undefined && rows.length === start + 1) rows.setUnit(start, known.unit)
  }

  #missing(): void {
    const { name, alias } = this.#metric
    if (name === 'bdSeq') return
    this.unknown++
    if (name === '' && alias === -1) this.#refuse(sparkplugErrors.unnamed({}))
    else if (name === '') this.#refuse(sparkplugErrors.unknownAlias({ path: String(alias) }))
    else this.#refuse(sparkplugErrors.unknownMetric({ path: name }))
  }

  #properties() {
    try {
      return propertiesOf(this.#reader, this.#metric, this.#metric.name)
    } catch (error) {
      if (!(error instanceof MillwrightError)) throw error
      this.#refuse(error)
      return {}
    }
  }

  #number(): number | undefined {
    const { value, type, low, high } = this.#metric
    if (value !== VALUE.int && value !== VALUE.long) return undefined
    return integerOf(type === TYPE.Int64 ? TYPE.Int64 : TYPE.UInt64, low, high)
  }

  /** Each fault of a device is told once after its birth, and not more than a few of one message. */
  #refuse(error: MillwrightError): undefined {
    const device = this.#device!
    const fault = `${error.code} ${error.path ?? ''}`
    if (this.#told >= TOLD || device.refused.has(fault) || device.refused.size >= 1_000) return
    device.refused.add(fault)
    this.#told++
    const { start, stop } = this.#metric
    this.#options.refuse(Buffer.from(this.#reader.bytes.subarray(start, stop)), device, error)
  }
}

/** Of a metric whose birth does not say its type: what its value shows. */
function typeOf(value: number): number {
  switch (value) {
    case VALUE.int:
    case VALUE.long:
      return TYPE.UInt64
    case VALUE.float:
      return TYPE.Float
    case VALUE.double:
      return TYPE.Double
    case VALUE.boolean:
      return TYPE.Boolean
    case VALUE.text:
      return TYPE.String
    case VALUE.dataSet:
      return TYPE.DataSet
    case VALUE.template:
      return TYPE.Template
    default:
      return TYPE.Bytes
  }
}
