import type { ServiceJob } from '@millwright/contracts'
import type { Sql } from '@millwright/storage'

/** A row of `service_jobs`. */
export interface JobRow extends Omit<ServiceJob, 'progress' | 'stage'> {
  readonly tenant: string
}

const COLUMNS = `id, service, tenant, type, number, "from", "to", state, written, failure, created_at as "createdAt",
  created_by as "createdBy", finished_at as "finishedAt"`

export const jobStore = {
  async get(sql: Sql, service: string, id: string): Promise<JobRow | undefined> {
    const [row] = await sql.query<JobRow>(`select ${COLUMNS} from service_jobs where service = $1 and id = $2`, [
      service,
      id,
    ])
    return row
  },

  page(sql: Sql, service: string, before: string, limit: number): Promise<JobRow[]> {
    return sql.query(
      `select ${COLUMNS} from service_jobs where service = $1 and ($2 = '' or id < $2) order by id desc limit $3`,
      [service, before, limit],
    )
  },

  /** Waits or runs. */
  async open(sql: Sql, service: string): Promise<JobRow[]> {
    return sql.query(`select ${COLUMNS} from service_jobs where service = $1 and state in ('waiting', 'running')`, [
      service,
    ])
  },

  async insert(sql: Sql, row: JobRow): Promise<void> {
    await sql.query(
      `insert into service_jobs (id, service, tenant, type, number, "from", "to", state, created_at, created_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        row.id,
        row.service,
        row.tenant,
        row.type,
        row.number,
        row.from,
        row.to,
        row.state,
        row.createdAt,
        row.createdBy,
      ],
    )
  },

  async begin(sql: Sql, id: string): Promise<void> {
    await sql.query(`update service_jobs set state = 'running' where id = $1 and state = 'waiting'`, [id])
  },

  async finish(
    sql: Sql,
    id: string,
    { state, written, failure, at }: Pick<JobRow, 'state' | 'written' | 'failure'> & { readonly at: number },
  ): Promise<void> {
    await sql.query(
      `update service_jobs set state = $2, written = $3, failure = $4, finished_at = $5
        where id = $1 and state in ('waiting', 'running')`,
      [id, state, written, failure, at],
    )
  },

  async failOpen(sql: Sql, failure: string, at: number): Promise<void> {
    await sql.query(
      `update service_jobs set state = 'failed', failure = $1, finished_at = $2 where state in ('waiting', 'running')`,
      [failure, at],
    )
  },
}
