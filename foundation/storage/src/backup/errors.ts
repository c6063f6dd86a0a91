import { errorCatalogue } from '@millwright/foundation'

export const backupErrors = errorCatalogue('BACKUP', {
  notBackup: { number: 1, status: 400, text: '{file} is not a backup of Millwright: {reason}.' },
  newer: {
    number: 2,
    status: 400,
    text: '{file} was made by a newer version of Millwright (backup format {format}; this version reads up to {known}). Restore it with that version, or a later one.',
  },
  truncated: {
    number: 3,
    status: 400,
    text: '{file} is not complete: it ends before its list of contents. Take it from where it was copied from again.',
  },
  damaged: {
    number: 4,
    status: 400,
    text: '{file} is damaged: {entry} {reason}. Nothing was restored; use another copy.',
  },
  notEmpty: {
    number: 5,
    status: 400,
    text: 'The directory {directory} is not empty ({example}); a backup is restored into a new or an empty directory only.',
  },
  failed: { number: 6, status: 500, text: 'The backup could not be restored: {reason}. Nothing was left behind.' },
  space: {
    number: 7,
    status: 507,
    text: 'There is not enough space on the disk of {directory}; free some and try again. Nothing was left behind.',
  },
})
