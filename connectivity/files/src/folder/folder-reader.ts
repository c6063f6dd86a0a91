import { type ConnectionPorts, isRefusal, reconnectWait } from '@millwright/connectivity'
import { type Micros, MillwrightError, type Timer } from '@millwright/foundation'
import { fileErrors } from '../errors.ts'
import { headOf, identify } from './identity.ts'
import { Ledger, type LedgerEntry } from './ledger.ts'
import type { FileBatch, FolderConfig, ReadFile } from './model.ts'
import { namePattern } from './pattern.ts'
import { PickedFile } from './picked-file.ts'
import { openPath, type Roots } from './roots.ts'
import { type FoundFile, putAway, scan } from './scan.ts'
import { settled } from './settled.ts'

export interface FolderReaderOptions {
  readonly ports: ConnectionPorts
  readonly config: FolderConfig
  readonly roots: Roots
  readonly read: ReadFile
}

const PAYLOAD_HEAD = 4096
/** Names remembered between looks. */
const MAX_REMEMBERED = 100_000

class NotStored extends Error {}

interface Seen {
  readonly size: number
  readonly modified: number
  /** Steady time since which it has been so. */
  readonly since: Micros
  done: boolean
}

/**
 * Looks into a folder and reads each file once: what was read is in the ledger before the next step, so that after
 * `kill -9` reading goes on where it stood. Of a file's batches only the one in flight can be handed over twice.
 */
export class FolderReader {
  readonly counters = { files: 0, files_failed: 0, batches: 0, rows_refused: 0, files_waiting: 0 }
  readonly #options: FolderReaderOptions
  readonly #matches: ReturnType<typeof namePattern>
  /** Sizes and times of files that were looked at, to see whether they stand still, and when since. */
  #seen = new Map<string, Seen>()
  #ledger: Ledger | undefined
  #timer: Timer | undefined
  #look: Promise<void> = Promise.resolve()
  #failures = 0
  #stopped = false

  constructor(options: FolderReaderOptions) {
    this.#options = options
    this.#matches = namePattern(options.config.pattern)
  }

  start(): void {
    const { ports } = this.#options
    this.#ledger = new Ledger(ports.purpose === 'preview' ? undefined : ports.directory)
    this.#next(0)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#timer?.cancel()
    await settled(this.#options.ports.clock, this.#look)
    this.#ledger?.close()
    this.#ledger = undefined
  }

  #next(wait: Micros): void {
    if (this.#stopped) return
    this.#timer = this.#options.ports.clock.after(wait, () => {
      this.#look = this.#lookOnce()
    })
  }

  async #lookOnce(): Promise<void> {
    const { ports, config } = this.#options
    try {
      await this.#readAll()
      this.#failures = 0
      if (!this.#stopped) ports.status.running()
      this.#next(Math.round(config.interval * 1e6))
    } catch (error) {
      if (this.#stopped) return
      const reason = error instanceof Error ? error.message : String(error)
      if (error instanceof MillwrightError && error.status === 403) ports.status.failed(reason)
      else ports.status.waiting(error instanceof MillwrightError ? reason : `${reason}: it is tried again.`)
      this.#next(reconnectWait(++this.#failures, ports.random))
    }
  }

  async #readAll(): Promise<void> {
    const { config, roots } = this.#options
    const folder = await openPath(config.folder, roots)
    const found = await scan(folder, this.#matches, config.subfolders).catch((error) => {
      throw fileErrors.folderMissing({ folder: config.folder, reason: error.code ?? error, cause: error })
    })
    this.#forget(found)
    this.counters.files_waiting = 0
    for (const file of found) {
      if (this.#stopped) return
      if (this.#isReady(file)) await this.#readOne(folder, file)
    }
  }

  /** Drops what is not in the folder any more. */
  #forget(found: readonly FoundFile[]): void {
    const seen = new Map<string, Seen>()
    for (const { path } of found.slice(0, MAX_REMEMBERED)) {
      const before = this.#seen.get(path)
      if (before !== undefined) seen.set(path, before)
    }
    this.#seen = seen
  }

  /** Changed since it was read, and, when it is written whole, left alone for the settling time. */
  #isReady({ path, size, modified }: FoundFile): boolean {
    const { ports, config } = this.#options
    const before = this.#seen.get(path)
    const now = ports.clock.steady()
    if (before === undefined || before.size !== size || before.modified !== modified) {
      // A file that lay there before the first look has settled already, as far as the two clocks agree.
      const age = before === undefined ? Math.max(0, ports.clock.now() - modified * 1000) : 0
      this.#seen.set(path, { size, modified, since: now - age, done: false })
    }
    const { since, done } = this.#seen.get(path)!
    if (done) return false
    const ready = config.reading === 'growing' || now - since >= config.settle * 1e6
    if (!ready) this.counters.files_waiting++
    return ready && (size > 0 || config.reading === 'whole')
  }

  async #readOne(folder: string, found: FoundFile): Promise<void> {
    const { config, ports } = this.#options
    let file: PickedFile
    try {
      file = await PickedFile.open(found.path, found.device)
    } catch (error) {
      // Gone or replaced since the look: the next one tells.
      if (['ENOENT', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) return
      throw error
    }
    try {
      const entry = await identify(file, found.relative, config.reading === 'growing', this.#ledger!, ports.clock.now())
      const unread =
        config.reading === 'growing' ? entry.size !== file.size || entry.state === 'reading' : entry.state === 'reading'
      const state = unread ? await this.#readThrough(file, entry) : entry.state
      if (state === 'reading') return
      const seen = this.#seen.get(found.path)
      if (seen !== undefined) seen.done = true
      if (config.afterwards === 'move' && config.reading === 'whole' && ports.purpose === 'run')
        await putAway(folder, found.path, state === 'failed')
    } finally {
      await file.close()
    }
  }

  /** @returns `reading` when it was interrupted */
  async #readThrough(file: PickedFile, entry: LedgerEntry): Promise<LedgerEntry['state']> {
    const { config, ports, read } = this.#options
    let state: LedgerEntry['state'] = 'done'
    try {
      for await (const batch of read(file, entry.position)) {
        await this.#handOver(file, batch)
        this.#ledger!.advance(entry.id, batch.position, ports.clock.now())
        this.counters.batches++
        if (this.#stopped) return 'reading'
        if (ports.readings.saturated) await ports.readings.drained()
      }
    } catch (error) {
      if (!(error instanceof MillwrightError)) throw error
      // The file as a whole is not what it should be: it will not be tried again as it is.
      await ports.readings.refuse(await file.read(0, PAYLOAD_HEAD), file.name, error)
      this.counters.files_failed++
      state = 'failed'
    }
    if (state === 'done') this.counters.files++
    const { size, modified } = file
    const known = config.reading === 'growing' ? await headOf(file) : entry
    this.#ledger!.finish(
      entry.id,
      { state, size, modified, covers: known.covers, fingerprint: known.fingerprint },
      ports.clock.now(),
    )
    return state
  }

  /** Resolves when all of the batch is durable, refusals included. */
  async #handOver(file: PickedFile, { rows, refused }: FileBatch): Promise<void> {
    const { readings } = this.#options.ports
    const accepted = rows
      .filter((each) => each.rows.length > 0)
      .map((each) => readings.accept(each.rows, file.name, each.device))
    for (const outcome of await Promise.allSettled(accepted)) {
      if (outcome.status === 'fulfilled' || isRefusal(outcome.reason)) continue
      throw new NotStored(
        `The readings of ${file.name} could not be stored (${outcome.reason?.message ?? outcome.reason})`,
      )
    }
    this.counters.rows_refused += refused.length
    for (const { payload, error } of refused) await readings.refuse(payload, file.name, error)
  }
}
