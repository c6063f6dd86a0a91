import { errorCatalogue } from '@millwright/foundation'

/** What can be wrong with a remote write request. Numbers are never reused. */
export const prometheusErrors = errorCatalogue('PROM', {
  snappy: { number: 1, status: 400, text: 'The body is not valid Snappy (block format): {what}.' },
  tooLarge: { number: 2, status: 400, text: 'The request has {size} bytes unpacked; at most {limit} are taken.' },
  protobuf: { number: 3, status: 400, text: 'The body is not a valid {message}: {what} at byte {offset}.' },
  labels: { number: 4, status: 400, text: 'A series has {what}.' },
  tooMany: { number: 5, status: 400, text: 'The request has more than {limit} {things}.' },
  samples: {
    number: 6,
    status: 400,
    text: '{count} samples were not taken; the first: {what}.',
  },
  contentType: {
    number: 7,
    status: 415,
    text: 'The content type {type} is not taken here: send application/x-protobuf.',
  },
})
