import type { Micros } from '@millwright/foundation'
import type { Job } from './job.ts'

/** What waits for its turn. Each device waits with one read at a time, so that first come, first served is fair. */
export class JobQueue {
  /** Far above what configured devices can make: one read and some writes each. */
  static readonly most = 20_000
  #jobs: Job[] = []
  #urgent: Job[] = []
  /** Units of which a late answer may still come, and until when (steady clock). */
  readonly #held = new Map<number, Micros>()

  get empty(): boolean {
    return this.#jobs.length === 0 && this.#urgent.length === 0
  }

  /** When the first of the held units is free; only of meaning while `take` gives nothing. */
  get readyAt(): Micros {
    return Math.min(...this.#held.values())
  }

  /** False: too many wait. */
  add(job: Job, urgent: boolean): boolean {
    if (this.#jobs.length + this.#urgent.length >= JobQueue.most) return false
    if (urgent) this.#urgent.push(job)
    else this.#jobs.push(job)
    return true
  }

  hold(unit: number, until: Micros): void {
    this.#held.set(unit, until)
  }

  /** The next whose unit is free. */
  take(now: Micros): Job | undefined {
    for (const [unit, until] of this.#held) if (until <= now) this.#held.delete(unit)
    return this.#from(this.#urgent) ?? this.#from(this.#jobs)
  }

  clear(): Job[] {
    const all = [...this.#urgent, ...this.#jobs]
    this.#urgent = []
    this.#jobs = []
    return all
  }

  #from(jobs: Job[]): Job | undefined {
    if (this.#held.size === 0) return jobs.shift()
    const at = jobs.findIndex((job) => !this.#held.has(job.asking.unit))
    return at < 0 ? undefined : jobs.splice(at, 1)[0]
  }
}
