import type { Sql } from '@millwright/storage'
import type { VersionRow } from '../services/model.ts'

const COLUMNS = `service, number, tenant, state, origin, trained_from as "from", trained_to as "to", settings, plan, report,
  failure, sha256, size, created_at as "createdAt", created_by as "createdBy", finished_at as "finishedAt"`

/** What a training or a check of an upload ended with. */
export type VersionResult =
  | (Pick<VersionRow, 'plan' | 'report' | 'sha256' | 'size'> & { readonly settings?: VersionRow['settings'] })
  | { readonly failure: string }
  | { readonly cancelled: true }

export const versionStore = {
  async get(sql: Sql, service: string, number: number): Promise<VersionRow | undefined> {
    const [row] = await sql.query<VersionRow>(
      `select ${COLUMNS} from service_versions where service = $1 and number = $2`,
      [service, number],
    )
    return row
  },

  page(sql: Sql, service: string, before: number, limit: number): Promise<VersionRow[]> {
    return sql.query(
      `select ${COLUMNS} from service_versions where service = $1 and number < $2 order by number desc limit $3`,
      [service, before, limit],
    )
  },

  async newestReady(sql: Sql, service: string): Promise<VersionRow | undefined> {
    const [row] = await sql.query<VersionRow>(
      `select ${COLUMNS} from service_versions where service = $1 and state = 'ready' order by number desc limit 1`,
      [service],
    )
    return row
  },

  /** Waits or runs, of these services. */
  open(sql: Sql, services: readonly string[]): Promise<VersionRow[]> {
    return sql.query(
      `select ${COLUMNS} from service_versions where service = any($1::text[]) and state in ('waiting', 'running')`,
      [services],
    )
  },

  /** With the next number of its service. */
  async insert(
    sql: Sql,
    row: Pick<VersionRow, 'service' | 'tenant' | 'origin' | 'from' | 'to' | 'settings' | 'createdAt' | 'createdBy'>,
  ): Promise<VersionRow> {
    const [made] = await sql.query<VersionRow>(
      `insert into service_versions (service, number, tenant, state, origin, trained_from, trained_to, settings, created_at, created_by)
        values ($1, (select coalesce(max(number), 0) + 1 from service_versions where service = $1), $2, 'waiting', $3, $4,
          $5, $6, $7, $8) returning ${COLUMNS}`,
      [
        row.service,
        row.tenant,
        row.origin,
        row.from,
        row.to,
        JSON.stringify(row.settings),
        row.createdAt,
        row.createdBy,
      ],
    )
    return made!
  },

  async begin(sql: Sql, service: string, number: number): Promise<void> {
    await sql.query(
      `update service_versions set state = 'running' where service = $1 and number = $2 and state = 'waiting'`,
      [service, number],
    )
  },

  /** Nothing happens to one that has ended already. */
  async finish(sql: Sql, service: string, number: number, result: VersionResult, at: number): Promise<void> {
    const ready = 'report' in result ? result : undefined
    const failure = 'failure' in result ? result.failure : null
    await sql.query(
      `update service_versions set state = $3, plan = coalesce($4::jsonb, plan), report = $5, sha256 = $6, size = $7,
          failure = $8, finished_at = $9, settings = coalesce($10::jsonb, settings) where service = $1 and number = $2 and state in ('waiting', 'running')`,
      [
        service,
        number,
        ready !== undefined ? 'ready' : failure !== null ? 'failed' : 'cancelled',
        ready === undefined ? null : JSON.stringify(ready.plan),
        ready === undefined ? null : JSON.stringify(ready.report),
        ready?.sha256 ?? null,
        ready?.size ?? null,
        failure,
        at,
        ready?.settings === undefined ? null : JSON.stringify(ready.settings),
      ],
    )
  },

  /** After a restart: what waited or ran then has ended. */
  async failOpen(sql: Sql, failure: string, at: number): Promise<void> {
    await sql.query(
      `update service_versions set state = 'failed', failure = $1, finished_at = $2 where state in ('waiting', 'running')`,
      [failure, at],
    )
  },

  /** Old ones beyond the newest `keep`, but the live one: out of the way. @returns their artifacts */
  async prune(sql: Sql, service: string, keep: number): Promise<string[]> {
    const rows = await sql.query<{ sha256: string | null }>(
      `delete from service_versions v using services s where s.id = v.service and v.service = $1
        and v.number is distinct from s.live_version and v.state not in ('waiting', 'running')
        and v.number <= (select max(number) from service_versions where service = $1) - $2 returning v.sha256`,
      [service, keep],
    )
    return rows.flatMap(({ sha256 }) => sha256 ?? [])
  },

  /** Whether any version, of any service, still has this artifact. */
  async artifactUsed(sql: Sql, sha256: string): Promise<boolean> {
    return (await sql.query('select 1 from service_versions where sha256 = $1 limit 1', [sha256])).length > 0
  },

  async artifacts(sql: Sql, service: string): Promise<string[]> {
    const rows = await sql.query<{ sha256: string }>(
      'select distinct sha256 from service_versions where service = $1 and sha256 is not null',
      [service],
    )
    return rows.map(({ sha256 }) => sha256)
  },
}
