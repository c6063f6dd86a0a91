import type { ConnectionPorts } from '@millwright/connectivity'
import { type Log, MILLISECOND, type Micros, SECOND, type Timer } from '@millwright/foundation'
import { warningOf } from '../security/trust-list.ts'
import { ServiceFailure } from '../session/exchange.ts'
import type { Dial } from '../session/open.ts'
import { TimedOut } from '../session/within.ts'
import { findPoints, type Points } from '../space/points.ts'
import type { Counters } from './counters.ts'
import { fillGaps, type Missed } from './history.ts'
import { Publisher } from './publisher.ts'
import { type LiveSession, structuresOf } from './session.ts'
import type { Subscriber, Subscription } from './subscriber.ts'

export interface LinkOptions {
  readonly dial: Dial
  readonly live: LiveSession
  readonly ports: ConnectionPorts
  readonly subscriber: Subscriber
  readonly counters: Counters
  readonly source: string
  readonly log: Log
  /** Until when the readings of a point came before, by its key; undefined: there is no gap to fill. */
  readonly since: (key: string) => Micros | undefined
}

/** What goes on while history is read; longer, and it comes beside the live values. */
const HISTORY_FIRST = 3 * SECOND
/** Changes of the address space come in bursts. */
const SETTLE = 300 * MILLISECOND

/** One session at work: keeps subscriptions as the configuration means them, until it is lost or closed. */
export class Link {
  readonly #o: LinkOptions
  readonly #publisher: Publisher
  readonly #resolve: ReturnType<typeof structuresOf>
  readonly #lost = Promise.withResolvers<Error | undefined>()
  readonly #closed = new AbortController()
  readonly #timers = new Set<Timer>()
  /** One search for points at a time. */
  #searching: Promise<void> | undefined
  #searchAgain = false
  #problems: readonly string[] = []
  #warned: string | undefined

  constructor(options: LinkOptions) {
    this.#o = options
    this.#resolve = structuresOf(options.live, options.dial, options.log)
    const { dial, live, ports, subscriber, counters, source, log } = options
    this.#publisher = new Publisher({
      library: dial.library,
      exchange: live.exchange,
      subscriber,
      readings: ports.readings,
      source,
      clock: ports.clock,
      counters,
      log,
      resolve: this.#resolve,
      lost: (error) => this.#lost.resolve(error),
      gap: (subscription) => this.#fillOf(subscription),
      modelChanged: () => this.#searchSoon(),
    })
  }

  /** Why it ended; undefined: it was closed. */
  get lost(): Promise<Error | undefined> {
    return this.#lost.promise
  }

  /** Since when something waits to be durable, µs. */
  get behind(): Micros {
    return this.#publisher.behind
  }

  /** Resolves when values come. Rejects when the server is lost on the way. */
  async open(): Promise<void> {
    const { live, subscriber, dial } = this.#o
    live.client.once('close', () => this.#lost.resolve(new Error('the connection was closed')))
    live.client.once('connection_lost', () => this.#lost.resolve(new Error('the connection was closed')))
    // Before anything is fetched: what the server kept may be newer than what its queues dropped.
    const before = new Map([...subscriber.all()].map(({ point, newest }) => [point.key, newest]))
    for (const subscription of [...subscriber.subscriptions.values()]) await this.#publisher.catchUp(subscription)
    await this.#search()
    if (dial.settings.rules.length > 0) await this.#watchModel()
    // Also of items that went on: their queues at the server may have run over.
    const missed = [...subscriber.all()].map(({ point, newest }) => ({ point, since: before.get(point.key) ?? newest }))
    await this.#atMost(HISTORY_FIRST, this.#fill(missed))
    // Nothing was asked of them until now, however long it took to fill them.
    for (const subscription of subscriber.subscriptions.values()) subscription.heard = this.#o.ports.clock.steady()
    this.#publisher.start()
    this.#say()
    this.#watch()
  }

  close(): void {
    this.#closed.abort()
    this.#publisher.stop()
    for (const timer of this.#timers) timer.cancel()
    this.#timers.clear()
    this.#lost.resolve(undefined)
  }

  /** Brings the items to what is configured and there. */
  async #search(): Promise<void> {
    const { live, dial, subscriber, since } = this.#o
    const { points, missing } = await findPoints(live.services, dial.settings)
    const wanted = new Map(points.map((point) => [point.key, point]))
    const changed = [...subscriber.all()].filter(({ point }) => !sameItem(point, wanted.get(point.key)))
    await subscriber.remove(
      live.services,
      changed.map(({ point }) => point.key),
    )
    const fresh = points.filter(({ key }) => subscriber.item(key) === undefined)
    const refused = fresh.length === 0 ? [] : await subscriber.add(live.services, fresh, since)
    this.#problems = [...missing, ...refused]
  }

  #searchSoon(): void {
    this.#after(SETTLE, () => this.#searchNow())
  }

  #searchNow(): void {
    if (this.#searching !== undefined) {
      this.#searchAgain = true
      return
    }
    this.#o.counters.rescans++
    this.#searching = this.#search()
      .then(() => this.#say())
      .catch((error: unknown) => this.#lost.resolve(error as Error))
      .finally(() => {
        this.#searching = undefined
        if (!this.#searchAgain || this.#closed.signal.aborted) return
        this.#searchAgain = false
        this.#searchSoon()
      })
  }

  async #watchModel(): Promise<void> {
    try {
      await this.#o.subscriber.watchModel(this.#o.live.services)
    } catch (error) {
      if (!(error instanceof ServiceFailure)) throw error
      this.#o.log.info({ status: error.status }, 'the server does not tell when its address space changes')
    }
  }

  #fillOf(subscription: Subscription): void {
    const missed = [...this.#o.subscriber.all()]
      .filter((item) => item.subscription === subscription && item.newest > 0)
      .map(({ point, newest }) => ({ point, since: newest }))
    // What came last may be newer than what is missing: a little before it is read again.
    const back = subscription.silence * 1000
    void this.#fill(missed.map(({ point, since }) => ({ point, since: since - back })))
  }

  async #fill(missed: readonly Missed[]): Promise<void> {
    const { live, dial, ports, counters, source, log } = this.#o
    if (ports.purpose === 'preview') return
    try {
      await fillGaps(missed, {
        services: live.services,
        settings: dial.settings,
        readings: ports.readings,
        source,
        clock: ports.clock,
        counters,
        log,
        signal: this.#closed.signal,
        resolve: this.#resolve,
      })
    } catch (error) {
      if (error instanceof TimedOut) log.info({ reason: error.message }, 'the server’s history took too long')
      else this.#lost.resolve(error as Error)
    }
  }

  #atMost(delay: Micros, work: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#o.ports.clock.after(delay, resolve)
      const done = () => {
        timer.cancel()
        resolve()
      }
      work.then(done, done)
    })
  }

  /** Asks whether the server is there, listens for subscriptions that fell silent, and looks at the rules again. */
  #watch(): void {
    const { dial, ports, subscriber } = this.#o
    const check = async () => {
      try {
        await this.#ask()
        const now = ports.clock.steady()
        const waiting = ports.readings.saturated
        for (const subscription of subscriber.subscriptions.values()) {
          if (waiting) subscription.heard = now
          const silent = (now - subscription.heard) / 1000
          if (silent > subscription.silence + dial.settings.timeout) {
            // It is not to be taken up again.
            subscriber.forget(subscription.id)
            throw new TimedOut('a subscription’s sign of life', Math.round(silent))
          }
        }
        if (this.#warning() !== this.#warned) this.#say()
        this.#after(dial.settings.timeout * 1000, () => void check())
      } catch (error) {
        this.#lost.resolve(error as Error)
      }
    }
    this.#after(dial.settings.timeout * 1000, () => void check())
    const rescan = () => {
      // Without rules only what was missing may have come meanwhile.
      if (dial.settings.rules.length > 0 || this.#problems.length > 0) this.#searchNow()
      this.#after(dial.settings.rebrowse * SECOND, rescan)
    }
    this.#after(dial.settings.rebrowse * SECOND, rescan)
  }

  /** Asks for the server's state; one that is only slow, and publishes meanwhile, is there all the same. */
  async #ask(): Promise<void> {
    const { live, ports, subscriber } = this.#o
    const asked = ports.clock.steady()
    try {
      // Server_ServerStatus_State
      await live.services.readValues(['i=2259'])
    } catch (error) {
      const heard = [...subscriber.subscriptions.values()].some((subscription) => subscription.heard > asked)
      if (!(error instanceof TimedOut) || !heard) throw error
    }
  }

  #after(delay: Micros, work: () => void): void {
    if (this.#closed.signal.aborted) return
    const timer = this.#o.ports.clock.after(delay, () => {
      this.#timers.delete(timer)
      work()
    })
    this.#timers.add(timer)
  }

  /** Of the server's certificate, which may run out while it is in use. */
  #warning(): string | undefined {
    const { live, ports } = this.#o
    return live.certificate === undefined ? undefined : warningOf(live.certificate, ports.clock.now())
  }

  #say(): void {
    if (this.#closed.signal.aborted) return
    const { ports, subscriber } = this.#o
    const warning = this.#warning()
    this.#warned = warning
    const problems = [...(warning === undefined ? [] : [warning]), ...this.#problems]
    if (subscriber.count === 0) {
      ports.status.degraded(problems.length === 0 ? 'No node is chosen, or the rules find none.' : sentence(problems))
    } else if (problems.length > 0) {
      ports.status.degraded(sentence(problems))
    } else {
      ports.status.running()
    }
  }
}

/** The first three, and how many more. */
function sentence(problems: readonly string[]): string {
  const shown = problems.slice(0, 3).join('; ')
  return problems.length > 3 ? `${shown}; and ${problems.length - 3} more` : shown
}

/** True when an item need not be made anew. */
function sameItem(one: Points['points'][number], other: Points['points'][number] | undefined): boolean {
  return (
    other !== undefined &&
    one.meaning.metric === other.meaning.metric &&
    one.ref.namespace === other.ref.namespace &&
    one.description.dataType.builtIn === other.description.dataType.builtIn &&
    one.meaning.unit === other.meaning.unit &&
    one.samplingInterval === other.samplingInterval
  )
}
