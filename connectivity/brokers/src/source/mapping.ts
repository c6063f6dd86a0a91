import {
  BOUNDS,
  connectivityErrors,
  createDecoders,
  type MetricRows,
  QUALITY,
  ROW,
  readJson,
  type TelemetryFormat,
} from '@millwright/connectivity'
import { DAY, type Micros, type MillwrightError } from '@millwright/foundation'
import { brokerErrors } from '../errors.ts'
import type { FieldConfig, MappingConfig } from './config.ts'
import { type Found, type PathQuery, pathQuery } from './json-path.ts'
import { type TopicPattern, topicPattern } from './pattern.ts'
import { type Filling, type Template, template } from './template.ts'
import { asNumber, asQuality, asTime, placeJson } from './values.ts'

/** Before this nothing was measured that comes by telemetry (2000-01-01). */
const EARLIEST: Micros = 946_684_800_000_000

interface Field {
  readonly metric: Template
  readonly value: PathQuery
  readonly type: NonNullable<FieldConfig['type']>
  readonly unit: Template | undefined
  readonly time: PathQuery | undefined
  readonly timeFormat: NonNullable<FieldConfig['timeFormat']>
  readonly quality: PathQuery | undefined
  readonly required: boolean
}

/** A message on its way to rows. */
export interface MappedMessage {
  readonly topic: string
  readonly payload: Buffer
  /** Kept by the broker: how old it is nobody says. */
  readonly retained: boolean
  readonly receivedAt: Micros
}

/** What a topic means: the mapping and what its levels are. Kept per topic. */
export interface Meaning {
  readonly mapping: Mapping
  readonly levels: ReadonlyMap<string, string>
}

/** One entry of `mappings`, ready to read messages. */
export class Mapping {
  readonly pattern: TopicPattern
  readonly #config: MappingConfig
  readonly #device: Template | undefined
  readonly #metric: Template
  readonly #fields: readonly Field[]

  /** @param path JSON pointer of the entry @throws MW-BRK-0022 to 0026 */
  constructor(config: MappingConfig, path: string) {
    const { payload = 'json', fields = [] } = config
    this.#config = config
    this.pattern = topicPattern(config.topic, `${path}/topic`)
    const { names } = this.pattern
    if (payload === 'json' && fields.length === 0) throw brokerErrors.fieldsNeeded({ path: `${path}/fields`, payload })
    if (payload !== 'json' && fields.length > 0) throw brokerErrors.fieldsUseless({ path: `${path}/fields`, payload })
    this.#device = config.device ? template(config.device, names, `${path}/device`) : undefined
    this.#metric = template(config.metric || '{topic}', names, `${path}/metric`)
    this.#fields = fields.map((field, at) => compile(field, names, `${path}/fields/${at}`))
  }

  /**
   * Reads a message into `rows`; times of 0 are "now".
   * @param refused called for what is not stored of a message whose rest is
   * @returns the device's name; undefined: the connection's own
   * @throws a MillwrightError when nothing of the message can be stored
   */
  read(
    message: MappedMessage,
    levels: ReadonlyMap<string, string>,
    rows: MetricRows,
    refused: (error: MillwrightError) => void,
  ): string | undefined {
    const { topic, payload, receivedAt, retained } = message
    const kind = this.#config.payload ?? 'json'
    rows.clear()
    if (payload.length === 0) throw brokerErrors.emptyPayload()
    if (payload.length > BOUNDS.payloadBytes) {
      throw brokerErrors.payloadTooLarge({ size: payload.length, limit: BOUNDS.payloadBytes })
    }
    const filling: { document: unknown; key: string } & Filling = { topic, levels, document: undefined, key: '' }
    if (kind === 'number' || kind === 'text') this.#readPlain(kind, payload, filling, rows)
    else if (kind === 'json') {
      filling.document = readJson(payload)
      this.#readFields(filling, receivedAt, rows, refused)
    } else decoderOf(kind)(payload, receivedAt, rows)
    if (retained) markRetained(rows)
    if (this.#device === undefined) return undefined
    if (this.#device.readsPayload && filling.document === undefined && isJson(kind))
      filling.document = readJson(payload)
    return checkedName(this.#device, filling, 120, 'device name')
  }

  #readPlain(kind: 'number' | 'text', payload: Buffer, filling: Filling, rows: MetricRows): void {
    const text = textOf(payload)
    const name = checkedName(this.#metric, filling, BOUNDS.nameChars, 'metric name')
    if (kind === 'text') rows.pushWide(name, ROW.state, { kind: 'state', value: text })
    else {
      const number = asNumber(text)
      if (number === undefined) throw brokerErrors.notANumber({ value: text })
      rows.push(name, ROW.number, number, QUALITY.good)
      if (this.#config.unit) rows.setUnit(0, this.#config.unit)
    }
    rows.setTime(0, 0)
  }

  #readFields(
    filling: { document: unknown; key: string } & Filling,
    receivedAt: Micros,
    rows: MetricRows,
    refused: (error: MillwrightError) => void,
  ): void {
    let first: MillwrightError | undefined
    const refuse = (error: MillwrightError) => {
      first ??= error
      refused(error)
    }
    const { document } = filling
    for (const field of this.#fields) {
      const found = field.value.all(document)
      if (found.length === 0 && field.required) {
        throw brokerErrors.noValue({ path: field.value.text, metric: field.metric.text })
      }
      for (const one of found) {
        filling.key = one.key
        const error = readField(field, one, filling, receivedAt, rows)
        if (error !== undefined) refuse(error)
      }
    }
    if (rows.length === 0 && first === undefined) throw brokerErrors.nothingRead()
  }
}

function compile(config: FieldConfig, names: ReadonlySet<string>, path: string): Field {
  const value = pathQuery(config.value, `${path}/value`)
  const metric = template(config.metric, names, `${path}/metric`)
  if (!value.singular && !metric.places.has('key')) {
    const why = 'its path may find several values: name each by {key}'
    throw brokerErrors.template({ path: `${path}/metric`, template: config.metric, why })
  }
  return {
    metric,
    value,
    type: config.type ?? 'auto',
    unit: config.unit ? template(config.unit, names, `${path}/unit`) : undefined,
    time: config.time ? pathQuery(config.time, `${path}/time`) : undefined,
    timeFormat: config.timeFormat ?? 'rfc3339',
    quality: config.quality ? pathQuery(config.quality, `${path}/quality`) : undefined,
    required: config.required ?? false,
  }
}

/** @returns why the field is not stored; then it left no row */
function readField(
  field: Field,
  { value }: Found,
  filling: Filling,
  receivedAt: Micros,
  rows: MetricRows,
): MillwrightError | undefined {
  const row = rows.length
  const { document } = filling
  const name = field.metric.fill(filling)
  if (name === undefined || !isName(name, BOUNDS.nameChars)) {
    return brokerErrors.invalidName({ what: 'metric name', template: field.metric.text, path: field.value.text })
  }
  let time: Micros = 0
  if (field.time !== undefined) {
    const told = field.time.first(document)
    const read = told === undefined ? undefined : asTime(told, field.timeFormat)
    if (read === undefined) {
      const details = { path: field.time.text, format: field.timeFormat, value: told ?? 'nothing' }
      return brokerErrors.invalidTime(details)
    }
    if (read < EARLIEST || read > receivedAt + DAY) {
      const what = 'before 2000-01-01 or more than 24 hours ahead'
      return connectivityErrors.invalidTime({ path: field.time.text, what })
    }
    time = read
  }
  if (!placeJson(rows, name, value, field.type)) {
    return brokerErrors.wrongValue({ path: field.value.text, expected: `a ${field.type}` })
  }
  rows.time[row] = time
  const quality = field.quality === undefined ? undefined : asQuality(field.quality.first(document))
  // A missing value stays Bad, whatever is said of it.
  if (quality !== undefined && rows.quality[row] === QUALITY.good) rows.quality[row] = quality
  const unit = field.unit?.fill(filling)
  if (unit !== undefined && unit !== '' && unit.length <= BOUNDS.unitChars) rows.setUnit(row, unit)
  return undefined
}

/** A retained value without a time of its own is the last one there was, not one of now. */
function markRetained(rows: MetricRows): void {
  for (let row = 0; row < rows.length; row++) {
    if (rows.time[row] === 0 && rows.quality[row] === QUALITY.good) rows.quality[row] = QUALITY.uncertainLastUsable
  }
}

const isJson = (kind: string) => kind.endsWith('json')

let decoders: ReturnType<typeof createDecoders> | undefined
const decoderOf = (format: TelemetryFormat) => {
  decoders ??= createDecoders()
  return decoders[format]
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function textOf(payload: Buffer): string {
  if (payload.length > BOUNDS.stringBytes) {
    throw brokerErrors.payloadTooLarge({ size: payload.length, limit: BOUNDS.stringBytes })
  }
  try {
    return utf8.decode(payload)
  } catch {
    throw brokerErrors.notText()
  }
}

function checkedName(made: Template, filling: Filling, most: number, what: string): string {
  const name = made.fill(filling)
  if (name !== undefined && isName(name, most)) return name
  throw brokerErrors.invalidName({ what, template: made.text })
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/
const isName = (name: string, most: number): boolean =>
  name.length > 0 && name.length <= most && name !== '__proto__' && !CONTROL.test(name)
