import type { Sql } from '@millwright/storage'
import type { ServiceRow } from './model.ts'

const COLUMNS = `id, tenant, name, description, kind, equipment, settings, state, fault, fault_since as "faultSince",
  live_version as "liveVersion", alarm, rule, created_at as "createdAt", version`

export interface ServiceFilter {
  readonly q?: string | undefined
  readonly kind?: string | undefined
  readonly state?: string | undefined
  readonly under?: string | undefined
  /** Nodes at and below which the viewer may read; '*': the whole tenant. */
  readonly nodes: '*' | readonly string[]
}

/** What changes with the service's life. */
export type ServiceState = Pick<ServiceRow, 'state' | 'fault' | 'faultSince' | 'liveVersion' | 'rule'>

export const serviceStore = {
  async get(sql: Sql, id: string): Promise<ServiceRow | undefined> {
    const [row] = await sql.query<ServiceRow>(`select ${COLUMNS} from services where id = $1`, [id])
    return row
  },

  async lock(sql: Sql, id: string): Promise<ServiceRow | undefined> {
    const [row] = await sql.query<ServiceRow>(`select ${COLUMNS} from services where id = $1 for update`, [id])
    return row
  },

  /** Of all tenants. */
  live(sql: Sql): Promise<ServiceRow[]> {
    return sql.query(`select ${COLUMNS} from services where state = 'live' order by id`)
  },

  page(
    sql: Sql,
    filter: ServiceFilter,
    after: readonly [name: string, id: string],
    limit: number,
  ): Promise<ServiceRow[]> {
    const params: unknown[] = [...after, limit]
    const where = ['(name, id) > ($1, $2)']
    const add = (clause: (place: string) => string, value: unknown) => {
      params.push(value)
      where.push(clause(`$${params.length}`))
    }
    if (filter.q !== undefined) add((p) => `position(lower(${p}) in lower(name)) > 0`, filter.q)
    if (filter.kind !== undefined) add((p) => `kind = ${p}`, filter.kind)
    if (filter.state !== undefined) add((p) => `state = ${p}`, filter.state)
    if (filter.under !== undefined)
      add((p) => `equipment in (select id from assets where path @> array[${p}::text])`, filter.under)
    if (filter.nodes !== '*')
      add((p) => `equipment in (select id from assets where path && ${p}::text[])`, filter.nodes)
    return sql.query(`select ${COLUMNS} from services where ${where.join(' and ')} order by name, id limit $3`, params)
  },

  async count(sql: Sql): Promise<number> {
    const [row] = await sql.query<{ n: number }>('select count(*)::int as n from services')
    return row!.n
  },

  async nameTaken(sql: Sql, row: Pick<ServiceRow, 'id' | 'name' | 'equipment'>): Promise<boolean> {
    const rows = await sql.query(
      'select 1 from services where lower(name) = lower($1) and equipment = $2 and id <> $3',
      [row.name, row.equipment, row.id],
    )
    return rows.length > 0
  },

  async insert(sql: Sql, row: ServiceRow): Promise<void> {
    await sql.query(
      `insert into services (id, tenant, name, description, kind, equipment, settings, state, alarm, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, 'draft', $8, $9)`,
      [
        row.id,
        row.tenant,
        row.name,
        row.description,
        row.kind,
        row.equipment,
        JSON.stringify(row.settings),
        jsonOf(row.alarm),
        row.createdAt,
      ],
    )
  },

  /** What people write. */
  async update(sql: Sql, row: ServiceRow): Promise<void> {
    await sql.query(
      `update services set name = $2, description = $3, settings = $4, alarm = $5, version = version + 1 where id = $1`,
      [row.id, row.name, row.description, JSON.stringify(row.settings), jsonOf(row.alarm)],
    )
  },

  async setState(sql: Sql, id: string, { state, fault, faultSince, liveVersion, rule }: ServiceState): Promise<void> {
    await sql.query(
      `update services set state = $2, fault = $3, fault_since = $4, live_version = $5, rule = $6, version = version + 1
        where id = $1`,
      [id, state, fault, faultSince, liveVersion, rule],
    )
  },

  async remove(sql: Sql, id: string): Promise<void> {
    await sql.query('delete from services where id = $1', [id])
  },
}

const jsonOf = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))
