import { type FileHandle, open, truncate, unlink } from 'node:fs/promises'
import { type FramePlace, HEADER_BYTES, payloadOf } from './frame.ts'
import { readAt } from './scan.ts'

/** A frame that the platform has not acknowledged yet. */
export interface Unsettled extends FramePlace {
  readonly file: QueueFile
  /** It is on its way to the platform. */
  flying: boolean
}

/** A file of frames: a journal, or a segment. */
export class QueueFile {
  readonly path: string
  readonly kind: 'journal' | 'segment'
  /** What is on the disk for good. */
  bytes = 0
  /** In the order of their sequence. */
  unsettled: Unsettled[] = []
  /** Rows of `unsettled`. */
  rows = 0
  /** Nothing is written to it any more. */
  sealed = false
  /** A write or its synchronisation went wrong: no more is written to it. */
  broken = false
  #busy = 0
  readonly #mode: 'a+' | 'r'
  #file: Promise<FileHandle> | undefined
  #flying = 0

  /** @param found it was there before: it is only read */
  constructor(path: string, kind: 'journal' | 'segment', found: boolean) {
    this.path = path
    this.kind = kind
    this.sealed = found
    this.#mode = found ? 'r' : 'a+'
  }

  /** It is being read or appended to: it must not be given up now. */
  get busy(): boolean {
    return this.#busy > 0
  }

  async whileBusy<T>(work: () => Promise<T>): Promise<T> {
    this.#busy++
    try {
      return await work()
    } finally {
      this.#busy--
    }
  }

  get flying(): number {
    return this.#flying
  }

  add(place: FramePlace): Unsettled {
    const entry: Unsettled = { ...place, file: this, flying: false }
    this.unsettled.push(entry)
    this.rows += place.rows
    return entry
  }

  /** The entry needs no more care: acknowledged, dropped or damaged. */
  settle(entry: Unsettled): void {
    const at = this.unsettled.indexOf(entry)
    if (at < 0) return
    // Mostly the first: that costs nothing, however many follow.
    if (at === 0) this.unsettled.shift()
    else this.unsettled.splice(at, 1)
    this.rows -= entry.rows
    this.land(entry)
  }

  takeOff(entry: Unsettled): void {
    if (entry.flying) return
    entry.flying = true
    this.#flying++
  }

  land(entry: Unsettled): void {
    if (!entry.flying) return
    entry.flying = false
    this.#flying--
  }

  /**
   * Appends frames and returns when they are durable. After an error the file is cut back to what was durable before; if
   * even that fails the file is `broken`.
   */
  async append(frames: Buffer): Promise<number> {
    const at = this.bytes
    const file = await this.#open()
    try {
      for (let done = 0; done < frames.length; ) {
        const { bytesWritten } = await file.write(frames, done, frames.length - done, at + done)
        done += bytesWritten
      }
    } catch (error) {
      await this.#cutBack(at)
      throw error
    }
    try {
      await file.datasync()
    } catch (error) {
      // After a failed synchronisation nobody knows what is on the disk, and the next would not tell.
      this.broken = true
      await this.#cutBack(at)
      throw error
    }
    this.bytes = at + frames.length
    return at
  }

  /** The payload of a frame; undefined when it is damaged. */
  async read(place: FramePlace): Promise<Buffer | undefined> {
    return payloadOf(await readAt(await this.#open(), place.offset, HEADER_BYTES + place.length))
  }

  async close(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    await (await file)?.close()
  }

  async remove(): Promise<void> {
    await this.close()
    await unlink(this.path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  }

  /** Once, whoever asks first. */
  #open(): Promise<FileHandle> {
    this.#file ??= open(this.path, this.#mode).catch((error: Error) => {
      this.#file = undefined
      throw error
    })
    return this.#file
  }

  async #cutBack(length: number): Promise<void> {
    try {
      await truncate(this.path, length)
    } catch {
      this.broken = true
    }
  }
}
