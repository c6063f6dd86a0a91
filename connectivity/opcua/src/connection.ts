import type { ConnectionCommand, ConnectionPorts, RunningConnection } from '@millwright/connectivity'
import { type Log, type Micros, MillwrightError, SECOND, type Timer } from '@millwright/foundation'
import { type CallParams, callMethod } from './commands/call.ts'
import { writePoint } from './commands/write.ts'
import type { Settings } from './config.ts'
import { opcuaErrors } from './errors.ts'
import { loadLibrary } from './library.ts'
import { readCheckpoint, writeCheckpoint } from './link/checkpoint.ts'
import { Counters } from './link/counters.ts'
import { Link } from './link/link.ts'
import { connect, end, type Leftover, type LiveSession } from './link/session.ts'
import { Subscriber } from './link/subscriber.ts'
import { applicationIdentity } from './security/application.ts'
import { ServiceFailure } from './session/exchange.ts'
import { type Dial, drop, Untrusted } from './session/open.ts'
import { pause } from './session/within.ts'
import { type Trouble, troubleOf } from './session/words.ts'

const FIRST_WAIT = 500
const LONGEST_WAIT = 30_000
const CHECKPOINT = 10 * SECOND
/** What was accepted last may not be durable when the power goes: so much is read again. */
const OVERLAP = 30 * SECOND

/** A connection to one server: connects, subscribes, and does it again when it is lost. */
export class OpcuaConnection implements RunningConnection {
  readonly #settings: Settings
  readonly #ports: ConnectionPorts
  readonly #log: Log
  readonly #counters = new Counters()
  readonly #stopping = new AbortController()
  #run: Promise<void> | undefined
  #live: LiveSession | undefined
  #link: Link | undefined
  #subscriber: Subscriber | undefined
  #leftover: Leftover | undefined
  #checkpoint: Timer | undefined
  /** Until when all readings came before this process started. */
  #until: Micros | undefined
  /** Until when the readings of each point came before the present link. */
  #newest: ReadonlyMap<string, Micros> = new Map()
  #reason = 'it is not started'

  constructor(settings: Settings, ports: ConnectionPorts) {
    this.#settings = settings
    this.#ports = ports
    this.#log = ports.log
  }

  get counters(): Readonly<Record<string, number>> {
    const { badTimes, tooLarge, ...rest } = this.#counters
    return { ...rest, bad_times: badTimes, too_large: tooLarge }
  }

  async start(): Promise<void> {
    if (this.#ports.purpose === 'run') this.#until = await readCheckpoint(this.#ports.directory)
    this.#run = this.#work()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#checkpoint?.cancel()
    await this.#run
  }

  async command({ name, params }: ConnectionCommand): Promise<unknown> {
    const given = (typeof params === 'object' && params !== null ? params : {}) as Record<string, unknown>
    const live = this.#live
    if (name !== 'write' && name !== 'call') throw opcuaErrors.commandUnknown({ name })
    if (live === undefined) throw opcuaErrors.notConnected({ reason: this.#reason })
    try {
      return name === 'write' ? await this.#write(live, given) : await this.#call(live, given)
    } catch (error) {
      if (error instanceof MillwrightError) throw error
      if (error instanceof ServiceFailure) throw opcuaErrors.refusedByServer({ status: error.status, hint: '' })
      throw opcuaErrors.unreachable({ reason: troubleOf(error, this.#settings.endpoint).reason, cause: error })
    }
  }

  #write(live: LiveSession, params: Record<string, unknown>): Promise<unknown> {
    const { metric, value } = params
    if (typeof metric !== 'string' || value === undefined || value === null) {
      throw opcuaErrors.commandParams({ name: 'write', expected: '{"metric": "…", "value": …}', path: '/params' })
    }
    for (const { point } of this.#subscriber?.all() ?? []) {
      if (point.meaning.metric !== metric) continue
      this.#counters.writes++
      return writePoint(live.services, point, value)
    }
    throw opcuaErrors.metricUnknown({ metric, path: '/params/metric' })
  }

  #call(live: LiveSession, params: Record<string, unknown>): Promise<unknown> {
    const { object, method, args = [] } = params
    if (typeof object !== 'string' || typeof method !== 'string' || !Array.isArray(args)) {
      const expected = '{"object": "…", "method": "…", "args": […]}'
      throw opcuaErrors.commandParams({ name: 'call', expected, path: '/params' })
    }
    this.#counters.calls++
    const call: CallParams = { object, method, args }
    return callMethod(live.services, call)
  }

  /** Connects until it is stopped. */
  async #work(): Promise<void> {
    const { clock, random } = this.#ports
    let wait = FIRST_WAIT
    while (!this.#stopping.signal.aborted) {
      const trouble = await this.#once(() => {
        wait = FIRST_WAIT
      })
      if (trouble === undefined || this.#stopping.signal.aborted) break
      this.#reason = trouble.reason
      this.#ports.status[trouble.state](trouble.reason)
      // Where a person must act first, asking often only fills the server's log, or locks a user out.
      if (trouble.state === 'failed') wait = LONGEST_WAIT
      await pause(clock, wait * (0.75 + random() / 2), this.#stopping.signal)
      wait = Math.min(wait * 2, LONGEST_WAIT)
    }
  }

  /** One connection, from dialling to its end. @returns why it ended; undefined: it was stopped */
  async #once(worked: () => void): Promise<Trouble | undefined> {
    const { clock, log, identity } = this.#ports
    let live: LiveSession | undefined
    let link: Link | undefined
    let dial: Dial | undefined
    const stop = () => link?.close()
    try {
      const library = await loadLibrary(log)
      const application = await applicationIdentity(library, identity, clock.now())
      dial = { library, settings: this.#settings, application, clock }
      live = await this.#orStopped(connect(dial, this.#leftover, log), dial)
      this.#ports.status.certificates([])
      this.#counters.connects++
      link = await this.#linkTo(dial, live)
      this.#link = link
      this.#stopping.signal.addEventListener('abort', stop)
      if (this.#stopping.signal.aborted) link.close()
      else await this.#orLost(link)
      this.#live = live
      this.#reason = ''
      worked()
      this.#keepCheckpoint()
      const lost = await link.lost
      return lost === undefined ? undefined : troubleOf(lost, this.#settings.endpoint)
    } catch (error) {
      if (error instanceof Untrusted) {
        this.#ports.status.certificates(error.certificate === undefined ? [] : [error.certificate])
      }
      log.debug({ err: error }, 'the OPC UA connection failed')
      return troubleOf(error, this.#settings.endpoint)
    } finally {
      this.#stopping.signal.removeEventListener('abort', stop)
      link?.close()
      await this.#leave(live, dial)
    }
  }

  async #linkTo(dial: Dial, live: LiveSession): Promise<Link> {
    const { log } = this.#ports
    const subscriber = await this.#subscriptions(dial, live)
    return new Link({
      dial,
      live,
      ports: this.#ports,
      subscriber,
      counters: this.#counters,
      source: this.#settings.endpoint,
      log,
      since: (key) => this.#newest.get(key) ?? this.#until,
    })
  }

  /** The subscriptions from before where the server still has them, else none yet. */
  async #subscriptions(dial: Dial, live: LiveSession): Promise<Subscriber> {
    const { library, settings } = dial
    const before = this.#subscriber
    const same = this.#leftover !== undefined && this.#leftover.started === live.started
    if (before !== undefined && same) {
      if (live.resumed) this.#counters.sessions_resumed++
      else await before.transfer(live.services)
      const now = this.#ports.clock.steady()
      for (const subscription of before.subscriptions.values()) subscription.heard = now
      return before
    }
    const subscriber = new Subscriber({
      library,
      settings,
      counters: this.#counters,
      log: this.#log,
      steady: () => this.#ports.clock.steady(),
    })
    this.#subscriber = subscriber
    return subscriber
  }

  async #orLost(link: Link): Promise<void> {
    const lost = link.lost.then((error) => {
      if (error !== undefined) throw error
    })
    await Promise.race([link.open(), lost])
  }

  /** Being stopped does not wait for a server that does not answer; what comes of it is ended. */
  #orStopped(connecting: Promise<LiveSession>, dial: Dial): Promise<LiveSession> {
    const { signal } = this.#stopping
    return new Promise((resolve, reject) => {
      const stopped = () => {
        reject(new Error('the connection was stopped'))
        connecting.then(
          (live) => end(live, dial),
          () => {
            // There is nothing to end.
          },
        )
      }
      if (signal.aborted) return stopped()
      signal.addEventListener('abort', stopped)
      connecting.finally(() => signal.removeEventListener('abort', stopped)).then(resolve, reject)
    })
  }

  /** Keeps what the next connection can go on with, or ends it all. */
  async #leave(live: LiveSession | undefined, dial: Dial | undefined): Promise<void> {
    this.#checkpoint?.cancel()
    if (live === undefined || dial === undefined) return
    await this.#saveCheckpoint()
    this.#live = undefined
    const newest = new Map([...this.#newest, ...(this.#subscriber?.past ?? [])])
    for (const { point, newest: time } of this.#subscriber?.all() ?? []) if (time > 0) newest.set(point.key, time)
    this.#newest = newest
    if (this.#stopping.signal.aborted) return end(live, dial)
    this.#leftover = { session: live.session, started: live.started }
    await drop(live.client, dial.clock)
  }

  #keepCheckpoint(): void {
    if (this.#ports.purpose !== 'run') return
    this.#checkpoint = this.#ports.clock.after(CHECKPOINT, () => {
      this.#saveCheckpoint().then(
        () => this.#keepCheckpoint(),
        (error: unknown) => this.#log.warn({ err: error }, 'the checkpoint cannot be written'),
      )
    })
  }

  async #saveCheckpoint(): Promise<void> {
    const { purpose, readings, directory, clock } = this.#ports
    if (purpose !== 'run' || readings.saturated || this.#live === undefined) return
    // What storage did not take yet is before it.
    if ((this.#link?.behind ?? 0) > OVERLAP / 2) return
    await writeCheckpoint(directory, clock.now() - OVERLAP)
  }
}
