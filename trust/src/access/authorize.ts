import type { Permission } from '@millwright/contracts'
import type { MillwrightError } from '@millwright/foundation'
import type { Actor, ActorShare, Place } from '../actor.ts'
import { accessErrors } from './errors.ts'

/** All that a share between tenants can ever give. */
export const SHARED_PERMISSIONS: ReadonlySet<Permission> = new Set<Permission>([
  'asset:read',
  'signal:read',
  'alarm:read',
])

/** The key in `Actor.permissions` that stands for the whole tenant. */
export const WHOLE_TENANT = '*'

/**
 * Whether the actor may do this at this place; the answer is no unless something says yes. In its own tenant a grant at
 * the whole tenant or at any node on the path says yes. In another tenant only a share does (see `shareAllows`).
 */
export function may(actor: Actor, permission: Permission, place: Place): boolean {
  if (actor.tenant !== place.tenant) return shareAllows(actor, permission, place)
  if (actor.permissions.get(WHOLE_TENANT)?.has(permission)) return true
  // Most actors have few grants and no node of their own: skip the walk when there is nothing to find.
  if (actor.permissions.size === 0) return false
  return place.path.some((node) => actor.permissions.get(node)?.has(permission))
}

/**
 * A share shows a partner's node to those who hold the same permission for their own whole tenant: a person trusted
 * with one line at home is not thereby trusted with a partner's machines.
 *
 * Where the share names its signals, `signal:read` and `alarm:read` need a place that says which signal is asked for.
 */
function shareAllows(actor: Actor, permission: Permission, place: Place): boolean {
  if (!SHARED_PERMISSIONS.has(permission)) return false
  if (!actor.permissions.get(WHOLE_TENANT)?.has(permission)) return false
  return actor.shares.some(
    (share) =>
      share.owner === place.tenant && place.path.includes(share.node) && signalAllowed(share, permission, place.signal),
  )
}

function signalAllowed(share: ActorShare, permission: Permission, signal: string | undefined): boolean {
  if (share.signals.length === 0) return true
  if (signal !== undefined) return share.signals.includes(signal)
  return permission === 'asset:read'
}

/** Throws MW-ACCESS-0001 (403) unless the actor may do this here. For things it may not even see, use `authorizeSeen`. */
export function authorize(actor: Actor, permission: Permission, place: Place): void {
  if (!may(actor, permission, place)) throw accessErrors.forbidden({ permission, who: actor.name })
}

/**
 * For what touches all tenants at once (backups, making tenants): throws MW-ACCESS-0001 or -0002 (403) unless the actor
 * holds the permission in its whole tenant *and* that tenant runs the platform. Administrators of other tenants hold
 * `platform:backup` too, and must not get everybody's data by it.
 */
export function authorizePlatform(actor: Actor, permission: Permission): void {
  authorize(actor, permission, { tenant: actor.tenant, path: [] })
  if (!actor.platform) throw accessErrors.onlyPlatform({ permission })
}

/**
 * Like `authorize`, for a thing that was asked for by its id: throws `notFound()` (404) when the actor may not see it,
 * so that nobody learns which ids exist, and 403 when it may see it but not do this.
 */
export function authorizeSeen(
  actor: Actor,
  permission: Permission,
  seenBy: Permission,
  place: Place,
  notFound: () => MillwrightError,
): void {
  if (!may(actor, seenBy, place) && !may(actor, permission, place)) throw notFound()
  authorize(actor, permission, place)
}
