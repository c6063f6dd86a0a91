import { crc32, inflateRawSync, zstdDecompressSync } from 'node:zlib'
import type { Micros } from '@millwright/foundation'
import type { WideValue } from '../../batch.ts'
import { connectivityErrors } from '../../errors.ts'
import { BOUNDS } from '../bounds.ts'
import { isName } from '../names.ts'
import { kindOf, MetricRows, ROW } from '../rows.ts'
import { believable } from '../times.ts'
import { ByteReader } from './bytes.ts'
import { BLOCK, type BlockSection, DEFLATE, ENVELOPE_BYTES, STORED, VERSION, WIDE, ZSTD } from './format.ts'
import { readNumbers } from './numbers.ts'
import type { Tag } from './tables.ts'
import { readTimes } from './times.ts'
import { type Allowance, readWide } from './wide.ts'

/**
 * Reads a block and hands over its sections one after the other. `rows` is the same object each time: what `visit` keeps
 * it copies. Rows stand signal by signal, those of one signal in the order they were added.
 *
 * Throws only MillwrightErrors, whatever the bytes: then the block is refused as a whole, though sections may have been
 * visited already. Nothing is unpacked beyond `BLOCK`.
 * @param receivedAt times from 2000 to a day after it are believed
 */
export function decodeBlock(
  payload: Uint8Array,
  receivedAt: Micros,
  visit: (section: BlockSection, rows: MetricRows) => void,
): void {
  const from = new ByteReader(unpack(payload))
  const texts = readTexts(from)
  const tags = readTags(from, texts)
  const sections = from.varint(BLOCK.sections, 'the number of sections')
  const reading = new SectionReader(from, texts, tags, receivedAt)
  for (let i = 0; i < sections; i++) visit(reading.section(), reading.rows)
  from.end()
}

/** The body, whole: no more bytes are made than the envelope says, and that is bounded. */
function unpack(payload: Uint8Array): Buffer {
  if (payload.length > BLOCK.bytes) {
    throw connectivityErrors.payloadTooLarge({ size: payload.length, limit: BLOCK.bytes })
  }
  const fail = (what: string, offset = 0) =>
    connectivityErrors.invalidSyntax({ format: 'a block of readings', what, offset })
  const block = Buffer.from(payload.buffer, payload.byteOffset, payload.length)
  if (block.length < ENVELOPE_BYTES || block.toString('latin1', 0, 2) !== 'MB') throw fail('it does not begin as one')
  if (block[2] !== VERSION) throw fail(`its version is ${block[2]} and ${VERSION} is known`, 2)
  const size = block.readUInt32LE(4)
  if (size > BLOCK.decodedBytes) throw connectivityErrors.payloadTooLarge({ size, limit: BLOCK.decodedBytes })
  const body = inflate(block[3]!, block.subarray(ENVELOPE_BYTES), size)
  if (body === undefined) throw fail('its compression cannot be undone', 3)
  if (body.length !== size) throw fail(`it unpacks to ${body.length} bytes instead of ${size}`, 4)
  if (crc32(body) !== block.readUInt32LE(8)) throw fail('its checksum does not fit', 8)
  return body
}

function inflate(method: number, packed: Buffer, size: number): Buffer | undefined {
  // A buffer of no length is not taken as a bound.
  const options = { maxOutputLength: Math.max(size, 1) }
  try {
    if (method === STORED) return packed
    if (method === DEFLATE) return inflateRawSync(packed, options)
    if (method === ZSTD) return zstdDecompressSync(packed, options)
    return undefined
  } catch {
    return undefined
  }
}

function readTexts(from: ByteReader): string[] {
  const count = from.varint(BLOCK.texts, 'the number of texts')
  const texts: string[] = []
  for (let i = 0; i < count; i++) texts.push(from.text(BOUNDS.stringBytes, `text ${i}`))
  return texts
}

function readTags(from: ByteReader, texts: readonly string[]): Tag[] {
  const count = from.varint(BLOCK.tags + 1, 'the number of tags')
  const tags: Tag[] = []
  for (let i = 0; i < count; i++) {
    const kind = from.u8()
    const wide = from.u8()
    if (kind > ROW.none || wide > WIDE.waveform || !fits(kind, wide)) throw from.fail('a kind is unknown')
    const unit = from.varint(texts.length, 'the unit')
    if (unit > 0) {
      const { length } = texts[unit - 1]!
      if (length === 0 || length > BOUNDS.unitChars) throw connectivityErrors.invalidUnit({ path: '/' })
    }
    tags.push({ kind, wide, unit, quality: from.u32() })
  }
  return tags
}

/** A row of a wide kind has a value of it; a number or boolean may have the text it was sent as. */
function fits(kind: number, wide: number): boolean {
  if (kind === ROW.number || kind === ROW.boolean) return true
  const name = kindOf(kind)
  if (name === undefined) return wide === WIDE.none
  return name === 'position'
    ? wide === WIDE.position || wide === WIDE.positionWithAltitude
    : wide === WIDE[name as 'state' | 'document' | 'waveform']
}

class SectionReader {
  readonly rows = new MetricRows()
  readonly #from: ByteReader
  readonly #texts: readonly string[]
  readonly #tags: readonly Tag[]
  readonly #receivedAt: Micros
  readonly #times: Float64Array[] = []
  readonly #states = new Map<number, WideValue>()
  readonly #allowance: Allowance = { bytes: BLOCK.decodedBytes }
  #rowsLeft: number = BLOCK.rows
  #columnsLeft: number = BLOCK.columns

  constructor(from: ByteReader, texts: readonly string[], tags: readonly Tag[], receivedAt: Micros) {
    this.#from = from
    this.#texts = texts
    this.#tags = tags
    this.#receivedAt = receivedAt
  }

  /** Reads the next section into `rows`. */
  section(): BlockSection {
    this.rows.clear()
    const connection = this.#text('the connection', BLOCK.connectionChars)
    const device = this.#text('the device', BLOCK.deviceChars)
    const source = this.#text('the source', BLOCK.sourceChars)
    if (device !== '' && !isName(device)) throw connectivityErrors.invalidDeviceName({ path: device })
    const columns = this.#from.varint(this.#columnsLeft, 'the number of columns')
    this.#columnsLeft -= columns
    for (let i = 0; i < columns; i++) this.#column()
    return { connection, device, source }
  }

  #text(what: string, limit: number): string {
    const text = this.#texts[this.#from.varint(this.#texts.length - 1, what)]
    if (text === undefined || text.length > limit) throw this.#from.fail(`${what} is too long or missing`)
    return text
  }

  #column(): void {
    const from = this.#from
    const name = this.#text('the name', BOUNDS.nameChars)
    if (!isName(name)) throw connectivityErrors.invalidName({ path: name })
    const count = from.varint(this.#rowsLeft, 'the number of rows')
    if (count === 0) throw from.fail('a column is empty')
    this.#rowsLeft -= count
    const tags = this.#runs(count)
    const times = this.#timesOf(count)
    let numbers = 0
    const counts = [0, 0, 0, 0, 0, 0]
    const altitudes: boolean[] = []
    for (let i = 0; i < count; i++) {
      const { kind, wide } = this.#tags[tags[i]!]!
      if (kind === ROW.number || kind === ROW.boolean) numbers++
      counts[wide]!++
      if (wide === WIDE.position || wide === WIDE.positionWithAltitude) altitudes.push(wide !== WIDE.position)
    }
    const values = new Float64Array(numbers)
    if (numbers > 0) readNumbers(from, values, numbers)
    const queues = readWide(from, counts, altitudes, this.#stateTexts, this.#allowance)
    this.#push(name, count, tags, times, values, queues)
  }

  #push(
    name: string,
    count: number,
    tags: Uint16Array,
    times: Float64Array,
    values: Float64Array,
    { states, documents, positions, waveforms }: ReturnType<typeof readWide>,
  ): void {
    const { rows } = this
    const lists = [[], states, documents, positions, positions, waveforms]
    const next = [0, 0, 0, 0, 0, 0]
    let number = 0
    for (let i = 0; i < count; i++) {
      const { kind, wide, unit, quality } = this.#tags[tags[i]!]!
      const at = rows.length
      if (wide === WIDE.none) {
        rows.push(name, kind, kind === ROW.none ? Number.NaN : values[number++]!, quality)
      } else {
        // Positions with and without altitude stand in one list.
        const list = wide === WIDE.positionWithAltitude ? WIDE.position : wide
        const value = lists[list]![next[list]!++]!
        if (kind === ROW.number) rows.pushNumericText(name, values[number++]!, value)
        else rows.pushWide(name, kind, value)
        if (kind === ROW.boolean) rows.value[at] = values[number++]!
        rows.quality[at] = quality
      }
      if (kind === ROW.boolean && rows.value[at] !== 0 && rows.value[at] !== 1) {
        throw connectivityErrors.wrongType({ path: name, expected: 'true or false' })
      }
      if (kind === ROW.number && !Number.isFinite(rows.value[at])) {
        throw connectivityErrors.numberOutOfRange({ path: name })
      }
      rows.time[at] = believable(times[i]!, this.#receivedAt, () => name)
      if (unit > 0) rows.setUnit(at, this.#texts[unit - 1]!)
    }
  }

  #runs(count: number): Uint16Array {
    const tags = new Uint16Array(count)
    for (let at = 0; at < count; ) {
      const tag = this.#from.varint(this.#tags.length - 1, 'the tag')
      const run = this.#from.varint(count - at, 'the run')
      if (run === 0) throw this.#from.fail('a run is empty')
      tags.fill(tag, at, at + run)
      at += run
    }
    return tags
  }

  #timesOf(count: number): Float64Array {
    const known = this.#from.varint(this.#times.length, 'the times')
    if (known > 0) {
      const times = this.#times[known - 1]!
      if (times.length !== count) throw this.#from.fail('the times of another column do not fit')
      return times
    }
    const times = new Float64Array(count)
    readTimes(this.#from, times, count)
    this.#times.push(times)
    return times
  }

  readonly #stateTexts = {
    value: (number: number): WideValue | undefined => {
      const text = this.#texts[number]
      if (text === undefined) return undefined
      let value = this.#states.get(number)
      if (value === undefined) {
        value = { kind: 'state', value: text }
        this.#states.set(number, value)
      }
      return value
    },
    size: (number: number): number => this.#texts[number]!.length,
  }
}
