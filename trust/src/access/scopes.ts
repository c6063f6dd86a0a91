import type { Permission } from '@millwright/contracts'
import type { Actor } from '../actor.ts'
import { SHARED_PERMISSIONS, WHOLE_TENANT } from './authorize.ts'

/** A part of one tenant that an actor may read. */
export interface ReadScope {
  readonly tenant: string
  /** Node ids: they and all below them; `*`: the whole tenant, also what hangs at no node. */
  readonly nodes: '*' | readonly string[]
  /** Names of the only signals shown; undefined: all. */
  readonly signals: readonly string[] | undefined
}

/**
 * Where the actor holds a reading permission. A service that lists runs its query once per scope, as that scope's
 * tenant; no scope means an empty list. Shares with the same owner and without named signals come as one scope.
 */
export function readScopes(actor: Actor, permission: Permission): ReadScope[] {
  const scopes: ReadScope[] = []
  const everywhere = actor.permissions.get(WHOLE_TENANT)?.has(permission) === true
  if (everywhere) {
    scopes.push({ tenant: actor.tenant, nodes: '*', signals: undefined })
  } else {
    const nodes = [...actor.permissions].filter(([, held]) => held.has(permission)).map(([node]) => node)
    if (nodes.length > 0) scopes.push({ tenant: actor.tenant, nodes, signals: undefined })
  }
  if (!everywhere || !SHARED_PERMISSIONS.has(permission)) return scopes
  const whole = new Map<string, string[]>()
  for (const share of actor.shares) {
    if (share.signals.length > 0) {
      scopes.push({ tenant: share.owner, nodes: [share.node], signals: share.signals })
      continue
    }
    const nodes = whole.get(share.owner) ?? []
    nodes.push(share.node)
    whole.set(share.owner, nodes)
  }
  for (const [tenant, nodes] of whole) scopes.push({ tenant, nodes, signals: undefined })
  return scopes
}
