import type { Command } from '@millwright/contracts'
import type { Sql } from '@millwright/storage'
import type { CommandState } from './model.ts'

export interface CommandRow {
  readonly id: string
  readonly tenant: string
  readonly device: string
  readonly number: number
  readonly name: string
  readonly params: unknown
  readonly state: CommandState
  readonly result: unknown
  readonly error: string | null
  readonly requestedBy: string
  readonly createdAt: number
  readonly sentAt: number | null
  readonly finishedAt: number | null
  readonly expiresAt: number
  readonly timeout: number
}

const COLUMNS = `id, tenant, device, number, name, params, state, result, error, requested_by as "requestedBy",
  created_at as "createdAt", sent_at as "sentAt", finished_at as "finishedAt", expires_at as "expiresAt", timeout`

export const commandStore = {
  /** Numbers it within its device. @returns undefined when the device has `limit` open commands already */
  async insert(sql: Sql, row: Omit<CommandRow, 'number'>, limit: number): Promise<CommandRow | undefined> {
    // The device's row is locked, so that two commands do not take one number.
    await sql.query('select 1 from devices where id = $1 for update', [row.device])
    const [open] = await sql.query<{ n: number }>(
      "select count(*)::int as n from commands where device = $1 and state in ('queued', 'sent')",
      [row.device],
    )
    if (open!.n >= limit) return undefined
    const [made] = await sql.query<CommandRow>(
      `insert into commands (id, tenant, device, number, name, params, state, requested_by, created_at, expires_at, timeout)
       select $1, $2, $3, coalesce(max(number), 0) + 1, $4, $5, 'queued', $6, $7, $8, $9 from commands where device = $3
       returning ${COLUMNS}`,
      [
        row.id,
        row.tenant,
        row.device,
        row.name,
        JSON.stringify(row.params ?? null),
        row.requestedBy,
        row.createdAt,
        row.expiresAt,
        row.timeout,
      ],
    )
    return made
  },

  async get(sql: Sql, id: string): Promise<CommandRow | undefined> {
    const [row] = await sql.query<CommandRow>(`select ${COLUMNS} from commands where id = $1`, [id])
    return row
  },

  async byNumber(sql: Sql, device: string, number: number): Promise<CommandRow | undefined> {
    const [row] = await sql.query<CommandRow>(`select ${COLUMNS} from commands where device = $1 and number = $2`, [
      device,
      number,
    ])
    return row
  },

  list(sql: Sql, device: string, before: number, limit: number): Promise<CommandRow[]> {
    return sql.query<CommandRow>(
      `select ${COLUMNS} from commands where device = $1 and number < $2::bigint order by number desc limit $3`,
      [device, before, limit],
    )
  },

  open(sql: Sql): Promise<CommandRow[]> {
    return sql.query<CommandRow>(
      `select ${COLUMNS} from commands where state in ('queued', 'sent') order by device, number`,
    )
  },

  /** The next command to deliver. */
  async firstQueued(sql: Sql, device: string, now: number): Promise<CommandRow | undefined> {
    const [row] = await sql.query<CommandRow>(
      `select ${COLUMNS} from commands where device = $1 and state = 'queued' and expires_at > $2 order by number limit 1`,
      [device, now],
    )
    return row
  },

  async removeFinishedBefore(sql: Sql, time: number): Promise<void> {
    await sql.query('delete from commands where finished_at < $1', [time])
  },

  /** Moves a command on, if it still is in one of the states given: so that it has one result, whoever comes first. */
  async move(
    sql: Sql,
    id: string,
    from: readonly CommandState[],
    to: Partial<CommandRow> & { state: CommandState },
  ): Promise<CommandRow | undefined> {
    const [row] = await sql.query<CommandRow>(
      `update commands set state = $3, sent_at = $4, finished_at = $5, result = $6, error = $7
       where id = $1 and state = any($2::text[]) returning ${COLUMNS}`,
      [
        id,
        from,
        to.state,
        to.sentAt ?? null,
        to.finishedAt ?? null,
        to.result === undefined ? null : JSON.stringify(to.result),
        to.error ?? null,
      ],
    )
    return row
  },
}

export function shownCommand(row: CommandRow): Command {
  return {
    id: row.id,
    device: row.device,
    name: row.name,
    params: row.params,
    state: row.state,
    ...(row.state === 'succeeded' ? { result: row.result } : {}),
    ...(row.error === null ? {} : { error: row.error }),
    requestedBy: row.requestedBy,
    createdAt: row.createdAt,
    ...(row.sentAt === null ? {} : { sentAt: row.sentAt }),
    ...(row.finishedAt === null ? {} : { finishedAt: row.finishedAt }),
    expiresAt: row.expiresAt,
    timeout: row.timeout,
  }
}
