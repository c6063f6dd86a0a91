import type { Sql } from '../ports.ts'

/** The plain role that tenants' transactions run as: superusers and owners with BYPASSRLS would see every row. */
export const APP_ROLE = 'millwright_app'

/** Makes the role when it is missing. Roles belong to the whole server, so another database may have made it. */
export async function ensureAppRole(sql: Sql): Promise<void> {
  const found = await sql.query('select 1 from pg_roles where rolname = $1', [APP_ROLE])
  if (found.length === 0) await sql.query(`create role ${APP_ROLE} nologin nosuperuser nobypassrls`)
  await sql.query(`grant usage on schema public to ${APP_ROLE}`)
}

/** First statement of a tenant's transaction: from here to its end row-level security decides what is seen. */
export async function becomeTenant(sql: Sql, tenant: string): Promise<void> {
  await sql.query(`select set_config('role', '${APP_ROLE}', true), set_config('app.tenant', $1, true)`, [tenant])
}
