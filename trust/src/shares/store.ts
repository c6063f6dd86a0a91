import type { Sql } from '@millwright/storage'

export interface ShareRow {
  readonly id: string
  readonly tenant: string
  readonly partner: string
  readonly node: string
  readonly signals: string[]
  readonly purpose: string
  readonly created_at: number
  readonly until: number | null
  readonly revoked_at: number | null
}

const COLUMNS = 'id, tenant, partner, node, signals, purpose, created_at, until, revoked_at'

/** Newest first, those that were revoked among them: a share is also a record of what was agreed. */
export async function listShares(
  sql: Sql,
  tenant: string,
  direction: 'given' | 'received' | undefined,
): Promise<ShareRow[]> {
  return sql.query<ShareRow>(
    `select ${COLUMNS} from shares
      where (($2::text is distinct from 'received' and tenant = $1) or ($2::text is distinct from 'given' and partner = $1))
      order by id desc limit 1000`,
    [tenant, direction ?? null],
  )
}

export async function countInForce(sql: Sql, tenant: string): Promise<number> {
  const [row] = await sql.query<{ n: number }>(
    'select count(*)::int as n from shares where tenant = $1 and revoked_at is null',
    [tenant],
  )
  return row?.n ?? 0
}

export async function insertShare(sql: Sql, row: ShareRow): Promise<void> {
  await sql.query(
    `insert into shares (id, tenant, partner, node, signals, purpose, created_at, until)
      values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8)`,
    [row.id, row.tenant, row.partner, row.node, JSON.stringify(row.signals), row.purpose, row.created_at, row.until],
  )
}

/** @returns undefined when the tenant gave no such share, or revoked it already */
export async function revokeShare(sql: Sql, tenant: string, id: string, now: number): Promise<ShareRow | undefined> {
  const [row] = await sql.query<ShareRow>(
    `update shares set revoked_at = $3 where tenant = $1 and id = $2 and revoked_at is null returning ${COLUMNS}`,
    [tenant, id, now],
  )
  return row
}

export async function findGiven(sql: Sql, tenant: string, id: string): Promise<ShareRow | undefined> {
  const [row] = await sql.query<ShareRow>(`select ${COLUMNS} from shares where tenant = $1 and id = $2`, [tenant, id])
  return row
}

/** The node is gone: so is what was shown of it. @returns the partners */
export async function revokeSharesOf(sql: Sql, tenant: string, node: string, now: number): Promise<ShareRow[]> {
  return sql.query<ShareRow>(
    `update shares set revoked_at = $3 where tenant = $1 and node = $2 and revoked_at is null returning ${COLUMNS}`,
    [tenant, node, now],
  )
}
