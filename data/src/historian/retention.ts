import { type Clock, DAY, HOUR, type Log, type Micros, type Timer } from '@millwright/foundation'
import type { LateWrites } from '../ingest/late-writes.ts'
import type { Engine } from './engine.ts'
import { periodOf, RETENTION_NUMBERS, type RetentionClass, type RetentionRule } from './retention-classes.ts'

export interface RetentionOptions {
  readonly engine: Engine
  readonly clock: Clock
  readonly log: Log
  readonly rules: Readonly<Record<RetentionClass, RetentionRule>>
  readonly lateWrites: LateWrites
}

const RAW_TABLES = ['readings', 'states', 'documents', 'positions', 'waveforms']
const ROLLUP_TABLES = ['rollup_1m', 'rollup_1h', 'rollup_1d']
const INTERVAL = 6 * HOUR

/** Drops whole periods (weeks of class `short`, months of the others) once all in them is older than their class keeps. */
export class Retention {
  readonly #options: RetentionOptions
  #timer: Timer | undefined
  #sweeping: Promise<void> | undefined

  constructor(options: RetentionOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer = this.#options.clock.after(INTERVAL, () => {
      this.#sweeping = this.sweep()
        .then(() => undefined)
        .catch((error: unknown) => this.#options.log.error({ err: error }, 'retention failed; will try again'))
        .finally(() => this.start())
    })
  }

  async stop(): Promise<void> {
    this.#timer?.cancel()
    await this.#sweeping
  }

  /** Drops what is over now; answers how many partitions that were. */
  async sweep(): Promise<number> {
    const { engine, log } = this.#options
    const [tables, partitions, rows] = await engine.columns<[string[], string[], number[]]>(
      `select table, partition_id, sum(rows) from system.parts
       where active and database = currentDatabase() and table in {tables:Array(String)} group by table, partition_id`,
      { tables: [...RAW_TABLES, ...ROLLUP_TABLES] },
    )
    let dropped = 0
    for (const [i, table] of tables.entries()) {
      const partition = parsePartition(partitions[i]!)
      if (partition === undefined || !this.#over(table, partition.classNo, partition.period)) continue
      await engine.run(`alter table ${table} drop partition id '${partitions[i]}'`)
      dropped++
      log.info({ table, partition: partitions[i], rows: rows[i] }, 'retention dropped a partition')
    }
    return dropped
  }

  #over(table: string, classNo: number, period: Micros): boolean {
    const { clock, rules, lateWrites } = this.#options
    const name = (Object.keys(RETENTION_NUMBERS) as RetentionClass[]).find(
      (each) => RETENTION_NUMBERS[each] === classNo,
    )
    if (name === undefined) return false
    const days = ROLLUP_TABLES.includes(table) ? rules[name].rollupDays : rules[name].days
    if (days === null) return false
    const newest = Math.max(periodOf(classNo, period).end, lateWrites.lastWritten(classNo, period) ?? 0)
    return newest + days * DAY <= clock.now()
  }
}

/** `2-20260901`: the class and the first day of the period. */
function parsePartition(id: string): { classNo: number; period: Micros } | undefined {
  const match = /^(\d+)-(\d{4})(\d{2})(\d{2})$/.exec(id)
  if (match === null) return undefined
  const [classNo, year, month, day] = match.slice(1).map(Number) as [number, number, number, number]
  return { classNo, period: Date.UTC(year, month - 1, day) * 1000 }
}
