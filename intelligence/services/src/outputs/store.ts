import type { Sql } from '@millwright/storage'

export interface OutputRow {
  readonly service: string
  readonly name: string
  readonly signal: string
}

export const outputStore = {
  /** Of all tenants. */
  all(sql: Sql): Promise<OutputRow[]> {
    return sql.query('select service, name, signal from service_outputs')
  },

  async insert(sql: Sql, tenant: string, { service, name, signal }: OutputRow): Promise<void> {
    await sql.query(
      `insert into service_outputs (service, tenant, name, signal) values ($1, $2, $3, $4)
        on conflict (service, name) do update set signal = excluded.signal`,
      [service, tenant, name, signal],
    )
  },
}
