import type { SignalKey } from '@millwright/connectivity'
import type { Micros } from '@millwright/foundation'
import type { Engine, QueryLimits } from '../engine.ts'
import type { DirtyMinutes, Span } from '../rollup/dirty.ts'
import { FROM_READINGS, FROM_ROLLUP, LEVELS, type Level } from '../rollup/levels.ts'
import { BUCKET_COLUMNS, type Buckets } from './model.ts'

/** More dirty spans than this are covered by fewer, longer ones: reading more from the readings is as exact. */
const MOST_SPANS = 40

/**
 * Aggregates of one signal in buckets of `step` that touch the range, exact at any time: buckets with readings that are
 * not rolled up yet are made from the next finer level, and the dirty minutes from the readings, all in one query.
 */
export async function queryBuckets(
  engine: Engine,
  dirty: DirtyMinutes,
  key: SignalKey,
  range: Span,
  step: Micros,
  level: Level | undefined,
  limits: QueryLimits = {},
): Promise<Buckets> {
  const whole = { from: Math.floor(range.from / step) * step, to: Math.ceil(range.to / step) * step }
  const source =
    level === undefined
      ? grouped(rows('readings', key, [whole]), FROM_READINGS, step)
      : grouped(levelRows(key, LEVELS.indexOf(level as (typeof LEVELS)[number]), whole, dirty), FROM_ROLLUP, step)
  const [time, ...columns] = await engine.columns<[number[], ...number[][]]>(
    `select time, ${BUCKET_COLUMNS.join(', ')} from (${source}) order by time`,
    {},
    limits,
  )
  const [readings, usable, sum, min, max, first, last, quality] = columns
  return { step, time, readings, usable, sum, min, max, first, last, quality } as Buckets
}

/** Rows of a level over a span, with what is dirty in it made from the level below. */
function levelRows(key: SignalKey, at: number, range: Span, dirty: DirtyMinutes): string {
  const spans = covered(dirty.spans(key, range.from, range.to), MOST_SPANS)
  return rowsAt(key, at, [range], spans)
}

function rowsAt(key: SignalKey, at: number, ranges: readonly Span[], dirty: readonly Span[]): string {
  const level = LEVELS[at]!
  const open = covered(
    dirty.map(({ from, to }) => ({
      from: Math.floor(from / level.step) * level.step,
      to: Math.ceil(to / level.step) * level.step,
    })),
    MOST_SPANS,
  )
  const columns = `time, ${BUCKET_COLUMNS.join(', ')}`
  const clean = `select ${columns} from (${rows(level.table, key, ranges)})`
  if (open.length === 0) return clean
  const finer =
    at === 0
      ? grouped(rows('readings', key, open), FROM_READINGS, level.step)
      : grouped(rowsAt(key, at - 1, open, dirty), FROM_ROLLUP, level.step)
  return `${clean} where not (${within(open)}) union all ${fuller(`
    select 0 as fresh, ${columns} from (${rows(level.table, key, open)}) union all select 1, ${columns} from (${finer})`)}`
}

/**
 * Of two rows for one bucket the one made from more readings, else the fresh one: readings that retention has taken
 * away live on in the rollup. The roller decides the same way, by the version of rollup rows.
 */
function fuller(source: string): string {
  const values = BUCKET_COLUMNS.map((_, i) => `best.${i + 1}`).join(', ')
  return `select time, ${values} from (
    select time, argMax(tuple(${BUCKET_COLUMNS.join(', ')}), tuple(readings, fresh)) as best from (${source}) group by time)`
}

/** One point per time, whatever was sent again. */
const rows = (table: string, key: SignalKey, spans: readonly Span[]): string =>
  `select * from ${table} final where signal = ${Number(key)} and (${within(spans)})`

const within = (spans: readonly Span[]): string =>
  spans.map(({ from, to }) => `(time >= ${Math.round(from)} and time < ${Math.round(to)})`).join(' or ')

/** Groups rows by step; in two selects, because the results are named as the columns they are made from. */
function grouped(source: string, aggregates: readonly string[], step: Micros): string {
  const named = aggregates.map((aggregate, i) => `${aggregate} as c${i}`)
  return `select bucket as time, ${BUCKET_COLUMNS.map((name, i) => `c${i} as ${name}`).join(', ')} from (
    select intDiv(time, ${step}) * ${step} as bucket, ${named.join(', ')} from (${source}) group by bucket)`
}

/** Spans in order with overlaps joined, and the narrowest gaps closed until there are at most `most`. */
function covered(spans: readonly Span[], most: number): Span[] {
  const joined: { from: Micros; to: Micros }[] = []
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
    else joined.push({ from, to })
  }
  if (joined.length <= most) return joined
  const gaps = joined.slice(1).map((span, i) => span.from - joined[i]!.to)
  const limit = gaps.toSorted((a, b) => a - b)[joined.length - most - 1]!
  const closed: { from: Micros; to: Micros }[] = []
  for (const span of joined) {
    const last = closed.at(-1)
    if (last !== undefined && span.from - last.to <= limit) last.to = span.to
    else closed.push(span)
  }
  return closed
}
