import { type Clock, type Log, type Micros, SECOND, type Timer } from '@millwright/foundation'
import type { Engine } from '../engine.ts'
import { reasonOf } from '../engine.ts'
import type { DirtyMinutes } from './dirty.ts'
import { FROM_READINGS, FROM_ROLLUP, LEVELS } from './levels.ts'
import { type RollTask, rollTasks, widened } from './plan.ts'

export interface RollerOptions {
  readonly engine: Engine
  readonly dirty: DirtyMinutes
  readonly clock: Clock
  readonly log: Log
  /** After each pass: what depends on the rollups being up to date. */
  readonly afterPass: () => Promise<void>
}

/** How often the roller looks; a minute is rolled up at most this and the grace after it ended. */
const INTERVAL = 20 * SECOND
/** A minute is left to its latecomers this long before it is rolled up; until then queries read the readings. */
const GRACE = 10 * SECOND
const MOST_HOURS = 50_000

const COLUMNS = 'class, signal, time, readings, usable, sum, min, max, first, last, quality, version'

/** Brings rollups up to date with the readings: dirty minutes from deduplicated readings, then their hours and days. */
export class Roller {
  readonly #options: RollerOptions
  #timer: Timer | undefined
  #pass: Promise<void> | undefined
  #stopped = false

  constructor(options: RollerOptions) {
    this.#options = options
  }

  start(): void {
    this.#stopped = false
    this.#schedule()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#timer?.cancel()
    await this.#pass
  }

  /** Rolls up all that ended by `until`, now. One pass at a time. */
  async roll(until: Micros): Promise<void> {
    while (this.#pass !== undefined) await this.#pass
    this.#pass = this.#roll(until).finally(() => {
      this.#pass = undefined
    })
    await this.#pass
  }

  #schedule(): void {
    if (this.#stopped) return
    this.#timer = this.#options.clock.after(INTERVAL, () => {
      void this.roll(this.#options.clock.now() - GRACE).finally(() => this.#schedule())
    })
  }

  async #roll(until: Micros): Promise<void> {
    const { dirty, log, afterPass } = this.#options
    try {
      for (;;) {
        const taken = dirty.take(until, MOST_HOURS)
        if (taken.size === 0) break
        for (const task of rollTasks(taken)) await this.#run(task)
        dirty.done()
      }
      await afterPass()
    } catch (error) {
      // Nothing is lost: these minutes stay dirty, are read from the readings and are tried again with the next pass.
      dirty.failed()
      log.error({ err: error, reason: reasonOf(error) }, 'rollups could not be brought up to date; will try again')
    }
  }

  async #run(task: RollTask): Promise<void> {
    const [minute, ...coarser] = LEVELS
    const minutes = widened(task, minute.step)
    await this.#into(minute.table, minute.step, minutes, {
      from: 'readings',
      aggregates: FROM_READINGS,
      class: 'argMax(class, generation)',
      version: 'count() * 256 + max(generation)',
    })
    let finer: string = minute.table
    for (const level of coarser) {
      await this.#into(level.table, level.step, widened(task, level.step), {
        from: finer,
        aggregates: FROM_ROLLUP,
        class: 'argMax(class, time)',
        version: 'sum(readings) * 256 + max(version % 256)',
      })
      finer = level.table
    }
  }

  async #into(
    table: string,
    step: Micros,
    task: RollTask,
    source: { from: string; aggregates: readonly string[]; class: string; version: string },
  ): Promise<void> {
    await this.#options.engine.run(
      `insert into ${table} (${COLUMNS})
       select ${source.class}, signal, intDiv(time, ${step}) * ${step} as bucket, ${source.aggregates.join(', ')}, ${source.version}
       from ${source.from} final
       where signal in {signals:Array(UInt32)} and time >= {from:Int64} and time < {to:Int64}
       group by signal, bucket`,
      { signals: task.signals, from: task.from, to: task.to },
      { seconds: 120, threads: 1 },
    )
  }
}
