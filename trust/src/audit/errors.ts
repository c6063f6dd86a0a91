import { errorCatalogue } from '@millwright/foundation'

export const auditErrors = errorCatalogue('AUDIT', {
  badCursor: {
    number: 1,
    status: 400,
    text: 'The cursor {cursor} is not one that this list gave. Start again without a cursor.',
  },
  badCheckpoint: {
    number: 2,
    status: 500,
    text: 'The signed head of the audit log in {file} is not what this platform signed. Find out who changed it.',
  },
  notContinued: {
    number: 3,
    status: 500,
    text: 'The audit log does not run through entry {sequence} as it was signed. Verify it, and find out who changed it.',
  },
})
