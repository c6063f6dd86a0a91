import type { Micros } from '@millwright/foundation'
import { WireWriter } from '../wire/writer.ts'
import { VALUE } from './metric.ts'
import { TYPE } from './types.ts'

/** A metric to be sent. `value` fits `type` (see `valueFor`): number, bigint, boolean, string or bytes; null: none. */
export interface OutMetric {
  readonly name?: string | undefined
  readonly alias?: number | undefined
  readonly time: Micros
  readonly type: number
  readonly value: OutValue
  readonly historical?: boolean
  /** Properties: texts, integers (Int32) and doubles. */
  readonly unit?: string | undefined
  /** 192 good, 0 bad, 500 stale; absent: not said, which is good. */
  readonly quality?: number | undefined
  /** Hz, of a numeric array that is a waveform. */
  readonly sampleRate?: number | undefined
}

export type OutValue = number | bigint | boolean | string | Uint8Array | OutDataSet | null

export interface OutDataSet {
  readonly columns: readonly string[]
  readonly types: readonly number[]
  readonly rows: readonly (readonly (number | bigint | boolean | string | null)[])[]
}

const writer = new WireWriter()

/** @param sequence 0 to 255; undefined: none, as in NDEATH and commands */
export function encodePayload(time: Micros, sequence: number | undefined, metrics: Iterable<OutMetric>): Buffer {
  writer.reset()
  writer.uint(1, Math.floor(time / 1000))
  for (const metric of metrics) writer.message(2, () => writeMetric(metric))
  if (sequence !== undefined) writer.uint(3, sequence)
  return writer.finish()
}

function writeMetric(metric: OutMetric): void {
  const { name, alias, time, type, value, historical, unit, quality, sampleRate } = metric
  if (name !== undefined) writer.text(1, name)
  if (alias !== undefined) writer.uint(2, alias)
  writer.uint(3, Math.floor(time / 1000))
  writer.uint(4, type)
  if (historical === true) writer.bool(5, true)
  if (value === null) writer.bool(7, true)
  if (unit !== undefined || quality !== undefined || sampleRate !== undefined) {
    writer.message(9, () => writeProperties({ engUnit: unit, Quality: quality, sampleRate }))
  }
  if (value !== null) writeValue(VALUE.int, type, value)
}

function writeProperties(properties: Readonly<Record<string, string | number | undefined>>): void {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined)
  for (const [key] of given) writer.text(1, key)
  for (const [key, value] of given) {
    const type = typeof value === 'string' ? TYPE.String : key === 'Quality' ? TYPE.Int32 : TYPE.Double
    writer.message(2, () => {
      writer.uint(1, type)
      writeValue(3, type, value!)
    })
  }
}

/** Writes into the oneof whose first field (int) has the number `first`; the others follow it in the same order everywhere. */
function writeValue(first: number, type: number, value: Exclude<OutValue, null>): void {
  if (value instanceof Uint8Array) writer.bytes(VALUE.bytes, value)
  else if (typeof value === 'object') writer.message(VALUE.dataSet, () => writeDataSet(value))
  else if (typeof value === 'string') writer.text(first + 5, value)
  else if (typeof value === 'boolean') writer.bool(first + 4, value)
  else if (type === TYPE.Double) writer.double(first + 3, Number(value))
  else if (type === TYPE.Float) writer.float(first + 2, Number(value))
  else if (type === TYPE.Int64 || type === TYPE.UInt64 || type === TYPE.UInt32 || type === TYPE.DateTime) {
    if (typeof value === 'bigint' || value < 0) writer.int64(first + 1, BigInt(value))
    else writer.uint(first + 1, value)
  } else writer.uint(first, Number(value) >>> 0)
}

function writeDataSet({ columns, types, rows }: OutDataSet): void {
  writer.uint(1, columns.length)
  for (const column of columns) writer.text(2, column)
  for (const type of types) writer.uint(3, type)
  for (const row of rows) {
    writer.message(4, () => {
      for (const [at, cell] of row.entries()) {
        writer.message(1, () => {
          if (cell !== null) writeValue(1, types[at]!, cell)
        })
      }
    })
  }
}
