/** Registers as they came over the wire, into rows. */
import { type MetricRows, QUALITY, ROW } from '@millwright/connectivity'
import { isBitTable } from '../codec/functions.ts'
import { arrange, type Point } from './layout.ts'

/** Puts the value of a point into a row. Made once for each point; called for each reading. */
export type Read = (data: Uint8Array, rows: MetricRows) => void

const scratch = new Uint8Array(256)
const view = new DataView(scratch.buffer)

/** @param at where the point begins in the data of its request: registers, or bits in tables of bits */
export function readerOf(point: Point, at: number): Read {
  const { name } = point
  if (isBitTable(point.table)) {
    return (data, rows) => pushRaw(point, (data[at >> 3]! >> (at & 7)) & 1, true, rows)
  }
  const offset = 2 * at
  if (point.type === 'string') {
    return (data, rows) => {
      arrange(data, offset, point.size, point.order, true, scratch)
      rows.pushWide(name, ROW.state, { kind: 'state', value: text(scratch.subarray(0, 2 * point.size)) })
    }
  }
  const raw = rawOf(point)
  if (typeof raw === 'function') {
    return (data, rows) => {
      arrange(data, offset, point.size, point.order, false, scratch)
      pushRaw(point, raw(), true, rows)
    }
  }
  const wide = raw.wide
  return (data, rows) => {
    arrange(data, offset, 4, point.order, false, scratch)
    const exact = wide()
    const value = Number(exact)
    // Beyond 2^53 a number may not hold every digit: the nearest is kept, and says that it is not quite it.
    pushRaw(point, value, BigInt(value) === exact, rows)
  }
}

/** A point's raw value from the scratch registers; 64-bit integers as BigInt. */
function rawOf(point: Point): (() => number) | { readonly wide: () => bigint } {
  const { bit, bits, size } = point
  if (bit !== undefined) {
    const width = point.type === 'bool' ? 1 : (bits ?? 1)
    const mask = 2 ** width - 1
    return size === 1 ? () => (view.getUint16(0) >>> bit) & mask : () => ((view.getUint32(0) >>> bit) & mask) >>> 0
  }
  switch (point.type) {
    case 'bool':
      return () => (view.getUint16(0) === 0 ? 0 : 1)
    case 'int16':
      return () => view.getInt16(0)
    case 'int32':
      return () => view.getInt32(0)
    case 'uint32':
      return () => view.getUint32(0)
    case 'float32':
      return () => view.getFloat32(0)
    case 'float64':
      return () => view.getFloat64(0)
    case 'int64':
      return { wide: () => view.getBigInt64(0) }
    case 'uint64':
      return { wide: () => view.getBigUint64(0) }
    default:
      return () => view.getUint16(0)
  }
}

function pushRaw(point: Point, raw: number, exact: boolean, rows: MetricRows): void {
  const { name, states } = point
  // NaN and infinities are how devices say that a sensor is broken; a list of raw values is another way.
  if (!Number.isFinite(raw) || point.invalid.includes(raw)) {
    rows.push(name, ROW.none, Number.NaN, QUALITY.badSensorFailure)
  } else if (states !== undefined) {
    const state = states.get(raw)
    rows.pushWide(name, ROW.state, { kind: 'state', value: state ?? String(raw) })
    if (state === undefined) rows.quality[rows.length - 1] = QUALITY.uncertain
  } else if (point.type === 'bool') {
    rows.push(name, ROW.boolean, raw, QUALITY.good)
  } else {
    const scaled = point.divisor === undefined ? raw * point.scale : raw / point.divisor
    const value = scaled + point.offset
    if (!Number.isFinite(value)) rows.push(name, ROW.none, Number.NaN, QUALITY.badOutOfRange)
    else rows.push(name, ROW.number, value, exact ? QUALITY.good : QUALITY.uncertain)
  }
  if (point.unit !== undefined && states === undefined) rows.setUnit(rows.length - 1, point.unit)
}

const utf8 = new TextDecoder('utf-8', { fatal: true })
const latin1 = new TextDecoder('latin1')

/** Text up to the first NUL, without blanks at its end; UTF-8, or Latin-1 when it is not. */
function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  const used = end < 0 ? bytes : bytes.subarray(0, end)
  let decoded: string
  try {
    decoded = utf8.decode(used)
  } catch {
    decoded = latin1.decode(used)
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed here
  return decoded.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trimEnd()
}
