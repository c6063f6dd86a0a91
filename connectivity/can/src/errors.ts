import { errorCatalogue } from '@millwright/foundation'

/** What can be wrong with CAN databases, frames and buses. Numbers are never reused. */
export const canErrors = errorCatalogue('CAN', {
  dbcTooLarge: { number: 1, status: 413, text: 'The CAN database has {size} bytes; at most {limit} are taken.' },
  dbcSyntax: { number: 2, status: 400, text: 'Line {line} of the CAN database: {what}.' },
  dbcTooMany: { number: 3, status: 400, text: 'The CAN database has more than {limit} {things}.' },
  dbcEmpty: { number: 4, status: 400, text: 'The CAN database {path} holds no message with signals.' },
  format: { number: 5, status: 400, text: 'Files of the format {format} are not read here; give a .dbc file.' },
  interfaceName: { number: 6, status: 400, text: 'The interface {name} is not a name of a network interface.' },
  // Frames (20-39).
  badLine: { number: 20, status: 400, text: 'Line {line} of {file}: {what}.' },
  moreBadLines: {
    number: 21,
    status: 400,
    text: '{count} more lines of {file} up to line {line} were refused; the last: {what}.',
  },
  liveLine: { number: 22, status: 400, text: 'The bus said something that is no frame: {what}.' },
  // Buses (40-59).
  candumpMissing: {
    number: 40,
    status: 502,
    text: 'candump is not installed on this machine: apt-get install can-utils.',
  },
  busEnded: {
    number: 41,
    status: 502,
    text: 'candump ended: {what}. Is the interface {name} there and up (ip link set {name} up type can bitrate …)?',
  },
  daemon: { number: 42, status: 502, text: 'socketcand at {peer} {what}.' },
  sendNotAllowed: { number: 43, status: 403, text: 'This connection may not send: allow it in its configuration.' },
  sendUnknown: { number: 44, status: 400, text: '{what}' },
  sendFailed: { number: 45, status: 502, text: 'The frame was not sent: {what}.' },
})
