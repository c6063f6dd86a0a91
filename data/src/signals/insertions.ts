import type { Database } from '@millwright/storage'
import { type NewSignalRow, type SignalRow, signalStore } from './store.ts'

/** Rows of one statement. */
const MOST = 1_000

interface Waiting {
  readonly row: NewSignalRow
  readonly resolve: (made: SignalRow | undefined) => void
  readonly reject: (error: unknown) => void
}

/**
 * New signals, written together: those asked for while the last write is under way go with the next one, so that a server
 * with fifty thousand nodes costs some dozens of transactions and not fifty thousand.
 */
export class SignalInsertions {
  readonly #database: Database
  /** By tenant: a transaction is of one. */
  readonly #waiting = new Map<string, Waiting[]>()
  readonly #writing = new Set<string>()

  constructor(database: Database) {
    this.#database = database
  }

  /** @returns undefined when the name is taken there */
  insert(row: NewSignalRow): Promise<SignalRow | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<SignalRow | undefined>()
    const waiting = this.#waiting.get(row.tenant) ?? []
    this.#waiting.set(row.tenant, waiting)
    waiting.push({ row, resolve, reject })
    // Not at once: who asks for one mostly asks for more before this turn is over.
    if (!this.#writing.has(row.tenant)) {
      this.#writing.add(row.tenant)
      setImmediate(() => void this.#write(row.tenant))
    }
    return promise
  }

  /** Never rejects: each who waits is told. */
  async #write(tenant: string): Promise<void> {
    for (let waiting = this.#waiting.get(tenant); waiting !== undefined; waiting = this.#waiting.get(tenant)) {
      const part = waiting.splice(0, MOST)
      if (waiting.length === 0) this.#waiting.delete(tenant)
      try {
        const rows = part.map(({ row }) => row)
        const made = await this.#database.tenant(tenant, (sql) => signalStore.insertMany(sql, rows))
        const byId = new Map(made.map((row) => [row.id, row]))
        for (const { row, resolve } of part) resolve(byId.get(row.id))
      } catch (error) {
        for (const { reject } of part) reject(error)
      }
    }
    this.#writing.delete(tenant)
  }
}
