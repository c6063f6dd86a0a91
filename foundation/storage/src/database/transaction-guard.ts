import { AsyncLocalStorage } from 'node:async_hooks'
import { storageErrors } from '../errors.ts'

/**
 * PGlite has one connection: a transaction that waits for another one opened inside it waits for ever, and a pool runs
 * dry the same way under load. The guard turns that into an error, on both engines, where the mistake is made.
 */
export class TransactionGuard {
  readonly #inside = new AsyncLocalStorage<{ active: boolean }>()

  /** Throws when called from within a transaction's work. */
  check(): void {
    // What a transaction's work has set off may run on when the work has ended; only then it may open its own.
    if (this.#inside.getStore()?.active) throw storageErrors.nestedTransaction()
  }

  /** Runs a transaction's work so that `check` knows of it. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const state = { active: true }
    return this.#inside.run(state, async () => {
      try {
        return await work()
      } finally {
        state.active = false
      }
    })
  }
}
