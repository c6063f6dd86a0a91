import { type Clock, type Log, type Micros, SECOND, type Subscription } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import { Line } from '../line.ts'
import type { DeviceSession, SessionEvents } from '../sessions/model.ts'
import type { Endings } from './endings.ts'
import type { CommandTransport } from './model.ts'
import { commandStore } from './store.ts'

/** After the database failed. */
const TRY_AGAIN = 5 * SECOND

export interface DeliveryOptions {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly sessions: SessionEvents
  readonly endings: Endings
}

interface Attached {
  readonly session: DeviceSession
  readonly transport: CommandTransport
}

/** Hands queued commands to the transports of live sessions, in order; the transport attached last is used. */
export class Deliveries {
  readonly #options: DeliveryOptions
  readonly #attached = new Map<string, Attached[]>()
  /** Deliveries, one after the other for each device. */
  readonly #lines = new Map<string, Line>()
  readonly #closed: Subscription

  constructor(options: DeliveryOptions) {
    this.#options = options
    this.#closed = options.sessions.closed((session) => this.#detach(session, undefined))
  }

  async stop(): Promise<void> {
    this.#closed.cancel()
    this.#attached.clear()
    await Promise.all([...this.#lines.values()].map((line) => line.empty()))
  }

  attach(session: DeviceSession, transport: CommandTransport): Subscription {
    if (session.closed) return { cancel() {} }
    const attached = { session, transport }
    this.#attached.set(session.device, [...(this.#attached.get(session.device) ?? []), attached])
    this.deliver(session.tenant, session.device)
    return { cancel: () => this.#detach(session, transport) }
  }

  async delivered(session: DeviceSession): Promise<void> {
    await this.#lines.get(session.device)?.empty()
  }

  /** Queues a delivery round for the device. */
  deliver(tenant: string, device: string): void {
    if (!this.#attached.has(device)) return
    const line = this.#lines.get(device) ?? new Line()
    this.#lines.set(device, line)
    // One round that waits will see all that comes until it begins.
    if (line.length > 1) return
    line.add(async () => {
      try {
        while (await this.#deliverNext(tenant, device));
      } catch (error) {
        const { clock, log } = this.#options
        log.error({ err: error, device }, 'commands could not be delivered; tried again in a moment')
        clock.after(TRY_AGAIN, () => this.deliver(tenant, device))
      } finally {
        if (line.length === 1) this.#lines.delete(device)
      }
    })
  }

  /** @returns whether there may be more to deliver */
  async #deliverNext(tenant: string, device: string): Promise<boolean> {
    const { database, clock } = this.#options
    const to = this.#attached.get(device)?.at(-1)
    if (to === undefined) return false
    const row = await database.tenant(tenant, async (sql) => {
      const now = clock.now()
      const next = await commandStore.firstQueued(sql, device, now)
      return next === undefined
        ? undefined
        : commandStore.move(sql, next.id, ['queued'], { state: 'sent', sentAt: now })
    })
    if (row === undefined) return false
    this.#options.endings.watchOver(row)
    try {
      const delivered = to.transport.deliver({
        id: row.id,
        number: row.number,
        name: row.name,
        params: row.params,
        timeout: row.timeout,
      })
      await this.#within(row.timeout, delivered)
      return true
    } catch (error) {
      this.#options.log.warn(
        { err: error, device, command: row.id },
        'a command could not be delivered and is queued again',
      )
      this.#detach(to.session, to.transport)
      const back = await database.tenant(tenant, (sql) => commandStore.move(sql, row.id, ['sent'], { state: 'queued' }))
      if (back !== undefined) this.#options.endings.watchOver(back)
      return true
    }
  }

  /** A transport that never says whether it delivered must not hold up the commands behind: this one times out by itself. */
  async #within(wait: Micros, delivered: Promise<void>): Promise<void> {
    const { promise: waited, resolve } = Promise.withResolvers<void>()
    const timer = this.#options.clock.after(wait, resolve)
    try {
      await Promise.race([delivered, waited])
    } finally {
      timer.cancel()
    }
  }

  #detach(session: DeviceSession, transport: CommandTransport | undefined): void {
    const rest = (this.#attached.get(session.device) ?? []).filter(
      (other) => other.session !== session || (transport !== undefined && other.transport !== transport),
    )
    if (rest.length > 0) this.#attached.set(session.device, rest)
    else this.#attached.delete(session.device)
  }
}
