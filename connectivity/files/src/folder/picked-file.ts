import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileErrors } from '../errors.ts'

const HASH_CHUNK = 1 << 20

/** An ordinary file, open for reading. What stands behind it does not change when its name is given to another file. */
export class PickedFile {
  readonly path: string
  readonly name: string
  readonly size: number
  /** ms since the epoch, fractions included. */
  readonly modified: number
  /** As its name says. */
  readonly device: string | undefined
  readonly #handle: FileHandle

  private constructor(path: string, handle: FileHandle, size: number, modified: number, device: string | undefined) {
    this.path = path
    this.name = basename(path)
    this.#handle = handle
    this.size = size
    this.modified = modified
    this.device = device
  }

  /** Opens a file; a link, a folder or a device is refused. */
  static async open(path: string, device?: string): Promise<PickedFile> {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const stat = await handle.stat()
    if (!stat.isFile()) {
      await handle.close()
      throw fileErrors.notRegular({ file: basename(path) })
    }
    return new PickedFile(path, handle, stat.size, stat.mtimeMs, device)
  }

  /** Bytes from `offset`, fewer at the end of the file. @param into used when it is large enough */
  async read(offset: number, length: number, into?: Buffer): Promise<Buffer> {
    const wanted = Math.max(0, Math.min(length, this.size - offset))
    const buffer = into !== undefined && into.length >= wanted ? into : Buffer.allocUnsafe(wanted)
    let got = 0
    while (got < wanted) {
      const { bytesRead } = await this.#handle.read(buffer, got, wanted - got, offset + got)
      if (bytesRead === 0) break
      got += bytesRead
    }
    return buffer.subarray(0, got)
  }

  /** SHA-256 of the bytes from `start` to `end`, hex. */
  async hash(start: number, end: number): Promise<string> {
    const hash = createHash('sha256')
    const buffer = Buffer.allocUnsafe(Math.min(HASH_CHUNK, Math.max(1, end - start)))
    for (let at = start; at < end; ) {
      const chunk = await this.read(at, Math.min(buffer.length, end - at), buffer)
      if (chunk.length === 0) break
      hash.update(chunk)
      at += chunk.length
    }
    return hash.digest('hex')
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}
