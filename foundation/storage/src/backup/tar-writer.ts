import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { type Pack, pack } from 'tar-stream'
import type { Entry } from './format.ts'

/** Writes entries into a tar, one after the other at the reader's speed, and notes each one's SHA-256. */
export class TarWriter {
  readonly entries: Entry[] = []
  readonly #pack: Pack = pack()
  readonly #now: Date

  constructor(now: Date) {
    this.#now = now
  }

  /** The tar's bytes. */
  get bytes(): AsyncIterable<Uint8Array> {
    return this.#pack as unknown as AsyncIterable<Uint8Array>
  }

  async text(name: string, content: unknown): Promise<void> {
    await this.buffer(name, Buffer.from(`${JSON.stringify(content)}\n`))
  }

  async buffer(name: string, bytes: Buffer): Promise<void> {
    await this.stream(name, bytes.length, [bytes])
  }

  /** A file that does not change any more. */
  async file(name: string, path: string): Promise<void> {
    await this.stream(name, (await stat(path)).size, createReadStream(path))
  }

  async stream(name: string, size: number, source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    const hash = createHash('sha256')
    const entry = this.#pack.entry({ name, size, mode: 0o600, mtime: this.#now })
    const hashed = async function* () {
      for await (const chunk of source) {
        hash.update(chunk)
        yield chunk
      }
    }
    await pipeline(hashed(), entry as unknown as NodeJS.WritableStream)
    this.entries.push({ name, size, sha256: hash.digest('hex') })
  }

  end(): void {
    this.#pack.finalize()
  }

  fail(error: Error): void {
    this.#pack.destroy(error)
  }
}
