import type { ReadingSink } from '@millwright/connectivity'
import type { BodyOf, historyOperations, Latest, ReplyOf } from '@millwright/contracts'
import { type Clock, MINUTE } from '@millwright/foundation'
import { type Actor, authorizeSeen, may } from '@millwright/trust'
import { type ExportQuery, exportFile, type FileExport } from '../export/export.ts'
import type { Committer } from '../ingest/committer.ts'
import { type ReadingsBody, writeReadings } from '../ingest/write.ts'
import type { SignalFacts } from '../signals/catalogue.ts'
import type { Engine } from './engine.ts'
import { historyErrors } from './errors.ts'
import { dataHealth } from './health.ts'
import type { LatestMemory } from './latest/memory.ts'
import { isStale } from './latest/stale.ts'
import { wideShown } from './latest/wide-text.ts'
import type { HistorianSignals } from './ports.ts'
import { queryReadings, queryWaveforms } from './readings/readings.ts'
import type { RetentionClass, RetentionRule } from './retention-classes.ts'
import type { DirtyMinutes, Span } from './rollup/dirty.ts'
import type { SeriesReader } from './series/series.ts'
import { queryTable } from './table/table.ts'

export interface HistoryServiceOptions {
  readonly engine: Engine
  readonly dirty: DirtyMinutes
  readonly latest: LatestMemory
  readonly reader: SeriesReader
  readonly signals: HistorianSignals
  readonly clock: Clock
  readonly sink: ReadingSink
  readonly committer: Committer
  readonly retention: Readonly<Record<RetentionClass, RetentionRule>>
}

type Body<Name extends keyof typeof historyOperations> = BodyOf<(typeof historyOperations)[Name]>
type Reply<Name extends keyof typeof historyOperations> = ReplyOf<(typeof historyOperations)[Name]>

const MOST_LATEST = 20_000

/** History as people and programs ask for it: each signal checked against what the actor may see. */
export class HistoryService {
  readonly #options: HistoryServiceOptions

  constructor(options: HistoryServiceOptions) {
    this.#options = options
  }

  async series(actor: Actor, body: Body<'querySeries'>, signal: AbortSignal): Promise<Reply<'querySeries'>> {
    const signals = this.#numeric(this.#readable(actor, body.signals), 'a chart')
    const range = checked(body)
    const { reader } = this.#options
    const { pixels, resolution } = body
    // All at once: the engine takes as many at a time as it has room for.
    const series = await Promise.all(
      signals.map((facts) => reader.series(facts, range, pixels ?? 1000, resolution, { signal })),
    )
    return { series }
  }

  async latest(actor: Actor, body: Body<'queryLatest'>): Promise<Reply<'queryLatest'>> {
    if (body.signals === undefined && body.under === undefined) throw historyErrors.nothingAsked()
    const signals = new Map<string, SignalFacts>()
    for (const facts of this.#readable(actor, body.signals ?? [])) signals.set(facts.id, facts)
    for (const facts of body.under === undefined ? [] : this.#options.signals.under(body.under)) {
      if (may(actor, 'signal:read', place(facts))) signals.set(facts.id, facts)
      if (signals.size > MOST_LATEST) {
        throw historyErrors.tooManyRows({ rows: signals.size, limit: MOST_LATEST, path: 'under' })
      }
    }
    const now = this.#options.clock.now()
    return { items: [...signals.values()].map((facts) => this.#latestOf(facts, now)) }
  }

  async readings(actor: Actor, body: Body<'queryReadings'>, signal: AbortSignal): Promise<Reply<'queryReadings'>> {
    const [facts] = this.#readable(actor, [body.signal])
    return queryReadings(this.#options.engine, facts!, checked(body), body.limit ?? 1000, body.cursor, { signal })
  }

  async waveforms(actor: Actor, body: Body<'queryWaveforms'>, signal: AbortSignal): Promise<Reply<'queryWaveforms'>> {
    const [facts] = this.#readable(actor, [body.signal])
    this.#only(facts!, ['waveform'], 'waveforms')
    return { items: await queryWaveforms(this.#options.engine, facts!, checked(body), body.limit ?? 1, { signal }) }
  }

  async table(actor: Actor, body: Body<'queryTable'>, signal: AbortSignal): Promise<Reply<'queryTable'>> {
    const signals = this.#numeric(this.#readable(actor, body.signals), 'a table')
    const query = { ...checked(body), step: body.step, aggregate: body.aggregate ?? 'mean', fill: body.fill ?? 'none' }
    const { time, columns } = await queryTable(this.#options.engine, this.#options.dirty, signals, query, { signal })
    return { time, columns: signals.map(({ id, name }, i) => ({ signal: id, name, value: columns[i]! })) }
  }

  async export(actor: Actor, body: Body<'exportReadings'>, signal: AbortSignal): Promise<FileExport> {
    const signals = this.#readable(actor, body.signals)
    const query: ExportQuery = { ...body, ...checked(body), layout: body.layout ?? 'long', signals }
    return exportFile(this.#options.engine, query, signal)
  }

  async write(actor: Actor, body: ReadingsBody): Promise<Reply<'writeReadings'>> {
    const { signals, sink, clock } = this.#options
    const id = body.signal
    const facts = signals.byId(id)
    if (facts === undefined) throw historyErrors.signalUnknown({ id, path: 'signal' })
    authorizeSeen(actor, 'reading:write', 'signal:read', place(facts), () =>
      historyErrors.signalUnknown({ id, path: 'signal' }),
    )
    return { written: await writeReadings(sink, facts, body, clock) }
  }

  async health(actor: Actor): Promise<Reply<'getDataHealth'>> {
    const { signals, committer } = this.#options
    const own = actor.platform
      ? undefined
      : [...signals.ofTenant(actor.tenant)].filter((facts) => may(actor, 'signal:read', place(facts)))
    const ingest = committer.state()
    const pointsPerSecond = actor.platform ? ingest.pointsPerSecond : committer.rateOf(actor.tenant)
    return dataHealth({ ...this.#options, ingest, pointsPerSecond }, own)
  }

  #latestOf(facts: SignalFacts, now: number): Latest {
    const { latest } = this.#options
    const found = latest.get(facts.key)
    const none = { signal: facts.id, kind: facts.kind, value: null, time: null, quality: 0x80000000, stale: true }
    if (found === undefined) return none
    const { time, quality, value, wide } = found
    const number = quality >>> 30 === 2 || !Number.isFinite(value) ? null : value
    const shown = facts.kind === 'number' || facts.kind === 'boolean' ? number : wideShown(wide)
    return { signal: facts.id, kind: facts.kind, value: shown, time, quality, stale: isStale(latest, facts, now) }
  }

  /** The signals by id, in that order; 404 for the first that the actor may not read. */
  #readable(actor: Actor, ids: readonly string[]): SignalFacts[] {
    return ids.map((id, i) => {
      const facts = this.#options.signals.byId(id)
      if (facts === undefined || !may(actor, 'signal:read', place(facts))) {
        throw historyErrors.signalUnknown({ id, path: `signals/${i}` })
      }
      return facts
    })
  }

  #numeric(signals: SignalFacts[], asked: string): SignalFacts[] {
    for (const facts of signals) this.#only(facts, ['number', 'boolean'], asked)
    return signals
  }

  #only(facts: SignalFacts, kinds: readonly string[], asked: string): void {
    if (!kinds.includes(facts.kind)) {
      throw historyErrors.kindDiffers({ name: facts.name, kind: facts.kind, asked, path: 'signals' })
    }
  }
}

const place = (facts: SignalFacts) => ({ tenant: facts.tenant, path: facts.path, signal: facts.name })

/** Times far from any reading only cost the engine: cut to what can be stored. */
const LAST = Date.UTC(2200, 0, 1) * 1000

function checked({ from, to }: Span): Span {
  if (to <= from) throw historyErrors.rangeEmpty({ from, to, path: 'to' })
  return { from: Math.min(from, LAST), to: Math.min(to, LAST + MINUTE) }
}
