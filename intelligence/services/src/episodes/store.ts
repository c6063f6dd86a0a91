import type { Micros } from '@millwright/foundation'
import type { Sql } from '@millwright/storage'
import type { EpisodeFact } from '../kinds/kind.ts'

/** A row of `service_episodes`. */
export interface EpisodeRow extends EpisodeFact {
  readonly id: string
  readonly service: string
  readonly tenant: string
  readonly number: number
  readonly similar: string | null
  readonly likeness: number | null
}

/** With the earlier one that it is like, and what people said of both. */
export interface ToldEpisode extends EpisodeRow {
  readonly similarFrom: Micros | null
  readonly similarWhat: string | null
}

const COLUMNS = `e.id, e.service, e.tenant, e.number, e."from", e."to", e.peak, e.peak_at as "peakAt", e.explanation,
  e.signals, e.similar_to as similar, e.likeness`

export interface EpisodeFilter {
  readonly from?: Micros | undefined
  readonly to?: Micros | undefined
  readonly labelled?: boolean | undefined
}

export const episodeStore = {
  async get(sql: Sql, service: string, id: string): Promise<EpisodeRow | undefined> {
    const [row] = await sql.query<EpisodeRow>(
      `select ${COLUMNS} from service_episodes e where e.service = $1 and e.id = $2`,
      [service, id],
    )
    return row
  },

  page(sql: Sql, service: string, filter: EpisodeFilter, before: Micros, limit: number): Promise<ToldEpisode[]> {
    const params: unknown[] = [service, before, limit]
    const where = ['e.service = $1', 'e."from" < $2']
    const add = (clause: (place: string) => string, value: unknown) => {
      params.push(value)
      where.push(clause(`$${params.length}`))
    }
    if (filter.from !== undefined) add((p) => `coalesce(e."to", ${p}) >= ${p}`, filter.from)
    if (filter.to !== undefined) add((p) => `e."from" < ${p}`, filter.to)
    if (filter.labelled !== undefined) where.push(`(own.id is not null) = ${filter.labelled ? 'true' : 'false'}`)
    return sql.query(
      `select ${COLUMNS}, s."from" as "similarFrom", said.what as "similarWhat" from service_episodes e
        left join service_episodes s on s.id = e.similar_to
        left join service_labels said on said.episode = s.id
        left join service_labels own on own.episode = e.id
        where ${where.join(' and ')} order by e."from" desc limit $3`,
      params,
    )
  },

  /** The one that has something of this span in it. */
  async overlapping(sql: Sql, service: string, from: Micros, to: Micros | null): Promise<EpisodeRow | undefined> {
    const [row] = await sql.query<EpisodeRow>(
      `select ${COLUMNS} from service_episodes e where e.service = $1 and ($3::bigint is null or e."from" < $3)
        and (e."to" is null or e."to" > $2) order by (e."from" = $2) desc, e."from" limit 1`,
      [service, from, to],
    )
    return row
  },

  /** The newest ones before a moment, to compare with. */
  earlier(sql: Sql, service: string, before: Micros, limit: number): Promise<EpisodeRow[]> {
    return sql.query(
      `select ${COLUMNS} from service_episodes e where e.service = $1 and e."from" < $2 order by e."from" desc limit $3`,
      [service, before, limit],
    )
  },

  /** New, or brought up to date when there is one that began then. */
  async upsert(sql: Sql, row: EpisodeRow): Promise<void> {
    await sql.query(
      `insert into service_episodes (id, service, tenant, number, "from", "to", peak, peak_at, explanation, signals,
          similar_to, likeness) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        on conflict (service, "from") do update set number = excluded.number, "to" = excluded."to", peak = excluded.peak,
          peak_at = excluded.peak_at, explanation = excluded.explanation, signals = excluded.signals,
          similar_to = excluded.similar_to, likeness = excluded.likeness`,
      [
        row.id,
        row.service,
        row.tenant,
        row.number,
        row.from,
        row.to,
        row.peak,
        row.peakAt,
        row.explanation,
        JSON.stringify(row.signals),
        row.similar,
        row.likeness,
      ],
    )
  },

  /** What goes on has ended: the service does not score any more. */
  async endOpen(sql: Sql, service: string, at: Micros): Promise<void> {
    await sql.query(`update service_episodes set "to" = greatest($2, "from" + 1) where service = $1 and "to" is null`, [
      service,
      at,
    ])
  },

  /** Before the past is scored again: those that begin in the span, but what people have said of stays. */
  async clear(sql: Sql, service: string, from: Micros, to: Micros): Promise<void> {
    await sql.query(
      `delete from service_episodes where service = $1 and "from" >= $2 and "from" < $3
        and not exists (select 1 from service_labels where episode = service_episodes.id)`,
      [service, from, to],
    )
  },
}
