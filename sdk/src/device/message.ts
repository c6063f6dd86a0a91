import { DeviceError } from './errors.ts'

export interface WaveformValue {
  /** Hz. */
  readonly sampleRate: number
  readonly samples: ArrayLike<number>
}
export interface PositionValue {
  readonly latitude: number
  readonly longitude: number
  /** m above the WGS 84 ellipsoid. */
  readonly altitude?: number
}
/** `null` says that there is no value: it is stored with Bad quality. Any other object is a document. */
export type Value =
  | number
  | boolean
  | string
  | null
  | WaveformValue
  | PositionValue
  | { readonly [key: string]: unknown }

/** One moment of a device, as Millwright JSON. */
export interface TelemetryMessage {
  /** µs since the epoch, or RFC 3339; absent: when the platform receives it. */
  readonly time?: number | string
  readonly values: Readonly<Record<string, Value>>
  /** UCUM codes of metrics, where the platform does not know them yet. */
  readonly units?: Readonly<Record<string, string>>
  /** OPC UA status codes of metrics that are not Good. */
  readonly quality?: Readonly<Record<string, number>>
}

/** The platform refuses larger messages; it is better to hear of it here. */
export const LARGEST_PAYLOAD = 1024 * 1024

/** Writes telemetry as Millwright JSON; typed arrays become arrays. Errors: `payload-too-large`. */
export function encodeTelemetry(message: TelemetryMessage | readonly TelemetryMessage[]): string {
  const text = JSON.stringify(message, (_, value: unknown) =>
    ArrayBuffer.isView(value) && !(value instanceof DataView)
      ? Array.from(value as unknown as ArrayLike<number>)
      : value,
  )
  const size = Buffer.byteLength(text)
  if (size > LARGEST_PAYLOAD) {
    throw new DeviceError(
      'payload-too-large',
      `The message has ${size} bytes and the platform takes ${LARGEST_PAYLOAD}: send it in parts.`,
    )
  }
  return text
}
