import type { SignalKind } from '@millwright/contracts'
import type { Micros } from '@millwright/foundation'
import { USABLE } from '../historian/rollup/levels.ts'
import type { SignalFacts } from '../signals/catalogue.ts'

export type ExportFormat = 'csv' | 'json' | 'parquet' | 'arrow'

export interface ExportQuery {
  readonly signals: readonly SignalFacts[]
  readonly from: Micros
  readonly to: Micros
  readonly format: ExportFormat
  /** `long`: a row for each reading; `wide`: a row for each time, a column for each signal (numbers only). */
  readonly layout: 'long' | 'wide'
  /** Means over steps of this width instead of readings; wide layout, or long. */
  readonly step?: Micros | undefined
}

/** A statement and its parameters. */
export interface Statement {
  readonly sql: string
  readonly params: Readonly<Record<string, unknown>>
}

const NUMERIC: readonly SignalKind[] = ['number', 'boolean']
export const isNumeric = (facts: SignalFacts): boolean => NUMERIC.includes(facts.kind)

/** The table of each kind that is not a number, and its value as text. */
const WIDE: Readonly<Record<string, { table: string; value: string }>> = {
  state: { table: 'states', value: 'value' },
  document: { table: 'documents', value: 'value' },
  position: {
    table: 'positions',
    value: `concat('{"latitude":', toString(latitude), ',"longitude":', toString(longitude),
      if(isNaN(altitude), '', concat(',"altitude":', toString(altitude))), '}')`,
  },
  waveform: {
    table: 'waveforms',
    value: `concat('{"sampleRate":', toString(rate), ',"samples":', toJSONString(samples), '}')`,
  },
}

const RANGE = 'time >= {from:Int64} and time < {to:Int64}'

/** Text files have RFC 3339 times, the columnar ones their own time type. */
function shownTime(format: ExportFormat): string {
  const instant = `fromUnixTimestamp64Micro(time, 'UTC')`
  return format === 'csv' || format === 'json' ? `formatDateTime(${instant}, '%Y-%m-%dT%H:%i:%S.%fZ')` : instant
}

export function exportStatement(query: ExportQuery): Statement {
  return query.layout === 'wide' ? wideStatement(query) : longStatement(query)
}

/** time, signal, name, unit, value, quality; a signal after the other, each in order of time. */
function longStatement(query: ExportQuery): Statement {
  const { signals, from, to, format } = query
  const mixed = !signals.every(isNumeric)
  const value = mixed ? 'toString(value)' : 'value'
  const sources: string[] = []
  const numeric = signals.filter(isNumeric)
  if (numeric.length > 0) sources.push(numericSource(query, value))
  for (const [kind, { table, value: text }] of Object.entries(WIDE)) {
    if (!signals.some((facts) => facts.kind === kind)) continue
    sources.push(
      `select signal, time, toNullable(${text}) as value, quality from ${table} final
       where signal in {${kind}:Array(UInt32)} and ${RANGE}`,
    )
  }
  const keysOf = (kind: string) => signals.filter((facts) => facts.kind === kind).map(({ key }) => key)
  return {
    sql: `select ${shownTime(format)} as time,
        transform(signal, {keys:Array(UInt32)}, {ids:Array(String)}, '') as signal,
        transform(key, {keys:Array(UInt32)}, {names:Array(String)}, '') as name,
        transform(key, {keys:Array(UInt32)}, {units:Array(String)}, '') as unit, value, quality
      from (select signal, signal as key, time, value, quality from (${sources.join(' union all ')}) order by signal, time)`,
    params: {
      from,
      to,
      step: query.step ?? 1,
      numeric: numeric.map(({ key }) => key),
      keys: signals.map(({ key }) => key),
      ids: signals.map(({ id }) => id),
      names: signals.map(({ name }) => name),
      units: signals.map(({ unit }) => unit),
      ...Object.fromEntries(Object.keys(WIDE).map((kind) => [kind, keysOf(kind)])),
    },
  }
}

function numericSource(query: ExportQuery, value: string): string {
  const usable = `if(${USABLE}, value, null)`
  const filter = `signal in {numeric:Array(UInt32)} and ${RANGE}`
  const rows =
    query.step === undefined
      ? `select signal, time, ${usable} as usable, quality from readings final where ${filter}`
      : `select signal, bucket as time, mean as usable, worst as quality from (
           select signal, intDiv(time, {step:Int64}) * {step:Int64} as bucket, avg(${usable}) as mean, max(quality) as worst
           from readings final where ${filter} group by signal, bucket)`
  return `select signal, time, ${value} as value, quality from (select signal, time, usable as value, quality from (${rows}))`
}

/** time, then a column for each signal by its name. */
function wideStatement(query: ExportQuery): Statement {
  const { signals, from, to, format, step } = query
  const aggregate = step === undefined ? 'any' : 'avg'
  const names = uniqueNames(signals)
  const columns = signals.map(({ key }, i) => `${aggregate}If(number, signal = ${Number(key)}) as c${i}`)
  const bucket = step === undefined ? 'time' : 'intDiv(time, {step:Int64}) * {step:Int64}'
  return {
    sql: `select ${shownTime(format)} as time, ${names.map((name, i) => `c${i} as ${quoted(name)}`).join(', ')} from (
        select bucket as time, ${signals.map((_, i) => `c${i}`).join(', ')} from (
          select ${bucket} as bucket, ${columns.join(', ')} from (
            select signal, time, if(${USABLE}, value, null) as number from readings final
            where signal in {keys:Array(UInt32)} and ${RANGE})
          group by bucket) order by time)`,
    params: { from, to, step: step ?? 1, keys: signals.map(({ key }) => key) },
  }
}

/** Two machines may both have a "temperature": those that stand twice carry their id. */
function uniqueNames(signals: readonly SignalFacts[]): string[] {
  const count = new Map<string, number>()
  for (const { name } of signals) count.set(name, (count.get(name) ?? 0) + 1)
  return signals.map(({ id, name }) => (count.get(name)! > 1 || name === 'time' ? `${name} (${id})` : name))
}

/** A name as a quoted identifier: it comes from people and devices. */
const quoted = (name: string): string => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``
