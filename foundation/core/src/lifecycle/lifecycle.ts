import { errorCatalogue } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Clock, MILLISECOND, type Micros, SECOND, systemClock } from '../time.ts'

export const lifecycleErrors = errorCatalogue('LIFE', {
  stopping: { number: 1, status: 503, text: 'The program is stopping; {part} is not started any more.' },
})

interface Running {
  readonly name: string
  readonly stop: () => Promise<void> | void
}

/** Kept free for each part that has not stopped yet, so that one that hangs does not take the others' time. */
const RESERVE = 250 * MILLISECOND

export interface LifecycleOptions {
  readonly log: Log
  readonly clock?: Clock
  /** How long stopping may take in all; 5 s by default. */
  readonly deadline?: Micros
}

/**
 * A program's parts: started in order, stopped in reverse. A part that fails to start stops those already started. A
 * part that does not stop in time is named in the log and left behind.
 */
export class Lifecycle {
  readonly #log: Log
  readonly #clock: Clock
  readonly #deadline: Micros
  readonly #running: Running[] = []
  #starting: Promise<unknown> = Promise.resolve()
  #stopped: Promise<boolean> | undefined

  constructor({ log, clock = systemClock, deadline = 5 * SECOND }: LifecycleOptions) {
    this.#log = log
    this.#clock = clock
    this.#deadline = deadline
  }

  /** True from the first call of `stop` on. */
  get stopping(): boolean {
    return this.#stopped !== undefined
  }

  /** Starts a part and remembers how to stop it. When it fails, what was started before is stopped, then it throws. */
  async use<T>(
    name: string,
    start: () => Promise<T> | T,
    stop: (part: T) => Promise<void> | void = () => {},
  ): Promise<T> {
    if (this.stopping) throw lifecycleErrors.stopping({ part: name })
    const since = this.#clock.now()
    const started = (async () => start())()
    this.#starting = started.catch(() => undefined)
    let part: T
    try {
      part = await started
    } catch (error) {
      await this.stop()
      throw error
    }
    this.#running.push({ name, stop: () => stop(part) })
    this.#log.debug({ part: name, ms: Math.round((this.#clock.now() - since) / MILLISECOND) }, 'started')
    return part
  }

  /** Stops everything, last started first; once. @returns true when every part stopped in time and without error */
  stop(): Promise<boolean> {
    this.#stopped ??= this.#stopAll()
    return this.#stopped
  }

  async #stopAll(): Promise<boolean> {
    const end = this.#clock.now() + this.#deadline
    // What is being started right now must be there before it can be stopped.
    await this.#within(end, 'start-up', this.#starting)
    let clean = true
    for (let part = this.#running.pop(); part !== undefined; part = this.#running.pop()) {
      const limit = end - this.#running.length * RESERVE
      const { name, stop } = part
      clean = (await this.#within(Math.max(limit, this.#clock.now() + RESERVE), name, (async () => stop())())) && clean
    }
    return clean
  }

  /** Waits for the work until `end`; what goes wrong is logged, so that the next part has its turn. */
  async #within(end: Micros, part: string, work: Promise<unknown>): Promise<boolean> {
    const late = Promise.withResolvers<'late'>()
    const timer = this.#clock.after(Math.max(0, end - this.#clock.now()), () => late.resolve('late'))
    try {
      if ((await Promise.race([work, late.promise])) !== 'late') return true
      this.#log.error({ part }, 'a part did not stop in time and is left behind')
    } catch (error) {
      this.#log.error({ part, err: error }, 'a part failed while stopping')
    } finally {
      timer.cancel()
    }
    return false
  }

  /**
   * Stops on SIGTERM and SIGINT, then ends the process: 0 when all went well, 1 otherwise. A second signal ends it at
   * once.
   */
  endOnSignals(process: NodeJS.Process = globalThis.process): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (this.stopping) process.exit(1)
        this.#log.info({ signal }, 'stopping')
        // Timers of the clock do not keep a process alive; a part that hangs must not end it unseen.
        const alive = setInterval(() => undefined, 1_000)
        void this.stop().then((clean) => {
          clearInterval(alive)
          process.exit(clean ? 0 : 1)
        })
      })
    }
  }
}
