import type { Asset, EquipmentClass } from '@millwright/contracts'
import type { Sql } from '@millwright/storage'

/** A row of `assets`, as the tree and the services hold it. */
export interface AssetRow extends Omit<Asset, 'shared'> {}

const COLUMNS = `id, tenant, parent, path, level, name, description, equipment_class as "equipmentClass", metadata, position,
  created_at as "createdAt", version`
const CLASS_COLUMNS = 'id, name, description, signals, created_at as "createdAt", version'

export interface AssetFilter {
  readonly parent?: string | undefined
  readonly under?: string | undefined
  readonly level?: string | undefined
  readonly equipmentClass?: string | undefined
  readonly q?: string | undefined
  /** Nodes at and below which the viewer may read; '*': all of the tenant. */
  readonly nodes: '*' | readonly string[]
}

export const assetStore = {
  async get(sql: Sql, id: string): Promise<AssetRow | undefined> {
    const [row] = await sql.query<AssetRow>(`select ${COLUMNS} from assets where id = $1`, [id])
    return row
  },

  all(sql: Sql): Promise<AssetRow[]> {
    return sql.query<AssetRow>(`select ${COLUMNS} from assets order by array_length(path, 1), id`)
  },

  /** Parents before children; `after` is the path key of the last row seen. */
  page(sql: Sql, filter: AssetFilter, after: string, limit: number): Promise<(AssetRow & { key: string })[]> {
    const params: unknown[] = [after, limit]
    const where = ["array_to_string(path, '/') > $1"]
    const add = (clause: (place: string) => string, value: unknown) => {
      params.push(value)
      where.push(clause(`$${params.length}`))
    }
    if (filter.parent !== undefined) add((p) => `parent = ${p}`, filter.parent)
    if (filter.under !== undefined) add((p) => `path @> array[${p}::text]`, filter.under)
    if (filter.level !== undefined) add((p) => `level = ${p}`, filter.level)
    if (filter.equipmentClass !== undefined) add((p) => `equipment_class = ${p}`, filter.equipmentClass)
    if (filter.q !== undefined) add((p) => `position(lower(${p}) in lower(name)) > 0`, filter.q)
    if (filter.nodes !== '*') add((p) => `path && ${p}::text[]`, filter.nodes)
    return sql.query(
      `select ${COLUMNS}, array_to_string(path, '/') as key from assets where ${where.join(' and ')}
       order by array_to_string(path, '/') limit $2`,
      params,
    )
  },

  async insert(sql: Sql, row: AssetRow): Promise<void> {
    await sql.query(
      `insert into assets (id, tenant, parent, path, level, name, description, equipment_class, metadata, position, created_at, version)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)`,
      [
        row.id,
        row.tenant,
        row.parent,
        row.path,
        row.level,
        row.name,
        row.description,
        row.equipmentClass,
        JSON.stringify(row.metadata),
        json(row.position),
        row.createdAt,
      ],
    )
  },

  /** Writes all changeable columns; the version goes up by one. */
  async update(sql: Sql, row: AssetRow): Promise<void> {
    await sql.query(
      `update assets set parent = $2, path = $3, name = $4, description = $5, equipment_class = $6, metadata = $7, position = $8,
         version = version + 1 where id = $1`,
      [
        row.id,
        row.parent,
        row.path,
        row.name,
        row.description,
        row.equipmentClass,
        JSON.stringify(row.metadata),
        json(row.position),
      ],
    )
  },

  /** Gives every node below `id` the path that follows from its new one. */
  async movePaths(sql: Sql, id: string, oldLength: number, newPath: readonly string[]): Promise<void> {
    await sql.query(
      'update assets set path = $2::text[] || path[$3:], version = version + 1 where path @> array[$1::text] and id <> $1',
      [id, newPath, oldLength + 1],
    )
  },

  async children(sql: Sql, id: string): Promise<number> {
    const [row] = await sql.query<{ n: number }>('select count(*)::int as n from assets where parent = $1', [id])
    return row!.n
  },

  async remove(sql: Sql, id: string): Promise<void> {
    await sql.query('delete from assets where id = $1', [id])
  },

  async nameTaken(sql: Sql, parent: string | null, name: string, except: string): Promise<boolean> {
    const rows = await sql.query(
      "select 1 from assets where coalesce(parent, '') = $1 and lower(name) = lower($2) and id <> $3",
      [parent ?? '', name, except],
    )
    return rows.length > 0
  },
}

export const classStore = {
  async get(sql: Sql, id: string): Promise<EquipmentClass | undefined> {
    const [row] = await sql.query<EquipmentClass>(`select ${CLASS_COLUMNS} from equipment_classes where id = $1`, [id])
    return row
  },

  async byName(sql: Sql, name: string): Promise<EquipmentClass | undefined> {
    const [row] = await sql.query<EquipmentClass>(
      `select ${CLASS_COLUMNS} from equipment_classes where lower(name) = lower($1)`,
      [name],
    )
    return row
  },

  page(sql: Sql, after: string, limit: number): Promise<EquipmentClass[]> {
    return sql.query(`select ${CLASS_COLUMNS} from equipment_classes where id > $1 order by id limit $2`, [
      after,
      limit,
    ])
  },

  async insert(sql: Sql, tenant: string, row: EquipmentClass): Promise<void> {
    await sql.query(
      'insert into equipment_classes (id, tenant, name, description, signals, created_at, version) values ($1, $2, $3, $4, $5, $6, 1)',
      [row.id, tenant, row.name, row.description, JSON.stringify(row.signals), row.createdAt],
    )
  },

  async update(sql: Sql, row: EquipmentClass): Promise<void> {
    await sql.query(
      'update equipment_classes set name = $2, description = $3, signals = $4, version = version + 1 where id = $1',
      [row.id, row.name, row.description, JSON.stringify(row.signals)],
    )
  },

  async uses(sql: Sql, id: string): Promise<number> {
    const [row] = await sql.query<{ n: number }>('select count(*)::int as n from assets where equipment_class = $1', [
      id,
    ])
    return row!.n
  },

  async remove(sql: Sql, id: string): Promise<void> {
    await sql.query('delete from equipment_classes where id = $1', [id])
  },
}

const json = (value: unknown) => (value === null ? null : JSON.stringify(value))
