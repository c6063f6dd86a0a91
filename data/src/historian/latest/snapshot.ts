import type { SignalKey } from '@millwright/connectivity'
import type { SignalKind } from '@millwright/contracts'
import { HOUR, type Micros } from '@millwright/foundation'
import { TsvWriter } from '../../ingest/tsv.ts'
import type { Engine } from '../engine.ts'
import type { HistorianSignals } from '../ports.ts'
import type { LatestMemory } from './memory.ts'
import { wideFromText, wideText } from './wide-text.ts'

const COLUMNS = ['signal', 'time', 'value', 'text', 'quality', 'pace', 'taken']
const ALL_ROWS = { rows: 50_000_000, seconds: 60 }

/** Writes what changed since the last snapshot of latest values. */
export async function saveLatest(engine: Engine, memory: LatestMemory, now: Micros): Promise<void> {
  const keys = memory.takeChanged()
  if (keys.length === 0) return
  const out = new TsvWriter(keys.length * 48)
  for (const key of keys) {
    const { time, value, quality, wide } = memory.get(key)!
    out
      .uint(key)
      .tab()
      .uint(time)
      .tab()
      .float(value)
      .tab()
      .text(wide === undefined ? '' : wideText(wide))
      .tab()
    out
      .uint(quality)
      .tab()
      .float(memory.pace(key) ?? 0)
      .tab()
      .uint(now)
      .newline()
  }
  try {
    await engine.insert('latest', COLUMNS, out.written())
  } catch (error) {
    memory.putBackChanged(keys)
    throw error
  }
}

/** Loads the last snapshot. */
export async function loadLatest(engine: Engine, memory: LatestMemory): Promise<void> {
  const [keys, times, values, texts, qualities, paces] = await engine.columns<
    [number[], number[], (number | null)[], string[], number[], number[]]
  >('select signal, time, value, text, quality, pace from latest final', {}, ALL_ROWS)
  for (const [i, key] of keys.entries()) {
    memory.restore(key, times[i]!, values[i] ?? Number.NaN, qualities[i]!, wideFromText(texts[i]!), paces[i]!)
  }
}

/** Where each kind's readings stand, and how their value is read as a number or as the text of `wideText`. */
const SOURCES: Readonly<Record<SignalKind, { table: string; value: string }>> = {
  number: { table: 'readings', value: 'value' },
  boolean: { table: 'readings', value: 'value' },
  state: { table: 'states', value: `concat('{"kind":"state","value":', toJSONString(value), '}')` },
  document: { table: 'documents', value: `concat('{"kind":"document","value":', value, '}')` },
  position: {
    table: 'positions',
    value: `concat('{"kind":"position","latitude":', toString(latitude), ',"longitude":', toString(longitude),
      if(isNaN(altitude), '', concat(',"altitude":', toString(altitude))), '}')`,
  },
  waveform: { table: 'waveforms', value: `''` },
}

/**
 * Brings in what was committed after the snapshot: the newest reading in the newest of the signal-hours that were noted
 * but not yet settled when the platform stopped.
 */
export async function recoverLatest(
  engine: Engine,
  memory: LatestMemory,
  signals: HistorianSignals,
  noted: Iterable<readonly [SignalKey, number]>,
): Promise<void> {
  for (const { source, hour, keys } of byPlace(signals, noted)) {
    const [found, times, values, qualities] = await engine.columns<
      [number[], number[], (number | string | null)[], number[]]
    >(
      `select signal, max(time), argMax(${source.value}, time), argMax(quality, time) from ${source.table} final
       where signal in {keys:Array(UInt32)} and time >= {from:Int64} and time < {to:Int64} group by signal`,
      { keys, from: hour * HOUR, to: (hour + 1) * HOUR },
      ALL_ROWS,
    )
    for (const [i, key] of found.entries()) {
      const value = values[i]!
      const wide = typeof value === 'string' ? wideFromText(value) : undefined
      memory.restore(key, times[i]!, typeof value === 'number' ? value : Number.NaN, qualities[i]!, wide)
    }
  }
}

interface Place {
  readonly source: { table: string; value: string }
  readonly hour: number
  readonly keys: SignalKey[]
}

/** The newest noted hour of each signal, signals of the same table and hour together. */
function byPlace(signals: HistorianSignals, noted: Iterable<readonly [SignalKey, number]>): Iterable<Place> {
  const newest = new Map<SignalKey, number>()
  for (const [key, hour] of noted) newest.set(key, Math.max(newest.get(key) ?? 0, hour))
  const places = new Map<string, Place>()
  for (const [key, hour] of newest) {
    const kind = signals.byKey(key)?.kind
    if (kind === undefined) continue
    const name = `${kind} ${hour}`
    const place = places.get(name) ?? { source: SOURCES[kind], hour, keys: [] }
    place.keys.push(key)
    places.set(name, place)
  }
  return places.values()
}
