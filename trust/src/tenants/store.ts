import type { Tenant } from '@millwright/contracts'
import type { Sql } from '@millwright/storage'

interface Row {
  readonly id: string
  readonly name: string
  readonly first: boolean
  readonly created_at: number
  readonly version: number
}

const COLUMNS = 'id, name, first, created_at, version'

const toTenant = (row: Row): Tenant => ({
  id: row.id,
  name: row.name,
  createdAt: row.created_at,
  version: row.version,
})

export async function findTenant(sql: Sql, id: string): Promise<{ tenant: Tenant; first: boolean } | undefined> {
  const [row] = await sql.query<Row>(`select ${COLUMNS} from tenants where id = $1`, [id])
  return row === undefined ? undefined : { tenant: toTenant(row), first: row.first }
}

export async function findFirst(sql: Sql): Promise<Tenant | undefined> {
  const [row] = await sql.query<Row>(`select ${COLUMNS} from tenants where first`)
  return row === undefined ? undefined : toTenant(row)
}

/** As the system: all. As a tenant: its own. */
export async function listTenants(sql: Sql): Promise<Tenant[]> {
  const rows = await sql.query<Row>(`select ${COLUMNS} from tenants order by id`)
  return rows.map(toTenant)
}

export async function insertTenant(sql: Sql, tenant: Tenant, first: boolean): Promise<void> {
  await sql.query('insert into tenants (id, tenant, name, first, created_at) values ($1, $1, $2, $3, $4)', [
    tenant.id,
    tenant.name,
    first,
    tenant.createdAt,
  ])
}

export async function tenantNames(sql: Sql, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await sql.query<{ id: string; name: string }>(
    'select id, name from tenants where id in (select jsonb_array_elements_text($1::jsonb))',
    [JSON.stringify([...new Set(ids)])],
  )
  return new Map(rows.map((row) => [row.id, row.name]))
}
