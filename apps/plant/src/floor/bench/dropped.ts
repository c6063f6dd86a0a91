import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A folder that files are dropped into: each appears whole, and the oldest go. */
export class DropFolder {
  readonly path: string
  readonly #keep: number

  /** @param keep files that stay; their names must sort by their age */
  constructor(path: string, keep: number) {
    this.path = path
    this.#keep = keep
  }

  async open(): Promise<void> {
    await mkdir(this.path, { recursive: true })
  }

  async drop(name: string, content: string | Buffer): Promise<void> {
    // Readers leave hidden files alone, and take what is renamed in as complete.
    const unfinished = join(this.path, `.${name}`)
    await writeFile(unfinished, content)
    await rename(unfinished, join(this.path, name))
    await this.prune()
  }

  async prune(): Promise<void> {
    const files = (await readdir(this.path)).filter((name) => !name.startsWith('.')).sort()
    for (const name of files.slice(0, -this.#keep)) await rm(join(this.path, name), { force: true })
  }
}
