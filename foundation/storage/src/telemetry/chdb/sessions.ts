import { drainPending, Session, type SessionOptions } from 'chdb'

/**
 * Sessions of the one engine in this process: each carries its own settings, and runs one thing at a time. They are
 * cheap (half a millisecond), kept when idle, and not handed out again once settings were changed or a query failed on
 * them.
 *
 * Every call occupies a thread of Node's pool until it is done. At most half of the pool is given to queries, so that
 * an insert (and a file, a password hash) always finds one.
 */
export class Sessions {
  readonly #directory: string
  readonly #idle: Session[] = []
  readonly #all = new Set<Session>()
  readonly #waiting: (() => void)[] = []
  #free: number
  #closed = false

  constructor(directory: string, options: SessionOptions, queriesAtOnce: number) {
    this.#directory = directory
    this.#free = queriesAtOnce
    this.release(new Session(directory, options))
  }

  /** A session, now: for inserts. Give it back with `release` or `discard`. */
  take(): Session {
    if (this.#closed) throw new Error('the telemetry engine is closed')
    const session = this.#idle.pop() ?? new Session(this.#directory)
    this.#all.add(session)
    return session
  }

  release(session: Session): void {
    this.#all.add(session)
    if (this.#closed) this.discard(session)
    else this.#idle.push(session)
  }

  discard(session: Session): void {
    this.#all.delete(session)
    session.close()
  }

  /**
   * Runs a query on a session, when its turn has come. With `settings` (a `set` statement) the session is not used again.
   * When `signal` aborts, the caller is answered at once; the engine cannot be interrupted, so the turn is given back
   * only when it is done (the query's own `max_execution_time` bounds that).
   */
  async query<T>(
    settings: string,
    signal: AbortSignal | undefined,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted()
    const done = this.#turn().then(() => this.#run(settings, signal, work))
    if (signal === undefined) return done
    const aborted = Promise.withResolvers<never>()
    const abort = () => aborted.reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    try {
      return await Promise.race([done, aborted.promise])
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  async #run<T>(settings: string, signal: AbortSignal | undefined, work: (session: Session) => Promise<T>): Promise<T> {
    try {
      signal?.throwIfAborted()
      const session = this.take()
      // A query that fails after its first rows leaves them in its session, where they would come before the next reply:
      // only a session that did what it was asked for is used again.
      let reusable = false
      try {
        if (settings !== '') session.query(settings)
        const answer = await work(session)
        reusable = settings === ''
        return answer
      } finally {
        if (reusable) this.release(session)
        else this.discard(session)
      }
    } finally {
      this.#free++
      this.#waiting.shift()?.()
    }
  }

  /** Resolves when what was still running has ended and the directory is free for the next one. */
  async close(): Promise<void> {
    this.#closed = true
    for (const session of this.#all) session.close()
    this.#all.clear()
    this.#idle.length = 0
    await drainPending()
  }

  async #turn(): Promise<void> {
    while (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#free--
  }
}
