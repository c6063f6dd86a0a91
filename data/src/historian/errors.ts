import { errorCatalogue } from '@millwright/foundation'

export const historyErrors = errorCatalogue('DATA', {
  signalUnknown: { number: 1, status: 404, text: 'There is no signal {id}, or you may not see it.' },
  rangeEmpty: {
    number: 2,
    status: 422,
    text: 'The range ends ({to}) at or before its start ({from}); give a later end.',
  },
  kindDiffers: {
    number: 3,
    status: 422,
    text: 'The signal "{name}" holds {kind}, and this asks for {asked}; choose another signal or another view.',
  },
  tooManyRows: {
    number: 4,
    status: 422,
    text: 'This asks for {rows} rows, and {limit} are answered at the most; take a shorter range, a longer step or fewer signals.',
  },
  tooSlow: {
    number: 5,
    status: 503,
    text: 'The query was stopped after {seconds} s; take a shorter range, a longer step or fewer signals.',
  },
  lengthsDiffer: {
    number: 6,
    status: 422,
    text: 'There are {times} times and {values} values of {column}; give one for each time.',
  },
  valueInvalid: {
    number: 7,
    status: 422,
    text: 'The value {value} is not what the signal "{name}" holds ({kind}): {why}.',
  },
  timeInvalid: {
    number: 8,
    status: 422,
    text: 'The time {time} lies before 2000-01-01 or more than 24 h ahead; times are microseconds since 1970-01-01 UTC.',
  },
  notStored: {
    number: 9,
    status: 503,
    text: 'The historian cannot store readings now: {reason}. Nothing of this was kept; send it again later.',
  },
  engine: { number: 10, status: 500, text: 'The telemetry engine refused the query: {reason}' },
  schemaChanged: {
    number: 11,
    status: 500,
    text: 'The telemetry schema step {id} is not the one this data directory was made with; it comes from another version of the platform.',
  },
  nothingAsked: { number: 12, status: 422, text: 'Name the signals, or the node below which they hang.' },
  clientGone: { number: 13, status: 499, text: 'The caller went away before the answer was ready.' },
  resultTooLarge: {
    number: 14,
    status: 422,
    text: 'The answer is larger than one answer may be; take a shorter range or fewer signals, or export it as a file.',
  },
  damaged: {
    number: 15,
    status: 503,
    text: 'Stored data met by this query is damaged; it is being set aside so that the rest can be read. Ask again in a moment, and see the data health.',
  },
  tablesMissing: {
    number: 16,
    status: 500,
    text: 'The tables {tables} are missing from the telemetry directory although they were made once; restore a backup, or start in an empty directory.',
  },
})
