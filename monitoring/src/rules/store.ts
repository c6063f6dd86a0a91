import type { Sql } from '@millwright/storage'
import type { RuleRow } from './model.ts'

const COLUMNS = `id, tenant, name, description, equipment_class as "equipmentClass", equipment, condition,
  clear_condition as "clearCondition", on_delay as "onDelay", off_delay as "offDelay", priority, latching, message,
  response, enabled, created_at as "createdAt", version`

const values = (row: RuleRow): unknown[] => [
  row.id,
  row.name,
  row.description,
  row.equipmentClass,
  row.equipment,
  row.condition,
  row.clearCondition,
  row.onDelay,
  row.offDelay,
  row.priority,
  row.latching,
  row.message,
  row.response,
  row.enabled,
]

export const ruleStore = {
  async get(sql: Sql, id: string): Promise<RuleRow | undefined> {
    const [row] = await sql.query<RuleRow>(`select ${COLUMNS} from rules where id = $1`, [id])
    return row
  },

  async lock(sql: Sql, id: string): Promise<RuleRow | undefined> {
    const [row] = await sql.query<RuleRow>(`select ${COLUMNS} from rules where id = $1 for update`, [id])
    return row
  },

  enabled(sql: Sql): Promise<RuleRow[]> {
    return sql.query<RuleRow>(`select ${COLUMNS} from rules where enabled order by id`)
  },

  ofEquipment(sql: Sql, equipment: string): Promise<RuleRow[]> {
    return sql.query<RuleRow>(`select ${COLUMNS} from rules where equipment = $1`, [equipment])
  },

  async count(sql: Sql): Promise<number> {
    const [row] = await sql.query<{ count: number }>('select count(*)::int as count from rules')
    return row?.count ?? 0
  },

  /** By name; after the position of the last row seen. */
  page(sql: Sql, q: string | undefined, after: readonly [name: string, id: string], limit: number): Promise<RuleRow[]> {
    const params: unknown[] = [...after, limit]
    const where = ['(name, id) > ($1, $2)']
    if (q !== undefined && q !== '') {
      const p = params.push(`%${q.replace(/[\\%_]/g, '\\$&')}%`)
      where.push(`(name ilike $${p} or description ilike $${p})`)
    }
    return sql.query<RuleRow>(
      `select ${COLUMNS} from rules where ${where.join(' and ')} order by name, id limit $3`,
      params,
    )
  },

  async nameTaken(sql: Sql, row: RuleRow): Promise<boolean> {
    const rows = await sql.query(
      'select 1 from rules where lower(name) = lower($1) and coalesce(equipment_class, equipment) = $2 and id <> $3',
      [row.name, row.equipmentClass ?? row.equipment, row.id],
    )
    return rows.length > 0
  },

  async insert(sql: Sql, row: RuleRow): Promise<void> {
    await sql.query(
      `insert into rules (id, name, description, equipment_class, equipment, condition, clear_condition, on_delay,
          off_delay, priority, latching, message, response, enabled, tenant, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
      [...values(row), row.tenant, row.createdAt],
    )
  },

  async update(sql: Sql, row: RuleRow): Promise<void> {
    await sql.query(
      `update rules set name = $2, description = $3, equipment_class = $4, equipment = $5, condition = $6,
          clear_condition = $7, on_delay = $8, off_delay = $9, priority = $10, latching = $11, message = $12,
          response = $13, enabled = $14, version = version + 1 where id = $1`,
      values(row),
    )
  },

  async remove(sql: Sql, id: string): Promise<void> {
    await sql.query('delete from rules where id = $1', [id])
  },
}
