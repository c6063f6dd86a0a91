import type { Micros } from '@millwright/foundation'
import type { SignalFacts } from '../../signals/catalogue.ts'
import type { Engine, QueryLimits } from '../engine.ts'
import { historyErrors } from '../errors.ts'
import type { DirtyMinutes, Span } from '../rollup/dirty.ts'
import { queryBuckets } from '../series/buckets.ts'
import type { Buckets } from '../series/model.ts'
import { levelFor } from '../series/resolution.ts'
import { mean } from '../series/series.ts'
import { type Fill, filled } from './fill.ts'

export type Aggregate = 'mean' | 'min' | 'max' | 'first' | 'last' | 'count'

export interface TableQuery extends Span {
  readonly step: Micros
  readonly aggregate: Aggregate
  readonly fill: Fill
}

export interface AlignedTable {
  /** Start of each step, a multiple of `step` since the epoch. */
  readonly time: Micros[]
  /** In the order of the signals asked for. */
  readonly columns: (number | null)[][]
}

const MOST_ROWS = 100_000
const MOST_CELLS = 2_000_000
/** Signals queried at the same time: enough to keep the engine busy, few enough to let others in. */
const AT_ONCE = 4

/** Several signals on one time axis: steps of the same width, each with one aggregate of the readings in it. */
export async function queryTable(
  engine: Engine,
  dirty: DirtyMinutes,
  signals: readonly SignalFacts[],
  query: TableQuery,
  limits: QueryLimits = {},
): Promise<AlignedTable> {
  const first = Math.floor(query.from / query.step)
  const rows = Math.ceil(query.to / query.step) - first
  const limit = Math.min(MOST_ROWS, Math.floor(MOST_CELLS / signals.length))
  if (rows > limit) throw historyErrors.tooManyRows({ rows, limit, path: 'step' })
  const columns: (number | null)[][] = []
  for (let at = 0; at < signals.length; at += AT_ONCE) {
    const some = signals.slice(at, at + AT_ONCE)
    columns.push(...(await Promise.all(some.map((facts) => column(engine, dirty, facts, query, first, rows, limits)))))
  }
  return { time: Array.from({ length: rows }, (_, row) => (first + row) * query.step), columns }
}

async function column(
  engine: Engine,
  dirty: DirtyMinutes,
  facts: SignalFacts,
  query: TableQuery,
  first: number,
  rows: number,
  limits: QueryLimits,
): Promise<(number | null)[]> {
  const { step, aggregate, fill } = query
  const found = await queryBuckets(engine, dirty, facts.key, query, step, levelFor(step), limits)
  const values = new Array<number | null>(rows).fill(aggregate === 'count' ? 0 : null)
  for (const [i, time] of found.time.entries()) values[time / step - first] = aggregated(found, i, aggregate)
  if (aggregate === 'count' || fill === 'none') return values
  const before =
    fill === 'previous' && values[0] === null ? await valueBefore(engine, facts, first * step, limits) : null
  return filled(values, fill, before)
}

function aggregated(found: Buckets, row: number, aggregate: Aggregate): number | null {
  if (aggregate === 'count') return found.usable[row]!
  if (aggregate === 'mean') return mean(found.sum[row]!, found.usable[row]!)
  return found[aggregate][row]!
}

/** The last usable value before a time, for a table whose first rows have none of their own. */
async function valueBefore(
  engine: Engine,
  facts: SignalFacts,
  time: Micros,
  limits: QueryLimits,
): Promise<number | null> {
  const [values] = await engine.columns<[(number | null)[]]>(
    `select value from readings final where signal = {key:UInt32} and time < {time:Int64} and quality < 0x80000000
       and isFinite(value) order by time desc limit 1`,
    { key: facts.key, time },
    limits,
  )
  return values[0] ?? null
}
