import type { Share } from '@millwright/contracts'
import type { Clock } from '@millwright/foundation'
import type { Database, Sql } from '@millwright/storage'
import { authorize, may } from '../access/authorize.ts'
import { systemActor } from '../access/system-actor.ts'
import type { Actor } from '../actor.ts'
import type { AuditDetail, AuditLog } from '../audit/model.ts'
import type { Announce } from '../events.ts'
import { idAt } from '../ids.ts'
import type { AssetPaths } from '../ports.ts'
import { roleErrors } from '../roles/errors.ts'
import { findTenant, tenantNames } from '../tenants/store.ts'
import { shareErrors } from './errors.ts'
import {
  countInForce,
  findGiven,
  insertShare,
  listShares,
  revokeShare,
  revokeSharesOf,
  type ShareRow,
} from './store.ts'

export interface ShareOptions {
  readonly database: Database
  readonly clock: Clock
  readonly audit: AuditLog
  readonly announce: Announce
  readonly assetPaths: AssetPaths
}

export interface NewShare {
  readonly partner: string
  readonly node: string
  /** Names of signals; empty: all. */
  readonly signals: readonly string[]
  readonly purpose: string
  readonly until: number | null
}

const MOST_GIVEN = 1000

/**
 * What one tenant lets another see: an owner's machines at work, for their builder to look after. A share gives reading
 * of assets, signals and alarms at a node and below, and never more; see `may` for who of the partner's people it helps.
 */
export class ShareService {
  readonly #o: ShareOptions

  constructor(options: ShareOptions) {
    this.#o = options
  }

  /** Given shares need `share:write` or `asset:read` in the whole tenant, received ones `asset:read`. */
  async list(actor: Actor, direction?: 'given' | 'received'): Promise<Share[]> {
    const place = { tenant: actor.tenant, path: [] }
    if (!may(actor, 'share:write', place)) authorize(actor, 'asset:read', place)
    const rows = await this.#o.database.tenant(actor.tenant, (sql) => listShares(sql, actor.tenant, direction))
    return this.#views(rows)
  }

  /** Needs `share:write` at the node. Written into the audit logs of both tenants. */
  async create(actor: Actor, given: NewShare): Promise<Share> {
    const { database, clock, assetPaths, announce } = this.#o
    const found = await assetPaths.path(actor.tenant, given.node)
    if (found === undefined) throw roleErrors.nodeNotFound({ node: given.node, path: 'node' })
    const place = { tenant: actor.tenant, path: found.path }
    if (!may(actor, 'share:write', place) && !may(actor, 'asset:read', place)) {
      throw roleErrors.nodeNotFound({ node: given.node, path: 'node' })
    }
    authorize(actor, 'share:write', place)
    const now = clock.now()
    if (given.partner === actor.tenant) throw shareErrors.self({ path: 'partner' })
    if (given.until !== null && given.until <= now) throw shareErrors.past({ path: 'until' })
    const row: ShareRow = {
      id: idAt('shr', now),
      tenant: actor.tenant,
      partner: given.partner,
      node: given.node,
      signals: [...new Set(given.signals)],
      purpose: given.purpose,
      created_at: now,
      until: given.until,
      revoked_at: null,
    }
    // As the system: the partner's name and audit log are another tenant's.
    await database.system(async (sql) => {
      if ((await findTenant(sql, given.partner)) === undefined) {
        throw shareErrors.partnerUnknown({ partner: given.partner, path: 'partner' })
      }
      const count = await countInForce(sql, actor.tenant)
      if (count >= MOST_GIVEN) throw shareErrors.tooMany({ count })
      await insertShare(sql, row)
      const { partner, node, signals, purpose, until } = row
      await this.#recordInBoth(sql, actor, 'share.create', row, { partner, node, signals, purpose, until })
    })
    await announce('share.changed', actor.tenant, row.id, { partner: row.partner })
    const [share] = await this.#views([row])
    return share as Share
  }

  /** Needs `share:write` at the node; works from the partner's next request on. */
  async revoke(actor: Actor, id: string): Promise<void> {
    const { database, clock, assetPaths, announce } = this.#o
    const known = await database.tenant(actor.tenant, (sql) => findGiven(sql, actor.tenant, id))
    if (known === undefined || known.revoked_at !== null) throw shareErrors.notFound({ id })
    const path = (await assetPaths.path(actor.tenant, known.node))?.path ?? [known.node]
    const place = { tenant: actor.tenant, path }
    if (!may(actor, 'share:write', place) && !may(actor, 'asset:read', place)) throw shareErrors.notFound({ id })
    authorize(actor, 'share:write', place)
    await database.system(async (sql) => {
      const row = await revokeShare(sql, actor.tenant, id, clock.now())
      if (row === undefined) throw shareErrors.notFound({ id })
      await this.#recordInBoth(sql, actor, 'share.revoke', row, { partner: row.partner, node: row.node })
    })
    await announce('share.changed', actor.tenant, id, { partner: known.partner })
  }

  /** An asset node was removed: what was shown of it ends. */
  async forgetNode(tenant: string, node: string): Promise<void> {
    const ended = await this.#o.database.system(async (sql) => {
      const rows = await revokeSharesOf(sql, tenant, node, this.#o.clock.now())
      for (const row of rows) {
        await this.#recordInBoth(sql, systemActor(tenant), 'share.revoke', row, { reason: 'the node was removed' })
      }
      return rows
    })
    for (const row of ended) await this.#o.announce('share.changed', tenant, row.id, { partner: row.partner })
  }

  /** Both chains, always locked in the same order: two tenants that share with each other do not block each other. */
  async #recordInBoth(sql: Sql, actor: Actor, action: string, row: ShareRow, detail: AuditDetail): Promise<void> {
    const whole = { owner: row.tenant, ...detail }
    for (const tenant of [row.tenant, row.partner].sort()) {
      await this.#o.audit.recordIn(tenant, actor, action, row.id, whole, sql)
    }
  }

  async #views(rows: readonly ShareRow[]): Promise<Share[]> {
    const ids = rows.flatMap((row) => [row.tenant, row.partner])
    const names = await this.#o.database.system((sql) => tenantNames(sql, ids))
    const nodeNames = new Map<string, string>()
    for (const { tenant, node } of rows) {
      if (!nodeNames.has(node)) nodeNames.set(node, (await this.#o.assetPaths.path(tenant, node))?.name ?? node)
    }
    return rows.map((row) => ({
      id: row.id,
      owner: row.tenant,
      ownerName: names.get(row.tenant) ?? row.tenant,
      partner: row.partner,
      partnerName: names.get(row.partner) ?? row.partner,
      node: row.node,
      nodeName: nodeNames.get(row.node) ?? row.node,
      signals: row.signals,
      purpose: row.purpose,
      createdAt: row.created_at,
      until: row.until,
      ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
    }))
  }
}
