import type { Micros } from '@millwright/foundation'
import type { FilesConfig } from '../config.ts'
import { fileErrors } from '../errors.ts'
import type { FileBatch, ReadFile, RefusedPart } from '../folder/model.ts'
import type { PickedFile } from '../folder/picked-file.ts'
import { pushText, RowsByDevice } from '../rows.ts'
import { timeFormat } from '../time/format.ts'
import { type Dialect, decode, dialectOf } from './dialect.ts'
import { type Plan, planOf } from './plan.ts'
import { type RecordLine, Records } from './records.ts'

const CHUNK = 256 * 1024
const HEAD = 64 * 1024
/** Of a batch, with a dead letter each. */
const MAX_REFUSED = 20
const PAYLOAD = 1024

/** Where reading stands: bytes and lines that are done with. */
interface Position {
  readonly offset: number
  readonly line: number
}

export interface CsvOptions {
  readonly config: FilesConfig
  readonly now: () => Micros
  /** A growing file's last line counts once its line end is there. */
  readonly growing: boolean
}

/** What the head of a text file says about the rest. */
export interface CsvHead {
  readonly dialect: Dialect
  readonly plan: Plan
  readonly header: readonly string[]
  /** Lines before the first record. */
  readonly skip: number
}

/** Delimited text, in pieces of 256 KiB. */
export function csvReader({ config, now, growing }: CsvOptions): ReadFile {
  const readTime = timeFormat(config.time.format, config.time.zone)
  return async function* (file, position) {
    const head = await csvHead(file, config)
    if (head === undefined) return
    const { dialect, plan, skip } = head
    const from: Position = position === undefined ? { offset: dialect.mark, line: 1 } : JSON.parse(position)
    const rows = new RowsByDevice(now())
    const convert = new RowConverter(file, plan, dialect, config, readTime, rows)
    const buffer = Buffer.allocUnsafe(CHUNK)
    let { offset, line } = from
    while (offset < file.size) {
      const bytes = await file.read(offset, CHUNK, buffer)
      if (bytes.length === 0) break
      const atEnd = offset + bytes.length >= file.size
      const last = atEnd && !growing
      const whole = atEnd ? bytes : bytes.subarray(0, cutBehindLine(bytes, dialect.encoding))
      const text = decode(whole, dialect.encoding)
      const records = new Records(text, dialect.delimiter, line, last)
      for (let record = records.next(); record !== undefined; record = records.next()) {
        if (record.line > skip) convert.take(record, text)
      }
      if (records.at === 0) {
        if (atEnd) break
        // A line that does not end within a chunk is passed over, up to where it ends.
        convert.refuse(line, `the line is longer than ${CHUNK} bytes`, whole.subarray(0, PAYLOAD))
        offset += await lineLength(file, offset, dialect.encoding)
        line++
      } else {
        offset += records.at === text.length ? whole.length : bytesOf(whole, text, records.at, dialect.encoding)
        line = records.line
      }
      yield convert.batch(JSON.stringify({ offset, line } satisfies Position))
      rows.clear()
    }
  }
}

/** undefined: there is no header yet. */
export async function csvHead(file: PickedFile, config: FilesConfig): Promise<CsvHead | undefined> {
  let head = await file.read(0, HEAD)
  if (head.length === HEAD) head = head.subarray(0, Math.max(1, head.lastIndexOf(10)))
  const dialect = dialectOf(head, config.csv)
  const text = decode(head.subarray(dialect.mark), dialect.encoding)
  const records = new Records(text, dialect.delimiter, 1, true)
  const { header: headerLine, units: unitsLine } = config.csv
  let header: string[] | undefined
  let units: string[] = []
  let first: number | undefined
  const skip = Math.max(headerLine, unitsLine)
  for (let record = records.next(); record !== undefined; record = records.next()) {
    if (record.line === headerLine) header = [...record.cells]
    else if (record.line === unitsLine) units = [...record.cells]
    else if (record.line > skip && !isBlank(record, config.csv.comment)) {
      first = record.cells.length
      break
    }
  }
  if (headerLine === 0) {
    if (first === undefined) return undefined
    return { dialect, plan: planOf(config, first, units, file.name), header: [], skip }
  }
  if (header === undefined || !text.includes('\n')) {
    if (config.reading === 'growing') return undefined
    throw fileErrors.noHeader({ file: file.name, line: headerLine })
  }
  return { dialect, plan: planOf(config, header, units, file.name), header, skip }
}

const isBlank = ({ cells }: RecordLine, comment: string): boolean =>
  (cells.length === 1 && cells[0]!.trim() === '') || (comment !== '' && cells[0]!.startsWith(comment))

/** Records into rows; what is wrong with one is noted with its line. */
class RowConverter {
  readonly #refused: RefusedPart[] = []
  #more = { count: 0, line: 0, what: '' }
  readonly #file: PickedFile
  readonly #plan: Plan
  readonly #dialect: Dialect
  readonly #comment: string
  readonly #readTime: (text: string) => Micros
  readonly #rows: RowsByDevice

  constructor(
    file: PickedFile,
    plan: Plan,
    dialect: Dialect,
    { csv }: FilesConfig,
    readTime: (text: string) => Micros,
    rows: RowsByDevice,
  ) {
    this.#file = file
    this.#plan = plan
    this.#dialect = dialect
    this.#comment = csv.comment
    this.#readTime = readTime
    this.#rows = rows
  }

  take(record: RecordLine, text: string): void {
    if (record.problem === undefined && isBlank(record, this.#comment)) return
    const problem = record.problem ?? this.#convert(record.cells)
    if (problem !== undefined)
      this.refuse(
        record.line,
        problem,
        Buffer.from(text.slice(record.start, Math.min(record.end, record.start + PAYLOAD))),
      )
  }

  refuse(line: number, what: string, payload: Uint8Array): void {
    if (this.#refused.length < MAX_REFUSED)
      this.#refused.push({
        error: fileErrors.badRow({ line, file: this.#file.name, what }),
        payload: Buffer.from(payload),
      })
    else this.#more = { count: this.#more.count + 1, line, what }
  }

  /** What came together since the last batch. It is to be used before the next record is taken. */
  batch(position: string): FileBatch {
    const refused = this.#refused.splice(0)
    if (this.#more.count > 0) {
      refused.push({
        error: fileErrors.moreBadRows({ ...this.#more, file: this.#file.name }),
        payload: Buffer.alloc(0),
      })
      this.#more = { count: 0, line: 0, what: '' }
    }
    return { position, refused, rows: this.#rows.filled }
  }

  /** @returns what is wrong */
  #convert(cells: readonly string[]): string | undefined {
    const { time: timeColumns, device: deviceColumn, columns, long, width } = this.#plan
    if (cells.length > width && cells.slice(width).some((cell) => cell.trim() !== ''))
      return `it has ${cells.length} cells, the header ${width}`
    const timeText =
      timeColumns.length === 1 ? cells[timeColumns[0]!] : timeColumns.map((column) => cells[column] ?? '').join(' ')
    if (timeText === undefined || timeText.trim() === '') return 'it has no time'
    const time = this.#readTime(timeText.trim())
    if (!this.#rows.isTime(time))
      return `"${timeText.slice(0, 60)}" is not a time of the format, or not from 2000 to tomorrow`
    const device = deviceColumn < 0 ? this.#file.device : cells[deviceColumn]?.trim() || this.#file.device
    const rows = this.#rows.of(device)
    if (rows === undefined)
      return `the device name "${device?.slice(0, 60)}" is too long, or there are too many devices`
    const before = rows.length
    let problem: string | undefined
    if (long !== undefined) problem = this.#pushLong(rows, cells, long)
    else
      for (const column of columns) {
        const cell = cells[column.index]
        if (cell === undefined || cell === '') continue
        const at = rows.length
        if (!pushText(rows, column, cell, this.#dialect.decimal))
          problem ??= `"${cell.slice(0, 60)}" in the column of ${column.metric} is not a ${column.kind === 'auto' ? 'value' : column.kind}`
        else if (column.unit !== undefined && rows.length > at) rows.setUnit(at, column.unit)
      }
    rows.setTime(before, time)
    return problem
  }

  #pushLong(
    rows: NonNullable<ReturnType<RowsByDevice['of']>>,
    cells: readonly string[],
    long: NonNullable<Plan['long']>,
  ): string | undefined {
    const metric = cells[long.metric]?.trim() ?? ''
    if (metric === '' || metric.length > 200) return 'it names no metric'
    const at = rows.length
    const cell = cells[long.value] ?? ''
    if (!pushText(rows, { index: long.value, metric, unit: undefined, kind: 'auto' }, cell, this.#dialect.decimal))
      return `"${cell.slice(0, 60)}" is not a value`
    const unit = cells[long.unit]?.trim()
    if (unit !== undefined && unit !== '' && unit.length <= 40 && rows.length > at) rows.setUnit(at, unit)
    return undefined
  }
}

/** Bytes up to and with the last line end; all when there is none. */
function cutBehindLine(bytes: Buffer, encoding: Dialect['encoding']): number {
  if (encoding !== 'utf-16le') return bytes.lastIndexOf(10) + 1 || bytes.length
  for (let at = bytes.length - (bytes.length % 2) - 2; at >= 0; at -= 2)
    if (bytes[at] === 10 && bytes[at + 1] === 0) return at + 2
  return bytes.length - (bytes.length % 2)
}

/**
 * How many bytes the first `at` characters are, which end with a line end. UTF-8 is told by its line ends: bytes that are
 * none have become other characters.
 */
function bytesOf(bytes: Buffer, text: string, at: number, encoding: Dialect['encoding']): number {
  if (encoding !== 'utf-8') return encoding === 'utf-16le' ? at * 2 : at
  let offset = 0
  for (let end = text.indexOf('\n'); end >= 0 && end < at; end = text.indexOf('\n', end + 1))
    offset = bytes.indexOf(10, offset) + 1
  return offset
}

/** Of the line that begins at `offset`, its end included. */
async function lineLength(file: PickedFile, offset: number, encoding: Dialect['encoding']): Promise<number> {
  for (let at = offset; at < file.size; at += CHUNK) {
    const bytes = await file.read(at, CHUNK)
    const end = bytes.indexOf(encoding === 'utf-16le' ? Buffer.from([10, 0]) : 10)
    if (end >= 0) return at + end + (encoding === 'utf-16le' ? 2 : 1) - offset
  }
  return file.size - offset
}
