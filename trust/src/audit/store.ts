import type { AuditEntry } from '@millwright/contracts'
import type { Sql } from '@millwright/storage'
import { entryHash, GENESIS } from './chain.ts'
import type { AuditFilter } from './model.ts'

interface Row {
  readonly sequence: number
  readonly time: number
  readonly actor_kind: AuditEntry['actorKind']
  readonly actor: string
  readonly actor_name: string
  readonly action: string
  readonly target: string
  readonly detail: Record<string, unknown>
  readonly address: string | null
  readonly previous: string
  readonly hash: string
}

export interface ChainHead {
  readonly sequence: number
  readonly hash: string
}

const COLUMNS = 'sequence, time, actor_kind, actor, actor_name, action, target, detail, address, previous, hash'

const toEntry = (row: Row): AuditEntry => ({
  sequence: row.sequence,
  time: row.time,
  actorKind: row.actor_kind,
  actor: row.actor,
  actorName: row.actor_name,
  action: row.action,
  target: row.target,
  detail: row.detail,
  ...(row.address === null ? {} : { address: row.address }),
  hash: row.hash,
})

/**
 * Appends under a lock held to the end of the transaction, so that entries get their numbers in the order in which they
 * become visible. The head is moved by the table's trigger: the role that runs this may not write it.
 */
export async function append(sql: Sql, tenant: string, entry: Omit<AuditEntry, 'sequence' | 'hash'>): Promise<void> {
  await sql.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`audit:${tenant}`])
  const head = await readHead(sql, tenant)
  const whole = { ...entry, sequence: head.sequence + 1 }
  await sql.query(
    `insert into audit_entries (tenant, ${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $12)`,
    [
      tenant,
      whole.sequence,
      whole.time,
      whole.actorKind,
      whole.actor,
      whole.actorName,
      whole.action,
      whole.target,
      JSON.stringify(whole.detail),
      whole.address ?? null,
      head.hash,
      entryHash(tenant, head.hash, whole),
    ],
  )
}

export async function readHead(sql: Sql, tenant: string): Promise<ChainHead> {
  const [head] = await sql.query<ChainHead>('select sequence, hash from audit_heads where tenant = $1', [tenant])
  return head ?? { sequence: 0, hash: GENESIS }
}

export async function readHash(sql: Sql, tenant: string, sequence: number): Promise<string | undefined> {
  const [row] = await sql.query<{ hash: string }>(
    'select hash from audit_entries where tenant = $1 and sequence = $2',
    [tenant, sequence],
  )
  return row?.hash
}

/** Entries after a sequence, oldest first, each with the hash it says came before it. */
export async function readChain(
  sql: Sql,
  tenant: string,
  after: number,
  limit: number,
): Promise<{ entry: AuditEntry; previous: string }[]> {
  const rows = await sql.query<Row>(
    `select ${COLUMNS} from audit_entries where tenant = $1 and sequence > $2 order by sequence limit $3`,
    [tenant, after, limit],
  )
  return rows.map((row) => ({ entry: toEntry(row), previous: row.previous }))
}

/** Newest first, before a sequence. */
export async function listEntries(
  sql: Sql,
  tenant: string,
  filter: AuditFilter,
  before: number,
  limit: number,
): Promise<AuditEntry[]> {
  const rows = await sql.query<Row>(
    `select ${COLUMNS} from audit_entries
      where tenant = $1 and sequence < $2
        and ($3::text is null or action = $3 or action like $4)
        and ($5::text is null or actor = $5 or actor_name = $5)
        and ($6::text is null or target = $6)
        and ($7::bigint is null or time >= $7)
        and ($8::bigint is null or time < $8)
      order by sequence desc limit $9`,
    [
      tenant,
      before,
      filter.action ?? null,
      // `alarm` finds `alarm.acknowledge` too.
      filter.action === undefined ? null : `${filter.action.replace(/[\\%_]/g, '\\$&')}.%`,
      filter.actor ?? null,
      filter.target ?? null,
      filter.from ?? null,
      filter.to ?? null,
      limit,
    ],
  )
  return rows.map(toEntry)
}
