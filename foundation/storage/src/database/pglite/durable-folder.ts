import { closeSync, fsyncSync, openSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { NodeFS } from '@electric-sql/pglite/nodefs'

/** What we use of Emscripten's file system; PGlite's types do not say it. */
interface OpenStream {
  /** As PostgreSQL sees it: `/pglite/data/pg_wal/…`. */
  readonly path: string
}
type Write = (stream: OpenStream, ...rest: unknown[]) => number
interface Module {
  readonly NODEFS: { stream_ops: { fsync?: (stream: OpenStream) => number; write: Write } }
  onAbort?: (what: unknown) => never
  _PostgresMainLoopOnce: () => void
  _pq_buffer_remaining_data: () => number
  _PostgresSendReadyForQueryIfNecessary: () => void
  _pgl_pq_flush: () => void
}

/**
 * Thrown through PostgreSQL's code to leave it for good. PGlite's loop takes exceptions for `longjmp`, asks for their
 * `status` and goes on: this one does not let it.
 */
class Halt extends Error {
  get status(): never {
    throw this
  }
}

/** Where PGlite mounts the data directory in its own file system. */
const MOUNT = '/pglite/data/'

/**
 * PGlite's folder of files, with the one thing it leaves out: fsync. Without it a loss of power can lose commits and
 * damage the database (`fsync = off`, in PostgreSQL's words).
 *
 * The write-ahead log is synced off the main thread: PostgreSQL goes on at once, and a transaction is answered when
 * `synced()` has resolved, one sync for all that came in the meantime. Any other file is synced on the spot, and the log
 * before it: at a checkpoint, rare, the order on the disk is what recovery stands on.
 *
 * When the log cannot be written (the disk is full), a PostgreSQL server ends its process (PANIC). There is no process to
 * end here: PGlite would go on and wait for its own locks for ever, on the main thread. So the engine is halted: it is
 * left at once, takes no more calls, and another one begins from the files (`LastingEngine`).
 */
export class DurableFolder extends NodeFS {
  /** Segments of the log written since the last sync began, as paths on this machine. */
  readonly #dirty = new Set<string>()
  /** Why the engine on these files may not be used any more. */
  halted: Error | undefined
  #running: Promise<void> | undefined
  #next: Promise<void> | undefined

  override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(...args)
    const hook = (module: unknown) => this.#hook(module as Module)
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), hook] } as never }
  }

  #hook(module: Module): void {
    const { stream_ops: operations } = module.NODEFS
    const { write } = operations
    operations.fsync = ({ path }) => {
      try {
        return this.#sync(path.replace(MOUNT, ''))
      } catch (error) {
        return this.#halt(module, error)
      }
    }
    operations.write = (stream, ...rest) => {
      try {
        return write(stream, ...rest)
      } catch (error) {
        if (!stream.path.startsWith(`${MOUNT}pg_wal/`)) throw error
        return this.#halt(
          module,
          new Error(`the write-ahead log cannot be written: ${reasonOf(error)}`, { cause: error }),
        )
      }
    }
    module.onAbort = (what) => this.#halt(module, new Error(`PostgreSQL ended itself ${String(what)}`.trim()))
  }

  #halt(module: Module, reason: unknown): never {
    this.halted ??= reason as Error
    const halt = new Halt('the database engine is halted', { cause: reason })
    module._PostgresMainLoopOnce = module._pq_buffer_remaining_data = () => {
      throw halt
    }
    module._PostgresSendReadyForQueryIfNecessary = module._pgl_pq_flush = () => undefined
    throw halt
  }

  #sync(path: string): number {
    const own = join(this.rootDir, path)
    if (path.startsWith('pg_wal/')) {
      this.#dirty.add(own)
      return 0
    }
    for (const segment of this.#dirty) syncNow(segment)
    syncNow(own)
    return 0
  }

  /** Resolves when everything that PostgreSQL has asked to be synced so far is on the disk. */
  synced(): Promise<void> {
    if (this.#dirty.size === 0) return this.#running ?? Promise.resolve()
    if (this.#running === undefined) {
      this.#running = this.#syncLog().finally(() => {
        this.#running = undefined
      })
      return this.#running
    }
    // The sync under way may have begun before the last commit was written: wait for one that begins after it.
    const start = () => {
      this.#next = undefined
      return this.synced()
    }
    this.#next ??= this.#running.then(start, start)
    return this.#next
  }

  async #syncLog(): Promise<void> {
    const segments = [...this.#dirty]
    this.#dirty.clear()
    for (const path of segments) {
      // By a descriptor of its own: PostgreSQL may close the segment, or recycle it after a checkpoint, at any time.
      const file = await open(path, 'r').catch(unlessGone)
      if (file === undefined) continue
      try {
        await file.datasync()
      } finally {
        await file.close()
      }
    }
  }
}

function syncNow(path: string): void {
  let descriptor: number
  try {
    descriptor = openSync(path, 'r')
  } catch (error) {
    unlessGone(error as NodeJS.ErrnoException)
    return
  }
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Emscripten's numbers of errors, as far as a write can meet them. */
const REASONS: Readonly<Record<number, string>> = {
  51: 'No space left on device',
  19: 'Disk quota exceeded',
  29: 'I/O error',
}

const reasonOf = (error: unknown): string => {
  const { errno, message } = error as { errno?: number; message?: string }
  return REASONS[errno ?? -1] ?? message ?? `error ${errno}`
}

/** A file that was removed since needs no sync. */
function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
