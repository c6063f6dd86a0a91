import { ReadingBatch, type WideRow } from '../batch.ts'
import type { ReadingSink } from '../ports.ts'

/** A number or boolean as it was stored. */
export interface StoredRow {
  readonly signal: number
  readonly time: number
  readonly value: number
  readonly quality: number
}

/**
 * A historian that keeps everything in memory, for tests of what feeds it. Windows close by themselves in the next turn of
 * the event loop, or by `commit` when `held` is set.
 */
export class MemorySink implements ReadingSink {
  open = new ReadingBatch()
  saturated = false
  /** True: nothing is committed until `commit` is called. */
  held = false
  readonly rows: StoredRow[] = []
  readonly wide: WideRow[] = []
  #window: PromiseWithResolvers<void> | undefined

  committed(): Promise<void> {
    if (this.#window === undefined) {
      this.#window = Promise.withResolvers<void>()
      if (!this.held) setImmediate(() => this.commit())
    }
    return this.#window.promise
  }

  commit(): void {
    const { open } = this
    for (let i = 0; i < open.length; i++) {
      this.rows.push({ signal: open.signal[i]!, time: open.time[i]!, value: open.value[i]!, quality: open.quality[i]! })
    }
    this.wide.push(...open.wide)
    this.open = new ReadingBatch()
    this.#window?.resolve()
    this.#window = undefined
  }

  /** The window could not be stored. */
  fail(error: Error): void {
    this.open = new ReadingBatch()
    this.#window?.reject(error)
    this.#window = undefined
  }
}
