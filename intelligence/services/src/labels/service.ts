import type { BodyOf, Episode, Label, serviceOperations } from '@millwright/contracts'
import { decodeCursor, encodeCursor, newId } from '@millwright/foundation'
import type { Sql } from '@millwright/storage'
import type { Actor } from '@millwright/trust'
import { episodeStore, type ToldEpisode } from '../episodes/store.ts'
import { serviceErrors } from '../errors.ts'
import type { Platform } from '../ports.ts'
import type { ServiceAccess } from '../services/access.ts'
import type { Announcer } from '../services/announce.ts'
import { labelStore } from './store.ts'

/** A training takes them all. */
const MOST_LABELS = 10_000

type Page = { readonly cursor?: string; readonly limit?: number }

export interface LabelServiceOptions extends Platform {
  readonly access: ServiceAccess
  readonly announcer: Announcer
}

/** Episodes that services found, and what people say of them. */
export class LabelService {
  readonly #options: LabelServiceOptions

  constructor(options: LabelServiceOptions) {
    this.#options = options
  }

  async episodes(actor: Actor, id: string, query: Page & { from?: number; to?: number; labelled?: boolean }) {
    const row = await this.#options.access.service(actor, id, 'service:read')
    const limit = query.limit ?? 100
    const [before] = decodeCursor(query.cursor, [Number.MAX_SAFE_INTEGER])
    return this.#options.database.tenant(row.tenant, async (sql) => {
      const rows = await episodeStore.page(sql, id, query, before, limit + 1)
      const shown = rows.slice(0, limit)
      const labels = await labelStore.ofEpisodes(
        sql,
        shown.map((episode) => episode.id),
      )
      const items = shown.map((episode) => shownEpisode(episode, labels))
      return rows.length > limit ? { items, next: encodeCursor([items.at(-1)!.from]) } : { items }
    })
  }

  async list(actor: Actor, id: string, query: Page): Promise<{ items: Label[]; next?: string }> {
    const row = await this.#options.access.service(actor, id, 'service:read')
    const limit = query.limit ?? 100
    const before = decodeCursor(query.cursor, [Number.MAX_SAFE_INTEGER, ''] as [number, string])
    const rows = await this.#options.database.tenant(row.tenant, (sql) => labelStore.page(sql, id, before, limit + 1))
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    return rows.length > limit && last !== undefined ? { items, next: encodeCursor([last.at, last.id]) } : { items }
  }

  async create(actor: Actor, id: string, body: BodyOf<typeof serviceOperations.createLabel>): Promise<Label> {
    const { database, clock, audit, access, announcer } = this.#options
    const row = await access.service(actor, id, 'label:write')
    const label = await database.tenant(row.tenant, async (sql) => {
      const span = await this.#span(sql, id, body)
      if (body.episode !== undefined) await labelStore.removeOfEpisode(sql, body.episode)
      if ((await labelStore.count(sql, id)) >= MOST_LABELS) throw serviceErrors.tooManyLabels({ limit: MOST_LABELS })
      const at = clock.now()
      const made: Label = {
        id: newId('lbl', Math.floor(at / 1000)),
        service: id,
        episode: body.episode ?? null,
        ...span,
        verdict: body.verdict,
        what: body.what ?? '',
        by: actor.name,
        at,
      }
      await labelStore.insert(sql, row.tenant, made)
      const detail = { label: made.id, verdict: made.verdict, what: made.what, ...span }
      await audit.record(actor, 'service.label', id, detail, sql)
      return made
    })
    await announcer.changed(row.tenant, id, 'labelled', actor.name)
    return label
  }

  async remove(actor: Actor, id: string, label: string): Promise<void> {
    const { database, audit, access, announcer } = this.#options
    const row = await access.service(actor, id, 'label:write')
    await database.tenant(row.tenant, async (sql) => {
      const held = await labelStore.get(sql, id, label)
      if (held === undefined) throw serviceErrors.labelUnknown({ id: label })
      await labelStore.remove(sql, label)
      await audit.record(actor, 'service.unlabel', id, { label, verdict: held.verdict, what: held.what }, sql)
    })
    await announcer.changed(row.tenant, id, 'labelled', actor.name)
  }

  async #span(
    sql: Sql,
    service: string,
    { episode, from, to }: { episode?: string; from?: number; to?: number },
  ): Promise<{ from: number; to: number }> {
    if (episode !== undefined) {
      if (from !== undefined || to !== undefined) throw serviceErrors.labelSpan({ path: 'from' })
      const found = await episodeStore.get(sql, service, episode)
      if (found === undefined) throw serviceErrors.episodeUnknown({ id: episode, path: 'episode' })
      return { from: found.from, to: found.to ?? Math.max(this.#options.clock.now(), found.from + 1) }
    }
    if (from === undefined || to === undefined)
      throw serviceErrors.labelSpan({ path: from === undefined ? 'from' : 'to' })
    if (to <= from) throw serviceErrors.range({ path: 'to' })
    return { from, to }
  }
}

function shownEpisode(row: ToldEpisode, labels: readonly Label[]): Episode {
  const { id, service, number, from, to, peak, peakAt, explanation, signals } = row
  const similar =
    row.similar === null || row.similarFrom === null
      ? null
      : {
          episode: row.similar,
          from: row.similarFrom,
          likeness: row.likeness ?? 0,
          what: row.similarWhat === '' ? null : row.similarWhat,
        }
  const label = labels.find(({ episode }) => episode === id) ?? null
  return { id, service, number, from, to, peak, peakAt, explanation, signals: [...signals], similar, label }
}
