import { mkdir } from 'node:fs/promises'
import type { BlockSection, MetricRows } from '@millwright/connectivity'
import {
  type Clock,
  type Log,
  MILLISECOND,
  type Micros,
  MillwrightError,
  SECOND,
  type Timer,
} from '@millwright/foundation'
import { Backlog } from './backlog.ts'
import { queueErrors } from './errors.ts'
import type { QueueFile, Unsettled } from './file.ts'
import { lockFolder } from './folder.ts'
import { HEADER_BYTES } from './frame.ts'
import type { Loss, Parcel, QueueFigures, QueueOptions, QueuePolicy } from './model.ts'
import { groups, packedFrame, packGroup } from './packer.ts'
import { QueueStore } from './store.ts'
import { CommitWindow, checkLarge, parts } from './window.ts'

const COMMIT_EVERY = 60 * MILLISECOND
/** A window that holds so much is committed at once. */
const COMMIT_BYTES = 1024 * 1024
/** Senders stop when so much waits for the disk. */
const SATURATED_BYTES = 8 * 1024 * 1024
/** A journal is packed when it holds so much. */
const JOURNAL_ROWS = 50_000
const JOURNAL_BYTES = 8 * 1024 * 1024
const ACKNOWLEDGEMENTS_EVERY = SECOND
/** After the disk refused, it is tried again with the readings that come then. */
const TRY_AGAIN = SECOND

/**
 * The durable queue: what it has accepted reaches the platform, whatever happens to power and link (README.md says how,
 * and when not). Commits are grouped; acknowledgements settle frames in any order.
 */
export class DurableQueue {
  readonly #store: QueueStore
  readonly #clock: Clock
  readonly #log: Log
  readonly #commitEvery: Micros
  readonly #backlog: Backlog
  readonly #unlock: () => Promise<void>
  #window: CommitWindow | undefined
  #committing: Promise<void> | undefined
  #commitTimer: Timer | undefined
  #waitingBytes = 0
  #packing: Promise<void> | undefined
  #ackTimer: Timer | undefined
  #trouble: string | undefined
  #refuseUntil = 0
  #drained: (() => void)[] = []
  #closed = false
  /** Told of each commit's frames, to send them at once; what it does not take off becomes backlog. */
  onCommitted: (parcels: readonly Parcel[]) => void = () => undefined
  /** Something may be sent that was not there before. */
  onBacklog: () => void = () => undefined

  private constructor(options: QueueOptions, store: QueueStore, unlock: () => Promise<void>) {
    this.#store = store
    this.#clock = options.clock
    this.#log = options.log
    this.#commitEvery = options.commitEvery ?? COMMIT_EVERY
    this.#unlock = unlock
    this.#backlog = new Backlog(store, () => this.#packing)
  }

  /** @param onLoss told of readings that are gone, also while the files are looked through */
  static async open(options: QueueOptions, onLoss: (loss: Loss) => void = () => undefined): Promise<DurableQueue> {
    const { directory, log } = options
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const unlock = await lockFolder(directory)
    try {
      const store = await QueueStore.open(directory, options, log, onLoss)
      const queue = new DurableQueue(options, store, unlock)
      queue.#pack()
      return queue
    } catch (error) {
      await unlock()
      throw error
    }
  }

  get figures(): QueueFigures {
    const { rows, bytes, files, acknowledged } = this.#store
    const oldest = files.find(({ unsettled }) => unsettled.length > 0)?.unsettled[0]
    return {
      readings: rows,
      bytes,
      oldest: oldest?.earliest,
      dropped: acknowledged.dropped,
      damaged: acknowledged.damaged,
      trouble: this.#trouble,
    }
  }

  /** True when the disk is behind, or takes nothing: stop reading from senders until `drained` resolves. */
  get saturated(): boolean {
    return this.#waitingBytes > SATURATED_BYTES || this.#refusing
  }

  drained(): Promise<void> {
    if (!this.saturated) return Promise.resolve()
    return new Promise((resolve) => this.#drained.push(resolve))
  }

  /**
   * Takes rows that can travel (`rowProblem`) before it returns; resolves when they are durable. Rejects with a refusal
   * when a row is larger than a block may be, and with `full`, `diskFull`, `notWritten` or `closed` when they may be
   * offered again.
   */
  accept(section: BlockSection, rows: MetricRows): Promise<void> {
    if (rows.length === 0) return Promise.resolve()
    const refusal = this.#refusal()
    if (refusal !== undefined) return Promise.reject(refusal)
    try {
      const window = this.#openWindow()
      const made = [...parts(rows)]
      for (const part of made) checkLarge(section, part)
      for (const part of made) this.#add(() => window.add(section, part), window)
      return window.promise
    } catch (error) {
      return Promise.reject(error as Error)
    }
  }

  /** Takes something else that must reach the platform: `payload` as `FRAME.message` says. */
  message(payload: Buffer): Promise<void> {
    const refusal = this.#refusal()
    if (refusal !== undefined) return Promise.reject(refusal)
    const window = this.#openWindow()
    this.#add(() => window.addMessage(payload), window)
    return window.promise
  }

  /** The next of what has gathered, marked as on its way; undefined when there is nothing more. */
  takeBacklog(): Promise<Parcel | undefined> {
    return this.#backlog.take()
  }

  /** A parcel goes out now. */
  takeOff(parcel: Parcel): void {
    for (const entry of parcel.entries) entry.file.takeOff(entry)
  }

  /** The platform has it. */
  async acknowledge(parcel: Parcel): Promise<void> {
    await this.#store.acknowledge(parcel.entries)
    this.#ackTimer ??= this.#clock.after(ACKNOWLEDGEMENTS_EVERY, () => void this.#flushAcknowledgements())
    this.#pack()
    this.#wake()
  }

  /** It did not arrive, as far as anybody knows: it waits again. */
  release(parcel: Parcel): void {
    for (const entry of parcel.entries) entry.file.land(entry)
    this.#pack()
  }

  configure(policy: QueuePolicy): void {
    this.#store.policy = policy
    this.#refuseUntil = 0
    this.#wake()
  }

  /** Commits what was accepted and closes the files. Nothing is taken any more. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#commitTimer?.cancel()
    this.#ackTimer?.cancel()
    while (this.#committing !== undefined || this.#window !== undefined) await (this.#committing ?? this.#commit())
    await this.#packing
    await this.#store.close()
    await this.#unlock()
  }

  get #refusing(): boolean {
    return this.#clock.steady() < this.#refuseUntil
  }

  #refusal(): MillwrightError | undefined {
    if (this.#closed) return queueErrors.closed()
    // A sender that does not stop must not fill the memory instead.
    if (this.#refusing || this.#waitingBytes > SATURATED_BYTES * 2) {
      return this.#lastRefusal ?? queueErrors.notWritten({ path: 'the queue', reason: 'the disk is behind' })
    }
    return undefined
  }

  #lastRefusal: MillwrightError | undefined

  #openWindow(): CommitWindow {
    if (this.#window !== undefined) return this.#window
    this.#window = new CommitWindow(this.#clock.steady())
    if (this.#committing === undefined) this.#arm()
    return this.#window
  }

  #add(work: () => void, window: CommitWindow): void {
    const before = window.bytes
    try {
      work()
    } finally {
      this.#waitingBytes += window.bytes - before
    }
    if (window.bytes > COMMIT_BYTES && this.#committing === undefined) void this.#commit()
  }

  #arm(): void {
    this.#commitTimer?.cancel()
    this.#commitTimer = this.#clock.after(this.#commitEvery, () => void this.#commit())
  }

  #commit(): Promise<void> {
    const window = this.#window
    if (window === undefined || this.#committing !== undefined) return this.#committing ?? Promise.resolve()
    this.#window = undefined
    this.#commitTimer?.cancel()
    this.#committing = this.#write(window)
      .catch((error: Error) => window.reject(error))
      .finally(() => {
        this.#committing = undefined
        this.#waitingBytes -= window.bytes
        this.#wake()
        if (this.#window === undefined) return
        if (this.#window.bytes > COMMIT_BYTES || this.#closed) void this.#commit()
        else this.#arm()
      })
    return this.#committing
  }

  async #write(window: CommitWindow): Promise<void> {
    const frames = window.frames(() => this.#store.sequence(), this.#clock.now())
    const bytes = frames.reduce((sum, { payload }) => sum + payload.length + HEADER_BYTES, 0)
    try {
      await this.#store.makeRoom(bytes)
      const entries = await this.#append(frames)
      this.#trouble = undefined
      this.#lastRefusal = undefined
      window.resolve()
      const parcels = entries.map((entry, i): Parcel => {
        const { payload, head } = frames[i]!
        return { kind: head.kind as Parcel['kind'], payload, rows: head.rows, entries: [entry] }
      })
      this.onCommitted(parcels)
    } catch (error) {
      const refusal = error instanceof MillwrightError ? error : this.#diskTrouble(error as NodeJS.ErrnoException)
      if (this.#trouble !== refusal.message) this.#log.error({ err: error }, refusal.message)
      this.#trouble = refusal.message
      this.#lastRefusal = refusal
      this.#refuseUntil = this.#clock.steady() + TRY_AGAIN
      this.#clock.after(TRY_AGAIN + 1, () => this.#wake())
      throw refusal
    }
    this.#sealWhenLarge()
  }

  /** Appends to the open journal; a full disk is made room on when the policy allows, a broken file is left behind. */
  async #append(frames: Parameters<QueueStore['append']>[1]): Promise<Unsettled[]> {
    for (let attempt = 0; ; attempt++) {
      const journal = this.#store.openJournal()
      try {
        return await this.#store.append(journal, frames)
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        const full = code === 'ENOSPC' || code === 'EDQUOT'
        if (full && this.#store.policy.whenFull === 'drop-oldest') {
          if (await this.#store.dropOldest('the disk is full')) continue
        } else if (!full && attempt === 0) {
          // Another file may do: the sector, not the disk, may be bad.
          journal.broken = true
          continue
        }
        if (journal.broken) await this.#store.removeIfDone(journal)
        throw error
      }
    }
  }

  #diskTrouble(error: NodeJS.ErrnoException): MillwrightError {
    const path = this.#store.openJournal().path
    if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return queueErrors.diskFull({ path })
    return queueErrors.notWritten({ path, reason: error.message })
  }

  #sealWhenLarge(): void {
    const journal = this.#store.openJournal()
    const largest = Math.min(JOURNAL_BYTES, this.#store.policy.budget / 8)
    if (journal.rows < JOURNAL_ROWS && journal.bytes < largest) return
    journal.sealed = true
    this.#pack()
    if (journal.unsettled.length === 0) void this.#store.removeIfDone(journal)
  }

  /** Packs the oldest sealed journal when nothing of it is on its way; then the next one. */
  #pack(): void {
    if (this.#packing !== undefined || this.#closed) return
    const journal = this.#store.journals[0]
    if (journal === undefined || journal.flying > 0 || !(journal.sealed || journal.broken)) return
    if (journal.unsettled.length === 0) return
    this.#packing = this.#packJournal(journal)
      .catch((error: NodeJS.ErrnoException) => {
        // The journal holds all of it as before; it is sent from there.
        this.#log.warn({ err: error, file: journal.path }, 'a journal could not be packed')
        return false
      })
      .then((packed) => {
        this.#packing = undefined
        if (packed) this.#pack()
        this.onBacklog()
      })
  }

  async #packJournal(journal: QueueFile): Promise<boolean> {
    await journal.whileBusy(() => this.#packGroups(journal))
    await this.#store.removeIfDone(journal)
    return true
  }

  async #packGroups(journal: QueueFile): Promise<void> {
    for (let group = groups(journal.unsettled)[0]; group !== undefined; group = groups(journal.unsettled)[0]) {
      const parcel = await packGroup(this.#store, group)
      if (parcel === undefined) continue
      const frame = packedFrame(parcel)
      const segment = this.#store.openSegment(frame.head.first)
      await segment.whileBusy(() => this.#store.append(segment, [frame]))
      for (const entry of parcel.entries) journal.settle(entry)
    }
  }

  async #flushAcknowledgements(): Promise<void> {
    this.#ackTimer = undefined
    try {
      await this.#store.acknowledged.flush()
    } catch (error) {
      // What is not noted is sent again after a restart: no harm, and the next flush writes it.
      this.#log.warn({ err: error }, 'acknowledgements could not be noted')
    }
  }

  #wake(): void {
    if (this.saturated) return
    const waiting = this.#drained
    this.#drained = []
    for (const resolve of waiting) resolve()
  }
}
