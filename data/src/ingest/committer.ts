import type { ReadingBatch, SignalKey, WideRow } from '@millwright/connectivity'
import type { Clock, Log, Micros } from '@millwright/foundation'
import { type Engine, reasonOf } from '../historian/engine.ts'
import { historyErrors } from '../historian/errors.ts'
import type { HourMarks } from '../historian/rollup/marks.ts'
import type { CommitListener } from '../ports.ts'
import type { QualityJudge } from '../quality/judge.ts'
import type { SignalCatalogue } from '../signals/catalogue.ts'
import type { LateWrites } from './late-writes.ts'
import { RateMeter } from './rate.ts'
import { byPeriods, WIDE_COLUMNS, type WideTable, wideTable, writeNumbers, writeWide } from './serialise.ts'
import type { StorageClasses } from './storage-classes.ts'
import { TenantRates } from './tenant-rates.ts'
import { TsvWriter } from './tsv.ts'

export interface CommitterOptions {
  readonly engine: Engine
  readonly clock: Clock
  readonly log: Log
  readonly judge: QualityJudge
  readonly classes: StorageClasses
  readonly marks: HourMarks
  readonly lateWrites: LateWrites
  /** Told of each window once it is durable, in this order, before its senders are. */
  readonly listeners: CommitListener[]
  readonly signals: Pick<SignalCatalogue, 'byKey'>
}

export interface IngestState {
  readonly state: 'ok' | 'slow' | 'failing'
  readonly reason: string | undefined
  readonly pointsPerSecond: number
}

/** A commit that takes longer than this makes senders wait. */
const SLOW: Micros = 1_000_000

/**
 * Makes one window at a time durable: judged, noted for the rollups, written to its tables. What is thrown means that
 * nothing may be acknowledged; rows of it that did get in are the same points when they are sent again.
 */
export class Committer {
  readonly #options: CommitterOptions
  readonly #out = new TsvWriter(1 << 20)
  readonly #rate = new RateMeter()
  readonly #tenants: TenantRates
  /** Signals whose class may have changed since it was looked at. */
  readonly #recheck = new Set<SignalKey>()
  #turn: Promise<unknown> = Promise.resolve()
  #reason: string | undefined
  #took: Micros = 0

  constructor(options: CommitterOptions) {
    this.#options = options
    this.#tenants = new TenantRates((key) => options.signals.byKey(key)?.tenant)
  }

  /** The signal's facts changed. */
  recheck(key: SignalKey): void {
    this.#recheck.add(key)
  }

  commit(batch: ReadingBatch): Promise<void> {
    return this.between(() => this.#commit(batch))
  }

  /** Runs work while no window is being committed. */
  between<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  state(): IngestState {
    const pointsPerSecond = this.#rate.perSecond(this.#options.clock.now())
    if (this.#reason !== undefined) return { state: 'failing', reason: this.#reason, pointsPerSecond }
    if (this.#took > SLOW) {
      const reason = `The last commit took ${(this.#took / 1e6).toFixed(1)} s; the disk or the machine is busy.`
      return { state: 'slow', reason, pointsPerSecond }
    }
    return { state: 'ok', reason: undefined, pointsPerSecond }
  }

  /** Points a second that a tenant stores. */
  rateOf(tenant: string): number {
    return this.#tenants.perSecond(tenant, this.#options.clock.now())
  }

  async #commit(batch: ReadingBatch): Promise<void> {
    const { clock, log, judge, listeners } = this.#options
    const started = clock.now()
    judge.judge(batch, started)
    try {
      await this.#store(batch, started)
    } catch (cause) {
      judge.forget(batch)
      const reason = reasonOf(cause)
      if (this.#reason === undefined) log.error({ err: cause }, `readings cannot be stored: ${reason}`)
      this.#reason = reason
      throw historyErrors.notStored({ reason, cause })
    }
    if (this.#reason !== undefined) log.info('readings are stored again')
    this.#reason = undefined
    const now = clock.now()
    this.#took = now - started
    this.#rate.add(batch.length + batch.wide.length, now)
    this.#tenants.count(batch, now)
    for (const listener of listeners) {
      try {
        listener(batch)
      } catch (error) {
        // The window is durable: a listener's fault must not make its senders send it again.
        log.error({ err: error }, 'a commit listener failed')
      }
    }
  }

  async #storeNumbers(batch: ReadingBatch): Promise<void> {
    try {
      await this.#insertNumbers(batch)
    } catch (cause) {
      if (!tooManyPartitions(cause)) throw cause
      for (const rows of byPeriods(batch, this.#options.classes)) await this.#insertNumbers(batch, rows)
    }
  }

  async #insertNumbers(batch: ReadingBatch, rows?: readonly number[]): Promise<void> {
    this.#out.clear()
    const columns = writeNumbers(this.#out, batch, this.#options.classes, rows)
    await this.#options.engine.insert('readings', columns, this.#out.written())
  }

  async #store(batch: ReadingBatch, now: Micros): Promise<void> {
    const { engine, classes, marks, lateWrites } = this.#options
    const fresh = marks.missing(batch)
    await marks.note(fresh)
    await classes.settle([...this.#recheck, ...fresh.map(([key]) => key)])
    this.#recheck.clear()
    await lateWrites.note(fresh, classes, now)
    if (batch.length > 0) await this.#storeNumbers(batch)
    for (const [table, rows] of byTable(batch.wide)) {
      this.#out.clear()
      for (const row of rows) writeWide(this.#out, row, classes)
      await engine.insert(table, WIDE_COLUMNS[table], this.#out.written())
    }
  }
}

/** ClickHouse: too many partitions for a single insert. */
const tooManyPartitions = (cause: unknown): boolean => Number((cause as { code?: unknown }).code) === 252

function byTable(rows: readonly WideRow[]): Map<WideTable, WideRow[]> {
  const tables = new Map<WideTable, WideRow[]>()
  for (const row of rows) {
    const table = wideTable(row)
    const of = tables.get(table)
    if (of === undefined) tables.set(table, [row])
    else of.push(row)
  }
  return tables
}
