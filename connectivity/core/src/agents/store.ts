import type { AgentSettings } from '@millwright/contracts'
import type { Sql } from '@millwright/storage'
import type { StoredAgent } from './model.ts'

const COLUMNS = `a.device, a.tenant, d.name, d.path, a.settings, a.configuration, a.rules_digest as "rulesDigest", a.version,
  (select count(*)::int from connections x where x.agent = a.device) as connections`
const FROM = 'from agents a join devices d on d.id = a.device'

export const agentStore = {
  async get(sql: Sql, device: string): Promise<StoredAgent | undefined> {
    const [row] = await sql.query<StoredAgent>(`select ${COLUMNS} ${FROM} where a.device = $1`, [device])
    return row
  },

  /** @param tenant undefined: of all (by the platform itself alone) */
  all(sql: Sql, tenant?: string): Promise<StoredAgent[]> {
    return sql.query(`select ${COLUMNS} ${FROM} where a.tenant = coalesce($1, a.tenant) order by a.device`, [
      tenant ?? null,
    ])
  },

  list(
    sql: Sql,
    filter: { after: string; limit: number; q?: string | undefined; nodes: '*' | readonly string[] },
  ): Promise<StoredAgent[]> {
    const params: unknown[] = [filter.after, filter.limit]
    const where = ['a.device > $1']
    if (filter.q !== undefined) {
      params.push(filter.q)
      where.push(`position(lower($${params.length}) in lower(d.name)) > 0`)
    }
    if (filter.nodes !== '*') {
      params.push(filter.nodes)
      where.push(`d.path && $${params.length}::text[]`)
    }
    return sql.query(`select ${COLUMNS} ${FROM} where ${where.join(' and ')} order by a.device limit $2`, params)
  },

  async insert(sql: Sql, row: { device: string; tenant: string; settings: Partial<AgentSettings> }): Promise<void> {
    await sql.query('insert into agents (device, tenant, settings) values ($1, $2, $3)', [
      row.device,
      row.tenant,
      JSON.stringify(row.settings),
    ])
  },

  /** When the version is still the one given; false when it moved on. The configuration is another then. */
  async setSettings(sql: Sql, device: string, version: number, settings: Partial<AgentSettings>): Promise<boolean> {
    const rows = await sql.query(
      `update agents set settings = $3, version = version + 1, configuration = configuration + 1
       where device = $1 and version = $2 returning device`,
      [device, version, JSON.stringify(settings)],
    )
    return rows.length > 0
  },

  async bump(sql: Sql, device: string): Promise<void> {
    await sql.query('update agents set configuration = configuration + 1 where device = $1', [device])
  },

  /** @returns whether the rules were others before: then the configuration is another now */
  async setRules(sql: Sql, device: string, digest: string): Promise<boolean> {
    const rows = await sql.query(
      `update agents set rules_digest = $2, configuration = configuration + 1
       where device = $1 and rules_digest <> $2 returning device`,
      [device, digest],
    )
    return rows.length > 0
  },
}
