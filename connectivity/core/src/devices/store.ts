import type { Sql } from '@millwright/storage'
import type { ConnectionRow, DeviceRow } from './model.ts'

const COLUMNS = `d.id, d.tenant, d.name, d.equipment, d.path, d.gateway, d.behind,
  d.behind_name as "behindName", d.of_connection as "ofConnection", d.unknown_metrics as "unknownMetrics", d.state,
  d.simulated, d.metadata, d.created_at as "createdAt", d.version`
const CONNECTION = `c.state as connection, c.protocol, c.address, c.since, c.last_message_at as "lastMessageAt", c.reason`
const FROM = 'from devices d left join device_connections c on c.device = d.id'

export interface DeviceFilter {
  readonly after: string
  readonly limit: number
  readonly q?: string | undefined
  readonly equipment?: string | undefined
  readonly connection?: string | undefined
  readonly behind?: string | undefined
  /** Nodes at and below which the viewer may read; '*': the whole tenant. */
  readonly nodes: '*' | readonly string[]
}

export const deviceStore = {
  async get(sql: Sql, id: string): Promise<(DeviceRow & ConnectionRow) | undefined> {
    const [row] = await sql.query<DeviceRow & ConnectionRow>(
      `select ${COLUMNS}, ${CONNECTION} ${FROM} where d.id = $1`,
      [id],
    )
    return row
  },

  all(sql: Sql, most: number): Promise<DeviceRow[]> {
    return sql.query<DeviceRow>(`select ${COLUMNS} from devices d order by d.id limit $1`, [most])
  },

  async byName(sql: Sql, tenant: string, name: string): Promise<DeviceRow | undefined> {
    const [row] = await sql.query<DeviceRow>(
      `select ${COLUMNS} from devices d where d.tenant = $1 and lower(d.name) = lower($2)`,
      [tenant, name],
    )
    return row
  },

  /** The device that this gateway calls so. */
  async behindOf(sql: Sql, gateway: string, name: string): Promise<DeviceRow | undefined> {
    const [row] = await sql.query<DeviceRow>(
      `select ${COLUMNS} from devices d where d.behind = $1 and lower(d.behind_name) = lower($2)`,
      [gateway, name],
    )
    return row
  },

  async behindCount(sql: Sql, gateway: string): Promise<number> {
    const [row] = await sql.query<{ n: number }>('select count(*)::int as n from devices where behind = $1', [gateway])
    return row!.n
  },

  list(sql: Sql, filter: DeviceFilter): Promise<(DeviceRow & ConnectionRow)[]> {
    const params: unknown[] = [filter.after, filter.limit]
    const where = ['d.id > $1']
    const add = (clause: (place: string) => string, value: unknown) => {
      params.push(value)
      where.push(clause(`$${params.length}`))
    }
    if (filter.q !== undefined) add((p) => `position(lower(${p}) in lower(d.name)) > 0`, filter.q)
    if (filter.equipment !== undefined) add((p) => `d.path @> array[${p}::text]`, filter.equipment)
    if (filter.behind !== undefined) add((p) => `d.behind = ${p}`, filter.behind)
    if (filter.connection === 'never') where.push('c.state is null')
    else if (filter.connection !== undefined) add((p) => `c.state = ${p}`, filter.connection)
    if (filter.nodes !== '*') add((p) => `d.path && ${p}::text[]`, filter.nodes)
    return sql.query(
      `select ${COLUMNS}, ${CONNECTION} ${FROM} where ${where.join(' and ')} order by d.id limit $2`,
      params,
    )
  },

  async insert(sql: Sql, row: DeviceRow): Promise<void> {
    await sql.query(
      `insert into devices (id, tenant, name, equipment, path, gateway, behind, unknown_metrics, state, simulated, metadata, created_at,
         behind_name, of_connection)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      [
        row.id,
        row.tenant,
        row.name,
        row.equipment,
        row.path,
        row.gateway,
        row.behind,
        row.unknownMetrics,
        row.state,
        row.simulated,
        JSON.stringify(row.metadata),
        row.createdAt,
        row.behindName,
        row.ofConnection,
      ],
    )
  },

  /** Writes all changeable columns when the version is still `row.version`; false when it moved on. */
  async update(sql: Sql, row: DeviceRow): Promise<boolean> {
    const rows = await sql.query(
      `update devices set name = $3, equipment = $4, path = $5, gateway = $6, unknown_metrics = $7, state = $8, simulated = $9,
         metadata = $10, version = version + 1 where id = $1 and version = $2 returning id`,
      [
        row.id,
        row.version,
        row.name,
        row.equipment,
        row.path,
        row.gateway,
        row.unknownMetrics,
        row.state,
        row.simulated,
        JSON.stringify(row.metadata),
      ],
    )
    return rows.length > 0
  },

  async markEnrolled(sql: Sql, id: string): Promise<boolean> {
    const rows = await sql.query(
      `update devices set state = 'enrolled', version = version + 1 where id = $1 and state = 'created' returning id`,
      [id],
    )
    return rows.length > 0
  },

  async remove(sql: Sql, id: string): Promise<void> {
    await sql.query('delete from devices where id = $1', [id])
  },

  async nameTaken(sql: Sql, name: string, except: string): Promise<boolean> {
    const rows = await sql.query('select 1 from devices where lower(name) = lower($1) and id <> $2', [name, except])
    return rows.length > 0
  },

  /** Devices whose equipment is `node` or lies below it. */
  under(sql: Sql, node: string): Promise<{ id: string; tenant: string; equipment: string | null; path: string[] }[]> {
    return sql.query('select id, tenant, equipment, path from devices where path @> array[$1::text]', [node])
  },

  /** The connection's device and those behind it. */
  ofConnection(sql: Sql, connection: string): Promise<DeviceRow[]> {
    return sql.query<DeviceRow>(`select ${COLUMNS} from devices d where d.of_connection = $1`, [connection])
  },

  /** The name of a connection whose own device this is, or which runs at this agent. */
  async neededBy(sql: Sql, id: string): Promise<string | undefined> {
    const [row] = await sql.query<{ name: string }>(
      'select name from connections where device = $1 or agent = $1 order by id limit 1',
      [id],
    )
    return row?.name
  },

  /** Those of a connection of which something is desired. */
  async desiring(sql: Sql, connection: string): Promise<string[]> {
    const rows = await sql.query<{ id: string }>(
      'select d.id from devices d join twins t on t.device = d.id where d.of_connection = $1 and t.desired_version > 0',
      [connection],
    )
    return rows.map(({ id }) => id)
  },

  async setBehind(sql: Sql, id: string, gateway: string | null): Promise<void> {
    await sql.query('update devices set behind = $2, version = version + 1 where id = $1', [id, gateway])
  },

  placed(sql: Sql): Promise<{ id: string; tenant: string; equipment: string; path: string[] }[]> {
    return sql.query('select id, tenant, equipment, path from devices where equipment is not null')
  },

  async setPath(sql: Sql, id: string, equipment: string | null, path: readonly string[]): Promise<void> {
    await sql.query('update devices set equipment = $2, path = $3 where id = $1', [id, equipment, path])
  },
}
