import { errorCatalogue } from '@millwright/foundation'

export const accessErrors = errorCatalogue('ACCESS', {
  forbidden: {
    number: 1,
    status: 403,
    text: 'This needs the permission {permission} here, which {who} does not have. Ask an administrator to grant it.',
  },
  onlyPlatform: {
    number: 2,
    status: 403,
    text: 'Only administrators of the platform’s first tenant can do this, because it concerns all tenants.',
  },
})
