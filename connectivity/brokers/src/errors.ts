import { errorCatalogue } from '@millwright/foundation'

/** What can go wrong with other brokers and with what is read from them. Numbers are never reused. */
export const brokerErrors = errorCatalogue('BRK', {
  // The line (1-19).
  certificateUnknown: {
    number: 1,
    status: 502,
    text: 'The certificate of {address} is not trusted ({why}). Accept it, or give the authority that issued it.',
  },
  certificateExpired: {
    number: 2,
    status: 502,
    text: 'The certificate of {address} is valid from {from} to {to}, which does not hold now. Renew it at the broker.',
  },
  unreachable: { number: 3, status: 502, text: '{why}' },
  refused: { number: 4, status: 502, text: 'The broker {address} refused the connection: {why}.' },
  lost: { number: 5, status: 502, text: 'The connection to {address} was lost: {why}.' },
  packetTooLarge: {
    number: 6,
    status: 502,
    text: 'The broker {address} sent a packet of {size} bytes; at most {limit} are taken.',
  },
  subscriptionRefused: { number: 7, status: 502, text: 'The broker {address} refused the subscription to {topic}.' },
  notConnected: { number: 8, status: 503, text: 'The broker {address} is not connected.' },
  clientCertificateExpired: {
    number: 9,
    status: 400,
    text: 'The client certificate of this connection ended on {to}. Give a new one.',
  },
  clientCertificateInvalid: {
    number: 10,
    status: 400,
    text: 'The certificate or key at {path} cannot be read: {why}.',
  },
  // Configuration (20-39).
  keyNeeded: { number: 20, status: 400, text: 'A client certificate needs its key: give both or neither.' },
  tlsOff: { number: 21, status: 400, text: '{path} needs TLS: turn it on.' },
  topicPattern: { number: 22, status: 400, text: 'The topic pattern {topic} is not valid: {why}.' },
  template: { number: 23, status: 400, text: 'The template {template} is not valid: {why}.' },
  jsonPath: { number: 24, status: 400, text: 'The JSONPath {query} cannot be taken: {why}.' },
  fieldsNeeded: { number: 25, status: 400, text: 'A mapping of {payload} payloads needs at least one field.' },
  fieldsUseless: {
    number: 26,
    status: 400,
    text: 'Payloads in the format {payload} name their metrics themselves: leave the fields out.',
  },
  clientIdNeeded: { number: 27, status: 400, text: 'A persistent session needs a client id of its own.' },
  noFeed: {
    number: 28,
    status: 400,
    text: 'The platform’s signals are sent by the platform alone, not by an edge agent.',
  },
  // Messages (40-59): dead letters.
  noMapping: { number: 40, status: 400, text: 'No mapping matches the topic {topic}.' },
  payloadTooLarge: { number: 41, status: 413, text: 'The payload has {size} bytes; at most {limit} are taken.' },
  notANumber: { number: 42, status: 400, text: 'The payload is not a number: {value}' },
  notText: { number: 43, status: 400, text: 'The payload is not UTF-8 text.' },
  noValue: { number: 44, status: 400, text: 'The payload has nothing at {path} for the metric {metric}.' },
  invalidTime: { number: 45, status: 400, text: 'The time at {path} cannot be read as {format}: {value}' },
  invalidName: {
    number: 46,
    status: 400,
    text: 'The {what} made by {template} is empty, too long or has control characters.',
  },
  emptyPayload: { number: 47, status: 400, text: 'The payload is empty.' },
  nothingRead: { number: 48, status: 400, text: 'None of the mapping’s fields was found in the payload.' },
  tooManyValues: { number: 49, status: 400, text: 'The JSONPath {path} found more than {limit} values.' },
  wrongValue: { number: 50, status: 400, text: 'The value at {path} is not {expected}.' },
  // Broker authorisation (60-79).
  askerUnknown: { number: 60, status: 401, text: 'The broker that asks did not show the shared secret.' },
  askerThrottled: { number: 61, status: 429, text: 'Too many questions from this address. Ask again in a moment.' },
  questionInvalid: { number: 62, status: 400, text: 'The question lacks {path}.' },
  secretShort: { number: 63, status: 400, text: 'The shared secret must have at least {limit} characters.' },
  notOffered: { number: 64, status: 404, text: 'Brokers are not answered here: no shared secret is configured.' },
})
