import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import type { Micros } from '@millwright/foundation'
import type { AsyncBuffer, Compressors, FileMetaData } from 'hyparquet'
import type { FilesConfig } from '../config.ts'
import { type Plan, planOf } from '../csv/plan.ts'
import { fileErrors } from '../errors.ts'
import type { FileBatch, ReadFile } from '../folder/model.ts'
import type { PickedFile } from '../folder/picked-file.ts'
import { pushValue, RowsByDevice } from '../rows.ts'
import { timeFormat } from '../time/format.ts'
import { zonedTime } from '../time/zone.ts'
import { type ParquetColumn, plainColumns } from './columns.ts'

const MAX_FOOTER = 64 << 20
/** A row group is decoded column by column; of one column all values of the group are held. */
const MAX_GROUP = 1 << 30
const BATCH = 50_000

/** Row groups, and columns of the next one, that are done with. */
interface Position {
  readonly group: number
  readonly column: number
}

export interface ParquetHead {
  readonly metadata: FileMetaData
  readonly columns: readonly ParquetColumn[]
  readonly plan: Plan
}

const unpack =
  (work: (input: Uint8Array, options: { maxOutputLength: number }) => Buffer) => (input: Uint8Array, length: number) =>
    new Uint8Array(work(input, { maxOutputLength: Math.max(1, length) }))
const COMPRESSORS: Compressors = {
  GZIP: unpack(gunzipSync),
  BROTLI: unpack(brotliDecompressSync),
  ZSTD: unpack(zstdDecompressSync),
}
/** Times as µs: no object for each. */
const PARSERS = {
  timestampFromMilliseconds: (value: bigint) => Number(value) * 1000,
  timestampFromMicroseconds: (value: bigint) => Number(value),
  timestampFromNanoseconds: (value: bigint) => Number(value / 1000n),
  dateFromDays: (days: number) => days * 86_400e6,
}

/** Apache Parquet, row group by row group, by hyparquet. */
export function parquetReader(config: FilesConfig, now: () => Micros): ReadFile {
  const readTime = timeFormat(config.time.format, config.time.zone)
  const toUtc = zonedTime(config.time.zone)
  return async function* (file, position) {
    const { metadata, columns, plan } = await parquetHead(file, config)
    const { parquetRead } = await import('hyparquet')
    const rows = new RowsByDevice(now())
    const from: Position = position === undefined ? { group: 0, column: 0 } : JSON.parse(position)
    let first = 0
    for (const [group, { num_rows, total_byte_size }] of metadata.row_groups.entries()) {
      const count = Number(num_rows)
      const start = first
      first += count
      if (group < from.group) continue
      if (Number(total_byte_size) > MAX_GROUP)
        throw fileErrors.tooLarge({ file: file.name, size: String(total_byte_size), limit: MAX_GROUP })
      const values = async (name: string): Promise<ArrayLike<unknown>> => {
        const all: unknown[] = new Array(count)
        await parquetRead({
          file: asyncBuffer(file),
          metadata,
          columns: [name],
          rowStart: start,
          rowEnd: start + count,
          compressors: COMPRESSORS,
          parsers: PARSERS,
          onChunk({ columnData, rowStart }) {
            for (let at = 0; at < columnData.length; at++) {
              const row = rowStart + at - start
              if (row >= 0 && row < count) all[row] = columnData[at]
            }
          },
        }).catch((error) => {
          throw fileErrors.notParquet({
            file: file.name,
            reason: error instanceof Error ? error.message : error,
            cause: error,
          })
        })
        return all
      }
      const name = (index: number) => columns[index]!.name
      const timeParts = await Promise.all(plan.time.map((index) => values(name(index))))
      const timeColumn = columns[plan.time[0]!]!
      const times = new Float64Array(count)
      let bad = 0
      let firstBad = 0
      for (let row = 0; row < count; row++) {
        const part = timeParts[0]![row]
        const time =
          timeColumn.isTime && typeof part === 'number'
            ? timeColumn.isLocal
              ? toUtc(part)
              : part
            : readTime(timeParts.map((each) => String(each[row] ?? '')).join(' '))
        times[row] = rows.isTime(time) ? time : Number.NaN
        if (Number.isNaN(times[row]!)) {
          if (bad++ === 0) firstBad = start + row + 1
        }
      }
      const devices = plan.device < 0 ? undefined : await values(name(plan.device))
      const jobs = plan.long === undefined ? plan.columns : [undefined]
      for (const [at, column] of jobs.entries()) {
        if (group === from.group && at < from.column) continue
        const cells = await values(name(column?.index ?? plan.long!.value))
        const metrics = plan.long === undefined ? undefined : await values(name(plan.long.metric))
        const units = plan.long === undefined || plan.long.unit < 0 ? undefined : await values(name(plan.long.unit))
        let odd = 0
        let firstOdd = 0
        for (let row = 0; row < count; row++) {
          const time = times[row]!
          if (Number.isNaN(time)) continue
          const target = rows.of(devices === undefined ? file.device : text(devices[row]) || file.device)
          const metric = column?.metric ?? text(metrics![row])
          const before = target?.length ?? 0
          const planned = column ?? { index: -1, metric, unit: undefined, kind: 'auto' as const }
          if (target === undefined || metric === '' || metric.length > 200 || !pushValue(target, planned, cells[row])) {
            if (odd++ === 0) firstOdd = start + row + 1
          } else if (target.length > before) {
            target.time[before] = time
            const unit = column === undefined ? text(units?.[row]) : column.unit
            if (unit !== undefined && unit !== '' && unit.length <= 40) target.setUnit(before, unit)
          }
          // The position stays: after a crash the column is read again from its beginning.
          if ((row + 1) % BATCH === 0 && row + 1 < count) yield* give(rows, [], { group, column: at })
        }
        const refused = [
          ...(at === 0 && bad > 0
            ? [{ line: firstBad, what: `${bad} rows from here on have no time that can be read` }]
            : []),
          ...(odd > 0
            ? [
                {
                  line: firstOdd,
                  what: `${odd} rows from here on have no value that can be read in ${column?.metric ?? 'the value column'}`,
                },
              ]
            : []),
        ].map(({ line, what }) => ({
          payload: Buffer.alloc(0),
          error: fileErrors.badRow({ line, file: file.name, what }),
        }))
        const next = at + 1 < jobs.length ? { group, column: at + 1 } : { group: group + 1, column: 0 }
        yield* give(rows, refused, next)
      }
    }
  }
}

function* give(rows: RowsByDevice, refused: FileBatch['refused'], position: Position): Generator<FileBatch> {
  yield { rows: rows.filled, refused, position: JSON.stringify(position) }
  rows.clear()
}

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value).trim())

/** Schema and plan of a Parquet file. */
export async function parquetHead(file: PickedFile, config: FilesConfig): Promise<ParquetHead> {
  const fail = (reason: unknown) =>
    fileErrors.notParquet({ file: file.name, reason: reason instanceof Error ? reason.message : reason })
  const tail = await file.read(Math.max(0, file.size - 8), 8)
  if (tail.toString('latin1', 4) !== 'PAR1') throw fail('it does not end with PAR1')
  if (tail.readUInt32LE(0) > Math.min(MAX_FOOTER, file.size)) throw fail('its footer is too large')
  const { parquetMetadataAsync } = await import('hyparquet')
  const metadata = await parquetMetadataAsync(asyncBuffer(file)).catch((error) => {
    throw fail(error)
  })
  const columns = plainColumns(metadata)
  const names = columns.map(({ name }) => name)
  const timed = columns.findIndex(({ isTime }) => isTime)
  // A column of times is the time, whatever it is called.
  const time =
    config.time.columns.length === 0 && timed >= 0 ? { ...config.time, columns: [`#${timed + 1}`] } : config.time
  const plan = planOf({ ...config, time }, names, [], file.name)
  const named = config.columns.length > 0
  return {
    metadata,
    columns,
    plan: { ...plan, columns: plan.columns.filter(({ index }) => named || !columns[index]!.isTime) },
  }
}

function asyncBuffer(file: PickedFile): AsyncBuffer {
  return {
    byteLength: file.size,
    async slice(start, end) {
      const bytes = await file.read(start, (end ?? file.size) - start)
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
    },
  }
}
