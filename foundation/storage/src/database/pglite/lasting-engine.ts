import { statfs } from 'node:fs/promises'
import type { PGlite, Transaction } from '@electric-sql/pglite'
import { type Log, MillwrightError } from '@millwright/foundation'
import { storageErrors } from '../../errors.ts'
import type { DurableFolder } from './durable-folder.ts'

/** PostgreSQL's files and the engine on them. */
export interface OpenedFolder {
  readonly engine: PGlite
  readonly folder: DurableFolder
}

/** Between two tries to open the files again, ms. */
const PAUSE = 500

/** SQLSTATE data_corrupted, index_corrupted, and a file that is gone (undefined_file). */
const TORN: ReadonlySet<string> = new Set(['XX001', 'XX002', '58P01'])
/** SQLSTATE disk_full. */
const DISK_FULL = '53100'
/** Free bytes that opening takes: replaying the log writes a segment, and the next one is made ahead. */
const ROOM = 40 * 2 ** 20

/**
 * PostgreSQL in the process that comes back. A server whose log cannot be written, as on a full disk, ends itself
 * (PANIC), and the postmaster starts it anew, which replays the log: here there is no postmaster, so this is its part.
 * Nothing is answered that is not in the log, so that nothing acknowledged is lost by it.
 */
export class LastingEngine {
  readonly #open: () => Promise<OpenedFolder>
  readonly #directory: string
  readonly #log: Log | undefined
  #opened: OpenedFolder
  #dead: MillwrightError | undefined
  #reopening: Promise<void> | undefined
  #triedAt = 0
  #closed = false

  constructor(opened: OpenedFolder, open: () => Promise<OpenedFolder>, directory: string, log: Log | undefined) {
    this.#opened = opened
    this.#open = open
    this.#directory = directory
    this.#log = log
  }

  /** The engine that runs now; undefined while none does. */
  get engine(): PGlite | undefined {
    return this.#dead === undefined && !this.#closed ? this.#opened.engine : undefined
  }

  /** Runs a transaction; its result is on the disk. */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    if (this.#closed) throw storageErrors.databaseClosed()
    if (this.#dead !== undefined) await this.#revive(this.#dead)
    const opened = this.#opened
    let result: T
    try {
      result = await opened.engine.transaction(work)
    } catch (error) {
      const { halted } = opened.folder
      throw halted === undefined ? this.#explained(error) : await this.#buried(opened, halted)
    }
    try {
      await opened.folder.synced()
    } catch (error) {
      // What the operating system could not write it may have dropped: only the files tell what is there.
      throw await this.#buried(opened, error)
    }
    return result
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#reopening?.catch(() => undefined)
    if (this.#dead !== undefined) return
    await this.#opened.engine.close()
    await this.#opened.folder.synced()
  }

  /** Takes a dead engine's files from it, so that it can write no more. @returns the error for who waited for it */
  async #buried(opened: OpenedFolder, cause: unknown): Promise<MillwrightError> {
    const error = this.#explained(cause, true) as MillwrightError
    if (opened === this.#opened && this.#dead === undefined) {
      this.#dead = error
      this.#triedAt = performance.now()
      this.#log?.error({ err: cause }, 'the database ended itself; it is opened again')
      await opened.folder.closeFs().catch((fault: unknown) => {
        this.#log?.warn({ err: fault }, 'the files of the ended database could not be closed')
      })
    }
    return error
  }

  async #revive(error: MillwrightError): Promise<void> {
    if (this.#reopening === undefined) {
      if (performance.now() - this.#triedAt < PAUSE) throw error
      this.#reopening = this.#reopen().finally(() => {
        this.#reopening = undefined
      })
    }
    await this.#reopening
  }

  async #reopen(): Promise<void> {
    try {
      // Each try takes half a second of the main thread: not while it cannot be.
      if (this.#dead?.code === storageErrors.diskFull().code && !(await this.#hasRoom())) throw this.#dead
      this.#opened = await this.#open()
      this.#dead = undefined
      this.#log?.info('the database is open again')
    } catch (error) {
      this.#dead = this.#explained(error, true) as MillwrightError
      throw this.#dead
    } finally {
      this.#triedAt = performance.now()
    }
  }

  /** A full disk in our words; what else ended the engine, too. */
  #explained(error: unknown, ended = false): unknown {
    if (error instanceof MillwrightError) return error
    const { code, message } = error as { code?: unknown; message: string }
    if (code === DISK_FULL || (ended && saysFull(message))) {
      return storageErrors.diskFull({ directory: this.#directory, cause: error })
    }
    if (typeof code === 'string' && TORN.has(code))
      return storageErrors.databaseTorn({ directory: this.#directory, reason: message, cause: error })
    return ended ? storageErrors.databaseEnded({ reason: message, cause: error }) : error
  }

  async #hasRoom(): Promise<boolean> {
    const { bavail, bsize } = await statfs(this.#directory)
    return bavail * bsize >= ROOM
  }
}

/** Whether a reason is that the disk is full. */
export const saysFull = (reason: string): boolean => /No space left|ENOSPC|quota exceeded/i.test(reason)
