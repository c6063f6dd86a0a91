import type { SignalFacts } from '@millwright/data'
import { type Clock, HOUR, type Log, type Micros, SECOND, type Timer } from '@millwright/foundation'
import type { CommandFact, Output, Plan, Scores, ServiceKind, Settings } from '../kinds/kind.ts'
import { pushScores } from '../outputs/writer.ts'
import type { Platform } from '../ports.ts'
import { Feed } from './feed.ts'
import { pastArrivals } from './past.ts'
import type { FromScorer, SlotScores, ToScorer } from './protocol.ts'
import { ScoringThread } from './thread.ts'

/** How often new readings are handed to the scoring thread. Each round of results is an insert, which is most of what scoring costs. */
const TICK: Micros = 500_000
/** Batches that may be under way; what comes meanwhile waits. */
const MOST_UNDER_WAY = 2
/** And as many more when somebody waits for what follows. */
const URGENT_UNDER_WAY = 4
/** One batch of one service may take this long. */
const SCORING_LIMIT: Micros = 10 * SECOND

/** Senders' clocks may run ahead by this much, and what they sent counts all the same. */
const AHEAD: Micros = HOUR

/** A service that is to score. */
export interface LiveService {
  readonly id: string
  readonly tenant: string
  readonly equipment: string
  readonly number: number
  readonly kind: ServiceKind
  readonly settings: Settings
  readonly plan: Plan
  readonly model: Uint8Array
  readonly outputs: readonly Output[]
  /** In the order of the outputs. */
  readonly signals: readonly (SignalFacts | undefined)[]
  /** In the order of the plan's inputs. */
  readonly facts: readonly (SignalFacts | undefined)[]
}

export interface LiveScoringOptions {
  readonly historian: Platform['historian']
  readonly clock: Clock
  readonly log: Log
  readonly found: (service: LiveService, episodes: Scores['episodes']) => void
  /** Somebody is to do something now. */
  readonly act: (service: LiveService, commands: readonly CommandFact[]) => void
  /** It failed and does not score any more. */
  readonly failed: (service: LiveService, reason: string) => void
  /** Its past is over and it scores what comes; `openEpisode`: something goes on. */
  readonly begun: (service: LiveService, openEpisode: boolean) => void
  /** Longest time for one batch of one service, µs. */
  readonly scoringLimit?: Micros | undefined
}

interface Held {
  readonly slot: number
  readonly service: LiveService
  lastScoredAt: Micros | null
  live: boolean
}

/**
 * Scores what comes, for all services, in one thread. A service that throws, hangs or fills the memory is out with its reason; the
 * thread is begun anew for the others, and each takes up where its stored results end, so that nothing is missing.
 */
export class LiveScoring {
  readonly #options: LiveScoringOptions
  readonly #feed = new Feed()
  readonly #held = new Map<string, Held>()
  #bySlot = new Map<number, Held>()
  #thread: ScoringThread | undefined
  /** Who waits for the thread's answers, in order. */
  #asked: ((answer: FromScorer | undefined) => void)[] = []
  #underWay = 0
  #slots = 0
  #timer: Timer | undefined
  #stopListening: (() => void) | undefined
  /** Services warm up one after the other. */
  #warming: Promise<void> = Promise.resolve()
  #writing: Promise<void> = Promise.resolve()
  #stopped = new AbortController()

  constructor(options: LiveScoringOptions) {
    this.#options = options
  }

  start(): void {
    this.#stopListening = this.#options.historian.onCommit((batch) => {
      if (this.#feed.take(batch)) this.#hand(MOST_UNDER_WAY + URGENT_UNDER_WAY)
    })
    this.#tick()
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    this.#timer?.cancel()
    this.#stopListening?.()
    await this.#thread?.close()
    this.#thread = undefined
    for (const answer of this.#asked.splice(0)) answer(undefined)
    await this.#warming
    await this.#writing
  }

  /** Takes a service up, or up anew. Returns at once: it warms up first. */
  set(service: LiveService): void {
    this.remove(service.id)
    const held = { slot: this.#slots++, service, lastScoredAt: this.#newestOf(service.signals), live: false }
    this.#held.set(service.id, held)
    this.#bySlot.set(held.slot, held)
    this.#wanted()
    this.#warm(held)
  }

  remove(id: string): void {
    const held = this.#held.get(id)
    if (held === undefined) return
    this.#drop(held)
    this.#thread?.send({ type: 'remove', slot: held.slot })
  }

  removeOf(which: (service: LiveService) => boolean): void {
    for (const { service } of [...this.#held.values()]) if (which(service)) this.remove(service.id)
  }

  lastScoredAt(id: string): Micros | null {
    return this.#held.get(id)?.lastScoredAt ?? null
  }

  /** Why a service does not score though it should, in words. */
  trouble(id: string): string | null {
    const held = this.#held.get(id)
    if (held === undefined) return null
    const gone = held.service.facts.flatMap((facts, i) =>
      facts === undefined ? [held.service.plan.inputs[i]!.name] : [],
    )
    if (gone.length > 0) return `It misses signals that are gone: ${gone.slice(0, 5).join(', ')}.`
    if (!held.live) return 'It reads the last of its history before it scores.'
    if (this.#feed.leftOut > 0)
      return `The machine it runs on is too busy: ${this.#feed.leftOut} readings were not scored.`
    return null
  }

  get figures() {
    return { services: this.#held.size, leftOut: this.#feed.leftOut }
  }

  /** Resolves when everything that was committed before is scored and written. */
  async settled(): Promise<void> {
    await this.#warming
    while (this.#thread !== undefined && (!this.#feed.empty || this.#underWay > 0)) {
      this.#hand()
      await new Promise((resolve) => setImmediate(resolve))
    }
    await this.#writing
  }

  #tick(): void {
    this.#timer = this.#options.clock.after(TICK, () => {
      this.#watch()
      this.#hand()
      this.#tick()
    })
  }

  #hand(most = MOST_UNDER_WAY): void {
    if (this.#thread === undefined || this.#underWay >= most) return
    const rows = this.#feed.drain(this.#options.clock.now())
    this.#underWay++
    const transfer = [rows.key, rows.time, rows.value].map(({ buffer }) => buffer as ArrayBuffer)
    void this.#ask({ type: 'rows', rows }, transfer).then((answer) => {
      if (answer?.type !== 'rows') {
        this.#underWay = 0
        return
      }
      // Before anything is stored: the line waits.
      for (const { slot, commands = [] } of answer.results) {
        const service = this.#bySlot.get(slot)?.service
        if (service !== undefined && commands.length > 0) this.#options.act(service, commands)
      }
      for (const { slot, reason } of answer.faults) this.#fault(slot, reason)
      this.#write(answer.results, () => {
        this.#underWay--
      })
    })
  }

  #watch(): void {
    const limit = this.#options.scoringLimit ?? SCORING_LIMIT
    const slot = this.#thread?.stuck(this.#options.clock.steady(), limit)
    if (slot === undefined) return
    const thread = this.#thread!
    this.#thread = undefined
    void thread.close()
    this.#anew(`Scoring one batch took longer than ${limit / SECOND} s.`, slot)
  }

  #open(): ScoringThread {
    this.#thread ??= new ScoringThread({
      answered: (answer) => this.#asked.shift()?.(answer),
      ended: (reason, slot) => {
        this.#thread = undefined
        this.#anew(reason, slot)
      },
    })
    return this.#thread
  }

  /** The thread is gone: out with the service that was at work, and all others begin anew. */
  #anew(reason: string, slot: number | undefined): void {
    this.#options.log.error(
      { reason, service: this.#bySlot.get(slot ?? -1)?.service.id },
      'the scoring thread is begun anew',
    )
    for (const answer of this.#asked.splice(0)) answer(undefined)
    this.#underWay = 0
    if (slot !== undefined) this.#fault(slot, reason)
    for (const { service } of [...this.#held.values()]) this.set(service)
  }

  #warm(held: Held): void {
    this.#warming = this.#warming.then(async () => {
      try {
        if (this.#bySlot.get(held.slot) === held && !this.#stopped.signal.aborted) await this.#begin(held)
      } catch (error) {
        if (!this.#stopped.signal.aborted)
          this.#fault(held.slot, error instanceof Error ? error.message : String(error))
      }
    })
  }

  /** Feeds a fresh scorer with the past; what was scored already stays as it is, what was missed is scored now. */
  async #begin(held: Held): Promise<void> {
    const { slot, service } = held
    const { historian, clock } = this.#options
    const { kind, settings, plan, model, facts } = service
    const keys = facts.map((each) => each?.key ?? null)
    if (!(await this.#told(held, { type: 'set', slot, kind: kind.id, settings, plan, keys, model }))) return
    const now = clock.now()
    // A machine may be behind, or have been off: its scorer warms up on the last that is known of it.
    const from = Math.min(now, this.#newestOf(service.facts) ?? now) - kind.warmUp(settings, plan)
    const silentUntil = kind.onlyLive === true ? now : Math.max(held.lastScoredAt ?? 0, from)
    const span = { from, to: now + AHEAD, now }
    for await (const arrivals of pastArrivals(historian, plan, facts, span, this.#stopped.signal)) {
      if (!(await this.#told(held, { type: 'past', slot, arrivals, silentUntil }))) return
    }
    const answer = await this.#told(held, { type: 'live', slot, silentUntil })
    if (!answer) return
    held.live = true
    this.#options.begun(service, answer.openEpisode)
  }

  /** @returns undefined when the slot is out */
  async #told(held: Held, message: ToScorer) {
    if (this.#bySlot.get(held.slot) !== held) return undefined
    const answer = await this.#ask(message)
    if (answer?.type === 'fault') this.#fault(answer.slot, answer.reason)
    if (answer === undefined || answer.type === 'fault' || answer.type === 'rows') return undefined
    await new Promise<void>((resolve) => this.#write([{ slot: held.slot, ...answer.scores }], resolve))
    return answer
  }

  #ask(message: ToScorer, transfer: readonly ArrayBuffer[] = []): Promise<FromScorer | undefined> {
    if (this.#stopped.signal.aborted) return Promise.resolve(undefined)
    const thread = this.#open()
    return new Promise((resolve) => {
      this.#asked.push(resolve)
      thread.send(message, transfer)
    })
  }

  #fault(slot: number, reason: string): void {
    const held = this.#bySlot.get(slot)
    if (held === undefined) return
    this.#drop(held)
    this.#options.failed(held.service, reason)
  }

  #drop(held: Held): void {
    this.#bySlot.delete(held.slot)
    this.#held.delete(held.service.id)
    this.#wanted()
  }

  #wanted(): void {
    const keys = new Set<number>()
    const urgent = new Set<number>()
    for (const { service } of this.#held.values()) {
      const { kind, settings, plan, facts } = service
      const hurried = kind.urgent?.(settings) ?? []
      facts.forEach((each, input) => {
        if (each === undefined) return
        keys.add(each.key)
        const { signal, name } = plan.inputs[input]!
        if (hurried.includes(signal) || hurried.includes(name)) urgent.add(each.key)
      })
    }
    this.#feed.want(keys, urgent)
  }

  #write(results: readonly SlotScores[], done: () => void): void {
    this.#writing = this.#writing.then(() => this.#store(results)).then(done)
  }

  /** As readings of ordinary signals; while they cannot be stored, scoring waits. */
  async #store(results: readonly SlotScores[]): Promise<void> {
    const { historian, log } = this.#options
    const { sink } = historian
    if (results.every(({ rows, episodes }) => rows.length + episodes.length === 0)) return
    for (;;) {
      try {
        while (sink.saturated) await sink.committed()
        for (const { slot, rows } of results) {
          const held = this.#bySlot.get(slot)
          if (held !== undefined) pushScores(sink, held.service.outputs, held.service.signals, rows)
        }
        await sink.committed()
        break
      } catch (error) {
        if (this.#stopped.signal.aborted) return
        log.warn({ err: error }, 'scores could not be stored; trying again')
        await new Promise<void>((resolve) => this.#options.clock.after(SECOND, resolve))
      }
    }
    for (const { slot, rows, episodes } of results) {
      const held = this.#bySlot.get(slot)
      if (held === undefined) continue
      for (const { time } of rows) held.lastScoredAt = Math.max(held.lastScoredAt ?? 0, time)
      if (episodes.length > 0) this.#options.found(held.service, episodes)
    }
  }

  /** Time of the newest reading of any of them. */
  #newestOf(signals: LiveService['facts']): Micros | null {
    const times = signals.flatMap((facts) => {
      const held = facts === undefined ? undefined : this.#options.historian.latest(facts.key)
      return held === undefined ? [] : [held.time]
    })
    return times.length === 0 ? null : Math.max(...times)
  }
}
