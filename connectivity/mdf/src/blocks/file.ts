import type { PickedFile } from '@millwright/connectivity-files'
import { mdfErrors } from '../errors.ts'

const PAGE = 64 * 1024
const PAGES = 64
const HEADER = 24
const MAX_LINKS = 200_000
/** Of a block that is read whole: descriptions, texts, conversions. */
const MAX_BLOCK = 16 << 20

/** Of names and units, bytes. */
const MAX_TEXT = 64 * 1024

/** A block's head: what it is, where it points, and where its data lie. */
export interface Block {
  /** Without the `##`. */
  readonly id: string
  readonly at: number
  readonly links: readonly number[]
  readonly dataAt: number
  readonly dataLength: number
}

/** Blocks of an MDF 4 file (ASAM MDF 4.2, chapter 6), read where they are needed; every place and length is checked. */
export class MdfFile {
  readonly file: PickedFile
  readonly #pages = new Map<number, Buffer>()

  constructor(file: PickedFile) {
    this.file = file
  }

  get name(): string {
    return this.file.name
  }

  fail(offset: number, what: string) {
    return mdfErrors.broken({ file: this.name, offset, what })
  }

  async bytes(at: number, length: number): Promise<Buffer> {
    if (at < 0 || length < 0 || at + length > this.file.size) throw this.fail(at, 'it ends here')
    if (length > PAGE) return this.file.read(at, length)
    const first = Math.floor(at / PAGE)
    const page = await this.#page(first)
    const from = at - first * PAGE
    if (from + length <= page.length) return page.subarray(from, from + length)
    return Buffer.concat([page.subarray(from), (await this.#page(first + 1)).subarray(0, from + length - PAGE)])
  }

  /** @param expected ids that may stand there */
  async block(at: number, ...expected: string[]): Promise<Block> {
    const head = await this.bytes(at, HEADER)
    const id = head.toString('latin1', 2, 4)
    if (head.toString('latin1', 0, 2) !== '##') throw this.fail(at, 'no block begins here')
    if (expected.length > 0 && !expected.includes(id))
      throw this.fail(at, `a block ${id} stands where ${expected.join(' or ')} is expected`)
    const length = Number(head.readBigUInt64LE(8))
    const count = Number(head.readBigUInt64LE(16))
    if (count > MAX_LINKS || HEADER + 8 * count > length) throw this.fail(at, 'a block is shorter than its links')
    const raw = await this.bytes(at + HEADER, 8 * count)
    const links = Array.from({ length: count }, (_, index) => Number(raw.readBigUInt64LE(8 * index)))
    return { id, at, links, dataAt: at + HEADER + 8 * count, dataLength: length - HEADER - 8 * count }
  }

  /** A block's data as a whole; at least `least` bytes, or it is broken. */
  async data({ at, dataAt, dataLength }: Block, least: number): Promise<Buffer> {
    if (dataLength < least || dataLength > MAX_BLOCK) throw this.fail(at, 'a block has a length that cannot be')
    return this.bytes(dataAt, dataLength)
  }

  /** The text of a TX block, or of the first element of an MD block; `''` where there is none. */
  async text(at: number): Promise<string> {
    if (at === 0) return ''
    const block = await this.block(at, 'TX', 'MD')
    const raw = await this.bytes(block.dataAt, Math.min(block.dataLength, MAX_TEXT))
    const end = raw.indexOf(0)
    const text = raw.toString('utf8', 0, end < 0 ? raw.length : end)
    if (block.id === 'TX') return text.trim()
    const inner = /<TX[^>]*>([^<]*)<\/TX>/.exec(text)?.[1] ?? ''
    return inner.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => ENTITIES[name]!).trim()
  }

  async #page(index: number): Promise<Buffer> {
    const known = this.#pages.get(index)
    if (known !== undefined) return known
    const page = Buffer.from(await this.file.read(index * PAGE, PAGE))
    if (this.#pages.size >= PAGES) this.#pages.clear()
    this.#pages.set(index, page)
    return page
  }
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
