import { type Clock, type Log, newId, SECOND, type Timer } from '@millwright/foundation'
import type { Database, Sql } from '@millwright/storage'
import type { EpisodeFact } from '../kinds/kind.ts'
import { storableText } from '../training/storable.ts'
import { ALIKE, likeness } from './likeness.ts'
import { type EpisodeRow, episodeStore } from './store.ts'

/** Earlier episodes that one is compared with. */
const COMPARED = 500
const MOST_TEXT = 4000
/** How often one that goes on is brought up to date. */
const UPDATE = 10 * SECOND

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

interface Note {
  readonly owner: Owner
  readonly fact: EpisodeFact
}

/** Writes down what services found, in order; the newest word on an episode counts. */
export class EpisodeKeeper {
  readonly #options: KeeperOptions
  readonly #waiting = new Map<string, Note>()
  /** Episodes that go on and are written down. */
  readonly #going = new Set<string>()
  #timer: Timer | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(options: KeeperOptions) {
    this.#options = options
  }

  /** Returns at once. A beginning and an end are written at once, what is in between now and then. */
  note(owner: Owner, facts: readonly EpisodeFact[]): void {
    let urgent = false
    for (const fact of facts) {
      const key = `${owner.id} ${fact.from}`
      this.#waiting.set(key, { owner, fact })
      urgent ||= fact.to !== null || !this.#going.has(key)
      if (fact.to === null) this.#going.add(key)
      else this.#going.delete(key)
    }
    if (urgent) this.#flush()
    else if (this.#waiting.size > 0) this.#timer ??= this.#options.clock.after(UPDATE, () => this.#flush())
  }

  settled(): Promise<void> {
    this.#flush()
    return this.#writing
  }

  #flush(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#writing = this.#writing.then(() => this.#write())
  }

  async #write(): Promise<void> {
    const { database, log } = this.#options
    const batch = [...this.#waiting.values()].sort((a, b) => a.fact.from - b.fact.from)
    this.#waiting.clear()
    for (const { owner, fact } of batch) {
      await database
        .tenant(owner.tenant, (sql) => this.#keep(sql, owner, fact))
        .catch((error: unknown) => log.error({ err: error, service: owner.id }, 'an episode could not be written down'))
    }
  }

  async #keep(sql: Sql, { id: service, tenant, number }: Owner, found: EpisodeFact): Promise<void> {
    const there = await sql.query('select 1 from services where id = $1', [service])
    if (there.length === 0) return
    // A scorer that begins anew may see the beginning of what goes on a little otherwise: it is the same episode.
    const same = await episodeStore.overlapping(sql, service, found.from, found.to)
    const fact = same === undefined ? found : joined(same, found)
    const best = (await episodeStore.earlier(sql, service, fact.from, COMPARED))
      .map((row) => ({ row, alike: likeness(row.signals, fact.signals) }))
      .reduce<{ row: EpisodeRow; alike: number } | undefined>(
        (most, each) => (most === undefined || each.alike > most.alike ? each : most),
        undefined,
      )
    const similar = best !== undefined && best.alike >= ALIKE ? best : undefined
    await episodeStore.upsert(sql, {
      ...fact,
      explanation: storableText(fact.explanation).slice(0, MOST_TEXT),
      id: same?.id ?? newId('epi', Math.floor(this.#options.clock.now() / 1000)),
      service,
      tenant,
      number,
      similar: similar?.row.id ?? null,
      likeness: similar?.alike ?? null,
    })
  }
}

/** The newer word on what goes on, with the beginning and the peak that are known already. */
function joined(before: EpisodeRow, now: EpisodeFact): EpisodeFact {
  if (before.from === now.from) return now
  const from = before.from
  if (before.peak <= now.peak) return { ...now, from }
  const { peak, peakAt, explanation, signals } = before
  return { from, to: now.to, peak, peakAt, explanation, signals }
}
