import type { WideValue } from '@millwright/connectivity'
import type { SignalKind } from '@millwright/contracts'
import type { Micros } from '@millwright/foundation'
import { DataValue } from 'node-opcua-data-value'
import { coerceStatusCode, type StatusCode, StatusCodes } from 'node-opcua-status-code'
import { DataType, Variant, VariantArrayType } from 'node-opcua-variant'
import type { ShownReading } from '../ports.ts'

/** DateTime counts 100 ns; the library takes milliseconds and the rest as picoseconds. */
export const sourceTime = (time: Micros): { sourceTimestamp: Date; sourcePicoseconds: number } => {
  const milliseconds = Math.floor(time / 1000)
  return { sourceTimestamp: new Date(milliseconds), sourcePicoseconds: (time - milliseconds * 1000) * 1e6 }
}

/** µs since the epoch. */
export const microsOf = (date: Date | null | undefined): Micros => (date?.getTime() ?? 0) * 1000

/** The newest reading of a signal as OPC UA shows it. */
export function dataValueOf(kind: SignalKind, reading: ShownReading | undefined): DataValue {
  if (reading === undefined) return new DataValue({ statusCode: StatusCodes.BadWaitingForInitialData })
  const { time, quality, value, wide } = reading
  return dataValue(variantOf(kind, value, wide), quality, time)
}

/** A value without which there is nothing to show is Bad, whatever its quality says. */
export function dataValue(value: Variant | undefined, quality: number, time: Micros): DataValue {
  const given = statusOf(quality)
  const statusCode = value === undefined && !given.isBad() ? StatusCodes.BadNoData : given
  return new DataValue({ statusCode, ...sourceTime(time), ...(value === undefined ? {} : { value }) })
}

export const statusOf = (quality: number): StatusCode => (quality === 0 ? StatusCodes.Good : coerceStatusCode(quality))

function variantOf(kind: SignalKind, value: number, wide: WideValue | undefined): Variant | undefined {
  switch (kind) {
    case 'number':
      return Number.isFinite(value) ? new Variant({ dataType: DataType.Double, value }) : undefined
    case 'boolean':
      return Number.isNaN(value) ? undefined : new Variant({ dataType: DataType.Boolean, value: value !== 0 })
    default:
      return wide === undefined ? undefined : wideVariant(wide)
  }
}

function wideVariant(wide: WideValue): Variant {
  switch (wide.kind) {
    case 'state':
      return text(wide.value)
    case 'document':
      return text(JSON.stringify(wide.value))
    case 'position':
      return doubles([wide.latitude, wide.longitude, ...(wide.altitude === undefined ? [] : [wide.altitude])])
    case 'waveform':
      return doubles(wide.samples)
  }
}

/** A value as the API shows it, of the signal's kind; undefined when there is none. */
export function historicalVariant(kind: SignalKind, value: unknown): Variant | undefined {
  if (value === null || value === undefined) return undefined
  if (kind === 'number') return new Variant({ dataType: DataType.Double, value: value as number })
  if (kind === 'boolean') return new Variant({ dataType: DataType.Boolean, value: value as boolean })
  if (kind === 'state') return text(value as string)
  if (kind === 'document') return text(JSON.stringify(value))
  if (kind !== 'position') return undefined
  const { latitude, longitude, altitude } = value as { latitude: number; longitude: number; altitude?: number }
  return doubles([latitude, longitude, ...(altitude === undefined ? [] : [altitude])])
}

const text = (value: string): Variant => new Variant({ dataType: DataType.String, value })

const doubles = (values: ArrayLike<number>): Variant =>
  new Variant({ dataType: DataType.Double, arrayType: VariantArrayType.Array, value: Float64Array.from(values) })
