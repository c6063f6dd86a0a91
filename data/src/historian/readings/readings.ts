import type { Reading, SignalKind, Waveform } from '@millwright/contracts'
import { decodeCursor, encodeCursor } from '@millwright/foundation'
import type { SignalFacts } from '../../signals/catalogue.ts'
import type { Engine, QueryLimits } from '../engine.ts'
import type { Span } from '../rollup/dirty.ts'
import { USABLE } from '../rollup/levels.ts'

/** How each kind's readings are selected, and turned from the engine's JSON into what the API shows. */
const SOURCES: Readonly<Record<SignalKind, { table: string; select: string; shown: (value: unknown) => unknown }>> = {
  number: { table: 'readings', select: `if(${USABLE}, value, nan)`, shown: (value) => value },
  boolean: {
    table: 'readings',
    select: `if(${USABLE}, value, nan)`,
    shown: (value) => (value === null ? null : value !== 0),
  },
  state: { table: 'states', select: 'value', shown: (value) => value },
  document: { table: 'documents', select: 'value', shown: (value) => JSON.parse(value as string) },
  position: {
    table: 'positions',
    select: 'tuple(latitude, longitude, altitude)',
    shown: (value) => {
      const [latitude, longitude, altitude] = value as [number, number, number | null]
      return altitude === null ? { latitude, longitude } : { latitude, longitude, altitude }
    },
  },
  waveform: {
    table: 'waveforms',
    select: 'tuple(rate, length(samples))',
    shown: (value) => {
      const [sampleRate, samples] = value as [number, number]
      return { sampleRate, samples }
    },
  },
}

/** Readings of any kind as stored, oldest first; a waveform shows its rate and number of samples. */
export async function queryReadings(
  engine: Engine,
  facts: SignalFacts,
  range: Span,
  limit: number,
  cursor: string | undefined,
  limits: QueryLimits = {},
): Promise<{ items: Reading[]; next?: string }> {
  const { table, select, shown } = SOURCES[facts.kind]
  const [after] = decodeCursor(cursor, [range.from - 1])
  const [times, values, qualities] = await engine.columns<[number[], unknown[], number[]]>(
    `select time, ${select}, quality from ${table} final
     where signal = {key:UInt32} and time > {after:Int64} and time < {to:Int64} order by time limit {limit:UInt32}`,
    { key: facts.key, after: Math.max(after, range.from - 1), to: range.to, limit: limit + 1 },
    limits,
  )
  const items = times
    .slice(0, limit)
    .map((time, i) => ({ signal: facts.id, time, value: shown(values[i]), quality: qualities[i]! }))
  return times.length > limit ? { items, next: encodeCursor([items.at(-1)!.time]) } : { items }
}

/** The same for one page, in either order. */
export async function readingsOf(
  engine: Engine,
  facts: SignalFacts,
  { from, to }: Span,
  limit: number,
  newestFirst: boolean,
  limits: QueryLimits = {},
): Promise<Reading[]> {
  const { table, select, shown } = SOURCES[facts.kind]
  const [times, values, qualities] = await engine.columns<[number[], unknown[], number[]]>(
    `select time, ${select}, quality from ${table} final
     where signal = {key:UInt32} and time >= {from:Int64} and time < {to:Int64}
     order by time ${newestFirst ? 'desc' : 'asc'} limit {limit:UInt32}`,
    { key: facts.key, from, to, limit },
    limits,
  )
  return times.map((time, i) => ({ signal: facts.id, time, value: shown(values[i]), quality: qualities[i]! }))
}

/** Waveforms of a signal, newest first. */
export async function queryWaveforms(
  engine: Engine,
  facts: SignalFacts,
  range: Span,
  limit: number,
  limits: QueryLimits = {},
): Promise<Waveform[]> {
  const [times, qualities, rates, samples] = await engine.columns<[number[], number[], number[], number[][]]>(
    `select time, quality, rate, samples from waveforms final
     where signal = {key:UInt32} and time >= {from:Int64} and time < {to:Int64} order by time desc limit {limit:UInt32}`,
    { key: facts.key, from: range.from, to: range.to, limit },
    limits,
  )
  return times.map((time, i) => ({
    signal: facts.id,
    time,
    quality: qualities[i]!,
    sampleRate: rates[i]!,
    unit: facts.unit,
    samples: samples[i]!,
  }))
}
