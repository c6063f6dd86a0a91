import type { Permission } from '@millwright/contracts'
import type { Clock } from '@millwright/foundation'
import { WHOLE_TENANT } from '../access/authorize.ts'
import type { Actor, ActorShare } from '../actor.ts'
import type { Principal } from './principal.ts'

const NOTHING: ReadonlyMap<string, ReadonlySet<Permission>> = new Map()

type From = { readonly session?: string; readonly address?: string }

/** Shares end by themselves, also for an actor that was made before: each reading looks at the clock. */
const inForce = (shares: readonly ActorShare[], clock: Clock): readonly ActorShare[] => {
  if (shares.length === 0) return shares
  const now = clock.now()
  return shares.filter((share) => share.until === null || share.until === undefined || share.until > now)
}

/** A person with all they hold. */
export function userActor(principal: Principal, clock: Clock, from: From = {}): Actor {
  const { user, first, holdings, shares } = principal
  return {
    kind: 'user',
    id: user.id,
    name: user.name,
    tenant: user.tenant,
    user: user.id,
    permissions: holdings,
    get shares() {
      return inForce(shares, clock)
    },
    platform: first && holdings.get(WHOLE_TENANT)?.has('tenant:write') === true,
    ...from,
  }
}

/** A person who came by a one-time link and has set no password yet: known, and allowed nothing. */
export function restrictedActor(principal: Principal, from: From): Actor {
  const { user } = principal
  return {
    kind: 'user',
    id: user.id,
    name: user.name,
    tenant: user.tenant,
    user: user.id,
    permissions: NOTHING,
    shares: [],
    platform: false,
    ...from,
  }
}

/** A token: what it was made for, as far as its owner may still do that. */
export function tokenActor(
  principal: Principal,
  token: { id: string; name: string; permissions: ReadonlySet<Permission> },
  clock: Clock,
  from: From,
): Actor {
  const permissions = new Map<string, ReadonlySet<Permission>>()
  for (const [node, held] of principal.holdings) {
    permissions.set(node, new Set([...held].filter((permission) => token.permissions.has(permission))))
  }
  const owner = userActor(principal, clock)
  return {
    kind: 'token',
    id: token.id,
    name: `${token.name} (${principal.user.name})`,
    tenant: principal.user.tenant,
    user: principal.user.id,
    permissions,
    get shares() {
      return owner.shares
    },
    platform: owner.platform,
    ...from,
  }
}
