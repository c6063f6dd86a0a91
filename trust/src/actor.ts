import type { Permission } from '@millwright/contracts'
import type { Micros } from '@millwright/foundation'

/** Who is asking, as every service gets it. Identity comes from the connection, never from a payload. */
export interface Actor {
  readonly kind: 'user' | 'token' | 'device' | 'system'
  /** `usr_…`, `tok_…`, `dev_…`, or the name of the part of the platform that acts. */
  readonly id: string
  /** For logs and the audit trail. */
  readonly name: string
  readonly tenant: string
  /** A node's id, or `*` for the whole tenant -> what may be done there and below. */
  readonly permissions: ReadonlyMap<string, ReadonlySet<Permission>>
  /** What partner tenants show this tenant. Read it anew each time: shares that have ended are gone from it. */
  readonly shares: readonly ActorShare[]
  readonly address?: string
  /**
   * Speaks for the platform as a whole: administrators of the first tenant, and their tokens. What it may do still takes
   * the permission: see `authorizePlatform`.
   */
  readonly platform: boolean
  /** The person behind it: a user's own id, a token's owner; absent for devices and the platform itself. */
  readonly user?: string
  /** `ses_…` when it acts through a session: what to cut when `millwright.session.revoked` names it. */
  readonly session?: string
  /** Serial of the certificate a device came with, lower-case hex. */
  readonly certificate?: string
}

/** One share in force: a partner's node, and the names of its signals (empty: all). */
export interface ActorShare {
  readonly id: string
  readonly owner: string
  readonly node: string
  readonly signals: readonly string[]
  /** When it ends by itself; absent or null: when it is revoked. */
  readonly until?: Micros | null
}

/** Where something hangs: its tenant and the node ids from the root down to it (empty: at no node). */
export interface Place {
  readonly tenant: string
  readonly path: readonly string[]
  /** The signal's name, when a signal is asked for. */
  readonly signal?: string
}
