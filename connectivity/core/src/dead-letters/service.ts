import type { DeadLetter } from '@millwright/contracts'
import {
  type Clock,
  DAY,
  decodeCursor,
  encodeCursor,
  HOUR,
  type Log,
  MINUTE,
  newId,
  type Timer,
} from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import { type Actor, readScopes } from '@millwright/trust'
import { connectivityErrors } from '../errors.ts'
import type { DeadLetters, Refused } from './model.ts'
import { deadLetterStore, type Fold } from './store.ts'

const KEPT_BYTES = 4096
const KEPT_FOR = 30 * DAY
const KEPT_PER_DEVICE = 1_000
/** Rows of one device and minute; what is more is counted in one row of its own. */
const ROWS_PER_MINUTE = 50
const REASON_CHARS = 600
const SOURCE_CHARS = 200

export interface DeadLetterOptions {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
}

/**
 * What could not be stored. Refusals that come while the last write is under way are written together by the next one, so
 * that a device that sends nothing but rubbish costs a few rows a minute and not a transaction each.
 */
export class DeadLetterService implements DeadLetters {
  readonly #options: DeadLetterOptions
  #waiting = new Map<string, Fold>()
  /** The write that will take what waits now. */
  #next: Promise<void> | undefined
  #writing: Promise<void> = Promise.resolve()
  #minute = 0
  readonly #rowsOf = new Map<string, Set<string>>()
  #sweep: Timer | undefined

  constructor(options: DeadLetterOptions) {
    this.#options = options
  }

  start(): void {
    this.#sweep = this.#options.clock.after(MINUTE, () => this.#keepBounded())
  }

  async stop(): Promise<void> {
    this.#sweep?.cancel()
    await this.#next
    await this.#writing
  }

  record(refused: Refused): Promise<void> {
    const now = this.#options.clock.now()
    const minute = Math.floor(now / MINUTE)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#rowsOf.clear()
    }
    const fold = this.#foldOf(refused, now, minute)
    const key = `${fold.device}\n${minute}\n${fold.source}\n${fold.code}\n${fold.reason}`
    const held = this.#waiting.get(key)
    if (held === undefined) this.#waiting.set(key, fold)
    else held.count++
    if (this.#next === undefined) {
      this.#next = this.#writing.then(
        () => this.#write(),
        () => this.#write(),
      )
      // Whoever recorded one is told and does not acknowledge; but not all adapters wait for it.
      this.#next.catch((error: unknown) => this.#options.log.error({ err: error }, 'dead letters could not be written'))
    }
    return this.#next
  }

  async list(
    actor: Actor,
    query: { cursor?: string; limit?: number; device?: string; code?: string },
  ): Promise<{ items: DeadLetter[]; next?: string }> {
    const [before] = decodeCursor(query.cursor, [''])
    const limit = query.limit ?? 100
    const [scope] = readScopes(actor, 'device:read')
    if (scope === undefined) return { items: [] }
    const rows = await this.#options.database.tenant(scope.tenant, (sql) =>
      deadLetterStore.list(sql, {
        before,
        limit: limit + 1,
        device: query.device,
        code: query.code,
        nodes: scope.nodes,
      }),
    )
    const items = rows.slice(0, limit)
    return rows.length > limit ? { items, next: encodeCursor([items.at(-1)!.id]) } : { items }
  }

  #foldOf(refused: Refused, now: number, minute: number): Fold {
    let source = clean(refused.source, SOURCE_CHARS)
    let reason = clean(refused.reason, REASON_CHARS)
    let code = refused.code
    const rows = this.#rowsOf.get(refused.device) ?? new Set()
    this.#rowsOf.set(refused.device, rows)
    const alike = `${source}\n${code}\n${reason}`
    if (!rows.has(alike)) {
      if (rows.size >= ROWS_PER_MINUTE) {
        const rest = connectivityErrors.tooManyRefusals({ limit: ROWS_PER_MINUTE })
        source = 'various'
        code = rest.code
        reason = rest.message
      } else rows.add(alike)
    }
    return {
      id: newId('dlq', Math.floor(now / 1000)),
      tenant: refused.tenant,
      device: refused.device,
      source,
      code,
      reason,
      size: refused.size ?? refused.payload.length,
      payload: Buffer.from(refused.payload.subarray(0, KEPT_BYTES)),
      time: now,
      minute,
      count: 1,
    }
  }

  #write(): Promise<void> {
    const folds = [...this.#waiting.values()]
    this.#waiting = new Map()
    this.#next = undefined
    this.#writing = this.#options.database.system(async (sql) => {
      for (const fold of folds) await deadLetterStore.add(sql, fold)
    })
    return this.#writing
  }

  #keepBounded(): void {
    const { clock, database, log } = this.#options
    database
      .system(async (sql) => {
        await deadLetterStore.removeBefore(sql, clock.now() - KEPT_FOR)
        await deadLetterStore.removeBeyond(sql, KEPT_PER_DEVICE)
      })
      .catch((error: unknown) =>
        log.error({ err: error }, 'old dead letters could not be removed; tried again in an hour'),
      )
    this.#sweep = clock.after(HOUR, () => this.#keepBounded())
  }
}

/** One line without control characters: PostgreSQL takes no NUL, and a page no line break. */
function clean(text: string, most: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed here
  const flat = text.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
  return flat.length > most ? `${flat.slice(0, most - 1).toWellFormed()}…` : flat
}
