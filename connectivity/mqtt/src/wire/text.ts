import { isUtf8 } from 'node:buffer'
import { mqttErrors } from '../errors.ts'

/** A position in a packet; the readers below move it. */
export interface Cursor {
  readonly bytes: Buffer
  at: number
}

export function readUint16(cursor: Cursor, what: string): number {
  if (cursor.at + 2 > cursor.bytes.length) throw mqttErrors.malformed({ what: `${what} is missing` })
  const value = cursor.bytes.readUInt16BE(cursor.at)
  cursor.at += 2
  return value
}

/** Length-prefixed bytes (section 1.5.3). */
export function readBytes(cursor: Cursor, what: string): Buffer {
  const length = readUint16(cursor, what)
  const end = cursor.at + length
  if (end > cursor.bytes.length) throw mqttErrors.malformed({ what: `${what} runs over the end` })
  const bytes = cursor.bytes.subarray(cursor.at, end)
  cursor.at = end
  return bytes
}

/** A UTF-8 string: well-formed, without NUL and without control characters [MQTT-1.5.3-1, 1.5.3-2]. */
export function readText(cursor: Cursor, what: string): string {
  return decodeText(readBytes(cursor, what), what)
}

export function decodeText(bytes: Buffer, what: string): string {
  if (!isUtf8(bytes)) throw mqttErrors.malformed({ what: `${what} is not valid UTF-8` })
  for (const byte of bytes) {
    if (byte < 0x20 || byte === 0x7f) throw mqttErrors.malformed({ what: `${what} holds a control character` })
  }
  return bytes.toString('utf8')
}
