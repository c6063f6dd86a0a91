import type { FedReading, FedSignal, ReadingBatch, SignalFeed, SignalKey } from '@millwright/connectivity'
import { type Bus, type Clock, type Log, MILLISECOND, type Subscription, type Timer } from '@millwright/foundation'
import type { LatestReading } from '../historian/latest/memory.ts'
import type { HistorianSignals } from '../historian/ports.ts'
import type { CommitListener } from '../ports.ts'
import type { SignalFacts } from '../signals/catalogue.ts'

export interface FeedOptions {
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  readonly signals: HistorianSignals
  readonly historian: {
    onCommit(listener: CommitListener): () => void
    latest(key: SignalKey): LatestReading | undefined
  }
  /** Names from the root to a node. */
  readonly names: (node: string) => readonly string[]
}

/** How often those that send signals on are told what is newest. What comes faster is left out: they get the newest. */
const EVERY = 250 * MILLISECOND
/** Signals and assets change by the hundred: the set is put together anew once they have settled. */
const SETTLED = 1_000 * MILLISECOND
const CHANGES = [
  'millwright.signal.created',
  'millwright.signal.changed',
  'millwright.asset.changed',
  'millwright.asset.removed',
]

/** One who listens: to the signals of a tenant, or those at and below a node. */
interface Follower {
  readonly tenant: string
  readonly node: string | null
  /** Keys that are followed; put together anew when signals change. */
  keys: Set<SignalKey>
  readonly listener: (readings: readonly FedReading[]) => void
}

/** The platform's signals for connections that send them on: read from memory after commits, at a bounded rate. */
export class SignalFeeds {
  readonly #options: FeedOptions
  readonly #followers = new Set<Follower>()
  readonly #changed = new Set<() => void>()
  /** Keys with a reading since the last hand-over. */
  readonly #touched = new Set<SignalKey>()
  /** By key: 1 when somebody follows it. Most readings have no follower, and must cost nothing here. */
  #followed = new Uint8Array(1024)
  #commits: (() => void) | undefined
  #events: Subscription[] = []
  #handOver: Timer | undefined
  #regroup: Timer | undefined

  constructor(options: FeedOptions) {
    this.#options = options
  }

  start(): void {
    const { bus, clock } = this.#options
    const changed = () => {
      this.#regroup ??= clock.after(SETTLED, () => {
        this.#regroup = undefined
        this.#gather()
        for (const listener of [...this.#changed]) this.#tell(listener)
      })
    }
    this.#events = CHANGES.map((type) => bus.subscribe(type, changed))
  }

  stop(): void {
    this.#commits?.()
    for (const subscription of this.#events) subscription.cancel()
    this.#handOver?.cancel()
    this.#regroup?.cancel()
  }

  /** @param node those at and below it; null: all of the tenant */
  of(tenant: string, node: string | null): SignalFeed {
    return {
      signals: async () => [...this.#facts(tenant, node)].map((facts) => this.#fed(facts)),
      readings: (listener) => this.#follow({ tenant, node, keys: new Set(), listener }),
      changed: (listener) => {
        const own = () => listener()
        this.#changed.add(own)
        return { cancel: () => this.#changed.delete(own) }
      },
    }
  }

  *#facts(tenant: string, node: string | null): Generator<SignalFacts> {
    const { signals } = this.#options
    for (const facts of node === null ? signals.ofTenant(tenant) : signals.under(node)) {
      if (facts.tenant === tenant) yield facts
    }
  }

  #fed(facts: SignalFacts): FedSignal {
    const { id, name, kind, unit, equipment } = facts
    return {
      id,
      name,
      kind,
      unit: unit === '1' ? undefined : unit,
      path: equipment === null ? [] : this.#options.names(equipment),
      latest: this.#reading(facts),
    }
  }

  #reading(facts: SignalFacts): FedReading | undefined {
    const latest = this.#options.historian.latest(facts.key)
    if (latest === undefined) return undefined
    const value = readingValue(facts, latest)
    return value === undefined ? undefined : { signal: facts.id, time: latest.time, value, quality: latest.quality }
  }

  #follow(follower: Follower): Subscription {
    this.#followers.add(follower)
    this.#gather()
    this.#commits ??= this.#options.historian.onCommit((batch) => this.#take(batch))
    return {
      cancel: () => {
        this.#followers.delete(follower)
        this.#gather()
        if (this.#followers.size > 0) return
        this.#commits?.()
        this.#commits = undefined
      },
    }
  }

  #gather(): void {
    this.#followed.fill(0)
    for (const follower of this.#followers) {
      follower.keys = new Set()
      for (const { key } of this.#facts(follower.tenant, follower.node)) {
        follower.keys.add(key)
        this.#reach(key)
        this.#followed[key] = 1
      }
    }
  }

  /** On the ingest path: notes which signals have something new. */
  #take(batch: ReadingBatch): void {
    const { signal, length } = batch
    const followed = this.#followed
    for (let row = 0; row < length; row++) {
      const key = signal[row]!
      if (followed[key] === 1) this.#touched.add(key)
    }
    for (const { signal: key } of batch.wide) if (followed[key] === 1) this.#touched.add(key)
    if (this.#touched.size > 0) this.#handOver ??= this.#options.clock.after(EVERY, () => this.#hand())
  }

  #hand(): void {
    this.#handOver = undefined
    const readings = new Map<SignalKey, FedReading>()
    for (const key of this.#touched) {
      const facts = this.#options.signals.byKey(key)
      const reading = facts === undefined ? undefined : this.#reading(facts)
      if (reading !== undefined) readings.set(key, reading)
    }
    this.#touched.clear()
    for (const { keys, listener } of [...this.#followers]) {
      const theirs: FedReading[] = []
      for (const [key, reading] of readings) if (keys.has(key)) theirs.push(reading)
      if (theirs.length > 0) this.#tell(() => listener(theirs))
    }
  }

  /** One listener's fault is not the others'. */
  #tell(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#options.log.error({ err: error }, 'a connection did not take the signals it sends on')
    }
  }

  #reach(key: SignalKey): void {
    if (key < this.#followed.length) return
    const wider = new Uint8Array(Math.max(this.#followed.length * 2, key + 1))
    wider.set(this.#followed)
    this.#followed = wider
  }
}

/** null: no value; undefined: not one that is kept in memory (waveforms). */
function readingValue({ kind }: SignalFacts, { value, wide }: LatestReading): unknown {
  if (kind === 'waveform') return undefined
  if (kind === 'number') return Number.isNaN(value) ? null : value
  if (kind === 'boolean') return Number.isNaN(value) ? null : value === 1
  if (wide?.kind === 'state' || wide?.kind === 'document') return wide.value
  if (wide?.kind !== 'position') return null
  const { latitude, longitude, altitude } = wide
  return { latitude, longitude, ...(altitude === undefined ? {} : { altitude }) }
}
