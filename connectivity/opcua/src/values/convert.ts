import { type MetricRows, QUALITY, ROW } from '@millwright/connectivity'
import { formatTime, type Micros } from '@millwright/foundation'
import type { DataValue, Variant } from 'node-opcua-client'
import { localized, statusName, storable, TooLarge, textOf, toPlain } from './plain.ts'
import { isBelievable, microsOf } from './time.ts'
import { isNumeric, SHAPE, TYPE, wide64 } from './types.ts'

/** How a node's values become readings of its metric. */
export interface Meaning {
  readonly metric: string
  /** UCUM. */
  readonly unit: string | undefined
  /** Names of an enumeration's values, or of a discrete variable's states. */
  readonly states: ReadonlyMap<number, string> | undefined
  /** Hz: arrays of numbers are waveforms. */
  readonly sampleRate: number | undefined
}

/** What becomes of values that lie or do not fit, for the connection's counters. */
export interface Oddities {
  /** The source's time is not believable: the server's, or the present, stands for it. */
  badTimes: number
  /** No row can hold the value. */
  tooLarge: number
}

/** BadEncodingLimitsExceeded: the value is longer than is kept. */
const TOO_LARGE = 0x8008_0000
const MAX_TEXT_BYTES = 64 * 1024
const MAX_SAMPLES = 262_144
const SEVERITY = 0xc000_0000

/**
 * Appends one value as a row. The status code is kept as it is; a value without anything in it is `none`; the time is
 * the source's, else the server's, to the µs.
 * @param now for times that cannot be believed
 */
export function pushValue(rows: MetricRows, meaning: Meaning, value: DataValue, now: Micros, odd: Oddities): void {
  const at = rows.length
  let quality = value.statusCode.value >>> 0
  const variant = value.value
  if (
    variant === null ||
    variant === undefined ||
    variant.dataType === TYPE.null ||
    variant.value === null ||
    variant.value === undefined
  ) {
    rows.push(meaning.metric, ROW.none, Number.NaN, quality)
  } else if (!pushVariant(rows, meaning, variant)) {
    odd.tooLarge++
    rows.push(meaning.metric, ROW.none, Number.NaN, TOO_LARGE)
    quality = TOO_LARGE
  }
  // A number that is none (NaN, infinite) is no good value, whatever its status says.
  const empty = rows.kind[at] === ROW.none
  if (empty && quality >>> 30 === 0) quality = (QUALITY.bad | (quality & ~SEVERITY)) >>> 0
  const measured = rows.kind[at] === ROW.number || rows.kind[at] === ROW.waveform
  if (meaning.unit !== undefined && measured) rows.setUnit(at, meaning.unit)
  const time = timeOf(value, now)
  if (time === undefined) {
    odd.badTimes++
    if (quality >>> 30 === 0) quality = (QUALITY.uncertain | quality) >>> 0
  }
  rows.quality[at] = quality
  rows.time[at] = time ?? now
}

function timeOf(value: DataValue, now: Micros): Micros | undefined {
  const source = microsOf(value.sourceTimestamp, value.sourcePicoseconds)
  if (source !== undefined && isBelievable(source, now)) return source
  const server = microsOf(value.serverTimestamp, value.serverPicoseconds)
  // A server that gives no source time means its own; one that gives a wrong one is not believed at all.
  return source === undefined && server !== undefined && isBelievable(server, now) ? server : undefined
}

/** @returns false: no row can hold it */
function pushVariant(rows: MetricRows, meaning: Meaning, variant: Variant): boolean {
  const { metric, states, sampleRate } = meaning
  const { dataType, value } = variant
  if (variant.arrayType !== SHAPE.scalar) {
    if (sampleRate !== undefined && isNumeric(dataType) && variant.arrayType === SHAPE.array) {
      return pushWaveform(rows, metric, sampleRate, value, dataType)
    }
    return pushDocument(rows, metric, () => {
      const values = toPlain(value, dataType, true)
      const dimensions = variant.arrayType === SHAPE.matrix ? [...(variant.dimensions ?? [])] : undefined
      return dimensions === undefined ? { values } : { dimensions, values }
    })
  }
  if (isNumeric(dataType)) {
    const number =
      dataType === TYPE.int64 || dataType === TYPE.uint64 ? wide64(value, dataType === TYPE.int64) : Number(value)
    if (states !== undefined) return pushState(rows, metric, states.get(number) ?? String(number))
    const finite = Number.isFinite(number)
    rows.push(metric, finite ? ROW.number : ROW.none, finite ? number : Number.NaN, 0)
    return true
  }
  switch (dataType) {
    case TYPE.boolean:
      if (states !== undefined) return pushState(rows, metric, states.get(value ? 1 : 0) ?? String(value))
      rows.push(metric, ROW.boolean, value ? 1 : 0, 0)
      return true
    case TYPE.dateTime: {
      const time = microsOf(value as Date, 0)
      return pushState(rows, metric, time === undefined ? '' : formatTime(time))
    }
    case TYPE.extensionObject:
    case TYPE.dataValue:
    case TYPE.variant:
    case TYPE.diagnosticInfo:
      return pushDocument(rows, metric, () => {
        const plain = toPlain(value, dataType, false)
        return typeof plain === 'object' && plain !== null && !Array.isArray(plain) ? plain : { value: plain }
      })
    case TYPE.byteString:
      return pushDocument(rows, metric, () => ({ base64: toPlain(value, dataType, false) }))
    case TYPE.localizedText:
      return pushState(rows, metric, localized(value))
    case TYPE.statusCode:
      return pushState(rows, metric, statusName(value))
    default:
      // String, Guid, XmlElement, NodeId, ExpandedNodeId and QualifiedName have a text of their own.
      return pushState(rows, metric, textOf(value))
  }
}

function pushState(rows: MetricRows, metric: string, text: string): boolean {
  if (text.length * 3 > MAX_TEXT_BYTES && Buffer.byteLength(text) > MAX_TEXT_BYTES) return false
  rows.pushWide(metric, ROW.state, { kind: 'state', value: storable(text) })
  return true
}

function pushDocument(rows: MetricRows, metric: string, make: () => unknown): boolean {
  try {
    rows.pushWide(metric, ROW.document, { kind: 'document', value: make() })
    return true
  } catch (error) {
    if (error instanceof TooLarge) return false
    throw error
  }
}

function pushWaveform(
  rows: MetricRows,
  metric: string,
  sampleRate: number,
  value: ArrayLike<unknown>,
  type: number,
): boolean {
  if (value.length > MAX_SAMPLES) return false
  const samples = new Float32Array(value.length)
  for (let at = 0; at < value.length; at++) {
    const sample =
      type === TYPE.int64 || type === TYPE.uint64 ? wide64(value[at], type === TYPE.int64) : Number(value[at])
    samples[at] = sample
    if (!Number.isFinite(samples[at])) return false
  }
  if (samples.length === 0) rows.push(metric, ROW.none, Number.NaN, 0)
  else rows.pushWide(metric, ROW.waveform, { kind: 'waveform', sampleRate, samples })
  return true
}
