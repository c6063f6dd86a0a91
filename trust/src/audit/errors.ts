import { errorCatalogue } from '@millwright/foundation'

export const auditErrors = errorCatalogue('AUDIT', {
  badCursor: {
    number: 1,
    status: 400,
    text: 'The cursor {cursor} is not one that this list gave. Start again without a cursor.',
  },
})
