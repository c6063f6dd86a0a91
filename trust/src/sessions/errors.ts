import { errorCatalogue } from '@millwright/foundation'

export const sessionErrors = errorCatalogue('SESSION', {
  notSignedIn: { number: 1, status: 401, text: 'Nobody is signed in. Sign in, or send an API token.' },
  wrongPassword: { number: 2, status: 401, text: 'The e-mail address or the password is wrong.' },
  ended: { number: 3, status: 401, text: 'The session has ended. Sign in again.' },
  badLink: {
    number: 4,
    status: 401,
    text: 'The sign-in link was used already, has been replaced by a newer one, or has run out. Ask for a new one.',
  },
  csrf: {
    number: 5,
    status: 403,
    text: 'The request changes something but does not carry the session’s x-csrf-token. Reload the page and try again.',
  },
  wrongCurrent: {
    number: 6,
    status: 422,
    text: 'The current password is wrong, so that the new one was not set.',
  },
  onlyPeople: { number: 7, status: 403, text: 'Only a person who is signed in can do this.' },
  badToken: {
    number: 8,
    status: 401,
    text: 'The token is unknown, revoked or has run out. Make a new one.',
  },
  badAuthorization: {
    number: 9,
    status: 401,
    text: 'The authorization header is not «Bearer» and a token that this platform gave.',
  },
})
