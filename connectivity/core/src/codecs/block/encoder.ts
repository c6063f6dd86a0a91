import { crc32, deflateRawSync, constants as zlib, zstdCompressSync } from 'node:zlib'
import type { WideValue } from '../../batch.ts'
import { connectivityErrors } from '../../errors.ts'
import { type MetricRows, ROW } from '../rows.ts'
import { ByteWriter } from './bytes.ts'
import { Column } from './column.ts'
import { BLOCK, type BlockSection, DEFLATE, ENVELOPE_BYTES, STORED, VERSION, ZSTD } from './format.ts'
import { writeNumbers } from './numbers.ts'
import { rowProblem, wideCode } from './rows-problem.ts'
import { TagTable, TextTable } from './tables.ts'
import { writeTimes } from './times.ts'
import { writeWide } from './wide.ts'

export interface BlockOptions {
  /**
   * `fast`: as is when small, for what will be packed again soon; `small` (default): by zstd. `deflate` for readers
   * without zstd.
   */
  readonly compression?: 'fast' | 'small' | 'deflate'
}

interface Section {
  readonly of: BlockSection
  readonly columns: Map<string, Column>
}

/** Collects rows of many sections into one block. Of one signal the order of rows is kept; of different ones it is not. */
export class BlockEncoder {
  readonly #options: BlockOptions
  readonly #sections = new Map<string, Section>()
  readonly #texts = new TextTable()
  readonly #tags = new TagTable()
  #rows = 0
  #bytes = 0

  constructor(options: BlockOptions = {}) {
    this.#options = options
  }

  get rows(): number {
    return this.#rows
  }

  /** What the body will come to at most, about, before compression: finish before it is `BLOCK.decodedBytes`. */
  get bytes(): number {
    return this.#bytes
  }

  /**
   * Takes rows; they may be used again afterwards. Throws a MillwrightError, and takes none, when one of them cannot
   * travel (`rowProblem` says which).
   */
  add(section: BlockSection, rows: MetricRows): void {
    for (let row = 0; row < rows.length; row++) {
      const problem = rowProblem(rows, row)
      if (problem !== undefined) throw problem
    }
    if (this.#rows + rows.length > BLOCK.rows) {
      throw connectivityErrors.tooMany({ path: '/', limit: BLOCK.rows, things: 'readings' })
    }
    const { columns } = this.#section(section)
    for (let row = 0; row < rows.length; row++) {
      const name = rows.name[row]!
      let column = columns.get(name)
      if (column === undefined) {
        column = new Column()
        columns.set(name, column)
        this.#bytes += name.length * 3 + 16
      }
      const wide = rows.kind[row] === ROW.none ? undefined : rows.wide[row]
      const unit = rows.unit[row]
      const unitText = unit === undefined ? 0 : this.#texts.number(unit) + 1
      const tag = this.#tags.number(rows.kind[row]!, wideCode(wide), unitText, rows.quality[row]!)
      if (tag > BLOCK.tags) throw connectivityErrors.tooMany({ path: '/', limit: BLOCK.tags, things: 'qualities' })
      column.push(rows.time[row]!, rows.value[row]!, tag)
      if (wide !== undefined) {
        column.wide.push(wide)
        this.#bytes += sizeOf(wide)
      }
    }
    this.#rows += rows.length
    this.#bytes += rows.length * 20
  }

  /** The block. Throws when it is larger than a block may be: the caller splits what it added. */
  finish(): Buffer {
    const body = this.#body()
    if (body.length > BLOCK.decodedBytes) {
      throw connectivityErrors.payloadTooLarge({ size: body.length, limit: BLOCK.decodedBytes })
    }
    const { method, packed } = pack(body, this.#options.compression ?? 'small')
    const block = Buffer.allocUnsafe(ENVELOPE_BYTES + packed.length)
    block.write('MB', 'latin1')
    block[2] = VERSION
    block[3] = method
    block.writeUInt32LE(body.length, 4)
    block.writeUInt32LE(crc32(body), 8)
    block.set(packed, ENVELOPE_BYTES)
    if (block.length > BLOCK.bytes) {
      throw connectivityErrors.payloadTooLarge({ size: block.length, limit: BLOCK.bytes })
    }
    return block
  }

  #section(of: BlockSection): Section {
    const source = of.source.slice(0, BLOCK.sourceChars).toWellFormed()
    const key = `${of.connection}\n${of.device}\n${source}`
    let section = this.#sections.get(key)
    if (section === undefined) {
      section = { of: { connection: of.connection, device: of.device, source }, columns: new Map() }
      this.#sections.set(key, section)
      this.#bytes += key.length * 3 + 16
    }
    return section
  }

  #body(): Buffer {
    const sections = new ByteWriter()
    sections.varint(this.#sections.size)
    const scratch = new Float64Array(this.#longest())
    const times = new TimeColumns(sections, scratch)
    for (const { of, columns } of this.#sections.values()) {
      for (const text of [of.connection, of.device, of.source]) sections.varint(this.#texts.number(text))
      sections.varint(columns.size)
      for (const [name, column] of columns) {
        sections.varint(this.#texts.number(name))
        sections.varint(column.count)
        this.#writeRuns(sections, column)
        times.write(column)
        this.#writeValues(sections, column, scratch)
      }
    }
    // Texts and tags are complete now, and stand before what names them.
    const body = new ByteWriter()
    body.varint(this.#texts.texts.length)
    for (const text of this.#texts.texts) body.text(text)
    body.varint(this.#tags.tags.length)
    for (const { kind, wide, unit, quality } of this.#tags.tags) {
      body.u8(kind)
      body.u8(wide)
      body.varint(unit)
      body.u32(quality)
    }
    body.bytes(sections.written)
    return body.written
  }

  #writeRuns(into: ByteWriter, { tag, count }: Column): void {
    for (let at = 0; at < count; ) {
      let end = at + 1
      while (end < count && tag[end] === tag[at]) end++
      into.varint(tag[at]!)
      into.varint(end - at)
      at = end
    }
  }

  #writeValues(into: ByteWriter, column: Column, scratch: Float64Array): void {
    const { tags } = this.#tags
    let numbers = column.value
    let count = 0
    for (let i = 0; i < column.count; i++) {
      const { kind } = tags[column.tag[i]!]!
      if (kind !== ROW.number && kind !== ROW.boolean) continue
      if (count !== i && numbers === column.value) numbers = column.value.slice()
      numbers[count++] = column.value[i]!
    }
    if (count > 0) writeNumbers(into, numbers, count, scratch)
    if (column.wide.length > 0) writeWide(into, column.wide, this.#texts, scratch)
  }

  #longest(): number {
    let longest = 1
    for (const { columns } of this.#sections.values()) {
      for (const { count } of columns.values()) longest = Math.max(longest, count)
    }
    return longest
  }
}

/** Signals that are read together have the same times: these are written once. */
class TimeColumns {
  readonly #into: ByteWriter
  readonly #scratch: Float64Array
  readonly #known = new Map<string, { readonly number: number; readonly column: Column }>()
  #written = 0

  constructor(into: ByteWriter, scratch: Float64Array) {
    this.#into = into
    this.#scratch = scratch
  }

  write(column: Column): void {
    const { time, count } = column
    const key = `${count} ${time[0]} ${time[count >>> 1]} ${time[count - 1]}`
    const same = this.#known.get(key)
    if (same !== undefined && sameTimes(same.column, column)) {
      this.#into.varint(same.number)
      return
    }
    this.#into.varint(0)
    writeTimes(this.#into, time, count, this.#scratch)
    this.#written++
    this.#known.set(key, { number: this.#written, column })
  }
}

function sameTimes(a: Column, b: Column): boolean {
  for (let i = 0; i < b.count; i++) if (a.time[i] !== b.time[i]) return false
  return true
}

function sizeOf(wide: WideValue): number {
  if (wide.kind === 'state') return wide.value.length * 3 + 8
  if (wide.kind === 'waveform') return wide.samples.length * 4 + 16
  if (wide.kind === 'position') return 24
  return JSON.stringify(wide.value).length * 3
}

function pack(body: Buffer, compression: 'fast' | 'small' | 'deflate'): { method: number; packed: Buffer } {
  if (compression === 'fast' && body.length < 32 * 1024) return { method: STORED, packed: body }
  const packed =
    compression === 'deflate'
      ? deflateRawSync(body, { level: 6 })
      : zstdCompressSync(body, {
          params: { [zlib.ZSTD_c_compressionLevel]: compression === 'fast' ? 1 : 6 },
        })
  if (packed.length >= body.length) return { method: STORED, packed: body }
  return { method: compression === 'deflate' ? DEFLATE : ZSTD, packed }
}
