import { errorCatalogue } from '@millwright/foundation'

/** What the queue may have to say. None of these is a refusal: the same reading may be taken a moment later. */
export const queueErrors = errorCatalogue('QUEUE', {
  full: {
    number: 1,
    status: 503,
    text: 'The queue has used its {limit} bytes of disk, and its policy is to refuse new readings until the platform has taken old ones.',
  },
  diskFull: {
    number: 2,
    status: 503,
    text: 'The disk of the queue is full ({path}): free some space. New readings are taken again then by themselves.',
  },
  notWritten: {
    number: 3,
    status: 503,
    text: 'The queue could not write to {path} ({reason}). It is tried again with the next readings.',
  },
  closed: { number: 4, status: 503, text: 'The agent is stopping: the reading was not taken.' },
  inUse: {
    number: 5,
    status: 409,
    text: 'The folder {path} is in use by another agent (process {pid}). Stop that one, or give this one a folder of its own.',
  },
})
