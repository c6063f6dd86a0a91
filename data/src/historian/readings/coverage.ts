import type { SignalKind } from '@millwright/contracts'
import type { Micros } from '@millwright/foundation'
import type { SignalFacts } from '../../signals/catalogue.ts'
import type { Engine, QueryLimits } from '../engine.ts'
import type { DirtyMinutes, Span } from '../rollup/dirty.ts'
import { queryBuckets } from '../series/buckets.ts'
import { levelFor } from '../series/resolution.ts'

/** How much of a span a signal's readings cover. */
export interface Coverage {
  readonly readings: number
  /** Of these, the ones that are not Bad. */
  readonly usable: number
  /** Start of the first and the last step with a usable reading; null: there is none. */
  readonly oldest: Micros | null
  readonly newest: Micros | null
  /** Steps with a usable reading, and in all. */
  readonly steps: number
  readonly of: number
}

const WIDE: Readonly<Record<Exclude<SignalKind, 'number' | 'boolean'>, string>> = {
  state: 'states',
  document: 'documents',
  position: 'positions',
  waveform: 'waveforms',
}

/** Counts a signal's readings in steps of a span; numbers from the rollups where these are fine enough. */
export async function queryCoverage(
  engine: Engine,
  dirty: DirtyMinutes,
  { key, kind }: Pick<SignalFacts, 'key' | 'kind'>,
  range: Span,
  step: Micros,
  limits: QueryLimits = {},
): Promise<Coverage> {
  const of = Math.ceil(range.to / step) - Math.floor(range.from / step)
  const rows =
    kind === 'number' || kind === 'boolean'
      ? await queryBuckets(engine, dirty, key, range, step, levelFor(step), limits)
      : await wideSteps(engine, WIDE[kind], key, range, step, limits)
  const sum = (column: readonly number[]) => column.reduce((total, each) => total + each, 0)
  const good = rows.time.filter((_, i) => rows.usable[i]! > 0)
  return {
    readings: sum(rows.readings),
    usable: sum(rows.usable),
    oldest: good[0] ?? null,
    newest: good.at(-1) ?? null,
    steps: good.length,
    of,
  }
}

async function wideSteps(
  engine: Engine,
  table: string,
  key: number,
  { from, to }: Span,
  step: Micros,
  limits: QueryLimits,
) {
  const [time, readings, usable] = await engine.columns<[number[], number[], number[]]>(
    `select intDiv(time, {step:Int64}) * {step:Int64} as bucket, count(), countIf(quality < 0x80000000) from ${table} final
     where signal = {key:UInt32} and time >= {from:Int64} and time < {to:Int64} group by bucket order by bucket`,
    { key, from, to, step },
    limits,
  )
  return { time, readings, usable }
}
