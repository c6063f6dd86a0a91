import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * bdSeq: 0 to 255, one more for each CONNECT, over restarts (section 6.4.6). Kept in a file: a will of the connection
 * before must not end this one. Written before it is used.
 */
export class DeathNumber {
  readonly #path: string
  #value: number

  constructor(directory: string) {
    this.#path = join(directory, 'bdseq')
    this.#value = read(this.#path)
  }

  /** Of the present connection. */
  get value(): number {
    return this.#value
  }

  next(): number {
    this.#value = (this.#value + 1) & 255
    writeFileSync(`${this.#path}.new`, String(this.#value))
    renameSync(`${this.#path}.new`, this.#path)
    return this.#value
  }
}

function read(path: string): number {
  try {
    const value = Number(readFileSync(path, 'utf8'))
    return Number.isInteger(value) && value >= 0 && value <= 255 ? value : 0
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 255
    throw error
  }
}
