import { errorCatalogue } from '@millwright/foundation'

export const tokenErrors = errorCatalogue('TOKEN', {
  notFound: { number: 1, status: 404, text: 'You have no API token {id}.' },
  tooMuch: {
    number: 2,
    status: 403,
    text: 'You cannot give a token the permission {permission}, because you do not have it anywhere yourself.',
  },
  badExpiry: {
    number: 3,
    status: 422,
    text: 'An API token has to run out in the future, and within {days} days.',
  },
  tooMany: { number: 4, status: 409, text: 'You have {count} API tokens in force. Revoke one that is not needed.' },
})
