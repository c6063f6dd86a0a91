import { errorCatalogue } from '@millwright/foundation'

export const directoryErrors = errorCatalogue('DIR', {
  held: {
    number: 1,
    status: 500,
    text: 'The data directory {directory} is held by another process ({holder}); stop that one first, or give another directory with --data.',
  },
  access: {
    number: 2,
    status: 500,
    text: 'The data directory {directory} cannot be read and written by this user ({reason}); change its owner, or give another directory with --data.',
  },
  newer: {
    number: 3,
    status: 500,
    text: 'The data directory {directory} was written by a newer version of Millwright (format {format}; this version knows formats up to {known}). Start that version, or a later one.',
  },
  damaged: {
    number: 4,
    status: 500,
    text: 'The file {file} is damaged ({reason}), so it is not known how the data beside it is laid out. Nothing was touched; restore the file or the whole directory from a backup.',
  },
  notDirectory: { number: 5, status: 500, text: '{directory} is not a directory; give a directory with --data.' },
  foreign: {
    number: 6,
    status: 500,
    text: 'The directory {directory} holds other files ({example}) and no Millwright data; give an empty or a new directory with --data.',
  },
  full: {
    number: 7,
    status: 507,
    text: 'There is no space left on the disk of {directory}; free some and try again.',
  },
})
