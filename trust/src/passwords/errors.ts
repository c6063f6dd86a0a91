import { errorCatalogue } from '@millwright/foundation'

export const passwordErrors = errorCatalogue('PASSWORD', {
  tooShort: {
    number: 1,
    status: 422,
    text: 'The password is too short: take at least 12 characters, a few words for example.',
  },
  tooLong: { number: 2, status: 422, text: 'The password is too long: take at most 200 characters.' },
  tooSimple: {
    number: 3,
    status: 422,
    text: 'The password is too easy to guess: {why}. Take a few words that belong together only for you.',
  },
  busy: {
    number: 4,
    status: 503,
    text: 'Too many people are signing in at this moment. Try again in a few seconds.',
  },
})
