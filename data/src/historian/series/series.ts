import type { Series } from '@millwright/contracts'
import { type Clock, DAY, MINUTE, type Micros } from '@millwright/foundation'
import type { SignalFacts } from '../../signals/catalogue.ts'
import type { Engine, QueryLimits } from '../engine.ts'
import { historyErrors } from '../errors.ts'
import type { LatestMemory } from '../latest/memory.ts'
import type { RetentionClass, RetentionRule } from '../retention-classes.ts'
import type { DirtyMinutes, Span } from '../rollup/dirty.ts'
import { LEVELS } from '../rollup/levels.ts'
import { queryBuckets } from './buckets.ts'
import { longestPause, medianInterval, withGaps } from './gaps.ts'
import { queryRaw } from './raw.ts'
import { type Choice, chooseResolution, type Resolution } from './resolution.ts'

export interface SeriesOptions {
  readonly engine: Engine
  readonly dirty: DirtyMinutes
  readonly latest: LatestMemory
  readonly clock: Clock
  readonly retention: Readonly<Record<RetentionClass, RetentionRule>>
}

const MOST_ROWS = 50_000

/** Charts: one signal over a range, at the resolution its width needs. */
export class SeriesReader {
  readonly #options: SeriesOptions

  constructor(options: SeriesOptions) {
    this.#options = options
  }

  /** @param pixels width of the chart; @param asked a resolution instead of the one that fits */
  async series(
    facts: SignalFacts,
    range: Span,
    pixels: number,
    asked?: Resolution,
    limits: QueryLimits = {},
  ): Promise<Series> {
    const pace = this.#options.latest.pace(facts.key)
    const choice = chooseResolution(range.to - range.from, pixels, pace, asked)
    if (choice.level !== undefined) return this.#spans(facts, range, choice, limits)
    if (asked === undefined && (await this.#onlyRolledUp(facts, range, limits))) {
      return this.#spans(facts, range, { level: LEVELS[0], step: MINUTE }, limits)
    }
    return this.#readings(facts, range, pixels, pace, limits)
  }

  async #readings(
    facts: SignalFacts,
    range: Span,
    pixels: number,
    pace: Micros | undefined,
    limits: QueryLimits,
  ): Promise<Series> {
    const rows = await queryRaw(this.#options.engine, facts.key, range, pixels, pace, limits)
    const usual = pace ?? rows.usual ?? medianInterval(rows.time)
    const column = rows.points > rows.time.length ? (range.to - range.from) / pixels : 0
    const { time, from } = withGaps(rows.time, longestPause(facts.staleAfter, usual, column))
    return {
      signal: facts.id,
      unit: facts.unit,
      resolution: 'raw',
      time,
      value: from.map((row) => (row === undefined ? null : rows.value[row]!)),
      quality: from.map((row) => (row === undefined ? 0 : rows.quality[row]!)),
      points: rows.points,
    }
  }

  async #spans(
    facts: SignalFacts,
    range: Span,
    choice: Choice & { level: object },
    limits: QueryLimits,
  ): Promise<Series> {
    const { level, step } = choice
    const rows = (range.to - range.from) / step
    if (rows > MOST_ROWS)
      throw historyErrors.tooManyRows({ rows: Math.ceil(rows), limit: MOST_ROWS, path: 'resolution' })
    const { engine, dirty, latest } = this.#options
    const found = await queryBuckets(engine, dirty, facts.key, range, step, level, limits)
    const usual = latest.pace(facts.key) ?? medianInterval(found.time)
    const { time, from } = withGaps(found.time, longestPause(facts.staleAfter, usual, step))
    const column = <T>(value: (row: number) => T) => from.map((row) => (row === undefined ? null : value(row)))
    return {
      signal: facts.id,
      unit: facts.unit,
      resolution: level.resolution,
      step,
      time,
      value: column((row) => mean(found.sum[row]!, found.usable[row]!)),
      min: column((row) => found.min[row]!),
      max: column((row) => found.max[row]!),
      quality: column((row) => found.quality[row]!).map((quality) => quality ?? 0),
      points: found.readings.reduce((sum, each) => sum + each, 0),
    }
  }

  /**
   * True when retention has taken readings of this range away, so that rollups show more of it. Only asked for ranges
   * older than the class keeps readings.
   */
  async #onlyRolledUp(facts: SignalFacts, range: Span, limits: QueryLimits): Promise<boolean> {
    const { engine, clock, retention } = this.#options
    const days = retention[facts.retention as RetentionClass]?.days ?? null
    if (days === null || range.from >= clock.now() - days * DAY) return false
    const [raw, rolled] = await engine.columns<[number[], number[]]>(
      `select
         (select count() from readings final where signal = {key:UInt32} and time >= {from:Int64} and time < {to:Int64}),
         (select sum(readings) from rollup_1m final where signal = {key:UInt32} and time >= {first:Int64} and time < {to:Int64})`,
      { key: facts.key, from: range.from, to: range.to, first: Math.ceil(range.from / MINUTE) * MINUTE },
      limits,
    )
    return rolled[0]! > raw[0]!
  }
}

/** null where nothing is usable, or the sum ran over what a float64 holds. */
export function mean(sum: number | null, usable: number): number | null {
  if (usable === 0 || sum === null) return null
  const value = sum / usable
  return Number.isFinite(value) ? value : null
}
