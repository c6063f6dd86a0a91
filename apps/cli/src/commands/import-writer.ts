import type { Client } from '@millwright/sdk'
import { usage } from '../errors.ts'
import { readExactTime, type TimeFormat } from '../input/exact-time.ts'
import { readValue } from '../input/reading-values.ts'
import type { CsvLayout, CsvRow } from '../input/readings-csv.ts'
import { clean } from '../output/clean.ts'
import { cut } from '../output/width.ts'
import type { Signal } from '../resolve/signals.ts'
import { text } from '../texts/text.ts'
import { type ImportSignals, signalNameOf } from './import-signals.ts'

/** Readings of one signal a request: few requests, each well below what the platform takes. */
const BATCH = 10_000
/** Characters of values in a batch: documents and waveforms are larger than numbers. */
const BATCH_SIZE = 4 << 20
/** Readings of all signals together that wait: memory stays small however many columns there are. */
const WAITING = 200_000
const WAITING_SIZE = 32 << 20
/** Requests at a time: each waits for a commit of the historian, which takes them together. */
const SIDE_BY_SIDE = 4

interface Batch {
  readonly signal: Signal
  time: number[]
  value: unknown[]
  quality: number[]
  size: number
}

/** Gathers readings by signal and writes them in batches. The same file twice is the same readings once. */
export class ReadingWriter {
  readonly #client: Client
  readonly #format: TimeFormat
  readonly #dryRun: boolean
  readonly #batches = new Map<string, Batch>()
  #waiting = 0
  #size = 0
  #written = 0

  constructor(options: { client: Client; timeFormat: TimeFormat; dryRun: boolean }) {
    this.#client = options.client
    this.#format = options.timeFormat
    this.#dryRun = options.dryRun
  }

  get written(): number {
    return this.#written
  }

  /** Takes a row. Errors: wrong usage, with line and column, for what is no time or no value. */
  async add(row: CsvRow, layout: CsvLayout, signals: ImportSignals): Promise<void> {
    const given = row.cells[layout.time] ?? ''
    const time = readExactTime(given, this.#format)
    if (time === undefined) throw usage(text('import.badTime', { line: row.line, given: shown(given) }))
    if (layout.kind === 'long') {
      const at = (column: number | undefined) => (column === undefined ? undefined : row.cells[column])
      const cell = row.cells[layout.value] ?? ''
      const met = { cell, unit: at(layout.unit), id: at(layout.signal) }
      const signal = await signals.of(signalNameOf(row.cells, layout, signals.byId), met)
      const quality = layout.quality === undefined ? 0 : readQuality(row.cells[layout.quality] ?? '', row.line)
      await this.#put(signal, time, cell, quality, row.line)
      return
    }
    for (const { at, name } of layout.columns) {
      const cell = row.cells[at] ?? ''
      // An empty cell of a wide file is no reading: the other columns had one.
      if (cell.trim() !== '') await this.#put(await signals.of(name, { cell }), time, cell, 0, row.line)
    }
  }

  async finish(): Promise<void> {
    const left = [...this.#batches.values()]
    const work = async () => {
      for (let batch = left.shift(); batch !== undefined; batch = left.shift()) await this.#write(batch)
    }
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work))
  }

  async #put(signal: Signal, time: number, cell: string, quality: number, line: number): Promise<void> {
    const value = readValue(cell, signal.kind)
    if (value === undefined)
      throw usage(text('import.badValue', { line, given: shown(cell), name: signal.name, kind: signal.kind }))
    const key = signal.id === '' ? signal.name : signal.id
    const batch = this.#batches.get(key) ?? { signal, time: [], value: [], quality: [], size: 0 }
    this.#batches.set(key, batch)
    batch.time.push(time)
    batch.value.push(value)
    batch.quality.push(quality)
    batch.size += cell.length
    this.#waiting += 1
    this.#size += cell.length
    if (batch.time.length >= BATCH || batch.size >= BATCH_SIZE) await this.#write(batch)
    else if (this.#waiting >= WAITING || this.#size >= WAITING_SIZE) await this.finish()
  }

  async #write(batch: Batch): Promise<void> {
    const { signal, time, value, quality } = batch
    if (time.length === 0) return
    if (!this.#dryRun) {
      const judged = quality.some((code) => code !== 0) ? { quality } : {}
      await this.#client.writeReadings({ body: { signal: signal.id, time, value, ...judged } })
    }
    this.#written += time.length
    this.#waiting -= time.length
    this.#size -= batch.size
    batch.time = []
    batch.value = []
    batch.quality = []
    batch.size = 0
  }
}

/** Enough of a cell to find it. */
const shown = (cell: string): string => cut(clean(cell), 60)

/** OPC UA status code; nothing is Good. */
function readQuality(cell: string, line: number): number {
  const trimmed = cell.trim()
  const code = trimmed === '' ? 0 : Number(trimmed)
  if (!Number.isInteger(code) || code < 0 || code > 0xffffffff)
    throw usage(text('import.badQuality', { line, given: shown(cell) }))
  return code
}
