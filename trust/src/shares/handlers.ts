import type { trustOperations } from '@millwright/contracts'
import type { Handlers } from '../api.ts'
import type { ShareService } from './service.ts'

export const shareHandlers = (
  shares: ShareService,
): Handlers<Pick<typeof trustOperations, 'listShares' | 'createShare' | 'revokeShare'>> => ({
  listShares: async ({ actor, query }) => ({ items: await shares.list(actor, query.direction) }),
  createShare: ({ actor, body }) => shares.create(actor, body),
  revokeShare: async ({ actor, params }) => {
    await shares.revoke(actor, params.id)
    return undefined
  },
})
