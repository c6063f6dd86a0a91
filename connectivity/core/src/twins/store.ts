import type { Sql } from '@millwright/storage'
import type { JsonObject } from './model.ts'

export interface TwinRow {
  readonly desired: JsonObject
  readonly desiredVersion: number
  readonly desiredAt: number | null
  readonly reported: JsonObject
  readonly reportedVersion: number
  readonly reportedAt: number | null
}

const NONE: TwinRow = {
  desired: {},
  desiredVersion: 0,
  desiredAt: null,
  reported: {},
  reportedVersion: 0,
  reportedAt: null,
}
const COLUMNS = `desired, desired_version as "desiredVersion", desired_at as "desiredAt", reported,
  reported_version as "reportedVersion", reported_at as "reportedAt"`

export const twinStore = {
  async get(sql: Sql, device: string): Promise<TwinRow> {
    const [row] = await sql.query<TwinRow>(`select ${COLUMNS} from twins where device = $1`, [device])
    return row ?? NONE
  },

  /** The same, locked until the transaction ends; makes the row when there is none. */
  async lock(sql: Sql, tenant: string, device: string): Promise<TwinRow> {
    await sql.query('insert into twins (device, tenant) values ($1, $2) on conflict (device) do nothing', [
      device,
      tenant,
    ])
    const [row] = await sql.query<TwinRow>(`select ${COLUMNS} from twins where device = $1 for update`, [device])
    return row!
  },

  async setDesired(sql: Sql, device: string, document: JsonObject, version: number, at: number): Promise<void> {
    await sql.query('update twins set desired = $2, desired_version = $3, desired_at = $4 where device = $1', [
      device,
      JSON.stringify(document),
      version,
      at,
    ])
  },

  async setReported(
    sql: Sql,
    device: string,
    document: JsonObject,
    version: number,
    at: number,
    on: number | undefined,
  ): Promise<void> {
    await sql.query(
      `update twins set reported = $2, reported_version = $3, reported_at = $4, reported_on = coalesce($5, reported_on)
       where device = $1`,
      [device, JSON.stringify(document), version, at, on ?? null],
    )
  },
}
