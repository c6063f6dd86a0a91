import { type Clock, type Log, newId } from '@millwright/foundation'
import type { Database, Sql } from '@millwright/storage'
import type { EpisodeFact } from '../kinds/kind.ts'
import { ALIKE, likeness } from './likeness.ts'
import { type EpisodeRow, episodeStore } from './store.ts'

/** Earlier episodes that one is compared with. */
const COMPARED = 500

export interface KeeperOptions {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
}

interface Owner {
  readonly id: string
  readonly tenant: string
  readonly number: number
}

/** Writes down what services found, in order; the newest word on an episode counts. */
export class EpisodeKeeper {
  readonly #options: KeeperOptions
  readonly #waiting = new Map<string, { owner: Owner; fact: EpisodeFact }>()
  #writing: Promise<void> | undefined

  constructor(options: KeeperOptions) {
    this.#options = options
  }

  /** Returns at once. */
  note(owner: Owner, facts: readonly EpisodeFact[]): void {
    for (const fact of facts) this.#waiting.set(`${owner.id} ${fact.from}`, { owner, fact })
    if (this.#waiting.size > 0) this.#writing ??= this.#write()
  }

  async settled(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing
  }

  async #write(): Promise<void> {
    const { database, log } = this.#options
    // A turn of the loop later, so that a burst of news becomes one.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.size > 0) {
      const batch = [...this.#waiting.values()]
      this.#waiting.clear()
      for (const { owner, fact } of batch) {
        await database
          .tenant(owner.tenant, (sql) => this.#keep(sql, owner, fact))
          .catch((error: unknown) =>
            log.error({ err: error, service: owner.id }, 'an episode could not be written down'),
          )
      }
    }
    this.#writing = undefined
  }

  async #keep(sql: Sql, { id: service, tenant, number }: Owner, fact: EpisodeFact): Promise<void> {
    const there = await sql.query('select 1 from services where id = $1', [service])
    if (there.length === 0) return
    const best = (await episodeStore.earlier(sql, service, fact.from, COMPARED))
      .map((row) => ({ row, alike: likeness(row.signals, fact.signals) }))
      .reduce<{ row: EpisodeRow; alike: number } | undefined>(
        (found, each) => (found === undefined || each.alike > found.alike ? each : found),
        undefined,
      )
    const similar = best !== undefined && best.alike >= ALIKE ? best : undefined
    await episodeStore.upsert(sql, {
      ...fact,
      id: newId('epi', Math.floor(this.#options.clock.now() / 1000)),
      service,
      tenant,
      number,
      similar: similar?.row.id ?? null,
      likeness: similar?.alike ?? null,
    })
  }
}
