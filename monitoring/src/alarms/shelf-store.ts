import type { Sql } from '@millwright/storage'

/** An alarm of a rule on a machine, out of the way. */
export interface Shelf {
  readonly tenant: string
  readonly rule: string
  readonly equipment: string
  /** µs. */
  readonly since: number
  readonly until: number
  readonly by: string
}

const COLUMNS = 'tenant, rule, equipment, since, until, by'

export const shelfStore = {
  async put(sql: Sql, { tenant, rule, equipment, since, until, by }: Shelf): Promise<void> {
    await sql.query(
      `insert into alarm_shelves (tenant, rule, equipment, since, until, by) values ($1, $2, $3, $4, $5, $6)
        on conflict (rule, equipment) do update set since = excluded.since, until = excluded.until, by = excluded.by`,
      [tenant, rule, equipment, since, until, by],
    )
  },

  async remove(sql: Sql, rule: string, equipment: string): Promise<void> {
    await sql.query('delete from alarm_shelves where rule = $1 and equipment = $2', [rule, equipment])
  },

  /** Of these rules on these machines (parallel lists), as long as they last. */
  of(sql: Sql, rules: readonly string[], equipment: readonly string[], now: number): Promise<Shelf[]> {
    return sql.query<Shelf>(
      `select ${COLUMNS} from alarm_shelves where until > $3
        and (rule, equipment) in (select * from unnest($1::text[], $2::text[]))`,
      [rules, equipment, now],
    )
  },

  /** Takes away those whose time is up. */
  takeOver(sql: Sql, now: number): Promise<Shelf[]> {
    return sql.query<Shelf>(`delete from alarm_shelves where until <= $1 returning ${COLUMNS}`, [now])
  },

  /** Tenants of those whose time is up, and when the next one's is; of all tenants. */
  async due(sql: Sql, now: number): Promise<{ tenants: string[]; next: number | null }> {
    const over = await sql.query<{ tenant: string }>('select distinct tenant from alarm_shelves where until <= $1', [
      now,
    ])
    const [row] = await sql.query<{ next: number | null }>(
      'select min(until) as next from alarm_shelves where until > $1',
      [now],
    )
    return { tenants: over.map(({ tenant }) => tenant), next: row?.next ?? null }
  },
}
