import { type Clock, type Log, MILLISECOND, type Micros, type MillwrightError, SECOND } from '@millwright/foundation'
import type { MetricRows } from '../codecs/rows.ts'
import type { Commands, CommandTransport } from '../commands/model.ts'
import type { DeadLetters } from '../dead-letters/model.ts'
import { connectivityErrors, isRefusal } from '../errors.ts'
import type { Intake } from '../intake/model.ts'
import { Line } from '../line.ts'
import type { DeviceSession } from '../sessions/model.ts'
import type { ReadingsPort } from './adapter.ts'

/** Whose readings these are. */
export interface LinkedConnection {
  readonly id: string
  readonly tenant: string
  readonly device: string
  readonly adapter: string
}

export interface LinkOptions {
  readonly intake: Intake
  readonly commands: Commands
  readonly deadLetters: DeadLetters
  readonly clock: Clock
  readonly log: Log
  /** A session of the connection's own device. */
  readonly open: () => Promise<DeviceSession>
  /** A session of the device behind it that it calls so, made when first met. */
  readonly openBehind: (own: DeviceSession, name: string) => Promise<DeviceSession>
  /** How commands reach a device: the connection's own (undefined) or one behind it. */
  readonly transport: (device: string | undefined) => CommandTransport
  /** Resolves when commands can be taken; default: at once. */
  readonly ready?: Promise<void>
}

/** Rows on their way at which the connection is asked to stop reading. */
const PLENTY = 100_000
/** Rows that wait for their device as copies at which no more are taken. */
const TOO_MANY = 2_000_000
/** A device that could not be opened is not asked for again at once. */
const REFUSED_FOR: Micros = 10 * SECOND
const LOOK_AGAIN: Micros = 20 * MILLISECOND
const OWN = ''

/**
 * From a connection to the platform's devices: the sessions of its own device and of those behind it, opened when they are
 * first heard of, and what they say. In order for each device: what comes while a device is looked up waits behind it.
 */
export class ConnectionLink implements ReadingsPort {
  readonly #connection: LinkedConnection
  readonly #options: LinkOptions
  readonly #sessions = new Map<string, DeviceSession>()
  readonly #refused = new Map<string, { until: Micros; error: unknown }>()
  /** Work that waits for a device to be looked up or made, and what came behind it; of each device by itself. */
  readonly #lines = new Map<string, Line>()
  readonly #opening = new Map<string, Promise<DeviceSession>>()
  #onTheirWay = 0
  #waiting = 0
  #closed = false

  constructor(connection: LinkedConnection, options: LinkOptions) {
    this.#connection = connection
    this.#options = options
  }

  accept(rows: MetricRows, source: string, device = OWN): Promise<void> {
    const from = `${this.#connection.adapter}:${source}`
    const count = rows.length
    const live = this.#live(device)
    const settled =
      live !== undefined && !this.#lines.has(device)
        ? this.#options.intake.acceptRows(live, rows, from)
        : this.#copied(rows, from, device)
    this.#onTheirWay += count
    const done = () => {
      this.#onTheirWay -= count
    }
    settled.then(done, done)
    return settled
  }

  async refuse(payload: Uint8Array, source: string, error: MillwrightError, device = OWN): Promise<void> {
    const { tenant, adapter, device: own } = this.#connection
    const { code, message: reason } = error
    const about = this.#live(device)?.device ?? own
    await this.#options.deadLetters.record({
      tenant,
      device: about,
      source: `${adapter}:${source}`,
      code,
      reason: device !== OWN && about === own ? `${device}: ${reason}` : reason,
      payload,
    })
  }

  online(device: string = OWN): void {
    if (this.#live(device) !== undefined || this.#closed) return
    this.#inTurn(device, async () => {
      await this.#session(device)
    }).catch((error: unknown) => {
      this.#options.log.warn({ err: error, connection: this.#connection.id, name: device }, 'a device was not opened')
    })
  }

  offline(device: string, reason: string): void {
    if (device === OWN) {
      this.down(reason)
      return
    }
    // Behind what is on its way, so that what was said before its end is taken.
    void this.#inTurn(device, async () => {
      this.#sessions.get(device)?.close(reason)
      this.#sessions.delete(device)
    })
  }

  /** The peer is gone, and with it all devices. */
  down(reason: string): void {
    // Behind what is on its way, of whatever device: nothing of it shall open them again.
    const others = [...this.#lines].filter(([device]) => device !== OWN).map(([, line]) => line.empty())
    void this.#inTurn(OWN, async () => {
      await Promise.all(others)
      this.#closeAll(reason)
    })
  }

  /** Nothing more comes. */
  close(reason: string): void {
    this.#closed = true
    this.#closeAll(reason)
  }

  get saturated(): boolean {
    return this.#options.intake.saturated || this.#onTheirWay > PLENTY
  }

  async drained(): Promise<void> {
    const { clock, intake } = this.#options
    while (!this.#closed && (intake.saturated || this.#onTheirWay > PLENTY / 2)) {
      await new Promise<void>((resolve) => clock.after(LOOK_AGAIN, resolve))
    }
  }

  /** A live session, for answers. */
  session(device: string | undefined): DeviceSession | undefined {
    return this.#live(device ?? OWN)
  }

  /** The live session of a device by its id. */
  sessionOf(device: string): DeviceSession | undefined {
    for (const session of this.#sessions.values()) if (session.device === device && !session.closed) return session
    return undefined
  }

  #live(device: string): DeviceSession | undefined {
    const session = this.#sessions.get(device)
    return session === undefined || session.closed ? undefined : session
  }

  #copied(rows: MetricRows, source: string, device: string): Promise<void> {
    if (this.#waiting + rows.length > TOO_MANY) return Promise.reject(connectivityErrors.backlog())
    this.#waiting += rows.length
    return this.#acceptLater(rows.copy(), source, device)
  }

  async #acceptLater(rows: MetricRows, source: string, device: string): Promise<void> {
    const placed = await this.#inTurn(device, async () => {
      this.#waiting -= rows.length
      try {
        const session = await this.#session(device)
        // The next one waits for this one's place, not for its commit.
        return { committed: this.#options.intake.acceptRows(session, rows, source) }
      } catch (error) {
        if (isRefusal(error)) {
          const { tenant, device: own } = this.#connection
          const { code, message: reason } = error
          const payload = Buffer.from(device)
          await this.#options.deadLetters.record({ tenant, device: own, source, code, reason, payload })
        }
        throw error
      }
    })
    await placed.committed
  }

  /** The live session of a device, opened once for all who ask at the same time. */
  #session(device: string): Promise<DeviceSession> {
    const live = this.#live(device)
    if (live !== undefined) return Promise.resolve(live)
    const opening = this.#opening.get(device) ?? this.#open(device).finally(() => this.#opening.delete(device))
    this.#opening.set(device, opening)
    return opening
  }

  async #open(device: string): Promise<DeviceSession> {
    if (this.#closed) throw connectivityErrors.sessionEnded()
    const { clock, commands, open, openBehind, transport, ready } = this.#options
    const refused = this.#refused.get(device)
    if (refused !== undefined && refused.until > clock.now()) throw refused.error
    try {
      const session = device === OWN ? await open() : await openBehind(await this.#session(OWN), device)
      if (this.#closed) {
        session.close('the connection was stopped')
        throw connectivityErrors.sessionEnded()
      }
      this.#refused.delete(device)
      this.#sessions.set(device, session)
      const to = transport(device === OWN ? undefined : device)
      if (ready === undefined) commands.attach(session, to)
      else void ready.then(() => commands.attach(session, to))
      return session
    } catch (error) {
      if (this.#refused.size >= 10_000) this.#refused.clear()
      if (isRefusal(error)) this.#refused.set(device, { until: clock.now() + REFUSED_FOR, error })
      throw error
    }
  }

  #closeAll(reason: string): void {
    const own = this.#sessions.get(OWN)
    this.#sessions.delete(OWN)
    for (const session of this.#sessions.values()) session.close(reason)
    this.#sessions.clear()
    own?.close(reason)
  }

  #inTurn<T>(device: string, work: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(device) ?? new Line()
    this.#lines.set(device, line)
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    line.add(async () => {
      await work().then(resolve, reject)
      if (line.length === 1) this.#lines.delete(device)
    })
    return promise
  }
}
