import { errorCatalogue } from '@millwright/foundation'

/** What can go wrong with lines of text. Numbers are never reused. */
export const linesErrors = errorCatalogue('LINES', {
  configuration: { number: 1, status: 400, text: '{what}' },
  tooLong: {
    number: 2,
    status: 400,
    text: 'A line has more than {limit} bytes without its delimiter: it was left out.',
  },
  noMatch: { number: 3, status: 400, text: 'No pattern reads this line.' },
  badTime: {
    number: 4,
    status: 400,
    text: 'The field {field} holds no time of the form {format} between 2000 and tomorrow.',
  },
  badDevice: { number: 5, status: 400, text: 'The field {field} holds no device name (1 to 120 characters).' },
  tooManyDevices: {
    number: 6,
    status: 400,
    text: 'More than {limit} different device names came: this one is left out.',
  },
  tooManyFields: { number: 7, status: 400, text: 'The line has more than {limit} fields.' },
  badName: {
    number: 8,
    status: 400,
    text: 'A field’s name in this line cannot be that of a metric (1 to 200 characters).',
  },
  fault: { number: 9, status: 400, text: 'The line could not be read because of a fault in this program: {what}.' },
  portInUse: {
    number: 20,
    status: 409,
    text: 'Port {port} is in use already: by another connection or program, or by this connection while it runs.',
  },
  notListening: { number: 21, status: 502, text: 'Cannot listen on {host}:{port}: {what}.' },
  closed: { number: 22, status: 502, text: 'The connection to {peer} was closed by the device.' },
  commandUnknown: { number: 30, status: 400, text: 'There is no command {name} here{hint}.' },
  commandParams: {
    number: 31,
    status: 400,
    text: 'The command needs { "text": what is to be sent, of at most 4096 characters }.',
  },
  notConnected: { number: 32, status: 503, text: 'The device is not connected at the moment.' },
})
