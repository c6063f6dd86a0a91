import { Worker } from 'node:worker_threads'
import { takenKinds } from '../kinds/kinds.ts'
import { AT_WORK, type FromScorer, type ToScorer, TURN } from './protocol.ts'

const WORKER = new URL('./worker.ts', import.meta.url)
const MEMORY_MB = 1024

export interface ScoringThreadOptions {
  /** Each answer, in the order of the messages. */
  readonly answered: (answer: FromScorer) => void
  /** It is gone, and which slot was at work then (undefined: none). */
  readonly ended: (reason: string, slot: number | undefined) => void
}

/** The scoring thread, seen from the platform. */
export class ScoringThread {
  readonly #worker: Worker
  readonly #mark = new Int32Array(new SharedArrayBuffer(8))
  #closed = false
  #seen = { turn: -1, since: 0 }

  constructor({ answered, ended }: ScoringThreadOptions) {
    this.#worker = new Worker(WORKER, {
      workerData: { mark: this.#mark, kinds: takenKinds() },
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    })
    this.#worker.unref()
    this.#worker.on('message', answered)
    const end = (reason: string) => {
      if (this.#closed) return
      this.#closed = true
      const slot = Atomics.load(this.#mark, AT_WORK)
      ended(reason, slot === 0 ? undefined : slot - 1)
    }
    this.#worker.on('error', (error: Error & { code?: string }) =>
      end(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? `It needs more than the ${MEMORY_MB} MB of memory that scoring may have.`
          : error.message,
      ),
    )
    this.#worker.on('exit', (code) => end(`The scoring thread ended with code ${code}.`))
  }

  send(message: ToScorer, transfer: readonly ArrayBuffer[] = []): void {
    if (!this.#closed) this.#worker.postMessage(message, transfer)
  }

  /** The slot that has been at work since the last look `limit` or longer ago. @param now steady time, µs */
  stuck(now: number, limit: number): number | undefined {
    const slot = Atomics.load(this.#mark, AT_WORK)
    const turn = Atomics.load(this.#mark, TURN)
    if (slot === 0 || turn !== this.#seen.turn) {
      this.#seen = { turn, since: now }
      return undefined
    }
    return now - this.#seen.since >= limit ? slot - 1 : undefined
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#worker.terminate()
  }
}
