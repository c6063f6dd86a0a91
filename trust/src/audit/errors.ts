import { errorCatalogue } from '@millwright/foundation'

export const auditErrors = errorCatalogue('AUDIT', {
  badCheckpoint: {
    number: 1,
    status: 500,
    text: 'The signed head of the audit log in {file} is not what this platform signed. Find out who changed it.',
  },
  notContinued: {
    number: 2,
    status: 500,
    text: 'The audit log does not run through entry {sequence} as it was signed. Verify it, and find out who changed it.',
  },
})
