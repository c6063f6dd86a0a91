import { errorCatalogue } from '@millwright/foundation'

export const lifeErrors = errorCatalogue('LIFE', {
  frame: { number: 1, status: 422, text: 'The history of {unit} cannot be used: {reason}.' },
  signals: {
    number: 2,
    status: 422,
    text: 'The history of {unit} has the signals {given}, and {wanted} are expected: every run needs the same signals in the same order.',
  },
  tooFewFailures: {
    number: 3,
    status: 422,
    text: 'There are {failures} runs that ended in a failure, and at least {least} are needed: mark earlier failures, take a sister machine, or give a limit for a signal instead.',
  },
  nothingTrends: {
    number: 4,
    status: 422,
    text: 'No signal changes towards the failures ({signals}), so there is nothing to tell the remaining life from: choose other signals.',
  },
  setting: { number: 5, status: 422, text: 'The setting {name} cannot be {value}: {reason}.' },
  survival: { number: 6, status: 422, text: 'These lifetimes cannot be used: {reason}.' },
  noConvergence: {
    number: 7,
    status: 422,
    text: 'No best fit can be found: {reason}. Take out what cannot be told apart, or more histories.',
  },
  trend: { number: 8, status: 422, text: 'No trend can be followed: {reason}.' },
})
