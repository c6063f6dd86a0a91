import type { Signal, SignalKind } from '@millwright/contracts'
import type { Sql } from '@millwright/storage'

/** A row of `signals`: the API's signal, and its key on the hot path. */
export interface SignalRow extends Omit<Signal, 'equipmentName'> {
  readonly key: number
}

const COLUMNS = `key, id, tenant, name, kind, unit, description, equipment, device, min, max, max_rate as "maxRate", stale_after as "staleAfter",
  flat_after as "flatAfter", retention, simulated, created_at as "createdAt", version`

export interface SignalFilter {
  readonly equipment?: string | undefined
  readonly device?: string | undefined
  readonly kind?: string | undefined
  readonly q?: string | undefined
  readonly under?: string | undefined
  readonly nodes: '*' | readonly string[]
  /** Only signals of these names; undefined: all. */
  readonly names: readonly string[] | undefined
}

export interface NewSignalRow {
  readonly id: string
  readonly tenant: string
  readonly name: string
  readonly kind: SignalKind
  readonly unit: string
  readonly description: string
  readonly equipment: string | null
  readonly device: string | null
  readonly min: number | null
  readonly max: number | null
  readonly simulated: boolean
  readonly createdAt: number
}

export const signalStore = {
  all(sql: Sql): Promise<SignalRow[]> {
    return sql.query(`select ${COLUMNS} from signals`)
  },

  async get(sql: Sql, id: string): Promise<SignalRow | undefined> {
    const [row] = await sql.query<SignalRow>(`select ${COLUMNS} from signals where id = $1`, [id])
    return row
  },

  page(sql: Sql, filter: SignalFilter, after: readonly [string, string], limit: number): Promise<SignalRow[]> {
    const params: unknown[] = [after[0], after[1], limit]
    const where = ['(name, id) > ($1, $2)']
    const add = (clause: (place: string) => string, value: unknown) => {
      params.push(value)
      where.push(clause(`$${params.length}`))
    }
    if (filter.equipment !== undefined) add((p) => `equipment = ${p}`, filter.equipment)
    if (filter.device !== undefined) add((p) => `device = ${p}`, filter.device)
    if (filter.kind !== undefined) add((p) => `kind = ${p}`, filter.kind)
    if (filter.q !== undefined) add((p) => `position(lower(${p}) in lower(name)) > 0`, filter.q)
    if (filter.names !== undefined) add((p) => `name = any(${p}::text[])`, filter.names)
    if (filter.under !== undefined)
      add((p) => `equipment in (select id from assets where path @> array[${p}::text])`, filter.under)
    if (filter.nodes !== '*')
      add((p) => `equipment in (select id from assets where path && ${p}::text[])`, filter.nodes)
    return sql.query(`select ${COLUMNS} from signals where ${where.join(' and ')} order by name, id limit $3`, params)
  },

  async insert(sql: Sql, row: NewSignalRow): Promise<SignalRow | undefined> {
    const [made] = await sql.query<SignalRow>(
      `insert into signals (id, tenant, name, kind, unit, description, equipment, device, min, max, simulated, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing returning ${COLUMNS}`,
      [
        row.id,
        row.tenant,
        row.name,
        row.kind,
        row.unit,
        row.description,
        row.equipment,
        row.device,
        row.min,
        row.max,
        row.simulated,
        row.createdAt,
      ],
    )
    return made
  },

  /** Many at once; those whose name is taken are left out. */
  insertMany(sql: Sql, rows: readonly NewSignalRow[]): Promise<SignalRow[]> {
    const column = <K extends keyof NewSignalRow>(name: K) => rows.map((row) => row[name])
    return sql.query<SignalRow>(
      `insert into signals (id, tenant, name, kind, unit, description, equipment, device, min, max, simulated, created_at)
       select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
         $9::float8[], $10::float8[], $11::boolean[], $12::bigint[])
       on conflict do nothing returning ${COLUMNS}`,
      [
        column('id'),
        column('tenant'),
        column('name'),
        column('kind'),
        column('unit'),
        column('description'),
        column('equipment'),
        column('device'),
        column('min'),
        column('max'),
        column('simulated'),
        column('createdAt'),
      ],
    )
  },

  async update(sql: Sql, row: SignalRow): Promise<void> {
    await sql.query(
      `update signals set unit = $2, description = $3, equipment = $4, min = $5, max = $6, max_rate = $7, stale_after = $8, flat_after = $9,
         retention = $10, device = $11, version = version + 1 where id = $1`,
      [
        row.id,
        row.unit,
        row.description,
        row.equipment,
        row.min,
        row.max,
        row.maxRate,
        row.staleAfter,
        row.flatAfter,
        row.retention,
        row.device,
      ],
    )
  },

  /** Whether the tenant has this device. */
  async deviceThere(sql: Sql, device: string): Promise<boolean> {
    const rows = await sql.query('select 1 from devices where id = $1', [device])
    return rows.length > 0
  },

  /** Gives a device's signals that hang nowhere to the equipment it now serves, as far as their names are free there. */
  async adopt(sql: Sql, device: string, equipment: string): Promise<SignalRow[]> {
    return sql.query(
      `update signals s set equipment = $2, version = version + 1
       where device = $1 and equipment is null
         and not exists (select 1 from signals other where other.equipment = $2 and other.name = s.name)
       returning ${COLUMNS}`,
      [device, equipment],
    )
  },

  async nameTaken(
    sql: Sql,
    equipment: string | null,
    device: string | null,
    name: string,
    except: string,
  ): Promise<boolean> {
    const rows = await sql.query(
      `select 1 from signals where name = $3 and id <> $4
         and (($1::text is not null and equipment = $1) or ($1::text is null and equipment is null and device = $2))`,
      [equipment, device, name, except],
    )
    return rows.length > 0
  },
}
