import { errorCatalogue, MillwrightError } from '@millwright/foundation'

/** What can be wrong with what devices send and with what people ask of devices. Numbers are never reused. */
export const connectivityErrors = errorCatalogue('CONN', {
  // Payloads (1-39): the sender's fault, not retriable.
  payloadTooLarge: {
    number: 1,
    status: 413,
    text: 'The payload has {size} bytes; at most {limit} are taken. Send smaller messages.',
  },
  invalidUtf8: { number: 2, status: 400, text: 'The text at {path} is not valid UTF-8 (byte {offset}).' },
  invalidSyntax: { number: 3, status: 400, text: 'The payload is not valid {format}: {what} at byte {offset}.' },
  duplicateKey: { number: 4, status: 400, text: 'The key {path} stands twice. Send each key once.' },
  numberOutOfRange: {
    number: 5,
    status: 400,
    text: 'The number at {path} is NaN, infinite or beyond what a 64-bit float holds.',
  },
  tooDeep: { number: 6, status: 400, text: 'The value at {path} is nested more than {limit} levels deep.' },
  tooMany: { number: 7, status: 400, text: 'The payload holds more than {limit} {things}. Split it.' },
  unknownField: {
    number: 8,
    status: 400,
    text: 'The field {path} is not known here. Check its spelling or leave it out.',
  },
  missingField: { number: 9, status: 400, text: 'The field {path} is missing.' },
  wrongType: { number: 10, status: 400, text: 'The value at {path} must be {expected}.' },
  invalidName: {
    number: 11,
    status: 400,
    text: 'The name at {path} must have 1 to 200 characters, none of them control characters.',
  },
  invalidTime: {
    number: 12,
    status: 400,
    text: 'The time at {path} is {what}. Times run from 2000-01-01 to 24 hours from now.',
  },
  valueTooLarge: { number: 13, status: 400, text: 'The value at {path} is larger than {limit}.' },
  mustUnderstand: {
    number: 14,
    status: 400,
    text: 'The field {path} must be understood (its name ends in _), and is not.',
  },
  unsupportedVersion: {
    number: 15,
    status: 400,
    text: 'SenML version {version} at {path} is not supported, or differs from that of the record before.',
  },
  invalidUnit: { number: 16, status: 400, text: 'The unit at {path} must be a UCUM code of at most 40 characters.' },
  invalidQuality: {
    number: 17,
    status: 400,
    text: 'The quality at {path} must be an OPC UA status code (0 to 4294967295).',
  },
  unitWithoutValue: { number: 18, status: 400, text: '{path} names a metric that has no value in this message.' },
  invalidSenmlName: {
    number: 25,
    status: 400,
    text: 'The name at {path} (with its base name) must start with a letter or digit, hold only letters, digits and - : . / _, and have at most 200 characters.',
  },
  gatewayOnly: { number: 20, status: 403, text: 'Only a gateway may speak for other devices; this device is not one.' },
  childLimit: {
    number: 21,
    status: 403,
    text: 'The gateway has {limit} devices behind it already; no more are created.',
  },
  childElsewhere: {
    number: 22,
    status: 403,
    text: 'The name at {path} belongs to a device that is not behind this gateway.',
  },
  rpcNotOffered: { number: 23, status: 400, text: 'The platform offers no calls to devices.' },
  invalidTopic: { number: 24, status: 400, text: 'Nothing is taken at {path}.' },
  invalidDeviceName: {
    number: 26,
    status: 400,
    text: 'The device name at {path} must have 1 to 120 characters, none of them control characters.',
  },
  tooManyRefusals: {
    number: 30,
    status: 400,
    text: 'More than {limit} different refusals in one minute: this and further ones are only counted.',
  },
  // Metrics (40-49): one metric refused, the rest of its message stored.
  kindMismatch: { number: 40, status: 400, text: 'The signal of {path} holds {expected}, not {found}.' },
  metricLimit: {
    number: 41,
    status: 400,
    text: 'The device has sent {limit} different metrics already; {path} is not stored.',
  },
  noValueYet: {
    number: 42,
    status: 400,
    text: 'The metric {path} has no value and is not known yet; it is created with its first value.',
  },
  noValueOfKind: {
    number: 43,
    status: 400,
    text: 'The metric {path} is a {kind}, which cannot be stored without a value.',
  },
  // Limits (50-59): try again later.
  messageRate: { number: 50, status: 429, text: 'The device sends more than {limit} messages a second.' },
  pointRate: { number: 51, status: 429, text: 'The device sends more than {limit} readings a second.' },
  tooManyConnections: { number: 52, status: 503, text: 'The tenant has {limit} device connections open already.' },
  backlog: {
    number: 53,
    status: 503,
    text: 'Too many messages of this device wait for storage. Send again in a moment.',
  },
  sessionEnded: { number: 54, status: 503, text: 'The connection was ended by the platform. Connect again.' },
  // Devices, commands, twins (60-99).
  deviceUnknown: { number: 60, status: 404, text: 'There is no device {id}.' },
  deviceDisabled: { number: 61, status: 403, text: 'The device {id} is disabled.' },
  identityRevoked: { number: 66, status: 401, text: 'The certificate or token of the device {id} was revoked.' },
  deviceNameTaken: { number: 62, status: 409, text: 'A device named {name} exists already.' },
  versionConflict: {
    number: 63,
    status: 412,
    text: '{id} was changed by somebody else (its version is now {version}). Read it again, then change it.',
  },
  deviceNeeded: {
    number: 67,
    status: 409,
    text: 'The device {id} belongs to the connection {connection}. Remove or move the connection first.',
  },
  equipmentUnknown: { number: 64, status: 400, text: 'There is no asset {id} to hang the device on.' },
  invalidCursor: { number: 65, status: 400, text: 'The cursor is not one that this list gave.' },
  commandUnknown: { number: 70, status: 404, text: 'There is no command {id}.' },
  commandNotCancellable: {
    number: 71,
    status: 409,
    text: 'The command {id} is {state} and cannot be cancelled any more.',
  },
  commandNotAwaited: { number: 72, status: 409, text: 'The command {id} awaits no answer: it is {state}.' },
  commandTooLarge: {
    number: 73,
    status: 400,
    text: 'The value at {path} has {size} bytes as JSON; at most {limit} are taken.',
  },
  commandExpired: { number: 74, status: 400, text: 'The expiry {path} lies in the past or more than 30 days ahead.' },
  tooManyCommands: { number: 75, status: 429, text: 'The device has {limit} commands waiting already.' },
  twinTooLarge: {
    number: 80,
    status: 400,
    text: 'The {side} document would have {size} bytes; at most {limit} are kept.',
  },
  documentTooDeep: { number: 81, status: 400, text: 'The value at {path} is nested too deeply to be kept.' },
  notStored: { number: 90, status: 503, text: 'The readings could not be stored. Send them again.' },
  notIdentified: {
    number: 91,
    status: 401,
    text: 'Show a device certificate, or a device token as "Authorization: Bearer".',
  },
  unsupportedMediaType: {
    number: 92,
    status: 415,
    text: 'The content type {type} is not taken here. Send {expected}.',
  },
  unsupportedEncoding: {
    number: 93,
    status: 415,
    text: 'The content encoding {encoding} is not taken here. Send gzip or none.',
  },
  invalidCompression: { number: 94, status: 400, text: 'The body is not valid gzip.' },
  // Connections (100-129).
  connectionUnknown: { number: 100, status: 404, text: 'There is no connection {id}.' },
  adapterUnknown: {
    number: 101,
    status: 400,
    text: 'There is no adapter {adapter} here. GET /adapters lists those that there are.',
  },
  configInvalid: { number: 102, status: 400, text: '{what}' },
  notHere: { number: 103, status: 400, text: 'The adapter {adapter} does not run {where}.' },
  agentUnknown: { number: 104, status: 404, text: 'There is no edge agent {id}.' },
  connectionLimit: { number: 105, status: 409, text: 'There are {limit} connections already; no more are made.' },
  noBrowse: { number: 106, status: 400, text: 'What the adapter {adapter} connects to cannot be browsed.' },
  noImport: { number: 107, status: 400, text: 'The adapter {adapter} reads no files of the format {format}.' },
  probeSlow: { number: 108, status: 504, text: 'There was no answer within {seconds} s.' },
  probesBusy: { number: 109, status: 429, text: 'Several tries are under way already. Try again in a moment.' },
  noCommands: { number: 110, status: 400, text: 'The connection {name} takes no commands.' },
  notRunning: { number: 111, status: 503, text: 'The connection {name} is not running: {reason}' },
  agentAway: { number: 112, status: 503, text: 'The edge agent {name} is not connected. Try again when it is back.' },
  askFailed: { number: 113, status: 502, text: 'The edge agent did not do it: {reason}' },
  probeUnknown: { number: 114, status: 404, text: 'There is no such try, or its time is over.' },
  agentOnly: { number: 115, status: 403, text: 'This is for edge agents, with their certificate.' },
  notYours: { number: 116, status: 403, text: 'The connection at {path} is not one of this agent.' },
  previewCut: { number: 117, status: 400, text: 'The preview has ended.' },
  fileInvalid: { number: 118, status: 400, text: 'The file is not valid base64.' },
})

/** True when the same payload would be refused again, for ever: the sender must not send it once more. */
export const isRefusal = (error: unknown): error is MillwrightError =>
  error instanceof MillwrightError && error.status >= 400 && error.status < 500 && error.status !== 429
