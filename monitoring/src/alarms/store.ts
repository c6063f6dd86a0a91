import type { AlarmState, Priority } from '@millwright/contracts'
import type { Sql } from '@millwright/storage'
import type { AlarmRow, JournalLine } from './model.ts'

/** What of an alarm its moves change; the rest stays as it was raised. */
const MOVING = [
  'state',
  'message',
  'values',
  'signals',
  'signal_names',
  'raised_at',
  'returned_at',
  'acknowledged_at',
  'acknowledged_by',
  'closed_at',
  'shelved_until',
  'shelved_by',
  'version',
]
const COLUMNS = `id, tenant, rule, rule_name, equipment, equipment_name, equipment_path, path, priority, rank, latching,
  state, message, response, "values", signals, signal_names, raised_at, returned_at, acknowledged_at, acknowledged_by,
  closed_at, shelved_until, shelved_by, simulated, version`
const LINE = `id, tenant, alarm, time, transition, "from", "to", by, comment, equipment, equipment_name as "equipmentName",
  rule_name as "ruleName", priority, message`

/** Part of a tenant's alarms that may be seen. */
export interface AlarmScope {
  readonly nodes: '*' | readonly string[]
  /** Names of the only signals shown; undefined: all. An alarm that reads any other is not shown. */
  readonly signals: readonly string[] | undefined
}

export interface AlarmFilter {
  readonly state?: 'standing' | 'closed' | 'all' | AlarmState | undefined
  readonly priority?: Priority | undefined
  readonly under?: string | undefined
  readonly rule?: string | undefined
  /** Only those that are shelved, or only those that are not. */
  readonly shelved?: boolean | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
}

export interface JournalFilter {
  readonly alarm?: string | undefined
  readonly under?: string | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** Collects conditions and their parameters. */
class Where {
  readonly clauses: string[] = []
  readonly params: unknown[] = []

  add(clause: (place: string) => string, value: unknown): this {
    this.params.push(value)
    this.clauses.push(clause(`$${this.params.length}`))
    return this
  }

  /** Adds the condition when there is a value to compare with. */
  given(clause: (place: string) => string, value: unknown): this {
    return value === undefined ? this : this.add(clause, value)
  }

  scope({ nodes, signals }: AlarmScope, alarm: string): this {
    if (nodes !== '*') this.add((p) => `${alarm}.path && ${p}::text[]`, nodes)
    if (signals !== undefined) this.clauses.push(`${alarm}.signal_names <> '{}'`)
    return this.given((p) => `${alarm}.signal_names <@ ${p}::text[]`, signals)
  }

  get sql(): string {
    return this.clauses.length === 0 ? '' : `where ${this.clauses.join(' and ')}`
  }
}

export const alarmStore = {
  async get(sql: Sql, id: string): Promise<AlarmRow | undefined> {
    const [row] = await sql.query<AlarmRow>(`select ${COLUMNS} from alarms where id = $1`, [id])
    return row
  },

  /** Like `get`, and nobody else changes it before the transaction ends. */
  async lock(sql: Sql, id: string): Promise<AlarmRow | undefined> {
    const [row] = await sql.query<AlarmRow>(`select ${COLUMNS} from alarms where id = $1 for update`, [id])
    return row
  },

  /** The alarms of these rules on these machines (parallel lists) that stand, locked. */
  standing(sql: Sql, rules: readonly string[], equipment: readonly string[]): Promise<AlarmRow[]> {
    return sql.query<AlarmRow>(
      `select ${COLUMNS} from alarms where state <> 'normal'
        and (rule, equipment) in (select * from unnest($1::text[], $2::text[])) for update`,
      [rules, equipment],
    )
  },

  /** Every standing alarm of every tenant, as far as a start needs it. */
  allStanding(sql: Sql): Promise<Pick<AlarmRow, 'tenant' | 'rule' | 'equipment' | 'state' | 'raised_at'>[]> {
    return sql.query(`select tenant, rule, equipment, state, raised_at from alarms where state <> 'normal' order by id`)
  },

  /** The same as rows, the most urgent and newest first. */
  everyStanding(sql: Sql, limit: number): Promise<AlarmRow[]> {
    return sql.query<AlarmRow>(
      `select ${COLUMNS} from alarms where state <> 'normal' order by rank, raised_at desc limit $1`,
      [limit],
    )
  },

  /** Writes new alarms and moves old ones. */
  async save(sql: Sql, alarms: readonly AlarmRow[]): Promise<void> {
    await sql.query(
      `insert into alarms (${COLUMNS}) select ${COLUMNS} from jsonb_populate_recordset(null::alarms, $1::jsonb)
        on conflict (id) do update set ${MOVING.map((name) => `"${name}" = excluded."${name}"`).join(', ')}`,
      [JSON.stringify(alarms)],
    )
  },

  async journal(sql: Sql, lines: readonly JournalLine[]): Promise<void> {
    await sql.query(
      `insert into alarm_transitions (id, tenant, alarm, time, transition, "from", "to", by, comment, equipment,
          equipment_name, rule_name, priority, message)
        select id, tenant, alarm, time, transition, "from", "to", by, comment, equipment, "equipmentName", "ruleName",
          priority, message
        from jsonb_to_recordset($1::jsonb) as line(id text, tenant text, alarm text, time bigint, transition text,
          "from" text, "to" text, by text, comment text, equipment text, "equipmentName" text, "ruleName" text,
          priority text, message text)`,
      [JSON.stringify(lines)],
    )
  },

  /** By priority, then newest first; after the position of the last row seen. */
  page(
    sql: Sql,
    scope: AlarmScope,
    filter: AlarmFilter,
    after: readonly [rank: number, raisedAt: number, id: string] | undefined,
    limit: number,
  ): Promise<AlarmRow[]> {
    const where = new Where().scope(scope, 'alarms')
    const state = filter.state ?? 'standing'
    if (state === 'standing') where.clauses.push(`state <> 'normal'`)
    else if (state === 'closed') where.clauses.push(`state = 'normal'`)
    else if (state !== 'all') where.add((p) => `state = ${p}`, state)
    where
      .given((p) => `priority = ${p}`, filter.priority)
      .given((p) => `path @> array[${p}::text]`, filter.under)
      .given((p) => `rule = ${p}`, filter.rule)
      .given((p) => `(shelved_until is not null) = ${p}::boolean`, filter.shelved)
      .given((p) => `raised_at >= ${p}::bigint`, filter.from)
      .given((p) => `raised_at < ${p}::bigint`, filter.to)
    if (after !== undefined) {
      const [rank, raisedAt, id] = after
      where.add((p) => `rank >= ${p}::bigint`, rank)
      const at = where.params.push(rank, raisedAt, id) - 2
      where.clauses.push(`(rank > $${at}::bigint or raised_at < $${at + 1}::bigint
        or (raised_at = $${at + 1}::bigint and id < $${at + 2}))`)
    }
    return sql.query<AlarmRow>(
      `select ${COLUMNS} from alarms ${where.sql} order by rank, raised_at desc, id desc limit ${limit}`,
      where.params,
    )
  },

  /**
   * Newest first: what a rule saw is dated by the readings, what people did by the platform's clock. The lines of one alarm
   * stand in the order in which they came about, which the two clocks need not agree with.
   */
  lines(
    sql: Sql,
    scope: AlarmScope,
    filter: JournalFilter,
    after: readonly [time: number, sequence: number] | undefined,
    limit: number,
  ): Promise<(JournalLine & { sequence: number; comment: string | null })[]> {
    const ofOne = filter.alarm !== undefined
    const where = new Where().scope(scope, 'a')
    where
      .given((p) => `t.alarm = ${p}`, filter.alarm)
      .given((p) => `a.path @> array[${p}::text]`, filter.under)
      .given((p) => `t.time >= ${p}::bigint`, filter.from)
      .given((p) => `t.time < ${p}::bigint`, filter.to)
    if (after !== undefined) {
      const [time, sequence] = after
      if (ofOne) where.add((p) => `t.sequence < ${p}::bigint`, sequence)
      else {
        const at = where.params.push(time, sequence) - 1
        where.clauses.push(`(t.time, t.sequence) < ($${at}::bigint, $${at + 1}::bigint)`)
      }
    }
    const columns = LINE.replace(/(^|,)\s*/g, '$1 t.')
    return sql.query(
      `select ${columns}, t.sequence from alarm_transitions t join alarms a on a.id = t.alarm
        ${where.sql} order by ${ofOne ? '' : 't.time desc, '}t.sequence desc limit ${limit}`,
      where.params,
    )
  },

  /** The equipment moved or was renamed: access and filters go by where it is now. */
  async relocate(sql: Sql, equipment: string, path: readonly string[]): Promise<void> {
    await sql.query(`update alarms set path = $2::text[] where equipment = $1 and path <> $2::text[]`, [
      equipment,
      path,
    ])
  },

  /** The rule is deleted; its alarms keep their words. */
  async forgetRule(sql: Sql, rule: string): Promise<void> {
    await sql.query('update alarms set rule = null where rule = $1', [rule])
  },

  /** Equipment at or below any of the nodes that has alarms. */
  async equipmentUnder(sql: Sql, nodes: readonly string[]): Promise<string[]> {
    const rows = await sql.query<{ equipment: string }>(
      'select distinct equipment from alarms where path && $1::text[]',
      [nodes],
    )
    return rows.map(({ equipment }) => equipment)
  },
}
