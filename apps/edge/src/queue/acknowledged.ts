import { type FileHandle, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { syncFolder } from './folder.ts'
import { Ranges } from './ranges.ts'

const FILE = 'acknowledged'
const RECORD_BYTES = 24
/** Rewritten as the ranges it comes to when it is larger. */
const LARGEST = 256 * 1024
const DROPPED = 1
const DAMAGED = 2
const ACKNOWLEDGED = 0

/**
 * What the platform has acknowledged, durably: a log of records `kind, first, last, CRC-32`, replaced by the ranges it
 * comes to when it grows. A record that is lost with the power means that something is sent again, which the platform
 * takes for the same; so records are made durable within a second, not one by one. Readings given up or damaged are
 * counted here, too.
 */
export class Acknowledged {
  readonly ranges = new Ranges()
  /** Readings given up because the disk budget was full, ever. */
  dropped = 0
  /** Readings lost to damaged files, ever. */
  damaged = 0
  readonly #directory: string
  #file: FileHandle | undefined
  #length = 0
  #unwritten: Buffer[] = []
  #unsynced = false
  #writing: Promise<void> | undefined

  private constructor(directory: string) {
    this.#directory = directory
  }

  static async open(directory: string): Promise<Acknowledged> {
    const made = new Acknowledged(directory)
    await made.#load()
    await made.#rewrite()
    return made
  }

  add(first: number, last: number): void {
    this.ranges.add(first, last)
    this.#unwritten.push(record(ACKNOWLEDGED, first, last))
  }

  countDropped(rows: number): void {
    this.dropped += rows
    this.#unwritten.push(record(DROPPED, rows, 0))
  }

  countDamaged(rows: number): void {
    this.damaged += rows
    this.#unwritten.push(record(DAMAGED, rows, 0))
  }

  /** Writes what is new and makes it durable. Rejects when the disk does not take it: nothing is forgotten then. */
  flush(): Promise<void> {
    this.#writing ??= this.#flush().finally(() => {
      this.#writing = undefined
    })
    return this.#writing
  }

  async close(): Promise<void> {
    await this.#writing?.catch(() => undefined)
    try {
      await this.#flush()
    } finally {
      await this.#file?.close()
      this.#file = undefined
    }
  }

  async #flush(): Promise<void> {
    const records = this.#unwritten
    if (records.length === 0 && !this.#unsynced && this.#length <= LARGEST) return
    if (this.#length > LARGEST || this.#file === undefined) {
      this.#unwritten = []
      try {
        await this.#rewrite()
      } catch (error) {
        this.#unwritten = [...records, ...this.#unwritten]
        throw error
      }
      return
    }
    this.#unwritten = []
    const bytes = Buffer.concat(records)
    try {
      await this.#file.write(bytes, 0, bytes.length, this.#length)
      this.#length += bytes.length
      this.#unsynced = true
      await this.#file.datasync()
      this.#unsynced = false
    } catch (error) {
      // The ranges know it; the next attempt writes them whole into a new file.
      this.#length = LARGEST + 1
      throw error
    }
  }

  async #load(): Promise<void> {
    const bytes = await readFile(join(this.#directory, FILE)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return Buffer.alloc(0)
      throw error
    })
    for (let at = 0; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
      const one = bytes.subarray(at, at + RECORD_BYTES)
      // Behind a torn record nothing was written.
      if (crc32(one.subarray(0, 20)) !== one.readUInt32LE(20)) break
      const kind = one.readUInt32LE(0)
      const first = Number(one.readBigUInt64LE(4))
      const last = Number(one.readBigUInt64LE(12))
      if (kind === DROPPED) this.dropped += first
      else if (kind === DAMAGED) this.damaged += first
      else if (last >= first) this.ranges.add(first, last)
    }
  }

  async #rewrite(): Promise<void> {
    const path = join(this.#directory, FILE)
    const records = this.ranges.list.map(({ first, last }) => record(ACKNOWLEDGED, first, last))
    const bytes = Buffer.concat([record(DROPPED, this.dropped, 0), record(DAMAGED, this.damaged, 0), ...records])
    const next = await open(`${path}.new`, 'w')
    try {
      await next.writeFile(bytes)
      await next.datasync()
      await rename(`${path}.new`, path)
    } catch (error) {
      await next.close()
      throw error
    }
    await syncFolder(this.#directory)
    await this.#file?.close()
    this.#file = next
    this.#length = bytes.length
    this.#unsynced = false
  }
}

function record(kind: number, first: number, last: number): Buffer {
  const bytes = Buffer.alloc(RECORD_BYTES)
  bytes.writeUInt32LE(kind, 0)
  bytes.writeBigUInt64LE(BigInt(first), 4)
  bytes.writeBigUInt64LE(BigInt(last), 12)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 20)), 20)
  return bytes
}
