import type { Sql } from '@millwright/storage'

export interface SessionRow {
  readonly id: string
  readonly tenant: string
  readonly user_id: string
  readonly created_at: number
  readonly seen_at: number
  readonly expires_at: number
  readonly must_set_password: boolean
}

/** Sessions one person can have at once; the oldest end when there are more. */
const MOST_PER_USER = 50

export async function insertSession(sql: Sql, hash: string, row: SessionRow, address: string): Promise<void> {
  await sql.query(
    `insert into sessions (hash, id, tenant, user_id, created_at, seen_at, expires_at, address, must_set_password)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      hash,
      row.id,
      row.tenant,
      row.user_id,
      row.created_at,
      row.seen_at,
      row.expires_at,
      address,
      row.must_set_password,
    ],
  )
  await sql.query(
    `delete from sessions where tenant = $1 and user_id = $2 and hash in
       (select hash from sessions where tenant = $1 and user_id = $2 order by created_at desc, id desc offset $3)`,
    [row.tenant, row.user_id, MOST_PER_USER],
  )
}

export async function findSession(sql: Sql, hash: string): Promise<SessionRow | undefined> {
  const [row] = await sql.query<SessionRow>(
    `select id, tenant, user_id, created_at, seen_at, expires_at, must_set_password from sessions where hash = $1`,
    [hash],
  )
  return row
}

export async function touchSession(sql: Sql, hash: string, now: number): Promise<void> {
  await sql.query('update sessions set seen_at = $2 where hash = $1 and seen_at < $2', [hash, now])
}

export async function deleteSession(sql: Sql, hash: string): Promise<SessionRow | undefined> {
  const [row] = await sql.query<SessionRow>('delete from sessions where hash = $1 returning *', [hash])
  return row
}

export async function deleteSessionsOf(sql: Sql, tenant: string, user: string): Promise<string[]> {
  const rows = await sql.query<{ id: string }>('delete from sessions where tenant = $1 and user_id = $2 returning id', [
    tenant,
    user,
  ])
  return rows.map((row) => row.id)
}

export async function deleteEnded(sql: Sql, now: number, idle: number): Promise<void> {
  await sql.query('delete from sessions where expires_at <= $1 or seen_at <= $2', [now, now - idle])
}

export async function isKnownAddress(sql: Sql, user: string, address: string): Promise<boolean> {
  const rows = await sql.query('select 1 from known_addresses where user_id = $1 and address = $2', [user, address])
  return rows.length > 0
}

/** Remembers where a person signed in from: the last ten places. */
export async function knowAddress(sql: Sql, tenant: string, user: string, address: string, now: number): Promise<void> {
  await sql.query(
    `insert into known_addresses (tenant, user_id, address, seen_at) values ($1, $2, $3, $4)
      on conflict (user_id, address) do update set seen_at = excluded.seen_at`,
    [tenant, user, address, now],
  )
  await sql.query(
    `delete from known_addresses where user_id = $1 and address in
       (select address from known_addresses where user_id = $1 order by seen_at desc, address offset 10)`,
    [user],
  )
}
