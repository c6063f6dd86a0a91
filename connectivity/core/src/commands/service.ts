import type { Command, Permission } from '@millwright/contracts'
import {
  type Clock,
  DAY,
  decodeCursor,
  encodeCursor,
  HOUR,
  type Log,
  newId,
  SECOND,
  type Subscription,
  type Timer,
} from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import type { Actor, AuditLog } from '@millwright/trust'
import { checkStorable } from '../codecs/json/storable.ts'
import type { DeviceRow } from '../devices/model.ts'
import { connectivityErrors } from '../errors.ts'
import type { Announce } from '../events.ts'
import type { Limits } from '../limits/limits.ts'
import { Line } from '../line.ts'
import type { DeviceSession, SessionEvents } from '../sessions/model.ts'
import type { CommandReply, CommandState, CommandTransport, NewCommand, PolledCommands } from './model.ts'
import { type CommandRow, commandStore, shownCommand } from './store.ts'

const MOST_BYTES = 64 * 1024
const MOST_LEVELS = 12
const ERROR_CHARS = 2_000
const DEFAULT_TIMEOUT = 10 * SECOND
const DEFAULT_EXPIRY = HOUR
const FURTHEST_EXPIRY = 30 * DAY
/** The audit log keeps for ever who sent what; the answers are kept for this long. */
const HISTORY = 90 * DAY

export interface CommandOptions {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly audit: AuditLog
  readonly announce: Announce
  readonly sessions: SessionEvents
  readonly limits: Limits
  readonly seen: (actor: Actor, device: string, permission: Permission) => Promise<DeviceRow>
}

interface Attached {
  readonly session: DeviceSession
  readonly transport: CommandTransport
}

/**
 * Commands to devices: queued -> sent -> succeeded, failed or timed-out; or expired, cancelled. Every step is a durable
 * "if it still is in that state" update, so each command has one result. It is recorded as sent before it goes on the
 * wire: after a crash it may time out undelivered, but it is never delivered twice.
 */
export class CommandService implements PolledCommands {
  readonly #options: CommandOptions
  readonly #attached = new Map<string, Attached[]>()
  /** Deliveries, one after the other for each device. */
  readonly #lines = new Map<string, Line>()
  /** When an open command expires or times out. */
  readonly #timers = new Map<string, Timer>()
  readonly #closed: Subscription
  #sweep: Timer | undefined

  constructor(options: CommandOptions) {
    this.#options = options
    this.#closed = options.sessions.closed((session) => this.#detach(session, undefined))
  }

  /** Takes up what was open when the platform last ended. */
  async start(): Promise<void> {
    const { database } = this.#options
    for (const row of await database.system((sql) => commandStore.open(sql))) this.#watchOver(row)
    this.#sweepLater()
  }

  async stop(): Promise<void> {
    this.#closed.cancel()
    this.#sweep?.cancel()
    for (const timer of this.#timers.values()) timer.cancel()
    this.#timers.clear()
    this.#attached.clear()
    await Promise.all([...this.#lines.values()].map((line) => line.empty()))
  }

  attach(session: DeviceSession, transport: CommandTransport): Subscription {
    if (session.closed) return { cancel() {} }
    const attached = { session, transport }
    this.#attached.set(session.device, [...(this.#attached.get(session.device) ?? []), attached])
    this.#deliver(session.tenant, session.device)
    return { cancel: () => this.#detach(session, transport) }
  }

  async delivered(session: DeviceSession): Promise<void> {
    await this.#lines.get(session.device)?.empty()
  }

  async reply(session: DeviceSession, command: string | number, reply: CommandReply): Promise<void> {
    const { database } = this.#options
    const row = await database.tenant(session.tenant, (sql) =>
      typeof command === 'number'
        ? commandStore.byNumber(sql, session.device, command)
        : commandStore.get(sql, command),
    )
    // Another device's command is as unknown as one that never was.
    if (row === undefined || row.device !== session.device)
      throw connectivityErrors.commandUnknown({ path: 'id', id: command })
    if (row.state !== 'sent') throw connectivityErrors.commandNotAwaited({ id: row.id, state: row.state })
    const outcome = reply.ok
      ? { state: 'succeeded' as const, result: checked(reply.result ?? null, 'result') }
      : { state: 'failed' as const, error: cleaned(reply.error) }
    const done = await this.#finish(row, ['sent'], outcome)
    if (!done) throw connectivityErrors.commandNotAwaited({ id: row.id, state: 'finished' })
  }

  async send(actor: Actor, device: string, wanted: NewCommand): Promise<Command> {
    const { database, clock, audit, announce, limits } = this.#options
    const { tenant } = await this.#options.seen(actor, device, 'command:send')
    const params = checked(wanted.params ?? null, 'params')
    const now = clock.now()
    const expiresAt = wanted.expiresAt ?? now + DEFAULT_EXPIRY
    if (expiresAt <= now || expiresAt > now + FURTHEST_EXPIRY)
      throw connectivityErrors.commandExpired({ path: 'expiresAt' })
    const row = await database.tenant(tenant, async (sql) => {
      const made = await commandStore.insert(
        sql,
        {
          id: newId('cmd', Math.floor(now / 1000)),
          tenant,
          device,
          name: wanted.name,
          params,
          state: 'queued',
          result: null,
          error: null,
          requestedBy: actor.name,
          createdAt: now,
          sentAt: null,
          finishedAt: null,
          expiresAt,
          timeout: wanted.timeout ?? DEFAULT_TIMEOUT,
        },
        limits.openCommands,
      )
      if (made === undefined) throw connectivityErrors.tooManyCommands({ limit: limits.openCommands })
      await audit.record(actor, 'command.send', made.id, { device, name: made.name, params }, sql)
      return made
    })
    this.#watchOver(row)
    await announce('command.created', tenant, device, { command: row.id, name: row.name })
    this.#deliver(tenant, device)
    return shownCommand(row)
  }

  async list(
    actor: Actor,
    device: string,
    page: { cursor?: string; limit?: number },
  ): Promise<{ items: Command[]; next?: string }> {
    const { tenant } = await this.#options.seen(actor, device, 'device:read')
    const [before] = decodeCursor(page.cursor, [2_147_483_647])
    const limit = page.limit ?? 100
    const rows = await this.#options.database.tenant(tenant, (sql) => commandStore.list(sql, device, before, limit + 1))
    const items = rows.slice(0, limit)
    const next = rows.length > limit ? { next: encodeCursor([items.at(-1)!.number]) } : {}
    return { items: items.map(shownCommand), ...next }
  }

  async get(actor: Actor, id: string): Promise<Command> {
    return shownCommand(await this.#seen(actor, id, 'device:read'))
  }

  async cancel(actor: Actor, id: string): Promise<Command> {
    const row = await this.#seen(actor, id, 'command:send')
    const done = await this.#finish(row, ['queued'], { state: 'cancelled' })
    if (!done) {
      const now = await this.#seen(actor, id, 'command:send')
      throw connectivityErrors.commandNotCancellable({ id, state: now.state })
    }
    await this.#options.audit.record(actor, 'command.cancel', id, { device: row.device, name: row.name })
    return this.get(actor, id)
  }

  async #seen(actor: Actor, id: string, permission: Permission): Promise<CommandRow> {
    const row = await this.#options.database.tenant(actor.tenant, (sql) => commandStore.get(sql, id))
    if (row === undefined) throw connectivityErrors.commandUnknown({ path: 'id', id })
    await this.#options.seen(actor, row.device, permission)
    return row
  }

  #sweepLater(): void {
    const { clock, database, log } = this.#options
    this.#sweep = clock.after(HOUR, () => {
      database
        .system((sql) => commandStore.removeFinishedBefore(sql, clock.now() - HISTORY))
        .catch((error: unknown) =>
          log.error({ err: error }, 'old commands could not be removed; tried again in an hour'),
        )
      this.#sweepLater()
    })
  }

  /** Queues a delivery round for the device. */
  #deliver(tenant: string, device: string): void {
    if (!this.#attached.has(device)) return
    const line = this.#lines.get(device) ?? new Line()
    this.#lines.set(device, line)
    // One round that waits will see all that comes until it begins.
    if (line.length > 1) return
    line.add(async () => {
      try {
        while (await this.#deliverNext(tenant, device));
      } catch (error) {
        this.#options.log.error(
          { err: error, device },
          'commands could not be delivered; tried again with the next one',
        )
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
    this.#watchOver(row)
    try {
      await to.transport.deliver({
        id: row.id,
        number: row.number,
        name: row.name,
        params: row.params,
        timeout: row.timeout,
      })
      return true
    } catch (error) {
      this.#options.log.warn(
        { err: error, device, command: row.id },
        'a command could not be delivered and is queued again',
      )
      this.#detach(to.session, to.transport)
      const back = await database.tenant(tenant, (sql) => commandStore.move(sql, row.id, ['sent'], { state: 'queued' }))
      if (back !== undefined) this.#watchOver(back)
      return true
    }
  }

  /** Sets the timer that ends an open command: its expiry while queued, its time-out once sent. */
  #watchOver(row: CommandRow): void {
    const { clock, log } = this.#options
    this.#timers.get(row.id)?.cancel()
    const sent = row.state === 'sent'
    const due = sent ? row.sentAt! + row.timeout : row.expiresAt
    const outcome: Outcome = sent
      ? { state: 'timed-out', error: `no answer within ${row.timeout / SECOND} s` }
      : { state: 'expired', error: 'the device was not there in time' }
    const timer = clock.after(Math.max(0, due - clock.now()), () => {
      this.#finish(row, [row.state], outcome).catch((error: unknown) => {
        log.error(
          { err: error, command: row.id },
          'the end of a command could not be recorded; tried again in a minute',
        )
        this.#timers.set(
          row.id,
          clock.after(60 * SECOND, () => this.#watchOver(row)),
        )
      })
    })
    this.#timers.set(row.id, timer)
  }

  /** @returns false when somebody else ended it first */
  async #finish(row: CommandRow, from: readonly CommandState[], outcome: Outcome): Promise<boolean> {
    const { database, clock, announce } = this.#options
    const sentAt = row.state === 'sent' ? row.sentAt : null
    const done = await database.tenant(row.tenant, (sql) =>
      commandStore.move(sql, row.id, from, { ...outcome, sentAt, finishedAt: clock.now() }),
    )
    if (done === undefined) return false
    this.#timers.get(row.id)?.cancel()
    this.#timers.delete(row.id)
    await announce('command.finished', row.tenant, row.device, {
      command: row.id,
      name: row.name,
      state: outcome.state,
    })
    return true
  }

  #detach(session: DeviceSession, transport: CommandTransport | undefined): void {
    const rest = (this.#attached.get(session.device) ?? []).filter(
      (other) => other.session !== session || (transport !== undefined && other.transport !== transport),
    )
    if (rest.length > 0) this.#attached.set(session.device, rest)
    else this.#attached.delete(session.device)
  }
}

interface Outcome {
  readonly state: CommandState
  readonly result?: unknown
  readonly error?: string
}

/** A JSON value within the bounds of what is stored. */
function checked(value: unknown, path: string): unknown {
  const size = Buffer.byteLength(JSON.stringify(value) ?? '')
  if (size > MOST_BYTES) throw connectivityErrors.commandTooLarge({ path, size, limit: MOST_BYTES })
  checkStorable(value, MOST_LEVELS, path)
  return value
}

function cleaned(text: string): string {
  return text.replaceAll('\0', ' ').toWellFormed().slice(0, ERROR_CHARS).toWellFormed()
}
