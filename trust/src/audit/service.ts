import { type Clock, decodeCursor, encodeCursor } from '@millwright/foundation'
import type { Database, Sql } from '@millwright/storage'
import { authorize } from '../access/authorize.ts'
import type { Actor } from '../actor.ts'
import { cleanText, loggable } from './canonical.ts'
import { ChainWalk } from './chain.ts'
import type { Checkpoints } from './checkpoints.ts'
import type { AuditDetail, AuditEntry, AuditFilter, AuditLog, AuditVerdict } from './model.ts'
import { append, listEntries, readChain, readHead } from './store.ts'

export interface AuditOptions {
  readonly database: Database
  readonly clock: Clock
  /** Signed heads kept outside the database; without them a cut tail shows only in the database's own head. */
  readonly checkpoints?: Checkpoints
}

const MAX_DETAIL = 16_384
const VERIFY_PAGE = 1000

export function createAudit({ database, clock, checkpoints }: AuditOptions): AuditLog {
  async function recordIn(
    tenant: string,
    actor: Actor,
    action: string,
    target: string,
    detail: AuditDetail = {},
    sql?: Sql,
  ): Promise<void> {
    const entry = {
      time: clock.now(),
      actorKind: actor.kind,
      actor: cleanText(actor.id),
      actorName: cleanText(actor.name),
      action: cleanText(action),
      target: cleanText(target),
      detail: boundedDetail(detail),
      ...(actor.address === undefined ? {} : { address: cleanText(actor.address) }),
    }
    if (sql === undefined) await database.tenant(tenant, (own) => append(own, tenant, entry))
    else await append(sql, tenant, entry)
    checkpoints?.due(tenant)
  }

  return {
    recordIn,
    record: (actor, action, target, detail, sql) => recordIn(actor.tenant, actor, action, target, detail, sql),

    async list(actor, filter) {
      authorize(actor, 'audit:read', { tenant: actor.tenant, path: [] })
      const limit = filter.limit ?? 100
      const [given] = decodeCursor(filter.cursor, [Number.MAX_SAFE_INTEGER])
      // Cursors come back from outside: any number, as long as the database can hold it.
      const before = Math.min(Math.max(0, Math.trunc(given ?? 0)), Number.MAX_SAFE_INTEGER)
      const found = await database.tenant(actor.tenant, (sql) =>
        listEntries(sql, actor.tenant, cleanFilter(filter), before, limit + 1),
      )
      const items = found.slice(0, limit)
      const last = items.at(-1)
      return found.length > limit && last !== undefined ? { items, next: encodeCursor([last.sequence]) } : { items }
    },

    async verify(actor): Promise<AuditVerdict> {
      authorize(actor, 'audit:read', { tenant: actor.tenant, path: [] })
      const { tenant } = actor
      // The marks are read before the chain: entries that come meanwhile lie beyond them and do no harm.
      const marks = new Map<number, string>()
      const signed = await checkpoints?.read(tenant)
      if (signed !== undefined && signed.sequence > 0) marks.set(signed.sequence, signed.hash)
      const walk = new ChainWalk(tenant, marks)
      for (;;) {
        const { page, head } = await database.tenant(tenant, async (sql) => ({
          page: await readChain(sql, tenant, walk.entries, VERIFY_PAGE),
          head: await readHead(sql, tenant),
        }))
        const whole = page.every(({ entry, previous }) => walk.step(entry, previous))
        if (!whole) break
        if (page.length < VERIFY_PAGE) {
          // The database's own head was read in the same transaction as the last page.
          if (head.sequence !== walk.entries || head.hash !== walk.head) walk.brokenAt = walk.entries + 1
          walk.finish()
          break
        }
      }
      const { entries, head, brokenAt } = walk
      return { ok: brokenAt === undefined, entries, head, ...(brokenAt === undefined ? {} : { brokenAt }) }
    },
  }
}

function boundedDetail(detail: AuditDetail): AuditEntry['detail'] {
  const clean = loggable(detail) as AuditEntry['detail']
  const size = JSON.stringify(clean).length
  return size > MAX_DETAIL ? { leftOut: `detail of ${size} characters, more than ${MAX_DETAIL}` } : clean
}

/** NUL cannot be sent to the database; a filter that holds one finds what was stored in its place. */
function cleanFilter(filter: AuditFilter): AuditFilter {
  return {
    ...filter,
    ...(filter.action === undefined ? {} : { action: cleanText(filter.action) }),
    ...(filter.actor === undefined ? {} : { actor: cleanText(filter.actor) }),
    ...(filter.target === undefined ? {} : { target: cleanText(filter.target) }),
  }
}
