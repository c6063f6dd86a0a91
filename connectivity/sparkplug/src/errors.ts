import { errorCatalogue } from '@millwright/foundation'

/** What can be wrong with what edge nodes send, and with what is asked of them. Numbers are never reused. */
export const sparkplugErrors = errorCatalogue('SPB', {
  // Payloads (1-19): the sender's fault, not retriable.
  malformed: { number: 1, status: 400, text: 'The payload is not valid protobuf: {what} at byte {offset}.' },
  tooLarge: { number: 2, status: 413, text: 'The payload has {size} bytes; at most {limit} are taken.' },
  tooMany: { number: 3, status: 400, text: 'The payload holds more than {limit} {things}.' },
  tooDeep: { number: 4, status: 400, text: 'Templates and properties at {path} are nested more than {limit} deep.' },
  compression: { number: 5, status: 400, text: 'The compressed body cannot be read: {what}.' },
  noSequence: { number: 6, status: 400, text: 'The {message} has no sequence number (seq) from 0 to 255.' },
  noDeathNumber: {
    number: 7,
    status: 400,
    text: 'The {message} has no bdSeq metric: which birth it ends is not known.',
  },
  retained: { number: 8, status: 400, text: 'The {message} was retained by the broker; births and data must not be.' },
  topic: { number: 9, status: 400, text: 'The topic is not one of Sparkplug B: {what}.' },
  // Metrics (20-39): one metric refused, the rest of its message stored.
  unnamed: { number: 20, status: 400, text: 'The metric has neither a name nor an alias.' },
  invalidName: {
    number: 21,
    status: 400,
    text: 'The metric name {path} must have 1 to 200 characters, none of them control characters.',
  },
  unknownAlias: {
    number: 22,
    status: 400,
    text: 'The alias {path} was in no birth certificate; a rebirth was asked for.',
  },
  unknownMetric: {
    number: 23,
    status: 400,
    text: 'The metric {path} was in no birth certificate; a rebirth was asked for.',
  },
  duplicateAlias: { number: 24, status: 400, text: 'The alias of {path} stands twice in the birth certificate.' },
  wrongValue: { number: 25, status: 400, text: 'The value of {path} is not a {type}: {what}.' },
  unknownType: {
    number: 26,
    status: 400,
    text: 'The metric {path} has the data type {type}, which Sparkplug B does not have.',
  },
  invalidTime: {
    number: 27,
    status: 400,
    text: 'The time of the historical metric {path} is before 2000-01-01 or more than 24 hours ahead.',
  },
  unknownTemplate: {
    number: 28,
    status: 400,
    text: 'The metric {path} is of the template {type}, which no birth defined.',
  },
  // Peers and devices (40-59).
  tooManyNodes: { number: 40, status: 429, text: 'More than {limit} edge nodes publish here: {path} is not followed.' },
  tooManyDevices: {
    number: 41,
    status: 429,
    text: 'The edge node has more than {limit} devices: {path} is not followed.',
  },
  invalidDevice: {
    number: 42,
    status: 400,
    text: 'The name {path} is longer than 120 characters or has control characters.',
  },
  // Commands (60-79): words for the user.
  unknownCommand: { number: 60, status: 400, text: 'There is no command {name}; there are write and rebirth.' },
  commandParams: { number: 61, status: 400, text: 'The command needs params {expected}.' },
  deviceUnknown: { number: 62, status: 404, text: 'No edge node or device {path} has published a birth certificate.' },
  deviceOffline: { number: 63, status: 409, text: '{path} is offline since its death certificate.' },
  metricUnknown: { number: 64, status: 404, text: '{device} has no metric {path}.' },
  notWritable: { number: 65, status: 400, text: 'The metric {path} is a {type}, which cannot be written.' },
  notConnected: { number: 66, status: 503, text: 'The broker is not connected.' },
  deviceNeeded: { number: 67, status: 400, text: 'Say which edge node or device the command is for.' },
  noFeed: { number: 68, status: 400, text: 'An edge node of the platform’s signals runs in the platform alone.' },
  // Configuration (80-99).
  invalidId: {
    number: 80,
    status: 400,
    text: 'The {what} must have 1 to 100 characters and none of + # / or control characters.',
  },
})
