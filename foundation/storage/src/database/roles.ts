import type { Sql } from '../ports.ts'

/** The plain role that tenants' transactions run as: superusers and owners with BYPASSRLS would see every row. */
export const APP_ROLE = 'millwright_app'

/** Any number that only we use. */
const LOCK = 5_746_013

/**
 * Makes this transaction the only one that changes the schema or the role: servers may start at the same time. It sees
 * what the one before it has committed, which a serializable one, begun earlier, would not. First statement only.
 */
export async function alone(sql: Sql): Promise<void> {
  await sql.query('set transaction isolation level read committed')
  await sql.query('select pg_advisory_xact_lock($1)', [LOCK])
}

/** Makes the role when it is missing. Roles belong to the whole server, so another database may have made it. */
export async function ensureAppRole(sql: Sql): Promise<void> {
  await alone(sql)
  const found = await sql.query('select 1 from pg_roles where rolname = $1', [APP_ROLE])
  if (found.length === 0) await sql.query(`create role ${APP_ROLE} nologin nosuperuser nobypassrls`)
  await sql.query(`grant usage on schema public to ${APP_ROLE}`)
}

/** First statement of a tenant's transaction: from here to its end row-level security decides what is seen. */
export async function becomeTenant(sql: Sql, tenant: string): Promise<void> {
  await sql.query(`select set_config('role', '${APP_ROLE}', true), set_config('app.tenant', $1, true)`, [tenant])
}
