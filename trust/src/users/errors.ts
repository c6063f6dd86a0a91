import { errorCatalogue } from '@millwright/foundation'

export const userErrors = errorCatalogue('USER', {
  notFound: { number: 1, status: 404, text: 'There is no user {id} in this tenant.' },
  emailTaken: {
    number: 2,
    status: 409,
    text: 'There is an account with the address {email} on this platform already. Each address can have one.',
  },
  changed: {
    number: 3,
    status: 412,
    text: 'The user {id} was changed meanwhile. Read it again and repeat your change.',
  },
  disabled: { number: 4, status: 409, text: 'The user {id} is disabled. Enable the account first.' },
  noPassword: {
    number: 5,
    status: 409,
    text: 'The user {id} has never set a password. Give them a sign-in link instead of enabling the account.',
  },
  badEmail: { number: 6, status: 422, text: 'The address {email} is not an e-mail address.' },
})
