import type { ApiToken, Permission } from '@millwright/contracts'
import type { Sql } from '@millwright/storage'

interface Row {
  readonly id: string
  readonly name: string
  readonly permissions: Permission[]
  readonly created_at: number
  readonly expires_at: number
  readonly last_used_at: number | null
  readonly revoked_at: number | null
}

const COLUMNS = 'id, name, permissions, created_at, expires_at, last_used_at, revoked_at'

const toToken = (row: Row): ApiToken => ({
  id: row.id,
  name: row.name,
  permissions: row.permissions,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at }),
  ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
})

export async function listTokens(sql: Sql, tenant: string, user: string): Promise<ApiToken[]> {
  const rows = await sql.query<Row>(
    `select ${COLUMNS} from api_tokens where tenant = $1 and user_id = $2 order by id desc limit 1000`,
    [tenant, user],
  )
  return rows.map(toToken)
}

export async function countInForce(sql: Sql, tenant: string, user: string, now: number): Promise<number> {
  const [row] = await sql.query<{ n: number }>(
    `select count(*)::int as n from api_tokens
      where tenant = $1 and user_id = $2 and revoked_at is null and expires_at > $3`,
    [tenant, user, now],
  )
  return row?.n ?? 0
}

export async function insertToken(
  sql: Sql,
  tenant: string,
  user: string,
  token: ApiToken,
  hash: string,
): Promise<void> {
  await sql.query(
    `insert into api_tokens (id, hash, tenant, user_id, name, permissions, created_at, expires_at)
      values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8)`,
    [token.id, hash, tenant, user, token.name, JSON.stringify(token.permissions), token.createdAt, token.expiresAt],
  )
}

/** @returns undefined when there is none to revoke */
export async function revokeToken(
  sql: Sql,
  tenant: string,
  user: string,
  id: string,
  now: number,
): Promise<{ name: string } | undefined> {
  const [row] = await sql.query<{ name: string }>(
    `update api_tokens set revoked_at = $4
      where tenant = $1 and user_id = $2 and id = $3 and revoked_at is null returning name`,
    [tenant, user, id, now],
  )
  return row
}

export async function findByHash(
  sql: Sql,
  hash: string,
): Promise<{ tenant: string; user: string; token: ApiToken } | undefined> {
  const [row] = await sql.query<Row & { tenant: string; user_id: string }>(
    `select ${COLUMNS}, tenant, user_id from api_tokens where hash = $1`,
    [hash],
  )
  return row === undefined ? undefined : { tenant: row.tenant, user: row.user_id, token: toToken(row) }
}

export async function touchToken(sql: Sql, hash: string, now: number): Promise<void> {
  await sql.query('update api_tokens set last_used_at = $2 where hash = $1', [hash, now])
}
