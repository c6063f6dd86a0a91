import type { Grant, Permission, Role } from '@millwright/contracts'
import { newId } from '@millwright/foundation'
import type { Sql } from '@millwright/storage'
import { ADMINISTRATOR, BUILT_IN_ROLES } from './model.ts'

interface RoleRow {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly built_in: string | null
  readonly permissions: Permission[]
  readonly version: number
}

const ROLE = 'id, name, description, built_in, permissions, version'

const toRole = (row: RoleRow): Role => ({
  id: row.id,
  name: row.name,
  description: row.description,
  builtIn: row.built_in !== null,
  permissions: row.permissions,
  version: row.version,
})

export async function listRoles(sql: Sql, tenant: string): Promise<Role[]> {
  const rows = await sql.query<RoleRow>(`select ${ROLE} from roles where tenant = $1 order by id`, [tenant])
  return rows.map(toRole)
}

export async function findRole(sql: Sql, tenant: string, id: string): Promise<Role | undefined> {
  const [row] = await sql.query<RoleRow>(`select ${ROLE} from roles where tenant = $1 and id = $2`, [tenant, id])
  return row === undefined ? undefined : toRole(row)
}

/** @returns false when the name is taken */
export async function insertRole(sql: Sql, tenant: string, role: Role, builtIn: string | null): Promise<boolean> {
  const rows = await sql.query(
    `insert into roles (id, tenant, name, description, built_in, permissions) values ($1, $2, $3, $4, $5, $6::jsonb)
      on conflict (tenant, name) do nothing returning id`,
    [role.id, tenant, role.name, role.description, builtIn, JSON.stringify(role.permissions)],
  )
  return rows.length > 0
}

/** @returns undefined when the version has moved on */
export async function updateRole(
  sql: Sql,
  tenant: string,
  role: Role,
  ifMatch: number | undefined,
): Promise<Role | undefined> {
  const [row] = await sql.query<RoleRow>(
    `update roles set name = $3, description = $4, permissions = $5::jsonb, version = version + 1
      where tenant = $1 and id = $2 and ($6::int is null or version = $6) returning ${ROLE}`,
    [tenant, role.id, role.name, role.description, JSON.stringify(role.permissions), ifMatch ?? null],
  )
  return row === undefined ? undefined : toRole(row)
}

export async function roleNamed(sql: Sql, tenant: string, name: string): Promise<string | undefined> {
  const [row] = await sql.query<{ id: string }>('select id from roles where tenant = $1 and name = $2', [tenant, name])
  return row?.id
}

export async function deleteRole(sql: Sql, tenant: string, id: string): Promise<void> {
  await sql.query('delete from roles where tenant = $1 and id = $2', [tenant, id])
}

export async function countGrantsOf(sql: Sql, tenant: string, role: string): Promise<number> {
  const [row] = await sql.query<{ n: number }>(
    'select count(*)::int as n from grants where tenant = $1 and role = $2',
    [tenant, role],
  )
  return row?.n ?? 0
}

/** Gives a new tenant its built-in roles. @returns the id of the administrator's */
export async function insertBuiltIns(sql: Sql, tenant: string, nowMs: number): Promise<string> {
  let administrator = ''
  for (const [i, role] of BUILT_IN_ROLES.entries()) {
    // One millisecond apart, so that they list in this order.
    const id = newId('rol', nowMs + i)
    if (role.key === ADMINISTRATOR) administrator = id
    const row = { ...role, id, builtIn: true, permissions: [...role.permissions], version: 1 }
    await insertRole(sql, tenant, row, role.key)
  }
  return administrator
}

/** At start: built-in roles of all tenants get the permissions that this version of the program gives them. */
export async function syncBuiltIns(sql: Sql): Promise<void> {
  for (const { key, permissions } of BUILT_IN_ROLES) {
    await sql.query(
      'update roles set permissions = $2::jsonb, version = version + 1 where built_in = $1 and permissions <> $2::jsonb',
      [key, JSON.stringify(permissions)],
    )
  }
}

interface GrantRow {
  readonly id: string
  readonly user_id: string
  readonly role: string
  readonly node: string | null
  readonly created_at: number
}

const GRANT = 'id, user_id, role, node, created_at'

const toGrant = (row: GrantRow): Grant => ({
  id: row.id,
  user: row.user_id,
  role: row.role,
  node: row.node,
  createdAt: row.created_at,
})

export async function listGrants(
  sql: Sql,
  tenant: string,
  filter: { user?: string | undefined; node?: string | undefined },
  after: string,
  limit: number,
): Promise<Grant[]> {
  const rows = await sql.query<GrantRow>(
    `select ${GRANT} from grants where tenant = $1 and ($2::text is null or user_id = $2)
       and ($3::text is null or node = $3) and id > $4 order by id limit $5`,
    [tenant, filter.user ?? null, filter.node ?? null, after, limit],
  )
  return rows.map(toGrant)
}

export async function findGrant(sql: Sql, tenant: string, id: string): Promise<Grant | undefined> {
  const [row] = await sql.query<GrantRow>(`select ${GRANT} from grants where tenant = $1 and id = $2`, [tenant, id])
  return row === undefined ? undefined : toGrant(row)
}

/** @returns false when the person has this role there already */
export async function insertGrant(sql: Sql, tenant: string, grant: Grant): Promise<boolean> {
  const rows = await sql.query(
    `insert into grants (id, tenant, user_id, role, node, created_at) values ($1, $2, $3, $4, $5, $6)
      on conflict do nothing returning id`,
    [grant.id, tenant, grant.user, grant.role, grant.node, grant.createdAt],
  )
  return rows.length > 0
}

export async function deleteGrant(sql: Sql, tenant: string, id: string): Promise<void> {
  await sql.query('delete from grants where tenant = $1 and id = $2', [tenant, id])
}

/** A node is gone, and with it what was granted there. @returns the people it was granted to */
export async function deleteGrantsAt(sql: Sql, tenant: string, node: string): Promise<string[]> {
  const rows = await sql.query<{ user_id: string }>(
    'delete from grants where tenant = $1 and node = $2 returning user_id',
    [tenant, node],
  )
  return [...new Set(rows.map((row) => row.user_id))]
}

/** Active people who administer the whole tenant. Locks the tenant, so that two cannot remove each other at once. */
export async function lockAdministrators(sql: Sql, tenant: string): Promise<string[]> {
  await sql.query('select id from tenants where id = $1 for update', [tenant])
  const rows = await sql.query<{ user_id: string }>(
    `select distinct g.user_id from grants g
       join roles r on r.tenant = g.tenant and r.id = g.role
       join users u on u.tenant = g.tenant and u.id = g.user_id
      where g.tenant = $1 and g.node is null and r.built_in = $2 and u.state = 'active'`,
    [tenant, ADMINISTRATOR],
  )
  return rows.map((row) => row.user_id)
}
