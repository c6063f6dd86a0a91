import type { Label } from '@millwright/contracts'
import type { Sql } from '@millwright/storage'

const COLUMNS = 'id, service, episode, "from", "to", verdict, what, by, at'

export const labelStore = {
  async get(sql: Sql, service: string, id: string): Promise<Label | undefined> {
    const [row] = await sql.query<Label>(`select ${COLUMNS} from service_labels where service = $1 and id = $2`, [
      service,
      id,
    ])
    return row
  },

  /** In the order of the times that they are about. */
  all(sql: Sql, service: string): Promise<Label[]> {
    return sql.query(`select ${COLUMNS} from service_labels where service = $1 order by "from", id`, [service])
  },

  page(sql: Sql, service: string, before: readonly [at: number, id: string], limit: number): Promise<Label[]> {
    return sql.query(
      `select ${COLUMNS} from service_labels where service = $1 and (at, id) < ($2, $3) order by at desc, id desc limit $4`,
      [service, ...before, limit],
    )
  },

  ofEpisodes(sql: Sql, episodes: readonly string[]): Promise<Label[]> {
    return sql.query(`select ${COLUMNS} from service_labels where episode = any($1::text[])`, [episodes])
  },

  async count(sql: Sql, service: string): Promise<number> {
    const [row] = await sql.query<{ n: number }>('select count(*)::int as n from service_labels where service = $1', [
      service,
    ])
    return row!.n
  },

  async insert(sql: Sql, tenant: string, label: Label): Promise<void> {
    await sql.query(
      `insert into service_labels (id, service, tenant, episode, "from", "to", verdict, what, by, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        label.id,
        label.service,
        tenant,
        label.episode,
        label.from,
        label.to,
        label.verdict,
        label.what,
        label.by,
        label.at,
      ],
    )
  },

  async remove(sql: Sql, id: string): Promise<void> {
    await sql.query('delete from service_labels where id = $1', [id])
  },

  async removeOfEpisode(sql: Sql, episode: string): Promise<void> {
    await sql.query('delete from service_labels where episode = $1', [episode])
  },
}
