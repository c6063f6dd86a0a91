/** MQTT 3.1.1, table 2.1: control packet types, and what a client may send of them. */
export const PACKET = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  suback: 9,
  unsubscribe: 10,
  unsuback: 11,
  pingreq: 12,
  pingresp: 13,
  disconnect: 14,
} as const

export const packetName = (type: number): string =>
  (Object.keys(PACKET) as (keyof typeof PACKET)[]).find((name) => PACKET[name] === type)?.toUpperCase() ??
  `type ${type}`

/** Sizes (remaining length, bytes) that a device may announce, by packet type. */
export interface PacketLimits {
  readonly connect: number
  readonly publish: number
  readonly subscribe: number
}

/**
 * What the fixed header must look like: the reserved flags of each type (section 2.2.2) and the size bounds. A type
 * that only a server sends has no entry.
 */
export function headerRules(limits: PacketLimits): readonly (HeaderRule | undefined)[] {
  const rules: (HeaderRule | undefined)[] = new Array(16).fill(undefined)
  const set = (type: number, flags: number | undefined, min: number, max: number) => {
    rules[type] = { flags, min, max }
  }
  set(PACKET.connect, 0, 12, limits.connect)
  set(PACKET.publish, undefined, 2, limits.publish)
  for (const type of [PACKET.puback, PACKET.pubrec, PACKET.pubcomp]) set(type, 0, 2, 2)
  set(PACKET.pubrel, 2, 2, 2)
  set(PACKET.subscribe, 2, 5, limits.subscribe)
  set(PACKET.unsubscribe, 2, 4, limits.subscribe)
  set(PACKET.pingreq, 0, 0, 0)
  set(PACKET.disconnect, 0, 0, 0)
  return rules
}

export interface HeaderRule {
  /** The four low bits, where they are reserved. */
  readonly flags: number | undefined
  readonly min: number
  readonly max: number
}
