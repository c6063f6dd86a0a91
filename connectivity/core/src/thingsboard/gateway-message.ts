import { readJsonObject } from '../codecs/json/document.ts'
import { JsonReader } from '../codecs/json/reader.ts'
import { connectivityErrors } from '../errors.ts'

const NAME_CHARS = 120
const reader = new JsonReader()

/** The part of a gateway's message that is one device's. */
export interface DevicePart {
  readonly device: string
  /** A view into the message. */
  readonly payload: Uint8Array
}

/** `{ "<device name>": … }`, cut up by device; each part is JSON by itself. */
export function splitByDevice(payload: Uint8Array): DevicePart[] {
  const parts: DevicePart[] = []
  reader.start(payload)
  reader.enterObject()
  reader.beginDistinct()
  for (let key = reader.nextDistinctKey(); key !== undefined; key = reader.nextDistinctKey()) {
    const device = deviceName(key, reader.path)
    const start = reader.offset
    reader.readValue()
    parts.push({ device, payload: payload.subarray(start, reader.offset) })
  }
  reader.finish()
  return parts
}

/** `{ "device": "<name>" }`; ThingsBoard gateways also say a `type` (device profile), which means nothing here. */
export function readDeviceName(payload: Uint8Array): string {
  const { device, type, ...rest } = readJsonObject(payload)
  for (const field of Object.keys(rest)) throw connectivityErrors.unknownField({ path: `/${field}` })
  if (type !== undefined && typeof type !== 'string') {
    throw connectivityErrors.wrongType({ path: '/type', expected: 'a string' })
  }
  if (typeof device !== 'string')
    throw connectivityErrors.wrongType({ path: '/device', expected: 'the name of a device' })
  return deviceName(device, '/device')
}

/** The answer of a device behind the gateway: `{ "device": "<name>", "id": <number>, "data": … }`. */
export function readGatewayReply(payload: Uint8Array): { device: string; id: number; data: unknown } {
  const { device, id, data, ...rest } = readJsonObject(payload)
  for (const field of Object.keys(rest)) throw connectivityErrors.unknownField({ path: `/${field}` })
  if (typeof device !== 'string')
    throw connectivityErrors.wrongType({ path: '/device', expected: 'the name of a device' })
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) {
    throw connectivityErrors.wrongType({ path: '/id', expected: 'the number of a request' })
  }
  return { device: deviceName(device, '/device'), id, data: data ?? null }
}

function deviceName(name: string, path: string): string {
  const trimmed = name.trim()
  if (trimmed.length === 0 || trimmed.length > NAME_CHARS) throw connectivityErrors.invalidDeviceName({ path })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u001f\u007f]/.test(trimmed)) throw connectivityErrors.invalidDeviceName({ path })
  return trimmed
}
