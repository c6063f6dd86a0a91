import { isBad, ReadingBatch, type SignalKey, type WideValue } from '@millwright/connectivity'
import type { SignalKind } from '@millwright/contracts'
import { DAY, HOUR, type Micros } from '@millwright/foundation'
import type { Engine, QueryLimits } from '../engine.ts'
import type { LatestMemory, LatestReading } from '../latest/memory.ts'
import type { HistorianSignals } from '../ports.ts'
import { USABLE } from '../rollup/levels.ts'

/** Rows read at a time: about 15 ms of parsing, so that the event loop keeps turning. */
const ROWS = 50_000
/** Steps in which the readings of a range are counted, to cut it into slices. */
const STEPS = 2000
/** How far back a usable reading is looked for: most are found at once, and few ask for more. */
const LOOK_BACK = [HOUR, DAY, 30 * DAY]
const LIMITS: QueryLimits = { rows: 5_000_000, seconds: 30, threads: 1 }

interface Source {
  readonly table: string
  readonly value: string
  /** A reading that counts. */
  readonly usable: string
}

const NUMBERS: Source = { table: 'readings', value: 'value', usable: USABLE }
const wide = (table: string, value: string): Source => ({ table, value, usable: 'quality < 0x80000000' })

/** Where the readings of each kind stand; of those without a single value only time and quality are told. */
const SOURCES: Readonly<Record<SignalKind, Source>> = {
  number: NUMBERS,
  boolean: NUMBERS,
  state: wide('states', 'value'),
  document: wide('documents', '0'),
  position: wide('positions', '0'),
  waveform: wide('waveforms', '0'),
}

/** Stands for a document, a position or a waveform. */
const UNTOLD: WideValue = { kind: 'document', value: null }

type Columns = [signal: number[], time: number[], value: (number | string | null)[], quality: number[]]
type Span = readonly [from: Micros, to: Micros]

/** Stored readings in the order of their time, as rules and models saw them when they came. */
export class Replay {
  readonly #engine: Engine
  readonly #signals: HistorianSignals
  readonly #latest: Pick<LatestMemory, 'get'>

  constructor(engine: Engine, signals: HistorianSignals, latest: Pick<LatestMemory, 'get'>) {
    this.#engine = engine
    this.#signals = signals
    this.#latest = latest
  }

  /**
   * Readings with from <= time < to, each point once as last written. Of documents, positions and waveforms only time
   * and quality are true: their value is a document `null`. Each batch is reused for the next; rows with the same time
   * are never in two batches.
   */
  async *raw(keys: readonly SignalKey[], from: Micros, to: Micros, signal?: AbortSignal): AsyncGenerator<ReadingBatch> {
    const batch = new ReadingBatch(ROWS)
    for await (const [start, end] of this.#slices(keys, from, to, signal)) {
      batch.clear()
      for (const [source, some] of this.#bySource(keys)) {
        const rows = await this.#read(
          `select signal, time, ${source.value}, quality from ${source.table} final
           where signal in {keys:Array(UInt32)} and time >= {from:Int64} and time < {to:Int64} order by time, signal`,
          { keys: some, from: start, to: end },
          signal,
        )
        append(batch, source, rows)
      }
      batch.wide.sort((a, b) => a.time - b.time)
      if (batch.length + batch.wide.length > 0) yield batch
    }
  }

  /** The newest usable reading of each signal before a moment (not Bad, with a value); signals without one are left out. */
  async newest(keys: readonly SignalKey[], before: Micros, signal?: AbortSignal): Promise<ReadingBatch> {
    const batch = new ReadingBatch(Math.max(1, keys.length))
    let sought = new Set(keys)
    for (const key of keys) {
      const held = this.#latest.get(key)
      // What has never sent anything has nothing stored, either.
      if (held === undefined) sought.delete(key)
      else if (held.time < before && this.#remember(batch, key, held)) sought.delete(key)
    }
    let to = before
    for (const reach of LOOK_BACK) {
      const from = Math.max(0, before - reach)
      for (const [source, some] of this.#bySource(sought)) {
        const rows = await this.#read(
          `select signal, time, ${source.value}, quality from ${source.table} final
           where signal in {keys:Array(UInt32)} and time >= {from:Int64} and time < {to:Int64} and ${source.usable}
           order by signal desc, time desc limit 1 by signal`,
          { keys: some, from, to },
          signal,
        )
        append(batch, source, rows)
        sought = sought.difference(new Set(rows[0]))
      }
      to = from
    }
    return batch
  }

  /** Puts the reading that memory holds into the batch; false when it is not usable. */
  #remember(batch: ReadingBatch, key: SignalKey, { time, value, quality, wide: word }: LatestReading): boolean {
    const { table } = this.#sourceOf(key)
    if (isBad(quality)) return false
    if (table === 'readings') {
      if (!Number.isFinite(value)) return false
      batch.push(key, time, value, quality)
    } else {
      batch.wide.push({ signal: key, time, quality, value: word?.kind === 'state' ? word : UNTOLD })
    }
    return true
  }

  /** Cuts a range where about `ROWS` readings are full, as fine as readings stand apart. */
  async *#slices(keys: readonly SignalKey[], from: Micros, to: Micros, signal?: AbortSignal): AsyncGenerator<Span> {
    const width = Math.max(1, Math.ceil((to - from) / STEPS))
    let start = from
    let held = 0
    for (const [step, rows] of await this.#counts(keys, from, to, width, signal)) {
      const at = from + step * width
      if (held > 0 && held + rows > ROWS) {
        yield [start, at]
        start = at
        held = 0
      }
      if (rows > ROWS && width > 1) {
        if (start < at) start = at
        const end = Math.min(at + width, to)
        yield* this.#slices(keys, start, end, signal)
        start = end
        continue
      }
      held += rows
    }
    if (held > 0) yield [start, to]
  }

  async #counts(keys: readonly SignalKey[], from: Micros, to: Micros, width: Micros, signal?: AbortSignal) {
    const counts = new Map<number, number>()
    for (const [{ table }, some] of this.#bySource(keys)) {
      const [steps, rows] = await this.#engine.columns<[number[], number[]]>(
        `select intDiv(time - {from:Int64}, {width:Int64}) as step, count() from ${table}
         where signal in {keys:Array(UInt32)} and time >= {from:Int64} and time < {to:Int64} group by step`,
        { keys: some, from, to, width },
        limited(signal),
      )
      for (const [i, step] of steps.entries()) counts.set(step, (counts.get(step) ?? 0) + rows[i]!)
    }
    return [...counts].sort(([a], [b]) => a - b)
  }

  #read(sql: string, params: Readonly<Record<string, unknown>>, signal: AbortSignal | undefined): Promise<Columns> {
    return this.#engine.columns<Columns>(sql, params, limited(signal))
  }

  #sourceOf(key: SignalKey): Source {
    return SOURCES[this.#signals.byKey(key)?.kind ?? 'number']
  }

  #bySource(keys: Iterable<SignalKey>): Map<Source, SignalKey[]> {
    return Map.groupBy(keys, (key) => this.#sourceOf(key))
  }
}

const limited = (signal: AbortSignal | undefined): QueryLimits =>
  signal === undefined ? LIMITS : { ...LIMITS, signal }

function append(batch: ReadingBatch, { table }: Source, [signals, times, values, qualities]: Columns): void {
  for (let i = 0; i < signals.length; i++) {
    const [signal, time, value, quality] = [signals[i]!, times[i]!, values[i]!, qualities[i]!]
    if (table === 'readings') batch.push(signal, time, value === null ? Number.NaN : Number(value), quality)
    else if (table === 'states')
      batch.wide.push({ signal, time, quality, value: { kind: 'state', value: String(value) } })
    else batch.wide.push({ signal, time, quality, value: UNTOLD })
  }
}
