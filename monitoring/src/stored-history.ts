import { isBad, ReadingBatch, type SignalKey, type WideValue } from '@millwright/connectivity'
import type { SignalKind } from '@millwright/contracts'
import type { Historian, SignalCatalogue } from '@millwright/data'
import { DAY, type Micros } from '@millwright/foundation'
import type { History } from './ports.ts'

/** Rows read at a time: about 15 ms of parsing, so that the event loop keeps turning. */
const SLICE_ROWS = 50_000
/** Steps in which the readings of a range are counted, to cut it into slices. */
const STEPS = 2000
/** How far back a usable reading is looked for when the newest is Bad, or is not what is asked for. */
const LOOK_BACK = 30 * DAY
const QUERY_LIMITS = { rows: 5_000_000, seconds: 30, threads: 1 }

/** Where the readings of each kind stand; of kinds without a single value rules ask only time and quality. */
const TABLES: Readonly<Record<SignalKind, { table: string; value: string }>> = {
  number: { table: 'readings', value: 'value' },
  boolean: { table: 'readings', value: 'value' },
  state: { table: 'states', value: 'value' },
  document: { table: 'documents', value: '0' },
  position: { table: 'positions', value: '0' },
  waveform: { table: 'waveforms', value: '0' },
}

/** A bad status code has its two highest bits set to 10. */
const USABLE = 'bitShiftRight(quality, 30) != 2'

type Columns = [signal: number[], time: number[], value: (number | string | null)[], quality: number[]]

/** Readings for windows and dry runs, from the historian's tables. */
export function storedHistory(
  { engine, latest }: Pick<Historian, 'engine' | 'latest'>,
  catalogue: SignalCatalogue,
): History {
  const tablesOf = (keys: readonly SignalKey[]) => {
    const tables = new Map<string, { value: string; keys: SignalKey[] }>()
    for (const key of keys) {
      const { table, value } = TABLES[catalogue.byKey(key)?.kind ?? 'number']
      const held = tables.get(table) ?? { value, keys: [] }
      held.keys.push(key)
      tables.set(table, held)
    }
    return tables
  }
  const limits = (signal: AbortSignal | undefined) =>
    signal === undefined ? QUERY_LIMITS : { ...QUERY_LIMITS, signal }

  /** Ends of slices of the range, each with about `SLICE_ROWS` readings. */
  async function slices(
    keys: readonly SignalKey[],
    from: Micros,
    to: Micros,
    signal: AbortSignal | undefined,
  ): Promise<Micros[]> {
    const width = Math.max(1, Math.ceil((to - from) / STEPS))
    const counts = new Map<number, number>()
    for (const [table, { keys: some }] of tablesOf(keys)) {
      const [steps, rows] = await engine.columns<[number[], number[]]>(
        `select intDiv(time - {from:Int64}, {width:Int64}) as step, count() from ${table}
         where signal in {keys:Array(UInt32)} and time >= {from:Int64} and time < {to:Int64} group by step`,
        { keys: some, from, to, width },
        limits(signal),
      )
      for (const [i, step] of steps.entries()) counts.set(step, (counts.get(step) ?? 0) + rows[i]!)
    }
    const ends: Micros[] = []
    let held = 0
    for (const [step, rows] of [...counts].sort(([a], [b]) => a - b)) {
      if (held > 0 && held + rows > SLICE_ROWS) {
        ends.push(from + step * width)
        held = 0
      }
      held += rows
    }
    if (held > 0) ends.push(to)
    return ends
  }

  async function readSlice(
    keys: readonly SignalKey[],
    from: Micros,
    to: Micros,
    signal: AbortSignal | undefined,
  ): Promise<ReadingBatch> {
    const batch = new ReadingBatch(SLICE_ROWS)
    for (const [table, { value, keys: some }] of tablesOf(keys)) {
      const rows = await engine.columns<Columns>(
        `select signal, time, ${value}, quality from ${table} final
         where signal in {keys:Array(UInt32)} and time >= {from:Int64} and time < {to:Int64} order by time`,
        { keys: some, from, to },
        limits(signal),
      )
      append(batch, table, rows)
    }
    return batch
  }

  async function lastUsable(key: SignalKey, before: Micros, signal: AbortSignal | undefined): Promise<ReadingBatch> {
    const batch = new ReadingBatch(1)
    const { table, value } = TABLES[catalogue.byKey(key)?.kind ?? 'number']
    const rows = await engine.columns<Columns>(
      `select signal, time, ${value}, quality from ${table}
       where signal = {key:UInt32} and time >= {from:Int64} and time < {before:Int64} and ${USABLE}
       order by time desc limit 1`,
      { key, from: Math.max(0, before - LOOK_BACK), before },
      limits(signal),
    )
    append(batch, table, rows)
    return batch
  }

  return {
    async *raw(keys, from, to, signal) {
      let start = from
      for (const end of await slices(keys, from, to, signal)) {
        yield await readSlice(keys, start, end, signal)
        start = end
      }
    },

    async newest(keys, before, signal) {
      const batch = new ReadingBatch(Math.max(1, keys.length))
      for (const key of keys) {
        const held = latest(key)
        if (held === undefined) continue
        if (held.time < before && !isBad(held.quality)) {
          if (held.wide === undefined && !Number.isNaN(held.value)) batch.push(key, held.time, held.value, held.quality)
          else batch.wide.push({ signal: key, time: held.time, quality: held.quality, value: held.wide ?? NO_SAMPLES })
          continue
        }
        const found = await lastUsable(key, Math.min(before, held.time + 1), signal)
        if (found.length > 0) batch.push(key, found.time[0]!, found.value[0]!, found.quality[0]!)
        batch.wide.push(...found.wide)
      }
      return batch
    },
  }
}

/** Stands for a waveform or document that a rule does not look into. */
const NO_SAMPLES: WideValue = { kind: 'document', value: null }

function append(batch: ReadingBatch, table: string, [signals, times, values, qualities]: Columns): void {
  for (let i = 0; i < signals.length; i++) {
    const [signal, time, value, quality] = [signals[i]!, times[i]!, values[i]!, qualities[i]!]
    if (table === 'readings') batch.push(signal, time, value === null ? Number.NaN : Number(value), quality)
    else if (table === 'states')
      batch.wide.push({ signal, time, quality, value: { kind: 'state', value: String(value) } })
    else batch.wide.push({ signal, time, quality, value: NO_SAMPLES })
  }
}
