import type { trustOperations } from '@millwright/contracts'
import type { Handlers } from '../api.ts'
import type { UserService } from './service.ts'

export const userHandlers = (
  users: UserService,
): Handlers<
  Pick<typeof trustOperations, 'listUsers' | 'createUser' | 'getUser' | 'updateUser' | 'createSignInLink'>
> => ({
  listUsers: ({ actor, query }) => users.list(actor, query),
  createUser: ({ actor, body }) => users.invite(actor, body),
  getUser: ({ actor, params }) => users.get(actor, params.id),
  updateUser: ({ actor, params, body, ifMatch }) => users.update(actor, params.id, body, ifMatch),
  createSignInLink: ({ actor, params }) => users.signInLink(actor, params.id),
})
