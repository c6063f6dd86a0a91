import { PACKET } from './packet-types.ts'

/** CONNACK of MQTT 3.1.1 (section 3.2). */
export const encodeConnack = (returnCode: number): Buffer => Buffer.from([PACKET.connack << 4, 2, 0, returnCode])

/** CONNACK of MQTT 5 (section 3.2) with reason 0x84, unsupported protocol version, and no properties. */
export const CONNACK_V5_UNSUPPORTED: Buffer = Buffer.from([PACKET.connack << 4, 3, 0, 0x84, 0])

export const SUBACK_FAILURE = 0x80

/** SUBACK (section 3.9): one code for each filter asked for, in its order. */
export function encodeSuback(id: number, codes: readonly number[]): Buffer {
  return Buffer.from([PACKET.suback << 4, ...encodeLength(2 + codes.length), id >> 8, id & 255, ...codes])
}

export const encodeUnsuback = (id: number): Buffer => Buffer.from([PACKET.unsuback << 4, 2, id >> 8, id & 255])

export const PINGRESP: Buffer = Buffer.from([PACKET.pingresp << 4, 0])

/** First bytes of the four-byte acknowledgements. */
export const ACK_BYTE = {
  puback: PACKET.puback << 4,
  pubrec: PACKET.pubrec << 4,
  pubcomp: PACKET.pubcomp << 4,
} as const

/** Remaining length (section 2.2.3). */
function encodeLength(length: number): number[] {
  const bytes: number[] = []
  let rest = length
  do {
    const low = rest % 128
    rest = Math.floor(rest / 128)
    bytes.push(rest > 0 ? low | 128 : low)
  } while (rest > 0)
  return bytes
}

/** CONNECT of MQTT 3.1.1 with nothing but a name: how a connection opens its client inside the broker. */
export function encodeConnect(clientId: string, clean: boolean): Buffer {
  const name = Buffer.from(clientId)
  const header = [0, 4, ...Buffer.from('MQTT'), 4, clean ? 2 : 0, 0, 0, name.length >> 8, name.length & 255]
  return Buffer.concat([
    Buffer.from([PACKET.connect << 4, ...encodeLength(header.length + name.length), ...header]),
    name,
  ])
}
