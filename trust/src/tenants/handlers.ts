import type { trustOperations } from '@millwright/contracts'
import type { Handlers } from '../api.ts'
import type { TenantService } from './service.ts'

export const tenantHandlers = (
  tenants: TenantService,
): Handlers<Pick<typeof trustOperations, 'listTenants' | 'createTenant'>> => ({
  listTenants: async ({ actor }) => ({ items: await tenants.list(actor) }),
  createTenant: ({ actor, body }) => tenants.create(actor, body),
})
