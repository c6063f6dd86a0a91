import type { trustOperations } from '@millwright/contracts'
import type { Handlers } from '../api.ts'
import type { RoleService } from './service.ts'

export const roleHandlers = (
  roles: RoleService,
): Handlers<
  Pick<
    typeof trustOperations,
    'listRoles' | 'createRole' | 'updateRole' | 'deleteRole' | 'listGrants' | 'createGrant' | 'deleteGrant'
  >
> => ({
  listRoles: async ({ actor }) => ({ items: await roles.list(actor) }),
  createRole: ({ actor, body }) => roles.create(actor, body),
  updateRole: ({ actor, params, body, ifMatch }) => roles.update(actor, params.id, body, ifMatch),
  deleteRole: async ({ actor, params }) => {
    await roles.delete(actor, params.id)
    return undefined
  },
  listGrants: ({ actor, query }) => roles.listGrants(actor, query),
  createGrant: ({ actor, body }) => roles.grant(actor, body),
  deleteGrant: async ({ actor, params }) => {
    await roles.takeBack(actor, params.id)
    return undefined
  },
})
