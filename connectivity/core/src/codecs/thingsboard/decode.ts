/**
 * ThingsBoard telemetry: `{k: v}`, `{"ts": <ms>, "values": {k: v}}`, or an array of these. As ThingsBoard does by
 * default, a text that is a decimal number is taken as one; unlike it, nothing is dropped in silence.
 */
import type { Micros } from '@millwright/foundation'
import { connectivityErrors } from '../../errors.ts'
import { BOUNDS } from '../bounds.ts'
import { JsonReader } from '../json/reader.ts'
import { readMetric } from '../millwright/value.ts'
import { type Decode, type MetricRows, ROW } from '../rows.ts'
import { believable } from '../times.ts'

/** What ThingsBoard takes for a number in a text (its "type cast", on by default). */
const NUMERIC = /^-?(?:\d+|\d*\.\d+)$/
const NUMERIC_CHARS = 40

/** @returns a decoder with tables of its own */
export function thingsboardTelemetry(): Decode {
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
  let stamp: number | undefined
  /** Offset of `values` when it came first: whether it is a metric or holds them, only `ts` tells. */
  let valuesAt: number | undefined
  let timed = false
  reader.enterObject()
  reader.beginDistinct()
  for (let key = reader.nextDistinctKey(); key !== undefined; key = reader.nextDistinctKey()) {
    if (timed) throw connectivityErrors.unknownField({ path: reader.path })
    const kind = reader.peek()
    if (key === 'values' && kind === 'object') {
      if (stamp !== undefined && into.length === start + 1) {
        into.cut(start)
        readValues(reader, into, start)
        timed = true
        continue
      }
      valuesAt = reader.offset
    }
    readValue(reader, key, into)
    if (key === 'ts' && kind === 'number') stamp = into.value[into.length - 1]
    bounded(reader, into, start)
  }
  if (!timed && stamp !== undefined && valuesAt !== undefined) {
    refuseOthers(reader, into, start)
    const end = reader.offset
    reader.moveTo(valuesAt)
    into.cut(start)
    readValues(reader, into, start)
    reader.moveTo(end)
    timed = true
  }
  into.setTime(start, timed ? timeOf(stamp!, receivedAt, reader) : receivedAt)
}

/** A message with `ts` and `values` has nothing else. */
function refuseOthers(reader: JsonReader, into: MetricRows, start: number): void {
  for (let row = start; row < into.length; row++) {
    const name = into.name[row]!
    if (name !== 'ts' && name !== 'values') throw connectivityErrors.unknownField({ path: within(reader, name) })
  }
}

/** The path of a field of the message that the reader stands behind. */
const within = (reader: JsonReader, field: string): string => `${reader.path === '/' ? '' : reader.path}/${field}`

/** From milliseconds, which ThingsBoard has as whole numbers. The reader stands behind the message. */
function timeOf(stamp: number, receivedAt: Micros, reader: JsonReader): Micros {
  const path = () => within(reader, 'ts')
  if (!Number.isInteger(stamp)) throw connectivityErrors.invalidTime({ path: path(), what: 'not an integer' })
  return believable(stamp * 1000, receivedAt, path)
}

function readValues(reader: JsonReader, into: MetricRows, start: number): void {
  reader.enterObject()
  reader.beginDistinct()
  for (let name = reader.nextDistinctKey(); name !== undefined; name = reader.nextDistinctKey()) {
    readValue(reader, name, into)
    bounded(reader, into, start)
  }
}

function readValue(reader: JsonReader, name: string, into: MetricRows): void {
  readMetric(reader, name, into, true)
  const row = into.length - 1
  if (into.kind[row] !== ROW.state) return
  const wide = into.wide[row]!
  if (wide.kind !== 'state' || wide.value.length > NUMERIC_CHARS || !NUMERIC.test(wide.value)) return
  into.cut(row)
  into.pushNumericText(name, Number(wide.value), wide)
}

function bounded(reader: JsonReader, into: MetricRows, start: number): void {
  if (into.length - start > BOUNDS.metrics) {
    throw connectivityErrors.tooMany({ path: reader.path, limit: BOUNDS.metrics, things: 'metrics' })
  }
  if (into.length > BOUNDS.rows) {
    throw connectivityErrors.tooMany({ path: reader.path, limit: BOUNDS.rows, things: 'readings' })
  }
}
