import { link, mkdir, stat, truncate, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Log } from '@millwright/foundation'
import { Acknowledged } from './acknowledged.ts'
import { queueErrors } from './errors.ts'
import { QueueFile, type Unsettled } from './file.ts'
import { namesIn, syncFolder } from './folder.ts'
import { type FrameHead, type FramePlace, HEADER_BYTES, writeFrame } from './frame.ts'
import type { Loss, QueuePolicy } from './model.ts'
import { Ranges } from './ranges.ts'
import { scanFile } from './scan.ts'

export interface NewFrame {
  readonly head: FrameHead
  readonly payload: Buffer
}

/** Kept free of the budget, for the block that a journal is packed into before it goes. */
const RESERVE = 1024 * 1024 + HEADER_BYTES
/** Damaged files that are kept for people to look at. */
const KEPT_ASIDE = 4
const JOURNAL = /^journal-(\d{16})$/
const SEGMENT = /^segment-(\d{16})$/

/**
 * The queue's files and what is in them that the platform has not acknowledged. Journals take commits as they come;
 * segments hold packed journals. Both are ordered by sequence number, and all of the segments comes before the journals.
 */
export class QueueStore {
  readonly acknowledged: Acknowledged
  segments: QueueFile[] = []
  journals: QueueFile[] = []
  policy: QueuePolicy
  readonly #directory: string
  readonly #log: Log
  readonly #onLoss: (loss: Loss) => void
  #next = 1
  #aside = 0

  private constructor(
    directory: string,
    policy: QueuePolicy,
    acknowledged: Acknowledged,
    log: Log,
    onLoss: (loss: Loss) => void,
  ) {
    this.#directory = directory
    this.policy = policy
    this.acknowledged = acknowledged
    this.#log = log
    this.#onLoss = onLoss
  }

  /** Rebuilds the index from the files: what the platform acknowledged is left out, a torn end is cut off. */
  static async open(
    directory: string,
    policy: QueuePolicy,
    log: Log,
    onLoss: (loss: Loss) => void,
  ): Promise<QueueStore> {
    await mkdir(join(directory, 'damaged'), { recursive: true, mode: 0o700 })
    const acknowledged = await Acknowledged.open(directory)
    const store = new QueueStore(directory, policy, acknowledged, log, onLoss)
    await store.#load()
    return store
  }

  /** Bytes on the disk. */
  get bytes(): number {
    let bytes = this.#aside
    for (const file of this.segments) bytes += file.bytes
    for (const file of this.journals) bytes += file.bytes
    return bytes
  }

  get rows(): number {
    let rows = 0
    for (const file of this.segments) rows += file.rows
    for (const file of this.journals) rows += file.rows
    return rows
  }

  /** Files in the order of what they hold. */
  get files(): readonly QueueFile[] {
    return [...this.segments, ...this.journals]
  }

  /** The next sequence number. */
  sequence(): number {
    return this.#next++
  }

  /** The journal that commits go to; made when there is none. */
  openJournal(): QueueFile {
    const last = this.journals.at(-1)
    if (last !== undefined && !last.sealed && !last.broken) return last
    const journal = new QueueFile(join(this.#directory, `journal-${number(this.#next)}`), 'journal', false)
    this.journals.push(journal)
    return journal
  }

  /** The segment that packed blocks go to. */
  openSegment(first: number): QueueFile {
    const last = this.segments.at(-1)
    if (last !== undefined && !last.sealed && !last.broken && last.bytes < this.#segmentBytes) return last
    if (last !== undefined) last.sealed = true
    const segment = new QueueFile(join(this.#directory, `segment-${number(first)}`), 'segment', false)
    this.segments.push(segment)
    return segment
  }

  /** Appends frames, durably: all or none. */
  async append(file: QueueFile, frames: readonly NewFrame[]): Promise<Unsettled[]> {
    const fresh = file.bytes === 0
    const bytes = frames.map(({ head, payload }) => writeFrame(head, payload))
    let offset = await file.append(Buffer.concat(bytes))
    if (fresh) await syncFolder(this.#directory)
    return frames.map(({ head, payload }, i) => {
      const entry = file.add({ ...head, offset, length: payload.length })
      offset += bytes[i]!.length
      return entry
    })
  }

  /** Makes room for `bytes` more as the policy says. Throws `full` when there is none. */
  async makeRoom(bytes: number): Promise<void> {
    while (this.bytes + bytes + RESERVE > this.policy.budget) {
      const dropped = this.policy.whenFull === 'drop-oldest' && (await this.dropOldest('its disk budget is used up'))
      if (!dropped) throw queueErrors.full({ limit: this.policy.budget })
    }
  }

  /** Gives up the oldest file. @returns false when there is none to give up */
  async dropOldest(why: string): Promise<boolean> {
    const file = this.files.find((one) => !one.busy && (one.kind === 'segment' || one.sealed || one.broken))
    if (file === undefined) return false
    // What is on its way may arrive yet.
    const lost = file.unsettled.filter(({ flying }) => !flying)
    this.#forget(file)
    await this.#remove(file)
    const readings = lost.reduce((sum, { rows }) => sum + rows, 0)
    if (readings > 0) this.acknowledged.countDropped(readings)
    this.#tell({ cause: 'dropped', readings, ...span(lost), reason: `The oldest readings were given up: ${why}.` })
    return true
  }

  /** The platform has them. Files that hold nothing else go. */
  async acknowledge(entries: readonly Unsettled[]): Promise<void> {
    const files = new Set<QueueFile>()
    for (const entry of entries) {
      this.acknowledged.add(entry.first, entry.last)
      entry.file.settle(entry)
      files.add(entry.file)
    }
    for (const file of files) await this.removeIfDone(file)
  }

  async removeIfDone(file: QueueFile): Promise<void> {
    // The open journal takes the next commit.
    if (file.unsettled.length > 0 || file.busy || (file.kind === 'journal' && !file.sealed && !file.broken)) return
    if (this.#forget(file)) await this.#remove(file)
  }

  /** A frame that cannot be read back: its file is kept for people, and the loss told. */
  async damaged(entry: Unsettled): Promise<void> {
    await this.#setAside(entry.file.path)
    entry.file.settle(entry)
    // Never again to be met: not even after a restart.
    this.acknowledged.add(entry.first, entry.last)
    this.acknowledged.countDamaged(entry.rows)
    const what = `A block of ${basename(entry.file.path)} does not have the checksum it was written with`
    this.#tell({ cause: 'damaged', readings: entry.rows, ...span([entry]), reason: `${what}: is the disk all right?` })
    // While it is read from, its file stays: whoever reads looks after it.
    await this.removeIfDone(entry.file)
  }

  async close(): Promise<void> {
    for (const file of this.files) await file.close()
    await this.acknowledged.close()
  }

  get #segmentBytes(): number {
    return Math.min(64 * 2 ** 20, Math.max(2 ** 19, this.policy.budget / 64))
  }

  #forget(file: QueueFile): boolean {
    const list = file.kind === 'segment' ? this.segments : this.journals
    const at = list.indexOf(file)
    if (at >= 0) list.splice(at, 1)
    return at >= 0
  }

  async #load(): Promise<void> {
    const names = (await namesIn(this.#directory)).sort()
    const packed = new Ranges()
    const segments = names.filter((name) => SEGMENT.test(name))
    const journals = names.filter((name) => JOURNAL.test(name))
    this.#next = this.acknowledged.ranges.last + 1
    for (const name of segments) {
      const file = await this.#loadFile(name, 'segment', segments.at(-1) === name, () => false)
      for (const { first, last } of file?.unsettled ?? []) packed.add(first, last)
      if (file !== undefined) this.segments.push(file)
    }
    for (const name of journals) {
      const inSegment = ({ first, last }: FramePlace) => packed.covers(first, last)
      const file = await this.#loadFile(name, 'journal', journals.at(-1) === name, inSegment)
      if (file !== undefined) this.journals.push(file)
    }
    for (const name of await namesIn(join(this.#directory, 'damaged'))) {
      this.#aside += (await stat(join(this.#directory, 'damaged', name))).size
    }
    // What lies before the oldest file is not asked for again: the ranges stay few.
    const oldest = this.files[0]?.unsettled[0]
    this.acknowledged.ranges.fillTo(Math.min(oldest?.first ?? this.#next, this.#next) - 1)
  }

  async #loadFile(
    name: string,
    kind: 'journal' | 'segment',
    newest: boolean,
    elsewhere: (place: FramePlace) => boolean,
  ): Promise<QueueFile | undefined> {
    const path = join(this.#directory, name)
    const { frames, end, size, damaged } = await scanFile(path, kind === 'journal')
    // Only the newest file of its kind can have been written to when the power went.
    const torn = newest ? 0 : size - end
    if (damaged > 0 || torn > 0) {
      await this.#setAside(path)
      this.#tell({
        cause: 'damaged',
        readings: undefined,
        from: frames[0]?.earliest,
        to: frames.at(-1)?.latest,
        reason: `${damaged + torn} bytes of ${name} are no readings any more: is the disk all right? The rest of it is sent.`,
      })
    } else if (size > end) {
      this.#log.info(
        { file: name, bytes: size - end },
        'the end of a file was torn off and is cut: it was acknowledged to nobody',
      )
      await truncate(path, end)
    }
    const file = new QueueFile(path, kind, true)
    file.bytes = damaged > 0 || torn > 0 ? size : end
    for (const place of frames) {
      this.#next = Math.max(this.#next, place.last + 1)
      if (!elsewhere(place) && !this.acknowledged.ranges.covers(place.first, place.last)) file.add(place)
    }
    if (file.unsettled.length > 0) return file
    await this.#remove(file)
    return undefined
  }

  /** A file that does not go is a nuisance, and no reason to stop: what was in it is settled. */
  async #remove(file: QueueFile): Promise<void> {
    try {
      await file.remove()
    } catch (error) {
      this.#log.warn({ err: error, file: file.path }, 'a file that is done with could not be removed')
    }
  }

  async #setAside(path: string): Promise<void> {
    const folder = join(this.#directory, 'damaged')
    const kept = (await namesIn(folder)).sort()
    if (kept.includes(basename(path))) return
    for (const name of kept.slice(0, Math.max(0, kept.length + 1 - KEPT_ASIDE))) {
      this.#aside -= (await stat(join(folder, name))).size
      await unlink(join(folder, name))
    }
    try {
      // A second name for the same bytes, which stay when the first one goes.
      await link(path, join(folder, basename(path)))
      this.#aside += (await stat(path)).size
    } catch (error) {
      this.#log.warn({ err: error, file: path }, 'a damaged file could not be set aside')
    }
  }

  #tell(loss: Loss): void {
    this.#log.error({ ...loss }, 'readings were lost')
    this.#onLoss(loss)
  }
}

const number = (value: number): string => String(value).padStart(16, '0')

function span(entries: readonly FramePlace[]): { from: number | undefined; to: number | undefined } {
  if (entries.length === 0) return { from: undefined, to: undefined }
  return {
    from: entries.reduce((least, { earliest }) => Math.min(least, earliest), Number.POSITIVE_INFINITY),
    to: entries.reduce((most, { latest }) => Math.max(most, latest), 0),
  }
}
