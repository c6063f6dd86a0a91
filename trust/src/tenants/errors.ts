import { errorCatalogue } from '@millwright/foundation'

export const tenantErrors = errorCatalogue('TENANT', {
  onlyPlatform: {
    number: 1,
    status: 403,
    text: 'Only administrators of the platform’s first tenant can make tenants.',
  },
})
