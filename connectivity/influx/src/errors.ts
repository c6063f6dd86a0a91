import { errorCatalogue } from '@millwright/foundation'

/** What can be wrong with line protocol and with a connection that takes it. Numbers are never reused. */
export const influxErrors = errorCatalogue('INFLUX', {
  missingTags: { number: 1, status: 400, text: 'The tag set is cut or empty' },
  missingFields: { number: 2, status: 400, text: 'The line has no fields' },
  invalidField: { number: 3, status: 400, text: 'The field at character {at} is not name=value' },
  invalidNumber: {
    number: 4,
    status: 400,
    text: '{value} is not a number of line protocol, or beyond what its type holds',
  },
  openString: { number: 5, status: 400, text: 'A string has no closing quote, or is longer than {limit} characters' },
  invalidTime: {
    number: 6,
    status: 400,
    text: 'The time {value} is not an integer from 2000 to tomorrow; is the precision right?',
  },
  tooLong: { number: 7, status: 400, text: 'The {what} is longer than {limit}' },
  tooManyDevices: { number: 8, status: 400, text: 'More than {limit} devices in a moment' },
  partialWrite: { number: 9, status: 400, text: 'partial write: {summary}' },
  invalidUtf8: { number: 10, status: 400, text: 'The body is not valid UTF-8.' },
  precision: { number: 11, status: 400, text: 'The precision {value} is not known: use ns, us, ms, s, m or h.' },
  openToAll: {
    number: 20,
    status: 400,
    text: 'Anybody who reaches {host} could write. Set a token or a user and password, or listen on 127.0.0.1 alone.',
  },
  userWithoutPassword: { number: 21, status: 400, text: 'A user needs a password too, and a password a user.' },
  certificateWithoutKey: {
    number: 22,
    status: 400,
    text: 'A certificate needs its private key too, and a key its certificate.',
  },
})
