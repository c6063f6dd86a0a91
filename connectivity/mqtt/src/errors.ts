import { errorCatalogue, type MillwrightError } from '@millwright/foundation'

/** What the broker refuses, and why. Numbers are never reused. */
export const mqttErrors = errorCatalogue('MQTT', {
  // Packets (1-19): the connection is closed.
  malformed: { number: 1, status: 400, text: 'The packet is malformed: {what}.' },
  unexpectedPacket: { number: 2, status: 400, text: 'A device must not send {packet} {when}.' },
  packetTooLarge: {
    number: 3,
    status: 413,
    text: 'The {packet} packet announces {size} bytes; at most {limit} are taken. Send smaller messages.',
  },
  packetTooSlow: { number: 4, status: 408, text: 'A packet was begun and not finished within {seconds} s.' },
  connectTooSlow: { number: 5, status: 408, text: 'No CONNECT arrived within {seconds} s of the TLS handshake.' },
  tooManyInflight: {
    number: 6,
    status: 429,
    text: 'More than {limit} QoS 2 messages wait for their PUBREL. Finish handshakes before starting more.',
  },
  // Who (20-39): CONNACK with a return code, then closed.
  protocolVersion: {
    number: 20,
    status: 400,
    text: 'MQTT version {version} is not spoken here; connect with MQTT 3.1.1 (protocol level 4) or 3.1.',
  },
  clientId: { number: 21, status: 400, text: 'The client id is not taken: {what}.' },
  noCredential: {
    number: 22,
    status: 401,
    text: 'Show a device certificate in the TLS handshake, or send the device token as the MQTT user name.',
  },
  foreignCertificate: {
    number: 23,
    status: 403,
    text: 'The certificate {subject} was not issued by this platform ({why}). Enrol the device.',
  },
  expiredCertificate: {
    number: 24,
    status: 403,
    text: 'The certificate {subject} is valid from {from} to {to}, which does not hold now. Renew it.',
  },
  refusedCredential: { number: 25, status: 403, text: 'The {credential} is not accepted: {why}' },
  willTopic: { number: 26, status: 403, text: 'A last will on the topic {topic} is not taken: {why}' },
  tooManyConnections: { number: 27, status: 503, text: 'The device has {limit} connections open already.' },
  stopping: { number: 28, status: 503, text: 'The platform is stopping. Connect again in a moment.' },
  unavailable: { number: 29, status: 503, text: 'The device could not be looked up. Connect again in a moment.' },
  // Topics (40-59): a dead letter, or SUBACK 0x80.
  topicInvalid: { number: 40, status: 400, text: 'The topic {topic} is not valid: {what}.' },
  topicRefused: { number: 41, status: 403, text: 'Devices may not publish to {topic}. See the table of topics.' },
  topicSpoofed: {
    number: 42,
    status: 403,
    text: 'The topic {topic} reaches outside the device’s own namespace. The connection was closed.',
  },
  subscriptionRefused: { number: 43, status: 403, text: 'Devices may not subscribe to {topic}.' },
  tooManySubscriptions: { number: 44, status: 429, text: 'The session has {limit} subscriptions already.' },
  payloadInvalid: { number: 45, status: 400, text: 'The payload is not what {topic} takes: {what}.' },
  retainedFull: { number: 46, status: 409, text: 'The device keeps {limit} retained messages already.' },
  queueFull: {
    number: 47,
    status: 409,
    text: 'The queue of the absent client {client} was full: its oldest message was dropped.',
  },
  storeNewer: {
    number: 50,
    status: 500,
    text: 'The MQTT session store {file} has format {format}; this version reads up to {known}. Upgrade Millwright first.',
  },
  // Delivery (60-69).
  notSubscribed: { number: 60, status: 409, text: 'The device is not subscribed to {topic}.' },
  notConnected: { number: 61, status: 409, text: 'The connection is closed.' },
})

/** CONNACK return codes of MQTT 3.1.1, table 3.1. */
export const RETURN_CODE = {
  protocolVersion: 1,
  identifierRejected: 2,
  unavailable: 3,
  badCredential: 4,
  notAuthorized: 5,
} as const

export type ReturnCode = (typeof RETURN_CODE)[keyof typeof RETURN_CODE]

/** A refusal of a connection: what the device is told, and what the log says. */
export interface Refusal {
  readonly returnCode: ReturnCode
  readonly error: MillwrightError
}
