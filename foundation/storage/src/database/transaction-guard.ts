import { AsyncLocalStorage } from 'node:async_hooks'
import { storageErrors } from '../errors.ts'

/**
 * PGlite has one connection: a transaction that waits for another one opened inside it waits for ever, and a pool runs
 * dry the same way under load. The guard turns that into an error, on both engines, where the mistake is made.
 */
export class TransactionGuard {
  readonly #open = new AsyncLocalStorage<{ active: boolean }>()

  /** Runs `work` as the one open transaction of this chain of calls. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    // A timer set inside a transaction may fire after it has ended; only one that is still open counts.
    if (this.#open.getStore()?.active) throw storageErrors.nestedTransaction()
    const state = { active: true }
    return this.#open.run(state, async () => {
      try {
        return await work()
      } finally {
        state.active = false
      }
    })
  }
}
