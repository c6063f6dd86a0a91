import type { AuditEntry } from '@millwright/contracts'
import type { Micros } from '@millwright/foundation'
import type { Sql } from '@millwright/storage'
import type { Actor } from '../actor.ts'

/** Facts about a change; anything that is not JSON becomes readable text, very long values are cut. Never a secret. */
export type AuditDetail = Readonly<Record<string, unknown>>

export interface AuditFilter {
  readonly action?: string
  /** Id or name of the actor. */
  readonly actor?: string
  readonly target?: string
  readonly from?: Micros
  /** Exclusive. */
  readonly to?: Micros
  readonly cursor?: string
  readonly limit?: number
}

export interface AuditVerdict {
  readonly ok: boolean
  /** Entries read. */
  readonly entries: number
  /** Hash of the last entry, hex. */
  readonly head: string
  /** Sequence of the first entry that is not what was written, or that is missing. */
  readonly brokenAt?: number
}

export type { AuditEntry }

/** The append-only log of who did what, one hash chain per tenant. */
export interface AuditLog {
  /**
   * Appends an entry to the chain of the actor's tenant. Give `sql` when inside a transaction (of that tenant, or of the
   * system): the entry then stands or falls with the change. Without it the entry has a transaction of its own, which must
   * not be awaited inside another one.
   * @param action as `device.create`; @param target the id of what was changed
   */
  record(actor: Actor, action: string, target: string, detail?: AuditDetail, sql?: Sql): Promise<void>
  /** The same in another tenant's chain, for what concerns both (shares, new tenants). `sql` must see that tenant. */
  recordIn(tenant: string, actor: Actor, action: string, target: string, detail?: AuditDetail, sql?: Sql): Promise<void>
  /** Newest first. Needs `audit:read`. */
  list(actor: Actor, filter: AuditFilter): Promise<{ items: AuditEntry[]; next?: string }>
  /** Recomputes the chain of the actor's tenant. Needs `audit:read`. */
  verify(actor: Actor): Promise<AuditVerdict>
}
