import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isObject, readJson } from '@millwright/connectivity'
import { MillwrightError } from '@millwright/foundation'

/**
 * What was subscribed to in the persistent session, kept over restarts: the broker remembers subscriptions that the
 * configuration has forgotten, and would deliver their messages for ever.
 */
export class KeptSubscriptions {
  readonly #path: string

  constructor(directory: string) {
    this.#path = join(directory, 'subscriptions.json')
  }

  /** Those of the session that are wanted no more. */
  stale(wanted: readonly string[]): string[] {
    return this.#read().filter((filter) => !wanted.includes(filter))
  }

  write(filters: readonly string[]): void {
    writeFileSync(`${this.#path}.new`, JSON.stringify({ filters }))
    renameSync(`${this.#path}.new`, this.#path)
  }

  #read(): string[] {
    try {
      const kept = readJson(readFileSync(this.#path))
      const filters = isObject(kept) ? kept['filters'] : undefined
      return Array.isArray(filters) ? filters.filter((filter) => typeof filter === 'string') : []
    } catch (error) {
      // Torn or not there: then nothing is known to be stale.
      if (error instanceof MillwrightError || (error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw error
    }
  }
}
