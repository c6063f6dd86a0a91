import { isObject, type MetricRows, QUALITY, ROW, type WideValue } from '@millwright/connectivity'
import { type Micros, parseTime } from '@millwright/foundation'
import type { FieldConfig } from './config.ts'

type ValueType = NonNullable<FieldConfig['type']>
type TimeFormat = NonNullable<FieldConfig['timeFormat']>

/** Puts a JSON value into a row; false: it is not of the type that is wanted. */
export function placeJson(rows: MetricRows, name: string, value: unknown, type: ValueType): boolean {
  if (value === null) {
    rows.push(name, ROW.none, Number.NaN, QUALITY.bad)
    return true
  }
  switch (type) {
    case 'number': {
      const number = typeof value === 'boolean' ? Number(value) : asNumber(value)
      if (number === undefined) return false
      rows.push(name, ROW.number, number, QUALITY.good)
      return true
    }
    case 'boolean': {
      const truth = asBoolean(value)
      if (truth === undefined) return false
      rows.push(name, ROW.boolean, truth ? 1 : 0, QUALITY.good)
      return true
    }
    case 'text':
      if (typeof value === 'object') return false
      rows.pushWide(name, ROW.state, { kind: 'state', value: String(value) })
      return true
    case 'document':
      rows.pushWide(name, ROW.document, { kind: 'document', value })
      return true
    case 'auto':
      placeAuto(rows, name, value)
      return true
  }
}

function placeAuto(rows: MetricRows, name: string, value: unknown): void {
  if (typeof value === 'number') rows.push(name, ROW.number, value, QUALITY.good)
  else if (typeof value === 'boolean') rows.push(name, ROW.boolean, value ? 1 : 0, QUALITY.good)
  else if (typeof value === 'string') rows.pushWide(name, ROW.state, { kind: 'state', value })
  else {
    const position = asPosition(value)
    if (position === undefined) rows.pushWide(name, ROW.document, { kind: 'document', value })
    else rows.pushWide(name, ROW.position, position)
  }
}

function asPosition(value: unknown): WideValue | undefined {
  if (!isObject(value)) return undefined
  const { latitude, longitude, altitude } = value
  const count = Object.keys(value).length
  if (typeof latitude !== 'number' || typeof longitude !== 'number' || count !== ('altitude' in value ? 3 : 2)) {
    return undefined
  }
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return undefined
  if (altitude !== undefined && typeof altitude !== 'number') return undefined
  return { kind: 'position', latitude, longitude, altitude }
}

/** Decimal texts with a point; a comma is not guessed at: "1,234" may be either. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/

export function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value.length > 100 || !NUMBER.test(value.trim())) return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

const TRUE = new Set(['true', 'on', '1', 'yes', 'online'])
const FALSE = new Set(['false', 'off', '0', 'no', 'offline'])

function asBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const word = String(value).trim().toLowerCase()
  return TRUE.has(word) ? true : FALSE.has(word) ? false : undefined
}

const PER_UNIT: Readonly<Record<TimeFormat, number>> = { rfc3339: 0, s: 1e6, ms: 1e3, us: 1, ns: 1e-3 }

/** undefined: it cannot be read so. */
export function asTime(value: unknown, format: TimeFormat): Micros | undefined {
  if (format === 'rfc3339') return typeof value === 'string' ? parseTime(value) : undefined
  const number = asNumber(value)
  return number === undefined ? undefined : Math.round(number * PER_UNIT[format])
}

/** OPC UA status code of what a payload says of a value's quality; undefined: it says nothing that is understood. */
export function asQuality(value: unknown): number | undefined {
  if (typeof value === 'boolean') return value ? QUALITY.good : QUALITY.bad
  if (typeof value === 'number') {
    return Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff ? value : undefined
  }
  if (typeof value !== 'string') return undefined
  const word = value.trim().toLowerCase()
  if (word === 'good' || word === 'ok') return QUALITY.good
  if (word === 'uncertain' || word === 'questionable') return QUALITY.uncertain
  return word === 'bad' || word === 'invalid' ? QUALITY.bad : undefined
}
