import type { ReadingSink, SignalKey } from '@millwright/connectivity'
import type { Reading, Series, Waveform } from '@millwright/contracts'
import { type Bus, type Clock, HOUR, type Log, type Micros, type Subscription } from '@millwright/foundation'
import type { Telemetry } from '@millwright/storage'
import { Committer } from '../ingest/committer.ts'
import { LateWrites } from '../ingest/late-writes.ts'
import { WindowedSink } from '../ingest/sink.ts'
import { StorageClasses } from '../ingest/storage-classes.ts'
import { LiveHub } from '../live/hub.ts'
import type { CommitListener } from '../ports.ts'
import { QualityJudge } from '../quality/judge.ts'
import type { SignalFacts } from '../signals/catalogue.ts'
import { brokenParts, damageSentence, setAside } from './damage.ts'
import { Engine, type QueryLimits } from './engine.ts'
import { historyErrors } from './errors.ts'
import { historyHandlers } from './handlers.ts'
import { LatestMemory, type LatestReading } from './latest/memory.ts'
import { loadLatest, recoverLatest, saveLatest } from './latest/snapshot.ts'
import { isStale } from './latest/stale.ts'
import type { HistorianSignals } from './ports.ts'
import { type Coverage, queryCoverage } from './readings/coverage.ts'
import { queryWaveforms, readingsOf } from './readings/readings.ts'
import { Replay } from './readings/replay.ts'
import { Retention } from './retention.ts'
import { DEFAULT_RETENTION, type RetentionClass, type RetentionRule } from './retention-classes.ts'
import { DirtyMinutes, type Span } from './rollup/dirty.ts'
import { HourMarks } from './rollup/marks.ts'
import { Roller } from './rollup/roller.ts'
import { migrateTelemetry } from './schema.ts'
import type { Resolution } from './series/resolution.ts'
import { SeriesReader } from './series/series.ts'
import { HistoryService } from './service.ts'
import { type AlignedTable, queryTable, type TableQuery } from './table/table.ts'

export interface HistorianOptions {
  readonly telemetry: Telemetry
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  readonly signals: HistorianSignals
  /** How long each class keeps readings and rollups; what is not given keeps its default. */
  readonly retention?: Partial<Record<RetentionClass, RetentionRule>>
}

export type Historian = ReturnType<typeof createHistorian>

/** More notes than this beyond what is still open, and they are written anew. */
const SPARE_MARKS = 500

/** The store of readings: windows in, history and live values out. Start it before anything writes to its sink. */
export function createHistorian(options: HistorianOptions) {
  const { bus, clock, log, signals } = options
  const retentionRules = { ...DEFAULT_RETENTION, ...options.retention }
  const engine = new Engine(options.telemetry)
  const dirty = new DirtyMinutes()
  const latest = new LatestMemory()
  const marks = new HourMarks(engine)
  const classes = new StorageClasses(signals, engine)
  const lateWrites = new LateWrites(engine)
  const live = new LiveHub(clock)
  const openWide = new Map<SignalKey, Set<number>>()
  const listeners: CommitListener[] = [
    (batch) => dirty.mark(batch),
    (batch) => {
      for (const { signal, time } of batch.wide) {
        openWide.set(signal, (openWide.get(signal) ?? new Set()).add(Math.floor(time / HOUR)))
      }
    },
    (batch) => latest.take(batch, clock.now()),
    (batch) => live.take(batch),
  ]
  const judge = new QualityJudge(signals)
  const committer = new Committer({ engine, clock, log, judge, classes, marks, lateWrites, listeners, signals })
  const sink = new WindowedSink({ clock, commit: (batch) => committer.commit(batch) })
  const roller = new Roller({ engine, dirty, clock, log, afterPass: settle })
  const retention = new Retention({ engine, clock, log, rules: retentionRules, lateWrites })
  const reader = new SeriesReader({ engine, dirty, latest, clock, retention: retentionRules })
  let renewed = clock.now()
  let following: Subscription | undefined
  let mending: Promise<void> | undefined

  /** Keeps the latest values and drops the notes of what is done. */
  async function settle(): Promise<void> {
    await saveLatest(engine, latest, clock.now())
    const spare = marks.count > dirty.size * 2 + SPARE_MARKS
    if (spare || clock.now() - renewed > HOUR) await renewMarks()
  }

  async function renewMarks(): Promise<void> {
    renewed = clock.now()
    const dropOld = await committer.between(async () => {
      // Between windows: what was committed since the snapshot above is either saved now or still open below.
      await saveLatest(engine, latest, clock.now())
      openWide.clear()
      return marks.renew(dirty.hours())
    })
    await dropOld()
  }

  /** What the engine knows from before: classes, latest values, and what was not rolled up. */
  async function load(): Promise<void> {
    await Promise.all([classes.load(), lateWrites.load(), loadLatest(engine, latest)])
    const noted = await marks.load()
    await recoverLatest(engine, latest, signals, noted)
    for (const [key, hour] of noted) {
      const kind = signals.byKey(key)?.kind
      if (kind === undefined || kind === 'number' || kind === 'boolean') dirty.markHour(key, hour)
    }
  }

  /** Sets damaged parts aside in the background, once at a time, when a query met one. */
  function mend(): void {
    mending ??= setAside(engine, log)
      .catch((error: unknown) => log.error({ err: error }, 'damaged data could not be set aside'))
      .finally(() => {
        mending = undefined
      })
  }

  async function start(): Promise<void> {
    await migrateTelemetry(options.telemetry)
    try {
      await load()
    } catch (error) {
      if ((error as { code?: unknown }).code !== historyErrors.damaged().code) throw error
      await setAside(engine, log)
      await load()
    }
    engine.onDamage = mend
    const broken = await brokenParts(engine)
    if (broken.length > 0) log.error({ parts: broken }, damageSentence(broken))
    following = bus.subscribe('millwright.signal.*', (event) => {
      const facts = signals.byId(event.subject)
      if (facts !== undefined) committer.recheck(facts.key)
    })
    roller.start()
    retention.start()
  }

  /** Commits what is waiting, then stops; everything acknowledged is on disk. */
  async function stop(): Promise<void> {
    following?.cancel()
    await sink.drain()
    await roller.stop()
    await retention.stop()
    await mending
    live.close()
    try {
      await renewMarks()
    } catch (error) {
      // The notes say where to look for what is newer than the last snapshot.
      log.warn({ err: error }, 'latest values could not be saved; they will be found again at the next start')
    }
  }

  const historian = {
    sink: sink as ReadingSink,
    live,
    engine,
    start,
    stop,
    /** Adds a listener that is told of each durable window; answers a function that removes it. */
    onCommit(listener: CommitListener): () => void {
      listeners.push(listener)
      return () => {
        const at = listeners.indexOf(listener)
        if (at >= 0) listeners.splice(at, 1)
      }
    },
    /** The newest reading of a signal, from memory. */
    latest: (key: SignalKey): LatestReading | undefined => latest.get(key),
    /** True when the newest reading is older than the signal may go without one. */
    stale: (facts: SignalFacts, now: Micros = clock.now()): boolean => isStale(latest, facts, now),
    /** Stored readings in the order of their time, for what learns from the past or is tried on it. */
    replay: new Replay(engine, signals, latest),
    /** One signal over a range for a chart of this width. */
    series: (facts: SignalFacts, range: Span, pixels = 1000, resolution?: Resolution): Promise<Series> =>
      reader.series(facts, range, pixels, resolution),
    /** Readings of one signal as the API shows them, `limit` at the most, in the order asked for. */
    readings: (facts: SignalFacts, range: Span, limit: number, newestFirst = false): Promise<Reading[]> =>
      readingsOf(engine, facts, range, limit, newestFirst),
    /** Several signals on one time axis. */
    table: (facts: readonly SignalFacts[], query: TableQuery, limits: QueryLimits = {}): Promise<AlignedTable> =>
      queryTable(engine, dirty, facts, query, limits),
    /** Waveforms of one signal with their samples, newest first, `limit` at the most. */
    waveforms: (facts: SignalFacts, range: Span, limit: number, limits: QueryLimits = {}): Promise<Waveform[]> =>
      queryWaveforms(engine, facts, range, limit, limits),
    /** How many readings of a signal a span holds, and how much of it they cover, counted in steps. */
    coverage: (facts: SignalFacts, range: Span, step: Micros, limits: QueryLimits = {}): Promise<Coverage> =>
      queryCoverage(engine, dirty, facts, range, step, limits),
    /** Brings the rollups up to date with all minutes that ended by `until`; runs by itself while started. */
    roll: (until: Micros = clock.now()): Promise<void> => roller.roll(until),
    /** Drops what retention says is over; runs by itself while started. */
    sweep: (): Promise<number> => retention.sweep(),
    /** What stored data is damaged and what to do about it, in words; undefined when none is. */
    async damage(): Promise<string | undefined> {
      const broken = await brokenParts(engine)
      return broken.length === 0 ? undefined : damageSentence(broken)
    },
    /** How ingest does, and points a second. */
    ingest: () => committer.state(),
    /** What the quality checks found since start. */
    quality: judge.counts,
  }
  const service = new HistoryService({
    ...options,
    engine,
    dirty,
    latest,
    reader,
    sink,
    committer,
    retention: retentionRules,
  })
  return { ...historian, handlers: historyHandlers(service) }
}
