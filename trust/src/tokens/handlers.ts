import type { trustOperations } from '@millwright/contracts'
import type { Handlers } from '../api.ts'
import type { TokenService } from './service.ts'

export const tokenHandlers = (
  tokens: TokenService,
): Handlers<Pick<typeof trustOperations, 'listTokens' | 'createToken' | 'revokeToken'>> => ({
  listTokens: async ({ actor }) => ({ items: await tokens.list(actor) }),
  createToken: ({ actor, body }) => tokens.create(actor, body),
  revokeToken: async ({ actor, params }) => {
    await tokens.revoke(actor, params.id)
    return undefined
  },
})
