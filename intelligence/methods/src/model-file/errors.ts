import { errorCatalogue } from '@millwright/foundation'

export const modelFileErrors = errorCatalogue('MODEL', {
  unreadable: {
    number: 1,
    status: 422,
    text: 'This is no model that Millwright has written, or it is damaged: {reason}. Take it from its version again, or train it anew.',
  },
})
