import type { DeadLetter } from '@millwright/contracts'
import type { Sql } from '@millwright/storage'

/** Alike refusals of one minute, as they are written. */
export interface Fold {
  readonly id: string
  readonly tenant: string
  readonly device: string
  readonly source: string
  readonly code: string
  readonly reason: string
  readonly size: number
  readonly payload: Uint8Array
  readonly time: number
  readonly minute: number
  count: number
}

interface Row extends Omit<DeadLetter, 'payload' | 'deviceName'> {
  readonly deviceName: string | null
  readonly payload: Uint8Array
}

export const deadLetterStore = {
  async add(sql: Sql, fold: Fold): Promise<void> {
    await sql.query(
      `insert into dead_letters (id, tenant, device, device_name, source, code, reason, size, payload, count, time, minute)
       values ($1, $2, $3, (select name from devices where id = $3), $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict (tenant, device, minute, source, code, reason) do update set count = dead_letters.count + excluded.count`,
      [
        fold.id,
        fold.tenant,
        fold.device,
        fold.source,
        fold.code,
        fold.reason,
        fold.size,
        fold.payload,
        fold.count,
        fold.time,
        fold.minute,
      ],
    )
  },

  /** Newest first; `devices`: only theirs (undefined: all of the tenant). */
  async list(
    sql: Sql,
    filter: {
      before: string
      limit: number
      device: string | undefined
      code: string | undefined
      nodes: '*' | readonly string[]
    },
  ): Promise<DeadLetter[]> {
    const params: unknown[] = [filter.limit]
    const where: string[] = []
    const add = (clause: (place: string) => string, value: unknown) => {
      params.push(value)
      where.push(clause(`$${params.length}`))
    }
    if (filter.before !== '') add((p) => `l.id < ${p}`, filter.before)
    if (filter.device !== undefined) add((p) => `l.device = ${p}`, filter.device)
    if (filter.code !== undefined) add((p) => `l.code = ${p}`, filter.code)
    if (filter.nodes !== '*') {
      add((p) => `l.device in (select id from devices where path && ${p}::text[])`, filter.nodes)
    }
    const rows = await sql.query<Row>(
      `select l.id, l.time, l.device, l.device_name as "deviceName", l.source, l.code, l.reason, l.size, l.payload, l.count
       from dead_letters l ${where.length === 0 ? '' : `where ${where.join(' and ')}`} order by l.id desc limit $1`,
      params,
    )
    return rows.map(({ deviceName, payload, ...row }) => ({
      ...row,
      ...(deviceName === null ? {} : { deviceName }),
      payload: Buffer.from(payload).toString('base64'),
    }))
  },

  async removeBefore(sql: Sql, time: number): Promise<void> {
    await sql.query('delete from dead_letters where time < $1', [time])
  },

  /** Keeps the newest `most` of each device. */
  async removeBeyond(sql: Sql, most: number): Promise<void> {
    await sql.query(
      `delete from dead_letters where id in
         (select id from (select id, row_number() over (partition by device order by id desc) as place from dead_letters) as placed
          where place > $1)`,
      [most],
    )
  },
}
