import { mqttErrors } from '../errors.ts'
import { type Cursor, readBytes, readText, readUint16 } from './text.ts'

/** A last will as the device gave it. */
export interface Will {
  readonly topic: string
  readonly payload: Buffer
  readonly qos: 0 | 1 | 2
  readonly retain: boolean
}

export interface ConnectPacket {
  /** 4: MQTT 3.1.1. 3: MQTT 3.1. 5: MQTT 5 (nothing after it is read). */
  readonly version: number
  readonly clean: boolean
  /** Seconds; 0: none. */
  readonly keepAlive: number
  readonly clientId: string
  readonly will: Will | undefined
  readonly username: string | undefined
  readonly password: Buffer | undefined
}

/** CONNECT (section 3.1). @throws MillwrightError when it is malformed */
export function decodeConnect(packet: Buffer, body: number): ConnectPacket {
  const cursor: Cursor = { bytes: packet, at: body }
  const name = readText(cursor, 'the protocol name')
  const version = readByte(cursor, 'the protocol level')
  if (!(name === 'MQTT' && version >= 4) && !(name === 'MQIsdp' && version === 3)) {
    throw mqttErrors.malformed({ what: `the protocol ${name} at level ${version} is unknown` })
  }
  const none = { clean: true, keepAlive: 0, clientId: '', will: undefined, username: undefined, password: undefined }
  if (version > 4) return { version, ...none }
  const flags = readByte(cursor, 'the connect flags')
  const has = (bit: number) => (flags & bit) !== 0
  if (has(1)) throw mqttErrors.malformed({ what: 'the reserved connect flag is set' })
  const keepAlive = readUint16(cursor, 'the keep-alive')
  const clientId = readText(cursor, 'the client id')
  const will = decodeWill(cursor, flags)
  if (has(0x40) && !has(0x80)) throw mqttErrors.malformed({ what: 'a password stands without a user name' })
  const username = has(0x80) ? readText(cursor, 'the user name') : undefined
  const password = has(0x40) ? Buffer.from(readBytes(cursor, 'the password')) : undefined
  if (cursor.at !== packet.length) throw mqttErrors.malformed({ what: 'CONNECT has bytes left over' })
  return { version, clean: has(2), keepAlive, clientId, will, username, password }
}

function decodeWill(cursor: Cursor, flags: number): Will | undefined {
  const qos = (flags >> 3) & 3
  const retain = (flags & 0x20) !== 0
  if ((flags & 4) === 0) {
    if (qos !== 0 || retain) throw mqttErrors.malformed({ what: 'will flags are set without a will' })
    return undefined
  }
  if (qos === 3) throw mqttErrors.malformed({ what: 'the will’s QoS is 3' })
  const topic = readText(cursor, 'the will’s topic')
  const payload = Buffer.from(readBytes(cursor, 'the will’s payload'))
  return { topic, payload, qos: qos as 0 | 1 | 2, retain }
}

export interface Filter {
  readonly topic: string
  readonly qos: 0 | 1 | 2
}

/** SUBSCRIBE (section 3.8). */
export function decodeSubscribe(packet: Buffer, body: number): { id: number; filters: Filter[] } {
  const cursor: Cursor = { bytes: packet, at: body }
  const id = readPacketId(cursor)
  const filters: Filter[] = []
  while (cursor.at < packet.length) {
    const topic = readText(cursor, 'a topic filter')
    const qos = readByte(cursor, 'the requested QoS')
    if (qos > 2) throw mqttErrors.malformed({ what: 'the requested QoS is not 0, 1 or 2' })
    filters.push({ topic, qos: qos as 0 | 1 | 2 })
  }
  if (filters.length === 0) throw mqttErrors.malformed({ what: 'SUBSCRIBE names no topic' })
  return { id, filters }
}

/** UNSUBSCRIBE (section 3.10). */
export function decodeUnsubscribe(packet: Buffer, body: number): { id: number; topics: string[] } {
  const cursor: Cursor = { bytes: packet, at: body }
  const id = readPacketId(cursor)
  const topics: string[] = []
  while (cursor.at < packet.length) topics.push(readText(cursor, 'a topic filter'))
  if (topics.length === 0) throw mqttErrors.malformed({ what: 'UNSUBSCRIBE names no topic' })
  return { id, topics }
}

/** The packet id of an acknowledgement. */
export function decodeAck(packet: Buffer, body: number): number {
  return readPacketId({ bytes: packet, at: body })
}

export function readPacketId(cursor: Cursor): number {
  const id = readUint16(cursor, 'the packet id')
  if (id === 0) throw mqttErrors.malformed({ what: 'the packet id is 0' })
  return id
}

function readByte(cursor: Cursor, what: string): number {
  const byte = cursor.bytes[cursor.at++]
  if (byte === undefined) throw mqttErrors.malformed({ what: `${what} is missing` })
  return byte
}
