import { errorCatalogue } from '@millwright/foundation'

export const artifactErrors = errorCatalogue('FILE', {
  key: {
    number: 1,
    status: 400,
    text: '{key} is not an artifact’s key; it is the SHA-256 of its bytes, 64 hex digits.',
  },
  missing: { number: 2, status: 404, text: 'There is no artifact {key}.' },
  damaged: {
    number: 3,
    status: 500,
    text: 'The artifact {key} is damaged on disk: its bytes no longer have that SHA-256. Restore it from a backup or upload it again.',
  },
})
