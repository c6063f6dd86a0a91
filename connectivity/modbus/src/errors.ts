import { errorCatalogue } from '@millwright/foundation'

/** What can go wrong with Modbus. Numbers are never reused. */
export const modbusErrors = errorCatalogue('MODBUS', {
  // The wire (1-19).
  exception: {
    number: 1,
    status: 502,
    text: '{device} refused {request}: {name} (exception {exceptionCode}). {advice}',
  },
  timeout: { number: 2, status: 504, text: '{device} did not answer {request} within {timeout} ms.' },
  malformed: {
    number: 3,
    status: 502,
    text: '{device} answered {request} with {what}: not Modbus, or a disturbed line.',
  },
  closed: { number: 4, status: 502, text: 'The connection to {peer} was closed: {why}.' },
  flood: { number: 5, status: 502, text: '{peer} sends what nobody asked for: the connection was closed.' },
  frame: {
    number: 6,
    status: 502,
    text: '{peer} sent a frame that is not Modbus TCP ({what}): is it another protocol’s port?',
  },
  overloaded: { number: 8, status: 503, text: 'More than {limit} requests wait for {peer}.' },
  tooLate: { number: 9, status: 504, text: 'The command waited too long for {peer} and was not sent.' },
  // Configuration (20-39).
  configuration: { number: 20, status: 400, text: '{what}' },
  // Files (40-49).
  csv: { number: 40, status: 400, text: '{what}' },
  csvLines: { number: 41, status: 400, text: '{first}{second}{third}{more}' },
  csvColumn: {
    number: 42,
    status: 400,
    text: 'Line {line}: there is no column "{column}". Known columns: name, address, table, type, length, bit, bits, order, scale, offset, unit, interval, writable, minimum, maximum, states, invalid, map.',
  },
  // Commands (50-69).
  commandUnknown: {
    number: 50,
    status: 400,
    text: 'There is no command {name} here; there is: write { metric, value }.',
  },
  commandParams: {
    number: 51,
    status: 400,
    text: 'The command needs { "metric": name, "value": number, boolean or text }.',
  },
  deviceUnknown: { number: 52, status: 404, text: 'No device named {device} is behind this connection.' },
  metricUnknown: { number: 53, status: 404, text: 'The device has no register named {metric}.' },
  notWritable: { number: 54, status: 409, text: 'The register {metric} is not marked as writable in this connection.' },
  value: { number: 55, status: 400, text: 'The value of {metric} must be {expected}; {value} is not.' },
  notTaken: {
    number: 56,
    status: 502,
    text: '{device} confirmed the write of {metric}, but holds {held} and not {wanted}: it limits the value or is in another mode.',
  },
  ambiguous: {
    number: 57,
    status: 400,
    text: '{count} devices of this connection have a register named {metric}: send the command to one of them.',
  },
})
