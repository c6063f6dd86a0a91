import type { Sql } from '@millwright/storage'
import type { StoredConnection } from './model.ts'

const COLUMNS = `x.id, x.tenant, x.name, x.adapter, x.agent, x.device, x.enabled, x.config, x.secrets,
  x.secret_paths as "secretPaths", x.created_at as "createdAt", x.version, d.equipment, d.path`
const FROM = 'from connections x join devices d on d.id = x.device'

export interface ConnectionFilter {
  readonly after: string
  readonly limit: number
  readonly q?: string | undefined
  readonly adapter?: string | undefined
  readonly agent?: string | undefined
  /** Nodes at and below which the viewer may read; '*': the whole tenant. */
  readonly nodes: '*' | readonly string[]
}

type Written = Omit<StoredConnection, 'equipment' | 'path'>

export const connectionStore = {
  async get(sql: Sql, id: string): Promise<StoredConnection | undefined> {
    const [row] = await sql.query<StoredConnection>(`select ${COLUMNS} ${FROM} where x.id = $1`, [id])
    return row
  },

  list(sql: Sql, filter: ConnectionFilter): Promise<StoredConnection[]> {
    const params: unknown[] = [filter.after, filter.limit]
    const where = ['x.id > $1']
    const add = (clause: (place: string) => string, value: unknown) => {
      params.push(value)
      where.push(clause(`$${params.length}`))
    }
    if (filter.q !== undefined) add((p) => `position(lower(${p}) in lower(x.name)) > 0`, filter.q)
    if (filter.adapter !== undefined) add((p) => `x.adapter = ${p}`, filter.adapter)
    if (filter.agent !== undefined) add((p) => `x.agent = ${p}`, filter.agent)
    if (filter.nodes !== '*') add((p) => `d.path && ${p}::text[]`, filter.nodes)
    return sql.query(`select ${COLUMNS} ${FROM} where ${where.join(' and ')} order by x.id limit $2`, params)
  },

  /** What the platform itself runs, of all tenants. */
  running(sql: Sql): Promise<StoredConnection[]> {
    return sql.query(`select ${COLUMNS} ${FROM} where x.enabled and x.agent is null order by x.id`)
  },

  /** What an agent is to run. */
  ofAgent(sql: Sql, agent: string): Promise<StoredConnection[]> {
    return sql.query(`select ${COLUMNS} ${FROM} where x.agent = $1 order by x.id`, [agent])
  },

  async count(sql: Sql): Promise<number> {
    const [row] = await sql.query<{ n: number }>('select count(*)::int as n from connections')
    return row!.n
  },

  async insert(sql: Sql, row: Written): Promise<void> {
    await sql.query(
      `insert into connections (id, tenant, name, adapter, agent, device, enabled, config, secrets, secret_paths, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        row.id,
        row.tenant,
        row.name,
        row.adapter,
        row.agent,
        row.device,
        row.enabled,
        JSON.stringify(row.config),
        row.secrets,
        row.secretPaths,
        row.createdAt,
      ],
    )
  },

  /** Writes all changeable columns when the version is still `row.version`; false when it moved on. */
  async update(sql: Sql, row: Written): Promise<boolean> {
    const rows = await sql.query(
      `update connections set name = $3, agent = $4, enabled = $5, config = $6, secrets = $7, secret_paths = $8,
         version = version + 1 where id = $1 and version = $2 returning id`,
      [row.id, row.version, row.name, row.agent, row.enabled, JSON.stringify(row.config), row.secrets, row.secretPaths],
    )
    return rows.length > 0
  },

  async remove(sql: Sql, id: string): Promise<void> {
    await sql.query('delete from connections where id = $1', [id])
  },
}
