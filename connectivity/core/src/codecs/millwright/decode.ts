/**
 * Millwright JSON: one message or an array of them,
 * `{ "time": <µs> | "<RFC 3339>", "values": { "<metric>": … }, "units"?: {…}, "quality"?: {…} }`.
 */
import { type Micros, parseTime } from '@millwright/foundation'
import { connectivityErrors } from '../../errors.ts'
import { BOUNDS } from '../bounds.ts'
import { JsonReader } from '../json/reader.ts'
import type { Decode, MetricRows } from '../rows.ts'
import { believable } from '../times.ts'
import { readMetric } from './value.ts'

const TIME = 1
const VALUES = 2
const UNITS = 4
const QUALITY = 8

/** @returns a decoder with tables of its own (one per thread is enough) */
export function millwrightJson(): Decode {
  const reader = new JsonReader()
  return (payload, receivedAt, into) => {
    into.clear()
    reader.start(payload)
    if (reader.peek() === 'array') {
      reader.enterArray()
      while (reader.nextItem()) readMessage(reader, receivedAt, into)
    } else {
      readMessage(reader, receivedAt, into)
    }
    reader.finish()
  }
}

function readMessage(reader: JsonReader, receivedAt: Micros, into: MetricRows): void {
  const start = into.length
  let time = receivedAt
  let seen = 0
  let units: Map<string, string> | undefined
  let quality: Map<string, number> | undefined
  reader.enterObject()
  for (let key = reader.nextKey(); key !== undefined; key = reader.nextKey()) {
    const field =
      key === 'time' ? TIME : key === 'values' ? VALUES : key === 'units' ? UNITS : key === 'quality' ? QUALITY : 0
    if (field === 0) throw connectivityErrors.unknownField({ path: reader.path })
    if ((seen & field) !== 0) throw connectivityErrors.duplicateKey({ path: reader.path })
    seen |= field
    if (field === TIME) time = readTime(reader, receivedAt)
    else if (field === VALUES) readValues(reader, into, start)
    else if (field === UNITS) units = readUnits(reader)
    else quality = readQuality(reader)
  }
  if ((seen & VALUES) === 0)
    throw connectivityErrors.missingField({ path: `${reader.path === '/' ? '' : reader.path}/values` })
  into.setTime(start, time)
  if (units !== undefined) applyUnits(units, into, start)
  if (quality !== undefined) applyQuality(quality, into, start)
}

function readTime(reader: JsonReader, receivedAt: Micros): Micros {
  if (reader.peek() !== 'string') return believable(reader.readNumber(), receivedAt, () => reader.path)
  const time = parseTime(reader.readString(64))
  if (time === undefined) throw connectivityErrors.invalidTime({ path: reader.path, what: 'not a time of RFC 3339' })
  return believable(time, receivedAt, () => reader.path)
}

function readValues(reader: JsonReader, into: MetricRows, start: number): void {
  reader.enterObject()
  reader.beginDistinct()
  for (let name = reader.nextDistinctKey(); name !== undefined; name = reader.nextDistinctKey()) {
    readMetric(reader, name, into, false)
    if (into.length - start > BOUNDS.metrics) {
      throw connectivityErrors.tooMany({ path: reader.path, limit: BOUNDS.metrics, things: 'metrics' })
    }
  }
  if (into.length > BOUNDS.rows) {
    throw connectivityErrors.tooMany({ path: reader.path, limit: BOUNDS.rows, things: 'readings' })
  }
}

function readUnits(reader: JsonReader): Map<string, string> {
  return readMap(reader, () => {
    const unit = reader.readString(BOUNDS.unitChars * 4)
    if (unit.length > BOUNDS.unitChars || unit.length === 0) throw connectivityErrors.invalidUnit({ path: reader.path })
    return unit
  })
}

function readQuality(reader: JsonReader): Map<string, number> {
  return readMap(reader, () => {
    const code = reader.readNumber()
    if (!Number.isInteger(code) || code < 0 || code > 0xffff_ffff) {
      throw connectivityErrors.invalidQuality({ path: reader.path })
    }
    return code
  })
}

function readMap<V>(reader: JsonReader, readEntry: () => V): Map<string, V> {
  const entries = new Map<string, V>()
  reader.enterObject()
  for (let name = reader.nextKey(); name !== undefined; name = reader.nextKey()) {
    if (entries.has(name)) throw connectivityErrors.duplicateKey({ path: reader.path })
    entries.set(name, readEntry())
    if (entries.size > BOUNDS.metrics) {
      throw connectivityErrors.tooMany({ path: reader.path, limit: BOUNDS.metrics, things: 'metrics' })
    }
  }
  return entries
}

function applyUnits(units: Map<string, string>, into: MetricRows, start: number): void {
  for (let row = start; row < into.length; row++) {
    const name = into.name[row]!
    const unit = units.get(name)
    if (unit === undefined) continue
    into.setUnit(row, unit)
    units.delete(name)
  }
  for (const name of units.keys()) throw connectivityErrors.unitWithoutValue({ path: `/units/${name}` })
}

function applyQuality(quality: Map<string, number>, into: MetricRows, start: number): void {
  for (let row = start; row < into.length; row++) {
    const name = into.name[row]!
    const code = quality.get(name)
    if (code === undefined) continue
    // A null stays Bad, whatever else is said of it.
    if (into.quality[row] === 0 || code >>> 30 === 2) into.quality[row] = code
    quality.delete(name)
  }
  for (const name of quality.keys()) throw connectivityErrors.unitWithoutValue({ path: `/quality/${name}` })
}
