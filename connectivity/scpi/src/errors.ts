import { errorCatalogue } from '@millwright/foundation'

/** What can go wrong with instruments. Numbers are never reused. */
export const scpiErrors = errorCatalogue('SCPI', {
  configuration: { number: 1, status: 400, text: '{what}' },
  timeout: { number: 10, status: 504, text: 'The instrument did not answer {command} within {timeout} ms.' },
  closed: { number: 11, status: 502, text: 'The connection to {peer} was closed: {why}.' },
  outOfStep: {
    number: 12,
    status: 502,
    text: '{peer} is out of step: after an answer that did not come it did not say who it is either; it is connected anew.',
  },
  tooLong: {
    number: 13,
    status: 502,
    text: 'The answer to {command} has more than {limit} bytes: ask for less, or raise the bound.',
  },
  notIdentified: {
    number: 14,
    status: 502,
    text: '{peer} does not answer *IDN? as IEEE 488.2 says (it said: {said}): is it an instrument’s port?',
  },
  otherInstrument: {
    number: 15,
    status: 409,
    text: 'Another instrument answers at {peer}: {identity}. The configuration wants {wanted}.',
  },
  flood: { number: 16, status: 502, text: '{peer} sends what nobody asked for: the connection was closed.' },
  // Answers (30-39).
  notNumber: { number: 30, status: 400, text: 'The answer to {command} is no number: {said}.' },
  notBoolean: { number: 31, status: 400, text: 'The answer to {command} is neither 0 nor 1: {said}.' },
  wrongCount: { number: 32, status: 400, text: 'The answer to {command} has {found} values, not {wanted}.' },
  notBlock: { number: 33, status: 400, text: 'The answer to {command} is no block of data (#…): {said}.' },
  brokenBlock: {
    number: 34,
    status: 400,
    text: 'The block that answers {command} has {bytes} bytes, no whole number of values of {size}.',
  },
  tooManySamples: {
    number: 35,
    status: 400,
    text: 'The answer to {command} has {found} samples; at most {limit} are stored.',
  },
  notFinite: {
    number: 36,
    status: 400,
    text: 'The answer to {command} holds samples that are no numbers, as the one at {index}.',
  },
  noSampleRate: {
    number: 37,
    status: 400,
    text: 'The sample rate that {command} gave is {said}; it must be above 0 and up to 1e9.',
  },
  // Commands (50-69).
  commandUnknown: {
    number: 50,
    status: 400,
    text: 'There is no command {name} here; there are: query { command }, send { command }, write { metric, value }.',
  },
  commandParams: { number: 51, status: 400, text: 'The command {name} needs { {wanted} }.' },
  notAllowed: {
    number: 52,
    status: 403,
    text: 'The instrument’s command {command} is not in the list of allowed commands of this connection.',
  },
  outputUnknown: { number: 53, status: 404, text: 'There is no output named {metric} in this connection.' },
  value: { number: 54, status: 400, text: 'The value of {metric} must be {expected}; {value} is not.' },
  instrument: { number: 55, status: 502, text: 'The instrument refused {command}: {said}.' },
  notConnected: { number: 56, status: 503, text: 'The instrument is not connected at the moment.' },
  tooLate: { number: 57, status: 504, text: 'The command waited too long for the instrument and was not sent.' },
})
