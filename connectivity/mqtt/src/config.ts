import { type Static, Type } from 'typebox'

const count = (fallback: number, minimum: number, maximum: number, description: string) =>
  Type.Integer({ default: fallback, minimum, maximum, description })

/** Bounds of the broker. Every one of them is enforced before the thing it bounds takes memory. */
const mqttLimitsSchema = Type.Object(
  {
    connections: count(20_000, 1, 1_000_000, 'Open sockets'),
    handshakesPerAddress: count(2_000, 1, 1_000_000, 'Sockets of one address that have not yet identified themselves'),
    connectionsPerDevice: count(128, 1, 10_000, 'Live connections of one device'),
    handshakeSeconds: count(30, 1, 300, 'For the TLS handshake'),
    connectSeconds: count(10, 1, 300, 'From the handshake to a whole CONNECT'),
    packetSeconds: count(30, 1, 600, 'From the first to the last byte of a packet'),
    connectBytes: count(32 * 1024, 256, 1024 * 1024, 'CONNECT, its will included'),
    // A payload of one MiB and its topic.
    packetBytes: count(1024 * 1024 + 1024, 1024, 16 * 1024 * 1024, 'PUBLISH: remaining length'),
    unfinishedBytes: count(128 * 1024 * 1024, 1024 * 1024, 2 ** 34, 'Unfinished packets of all connections together'),
    clientIdBytes: count(128, 23, 1024, 'Client id'),
    topicBytes: count(512, 64, 4096, 'Topics and filters'),
    topicLevels: count(16, 8, 90, 'Levels of topics and filters'),
    subscriptions: count(64, 1, 10_000, 'Of one session'),
    inflightMessages: count(
      1_000,
      1,
      65_535,
      'Unacknowledged messages of one connection before it is not read further',
    ),
    inflightBytes: count(4 * 1024 * 1024, 1024, 2 ** 30, 'The same in bytes'),
    outboundBytes: count(8 * 1024 * 1024, 64 * 1024, 2 ** 30, 'Unsent bytes before a slow reader is dropped'),
    drainSeconds: count(60, 1, 3600, 'Without a byte taken, before a stuck reader is dropped'),
    queuedMessages: count(1_000, 0, 50_000, 'Kept for an absent session; the oldest are dropped'),
    queuedBytes: count(1024 * 1024, 0, 7 * 1024 * 1024, 'The same in bytes'),
    retainedMessages: count(100, 0, 10_000, 'Of one device'),
    sessionsPerDevice: count(16, 1, 1_000, 'Kept sessions of one device; the longest absent ones go'),
    sessionDays: count(7, 1, 365, 'How long an absent session is kept'),
  },
  { additionalProperties: false, default: {} },
)
export type MqttLimits = Static<typeof mqttLimitsSchema>

/** The limits with their defaults, some of them replaced. */
export function mqttLimits(given: Partial<MqttLimits> = {}): MqttLimits {
  const defaults = Object.entries(mqttLimitsSchema.properties).map(([name, schema]) => [
    name,
    (schema as { default?: unknown }).default,
  ])
  return { ...(Object.fromEntries(defaults) as MqttLimits), ...given }
}
