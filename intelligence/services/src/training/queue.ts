import type { WorkProgress } from '../services/model.ts'

/** Why a job is aborted when nobody cancelled it. */
export const STOPPING = Symbol('the platform stops')

/** Something long that one thread does. */
export interface Job {
  readonly id: string
  readonly tenant: string
  /** Aborted when it is cancelled, or (for the reason `STOPPING`) the platform stops. What it throws it has dealt with itself. */
  run(abort: AbortSignal, progress: (fraction: number, stage: string) => void): Promise<void>
  /** It was cancelled before its turn came. */
  dropped(): Promise<void>
}

interface Entry {
  readonly job: Job
  readonly abort: AbortController
  at: WorkProgress
}

/** One job at a time, whoever's: what learns must never crowd out what measures. Tenants take turns. */
export class WorkQueue {
  readonly #waiting: Entry[] = []
  #running: Entry | undefined
  #ended: Promise<void> = Promise.resolve()
  #stopped = false
  #lastTenant = ''

  add(job: Job): void {
    this.#waiting.push({ job, abort: new AbortController(), at: { fraction: 0, stage: 'waiting' } })
    void this.#next()
  }

  /** How many of a tenant's wait. */
  waitingOf(tenant: string): number {
    return this.#waiting.filter(({ job }) => job.tenant === tenant).length
  }

  progress(id: string): WorkProgress | undefined {
    return this.#entry(id)?.at
  }

  /** @returns false when there is no such job any more; resolves when it has ended */
  async cancel(id: string): Promise<boolean> {
    const entry = this.#entry(id)
    if (entry === undefined) return false
    entry.abort.abort()
    if (entry === this.#running) await this.#ended
    else {
      this.#waiting.splice(this.#waiting.indexOf(entry), 1)
      await entry.job.dropped()
    }
    return true
  }

  /** Ends what runs; what waits is left as it is. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#waiting.length = 0
    this.#running?.abort.abort(STOPPING)
    await this.#ended
  }

  #entry(id: string): Entry | undefined {
    return this.#running?.job.id === id ? this.#running : this.#waiting.find(({ job }) => job.id === id)
  }

  async #next(): Promise<void> {
    if (this.#running !== undefined || this.#stopped) return
    // Whoever had no turn just now comes first.
    const other = this.#waiting.findIndex(({ job }) => job.tenant !== this.#lastTenant)
    const [entry] = this.#waiting.splice(Math.max(0, other), 1)
    if (entry === undefined) return
    this.#running = entry
    this.#lastTenant = entry.job.tenant
    entry.at = { fraction: 0, stage: 'starting' }
    this.#ended = entry.job
      .run(entry.abort.signal, (fraction, stage) => {
        entry.at = { fraction, stage }
      })
      .catch(() => undefined)
    await this.#ended
    this.#running = undefined
    void this.#next()
  }
}
