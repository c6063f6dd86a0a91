import type { Event } from '@millwright/contracts'
import {
  type Bus,
  type Clock,
  DAY,
  decodeCursor,
  encodeCursor,
  type Log,
  type PlatformEvent,
  SECOND,
  type Timer,
} from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import { type Actor, may } from '@millwright/trust'

/** Kept for people to look back on; what is not in the list is work between stages, or has its own journal. */
const KEPT = /^millwright\.((device|connection|certificate|asset|rule|command|platform)\.|service\.changed$)/
const KEEP_FOR = 90 * DAY
/** Waiting events beyond this are written at once. */
const FULL = 500

export interface EventOptions {
  readonly database: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
}

/** Writes the platform's events down, a few at a time, and reads them back. */
export class EventRecorder {
  readonly #options: EventOptions
  #waiting: PlatformEvent[] = []
  #timer: Timer | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(options: EventOptions) {
    this.#options = options
  }

  start(): void {
    this.#options.bus.subscribe('millwright.*', (event) => {
      if (!KEPT.test(event.type)) return
      this.#waiting.push(event)
      if (this.#waiting.length >= FULL) this.#flush()
      else this.#timer ??= this.#options.clock.after(SECOND, () => this.#flush())
    })
    this.#prune()
  }

  /** Writes what waits. */
  async stop(): Promise<void> {
    this.#flush()
    await this.#writing
  }

  async list(
    actor: Actor,
    query: { cursor?: string; limit?: number; type?: string; subject?: string },
  ): Promise<{ items: Event[]; next?: string }> {
    if (!mayFollow(actor)) return { items: [] }
    const limit = query.limit ?? 100
    const [time, id] = decodeCursor(query.cursor, [Number.MAX_SAFE_INTEGER, ''])
    const rows = await this.#options.database.tenant(actor.tenant, (sql) =>
      sql.query<Event>(
        `select id, time, type, subject, data from events
         where (time < $1 or (time = $1 and id < $2)) and ($3::text is null or type like $3 || '%') and ($4::text is null or subject = $4)
         order by time desc, id desc limit $5`,
        [time, id, query.type ?? null, query.subject ?? null, limit + 1],
      ),
    )
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    return rows.length > limit && last !== undefined ? { items, next: encodeCursor([last.time, last.id]) } : { items }
  }

  #flush(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    const batch = this.#waiting
    if (batch.length === 0) return
    this.#waiting = []
    this.#writing = this.#writing
      .then(() => this.#write(batch))
      .catch((err) => this.#options.log.error({ err, lost: batch.length }, 'events could not be written'))
  }

  async #write(batch: readonly PlatformEvent[]): Promise<void> {
    await this.#options.database.system(async (sql) => {
      await sql.query(
        `insert into events (id, tenant, time, type, subject, data)
         select id, tenant, time, type, subject, data::jsonb from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[])
           as rows (id, tenant, time, type, subject, data) on conflict do nothing`,
        [
          batch.map((event) => event.id),
          batch.map((event) => event.tenant),
          batch.map((event) => event.time),
          batch.map((event) => event.type),
          batch.map((event) => event.subject),
          batch.map((event) => JSON.stringify(event.data ?? {})),
        ],
      )
    })
  }

  /** Once a day, and at start. */
  #prune(): void {
    const { database, clock, log } = this.#options
    database
      .system((sql) => sql.query('delete from events where time < $1', [clock.now() - KEEP_FOR]))
      .catch((err) => log.error({ err }, 'old events could not be removed'))
    clock.after(DAY, () => this.#prune())
  }
}

/** Events tell of the whole tenant: to follow them one must be allowed to read all of it. */
export const mayFollow = (actor: Actor): boolean => may(actor, 'asset:read', { tenant: actor.tenant, path: [] })
