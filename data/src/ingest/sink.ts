import { ReadingBatch, type ReadingSink } from '@millwright/connectivity'
import type { Clock, Micros, Timer } from '@millwright/foundation'
import { wideBytes } from './wide-size.ts'
import { WindowTiming } from './window-timing.ts'

export interface SinkOptions {
  readonly clock: Clock
  /** Makes a window durable; throws when it could not. Called for one window at a time, in order. */
  readonly commit: (batch: ReadingBatch) => Promise<void>
  /** Rows waiting in the open window from which senders are asked to pause. */
  readonly pauseRows?: number
  /** Bytes of texts, documents and waveforms waiting from which they are. */
  readonly pauseBytes?: number
  /** Rows at which a window closes before its time. */
  readonly fullRows?: number
}

interface Waiting {
  readonly promise: Promise<void>
  resolve(): void
  reject(error: unknown): void
}

/**
 * The windows in front of the historian. One is open and fills while the one before it is being committed; never more
 * than these two, so that the order of writing is the order of arrival and memory stays bounded.
 */
export class WindowedSink implements ReadingSink {
  readonly #options: Required<SinkOptions>
  readonly #timing = new WindowTiming()
  #open = new ReadingBatch(4096)
  #spare: ReadingBatch | undefined = new ReadingBatch(4096)
  /** Who waits for the open window; undefined while nobody does. */
  #waiting: Waiting | undefined
  #openedAt: Micros = 0
  #timer: Timer | undefined
  #due = false
  #inFlight: Promise<void> | undefined
  #wideCounted = 0
  #wideBytes = 0

  constructor(options: SinkOptions) {
    this.#options = { pauseRows: 250_000, pauseBytes: 32 * 1024 * 1024, fullRows: 50_000, ...options }
  }

  get open(): ReadingBatch {
    return this.#open
  }

  committed(): Promise<void> {
    const empty = this.#open.length === 0 && this.#open.wide.length === 0
    if (this.#waiting === undefined) {
      if (empty) return this.#inFlight ?? Promise.resolve()
      this.#waiting = waiting()
      this.#openedAt = this.#options.clock.now()
      this.#timer = this.#options.clock.after(this.#timing.next(), () => {
        this.#due = true
        this.#close()
      })
    }
    const { promise } = this.#waiting
    if (this.#open.length >= this.#options.fullRows) {
      this.#due = true
      this.#close()
    }
    return promise
  }

  get saturated(): boolean {
    if (this.#inFlight === undefined) return false
    return this.#open.length >= this.#options.pauseRows || this.#bytes() >= this.#options.pauseBytes
  }

  /** Commits what is waiting and resolves when nothing is left; a failed window has told its senders and counts as gone. */
  async drain(): Promise<void> {
    while (this.#inFlight !== undefined || this.#open.length > 0 || this.#open.wide.length > 0) {
      const done = this.committed()
      this.#due = true
      this.#close()
      await done.catch(() => undefined)
    }
  }

  #close(): void {
    if (!this.#due || this.#inFlight !== undefined || this.#waiting === undefined) return
    const batch = this.#open
    const waiters = this.#waiting
    this.#timing.filled(batch.length, this.#options.clock.now() - this.#openedAt)
    this.#timer?.cancel()
    this.#timer = undefined
    this.#due = false
    this.#waiting = undefined
    this.#open = this.#spare ?? new ReadingBatch(4096)
    this.#spare = undefined
    this.#wideCounted = 0
    this.#wideBytes = 0
    this.#inFlight = waiters.promise
    void this.#commit(batch, waiters)
  }

  async #commit(batch: ReadingBatch, waiters: Waiting): Promise<void> {
    try {
      await this.#options.commit(batch)
      this.#timing.failing = false
      waiters.resolve()
    } catch (error) {
      this.#timing.failing = true
      waiters.reject(error)
    }
    batch.clear()
    this.#spare = batch
    this.#inFlight = undefined
    this.#close()
  }

  #bytes(): number {
    const { wide } = this.#open
    for (; this.#wideCounted < wide.length; this.#wideCounted++) this.#wideBytes += wideBytes(wide[this.#wideCounted]!)
    return this.#wideBytes
  }
}

function waiting(): Waiting {
  let resolve!: () => void
  let reject!: (error: unknown) => void
  const promise = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  // Senders that went away no longer listen; their window's failure is in the log and the health all the same.
  promise.catch(() => undefined)
  return { promise, resolve, reject }
}
