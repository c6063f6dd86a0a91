import type { User } from '@millwright/contracts'
import type { Sql } from '@millwright/storage'

interface Row {
  readonly id: string
  readonly tenant: string
  readonly email: string
  readonly name: string
  readonly state: User['state']
  readonly created_at: number
  readonly last_sign_in_at: number | null
  readonly version: number
}

const COLUMNS = 'id, tenant, email, name, state, created_at, last_sign_in_at, version'

const toUser = (row: Row): User => ({
  id: row.id,
  tenant: row.tenant,
  email: row.email,
  name: row.name,
  state: row.state,
  createdAt: row.created_at,
  ...(row.last_sign_in_at === null ? {} : { lastSignInAt: row.last_sign_in_at }),
  version: row.version,
})

export async function findUser(sql: Sql, tenant: string, id: string): Promise<User | undefined> {
  const [row] = await sql.query<Row>(`select ${COLUMNS} from users where tenant = $1 and id = $2`, [tenant, id])
  return row === undefined ? undefined : toUser(row)
}

/** By name; `q` is looked for in names and addresses. */
export async function listUsers(
  sql: Sql,
  tenant: string,
  q: string | undefined,
  after: readonly [name: string, id: string],
  limit: number,
): Promise<User[]> {
  const rows = await sql.query<Row>(
    `select ${COLUMNS} from users where tenant = $1
       and ($2::text is null or name ilike $2 or email ilike $2) and (name, id) > ($3, $4)
      order by name, id limit $5`,
    [tenant, q === undefined ? null : `%${q.replace(/[\\%_]/g, '\\$&')}%`, after[0], after[1], limit],
  )
  return rows.map(toUser)
}

/** @returns false when the address has an account already, in whichever tenant */
export async function insertUser(sql: Sql, user: User): Promise<boolean> {
  const rows = await sql.query(
    `insert into users (id, tenant, email, name, state, created_at) values ($1, $2, $3, $4, $5, $6)
      on conflict (email) do nothing returning id`,
    [user.id, user.tenant, user.email, user.name, user.state, user.createdAt],
  )
  return rows.length > 0
}

/** @returns undefined when the version has moved on */
export async function updateUser(
  sql: Sql,
  tenant: string,
  id: string,
  change: { name: string; state: User['state'] },
  ifMatch: number | undefined,
): Promise<User | undefined> {
  const [row] = await sql.query<Row>(
    `update users set name = $3, state = $4, version = version + 1
      where tenant = $1 and id = $2 and ($5::int is null or version = $5) returning ${COLUMNS}`,
    [tenant, id, change.name, change.state, ifMatch ?? null],
  )
  return row === undefined ? undefined : toUser(row)
}

export interface Account {
  readonly id: string
  readonly tenant: string
  readonly state: User['state']
  readonly password: string | null
}

/** By address, through all tenants: for the system's eyes. */
export async function findAccount(sql: Sql, email: string): Promise<Account | undefined> {
  const [row] = await sql.query<Account>('select id, tenant, state, password from users where email = $1', [email])
  return row
}

export async function readPassword(sql: Sql, tenant: string, id: string): Promise<string | null> {
  const [row] = await sql.query<{ password: string | null }>(
    'select password from users where tenant = $1 and id = $2',
    [tenant, id],
  )
  return row?.password ?? null
}

/** A first password also makes an invited user an active one. */
export async function writePassword(sql: Sql, tenant: string, id: string, password: string): Promise<void> {
  await sql.query(
    `update users set password = $3, version = version + 1,
       state = case when state = 'invited' then 'active' else state end where tenant = $1 and id = $2`,
    [tenant, id, password],
  )
}

export async function noteSignIn(sql: Sql, tenant: string, id: string, now: number): Promise<void> {
  await sql.query('update users set last_sign_in_at = $3 where tenant = $1 and id = $2', [tenant, id, now])
}

/** Keeps only the newest link of a user: an older one that lies in some mailbox is worth nothing any more. */
export async function replaceLink(
  sql: Sql,
  tenant: string,
  user: string,
  link: { hash: string; createdAt: number; expiresAt: number },
): Promise<void> {
  await dropLinks(sql, tenant, user)
  await sql.query(
    'insert into sign_in_links (hash, tenant, user_id, created_at, expires_at) values ($1, $2, $3, $4, $5)',
    [link.hash, tenant, user, link.createdAt, link.expiresAt],
  )
}

export async function dropLinks(sql: Sql, tenant: string, user: string): Promise<void> {
  await sql.query('delete from sign_in_links where tenant = $1 and user_id = $2', [tenant, user])
}

/** Takes a link away; of two who come with it at once, one gets it. */
export async function consumeLink(
  sql: Sql,
  hash: string,
  now: number,
): Promise<{ tenant: string; user: string } | undefined> {
  const [row] = await sql.query<{ tenant: string; user_id: string; expires_at: number }>(
    'delete from sign_in_links where hash = $1 returning tenant, user_id, expires_at',
    [hash],
  )
  return row === undefined || row.expires_at <= now ? undefined : { tenant: row.tenant, user: row.user_id }
}
