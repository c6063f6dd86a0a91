import { errorCatalogue } from '@millwright/foundation'

export const throttleErrors = errorCatalogue('THROTTLE', {
  tooMany: {
    number: 1,
    status: 429,
    text: 'Too many attempts that failed. Try again in {seconds} s, or ask an administrator for a sign-in link.',
  },
})
