import { type MetricRows, QUALITY, ROW } from '@millwright/connectivity'
import type { Micros, MillwrightError } from '@millwright/foundation'
import { sparkplugErrors } from '../errors.ts'
import type { WireReader } from '../wire/reader.ts'
import { isArray, isNumericArray, readArray, readSamples } from './arrays.ts'
import { BOUNDS } from './bounds.ts'
import { readDataSet } from './dataset.ts'
import { integerOf } from './integers.ts'
import { MetricFields, nameProblem, VALUE } from './metric.ts'
import { qualityOf, readProperties, sampleRateOf } from './properties.ts'
import { dateText } from './scalar.ts'
import { membersOf, readTemplate, type TemplateMembers, tooDeep } from './templates.ts'
import { TYPE, typeName } from './types.ts'

export interface PlaceContext {
  /** Definitions that this edge node's births gave. */
  readonly templates: Map<string, TemplateMembers>
  /** How instances are kept: a reading for each member, or one document. */
  readonly templatesAs: 'members' | 'documents'
  /** Refused parts of a value: the rest is kept. */
  refused(error: MillwrightError): void
}

/**
 * Puts a metric's value into rows: one row, or one for each member of a template. The rows' times and units are set here;
 * what cannot be stored is told to `context.refused` and leaves no row.
 * @param type as its birth said @param quality OPC UA status code of a value that is there
 */
export function placeValue(
  rows: MetricRows,
  reader: WireReader,
  metric: MetricFields,
  name: string,
  type: number,
  time: Micros,
  quality: number,
  context: PlaceContext,
): void {
  const row = rows.length
  if (metric.isNull || metric.value === VALUE.none) {
    // Without is_null a metric without value is a definition of nothing; Sparkplug's clients write null so as well.
    rows.push(name, ROW.none, Number.NaN, quality >>> 30 === 2 ? quality : QUALITY.bad)
    rows.time[row] = time
    return
  }
  switch (type) {
    case TYPE.Float:
    case TYPE.Double:
      if (metric.value === VALUE.float || metric.value === VALUE.double) pushNumber(rows, name, metric.number, quality)
      else context.refused(wrong(name, type, 'another field of the value is set'))
      break
    case TYPE.Boolean:
      if (metric.value === VALUE.boolean) rows.push(name, ROW.boolean, metric.number, quality)
      else context.refused(wrong(name, type, 'another field of the value is set'))
      break
    case TYPE.Int8:
    case TYPE.Int16:
    case TYPE.Int32:
    case TYPE.Int64:
    case TYPE.UInt8:
    case TYPE.UInt16:
    case TYPE.UInt32:
    case TYPE.UInt64: {
      const value =
        metric.value === VALUE.int || metric.value === VALUE.long ? integerOf(type, metric.low, metric.high) : undefined
      if (value === undefined) context.refused(wrong(name, type, 'it is out of range or no integer'))
      else rows.push(name, ROW.number, value, quality)
      break
    }
    default:
      placeWide(rows, reader, metric, name, type, time, quality, context, 1)
      return
  }
  if (rows.length > row) rows.time[row] = time
}

/** A number that is none is a value that is missing. */
function pushNumber(rows: MetricRows, name: string, value: number, quality: number): void {
  if (Number.isFinite(value)) rows.push(name, ROW.number, value, quality)
  else rows.push(name, ROW.none, Number.NaN, QUALITY.bad)
}

function placeWide(
  rows: MetricRows,
  reader: WireReader,
  metric: MetricFields,
  name: string,
  type: number,
  time: Micros,
  quality: number,
  context: PlaceContext,
  depth: number,
): void {
  if (type === TYPE.Template && metric.value === VALUE.template) {
    placeTemplate(rows, reader, metric, name, time, quality, context, depth)
    return
  }
  const row = rows.length
  const error = pushWide(rows, reader, metric, name, type)
  if (error !== undefined) {
    context.refused(error)
    return
  }
  rows.time[row] = time
  rows.quality[row] = quality
}

function pushWide(
  rows: MetricRows,
  reader: WireReader,
  metric: MetricFields,
  name: string,
  type: number,
): MillwrightError | undefined {
  const { value } = metric
  if (type === TYPE.String || type === TYPE.Text || type === TYPE.UUID) {
    if (value !== VALUE.text) return wrong(name, type, 'another field of the value is set')
    rows.pushWide(name, ROW.state, { kind: 'state', value: metric.text })
  } else if (type === TYPE.DateTime) {
    if (value !== VALUE.long && value !== VALUE.int) return wrong(name, type, 'another field of the value is set')
    rows.pushWide(name, ROW.state, { kind: 'state', value: dateText(metric.number) })
  } else if (type === TYPE.DataSet) {
    if (value !== VALUE.dataSet) return wrong(name, type, 'another field of the value is set')
    const document = within(reader, metric.from, metric.to, () => readDataSet(reader, name))
    rows.pushWide(name, ROW.document, { kind: 'document', value: document })
  } else if (type === TYPE.Bytes || type === TYPE.File) {
    if (value !== VALUE.bytes) return wrong(name, type, 'another field of the value is set')
    if (metric.to - metric.from > BOUNDS.binaryBytes) {
      return wrong(name, type, `it has more than ${BOUNDS.binaryBytes} bytes`)
    }
    rows.pushWide(name, ROW.document, { kind: 'document', value: binary(reader, metric) })
  } else if (isArray(type)) {
    if (value !== VALUE.bytes) return wrong(name, type, 'another field of the value is set')
    pushArray(rows, reader, metric, name, type)
  } else if (type === TYPE.Template) return wrong(name, type, 'another field of the value is set')
  else return sparkplugErrors.unknownType({ path: name, type: typeName(type) })
  return undefined
}

/** Numbers with a `sampleRate` property are a waveform; other arrays a document. */
function pushArray(rows: MetricRows, reader: WireReader, metric: MetricFields, name: string, type: number): void {
  const bytes = reader.bytes.subarray(metric.from, metric.to)
  const rate = isNumericArray(type) ? sampleRateOf(propertiesOf(reader, metric, name)) : undefined
  if (rate !== undefined && bytes.length > 0) {
    const samples = readSamples(bytes, type, name)
    rows.pushWide(name, ROW.waveform, { kind: 'waveform', sampleRate: rate, samples })
  } else rows.pushWide(name, ROW.document, { kind: 'document', value: readArray(bytes, type, name) })
}

/** Bytes and files as a document: base64, and what the metadata says of them. */
function binary(reader: WireReader, metric: MetricFields): Record<string, unknown> {
  const bytes = reader.bytes.subarray(metric.from, metric.to)
  const document: Record<string, unknown> = { size: bytes.length, base64: bytes.toString('base64') }
  if (metric.metadataTo === 0) return document
  return within(reader, metric.metadataFrom, metric.metadataTo, () => {
    for (let field = reader.field(); field !== 0; field = reader.field()) {
      const key = METADATA[field]
      if (key !== undefined) document[key] = reader.text(BOUNDS.nameBytes)
      else reader.skip()
    }
    return document
  })
}

const METADATA: Readonly<Record<number, string>> = {
  2: 'contentType',
  5: 'fileName',
  6: 'fileType',
  7: 'md5',
  8: 'description',
}

function placeTemplate(
  rows: MetricRows,
  reader: WireReader,
  metric: MetricFields,
  name: string,
  time: Micros,
  quality: number,
  context: PlaceContext,
  depth: number,
): void {
  if (depth > BOUNDS.depth) throw tooDeep(name)
  const head = within(reader, metric.from, metric.to, () => readTemplate(reader))
  if (head.isDefinition) {
    if (context.templates.size < BOUNDS.properties) context.templates.set(name, membersOf(reader, head))
    return
  }
  const types = context.templates.get(head.reference)
  const start = rows.length
  const member = new MetricFields()
  for (const { from, to } of head.members) {
    within(reader, from, to, () => member.read(reader))
    const path = `${name}/${member.name}`
    const problem = member.badName ? sparkplugErrors.invalidName({ path: name }) : nameProblem(path)
    const type = member.type >= 0 ? member.type : (types?.get(member.name) ?? -1)
    if (problem !== undefined) context.refused(problem)
    else if (type === -1) context.refused(sparkplugErrors.unknownTemplate({ path, type: head.reference }))
    else if (rows.length - start > BOUNDS.metrics) {
      throw sparkplugErrors.tooMany({ limit: BOUNDS.metrics, things: 'members of templates' })
    } else {
      const own = member.time === 0 ? time : member.time
      const nested = type === TYPE.Template && member.value === VALUE.template && !member.isNull
      if (nested) placeTemplate(rows, reader, copyOf(member), path, own, quality, context, depth + 1)
      else {
        const said = member.propertiesTo === 0 ? undefined : qualityOf(propertiesOf(reader, member, path))
        placeValue(rows, reader, member, path, type, own, said ?? quality, context)
      }
    }
  }
  for (const parameter of head.parameters)
    pushParameter(rows, `${name}/${parameter.name}`, parameter.value, time, quality)
  if (context.templatesAs === 'documents') gather(rows, start, name, head.reference, head.version, time, quality)
}

/** The nested instance is read while the member's fields are needed no more, but its place is. */
function copyOf(member: MetricFields): MetricFields {
  const copy = new MetricFields()
  copy.from = member.from
  copy.to = member.to
  return copy
}

function pushParameter(rows: MetricRows, name: string, value: unknown, time: Micros, quality: number): void {
  if (nameProblem(name) !== undefined) return
  const row = rows.length
  if (typeof value === 'number') rows.push(name, ROW.number, value, quality)
  else if (typeof value === 'boolean') rows.push(name, ROW.boolean, value ? 1 : 0, quality)
  else if (typeof value === 'string') rows.pushWide(name, ROW.state, { kind: 'state', value })
  else return
  rows.time[row] = time
  rows.quality[row] = quality
}

/** Takes an instance's members together into one document again. */
function gather(
  rows: MetricRows,
  start: number,
  name: string,
  template: string,
  version: string,
  time: Micros,
  quality: number,
): void {
  const values: Record<string, unknown> = {}
  for (let row = start; row < rows.length; row++) values[rows.name[row]!.slice(name.length + 1)] = jsonOf(rows, row)
  rows.cut(start)
  const document = { template, ...(version === '' ? {} : { version }), values }
  rows.pushWide(name, ROW.document, { kind: 'document', value: document })
  rows.time[start] = time
  rows.quality[start] = quality
}

function jsonOf(rows: MetricRows, row: number): unknown {
  const code = rows.kind[row]
  if (code === ROW.number) return rows.value[row]
  if (code === ROW.boolean) return rows.value[row] === 1
  const wide = rows.wide[row]
  if (code === ROW.none || wide === undefined) return null
  if (wide.kind === 'waveform') return { sampleRate: wide.sampleRate, samples: [...wide.samples] }
  return wide.kind === 'position' ? null : wide.value
}

/** The properties of a metric; none: empty. */
export function propertiesOf(reader: WireReader, metric: MetricFields, name: string) {
  if (metric.propertiesTo === 0) return {}
  return within(reader, metric.propertiesFrom, metric.propertiesTo, () => readProperties(reader, name))
}

/** Reads a part of the payload and comes back to where the reader stood. */
function within<T>(reader: WireReader, from: number, to: number, read: () => T): T {
  const { at, end } = reader
  reader.at = from
  reader.end = to
  try {
    return read()
  } finally {
    reader.at = at
    reader.end = end
  }
}

const wrong = (path: string, type: number, what: string) =>
  sparkplugErrors.wrongValue({ path, type: typeName(type), what })
