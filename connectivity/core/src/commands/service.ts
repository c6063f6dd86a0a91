import type { Command, Permission } from '@millwright/contracts'
import {
  type Clock,
  DAY,
  decodeCursor,
  encodeCursor,
  HOUR,
  type Log,
  type MillwrightError,
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
import { checkOpen, type DeviceSession, type SessionEvents } from '../sessions/model.ts'
import { Deliveries } from './deliveries.ts'
import { Endings, type Outcome } from './endings.ts'
import type { CommandReply, CommandTransport, NewCommand, PolledCommands } from './model.ts'
import { type CommandRow, commandStore, shownCommand } from './store.ts'

const MOST_BYTES = 64 * 1024
const MOST_LEVELS = 12
/** Of an answer that is handed on and not kept. */
const MOST_ASKED_BYTES = 1024 * 1024
const MOST_ASKED_LEVELS = 20
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

/**
 * Commands to devices: queued -> sent -> succeeded, failed or timed-out; or expired, cancelled. Every step is a durable
 * "if it still is in that state" update, so each command has one result. It is recorded as sent before it goes on the
 * wire: after a crash it may time out undelivered, but it is never delivered twice.
 */
export class CommandService implements PolledCommands {
  readonly #options: CommandOptions
  readonly #endings: Endings
  readonly #deliveries: Deliveries
  /** Who waits for the answer to a command, by its id. */
  readonly #asked = new Map<string, PromiseWithResolvers<unknown>>()
  #sweep: Timer | undefined

  constructor(options: CommandOptions) {
    this.#options = options
    this.#endings = new Endings({ ...options, ended: (row, outcome) => this.#ended(row.id, outcome) })
    this.#deliveries = new Deliveries({ ...options, endings: this.#endings })
  }

  /** Takes up what was open when the platform last ended. */
  async start(): Promise<void> {
    const { database } = this.#options
    for (const row of await database.system((sql) => commandStore.open(sql))) this.#endings.watchOver(row)
    this.#sweepLater()
  }

  async stop(): Promise<void> {
    this.#sweep?.cancel()
    this.#endings.stop()
    await this.#deliveries.stop()
  }

  attach(session: DeviceSession, transport: CommandTransport): Subscription {
    return this.#deliveries.attach(session, transport)
  }

  delivered(session: DeviceSession): Promise<void> {
    return this.#deliveries.delivered(session)
  }

  async reply(session: DeviceSession, command: string | number, reply: CommandReply): Promise<void> {
    checkOpen(session)
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
    const asked = this.#asked.get(row.id)
    const result = reply.ok ? (reply.result ?? null) : null
    if (asked === undefined) checked(result, 'result')
    else checked(result, 'result', MOST_ASKED_BYTES, MOST_ASKED_LEVELS)
    const outcome = reply.ok
      ? { state: 'succeeded' as const, result: asked === undefined ? result : null }
      : { state: 'failed' as const, error: cleaned(reply.error) }
    // Before it is ended: whoever asked gets the answer, and the command keeps none of it.
    if (reply.ok) asked?.resolve(result)
    const done = await this.#endings.finish(row, ['sent'], outcome)
    if (!done) throw connectivityErrors.commandNotAwaited({ id: row.id, state: 'finished' })
  }

  async send(actor: Actor, device: string, wanted: NewCommand): Promise<Command> {
    const { tenant } = await this.#options.seen(actor, device, 'command:send')
    const row = await this.#make(actor, tenant, device, wanted)
    await this.#sendOff(row)
    return shownCommand(row)
  }

  /**
   * Sends a command of the platform's own on behalf of an actor, whose right to it the caller has checked, and waits for
   * the answer, which is not kept. @throws what became of it instead
   */
  async ask(actor: Actor, tenant: string, device: string, wanted: NewCommand): Promise<unknown> {
    const row = await this.#make(actor, tenant, device, wanted)
    const asked = Promise.withResolvers<unknown>()
    this.#asked.set(row.id, asked)
    await this.#sendOff(row)
    return asked.promise
  }

  /** Writes it down; nobody knows of it yet. */
  async #make(actor: Actor, tenant: string, device: string, wanted: NewCommand): Promise<CommandRow> {
    const { database, clock, audit, limits } = this.#options
    const params = checked(wanted.params ?? null, 'params')
    const now = clock.now()
    const expiresAt = wanted.expiresAt ?? now + DEFAULT_EXPIRY
    if (expiresAt <= now || expiresAt > now + FURTHEST_EXPIRY)
      throw connectivityErrors.commandExpired({ path: 'expiresAt' })
    return database.tenant(tenant, async (sql) => {
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
  }

  async #sendOff(row: CommandRow): Promise<void> {
    this.#endings.watchOver(row)
    await this.#options.announce('command.created', row.tenant, row.device, { command: row.id, name: row.name })
    this.#deliveries.deliver(row.tenant, row.device)
  }

  #ended(command: string, { state, error }: Outcome): void {
    const asked = this.#asked.get(command)
    if (asked === undefined) return
    this.#asked.delete(command)
    if (state !== 'succeeded') asked.reject(connectivityErrors.askFailed({ reason: error ?? state }))
  }

  /** The device that a command is for; undefined when there is no such command. */
  async deviceOf(tenant: string, command: string): Promise<string | undefined> {
    const row = await this.#options.database.tenant(tenant, (sql) => commandStore.get(sql, command))
    return row?.device
  }

  async list(
    actor: Actor,
    device: string,
    page: { cursor?: string; limit?: number },
  ): Promise<{ items: Command[]; next?: string }> {
    const { tenant } = await this.#options.seen(actor, device, 'device:read')
    const [before] = decodeCursor(page.cursor, [Number.MAX_SAFE_INTEGER])
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
    const done = await this.#endings.finish(row, ['queued'], { state: 'cancelled' })
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
    // A command of a device that the actor may not see is as unknown as one that never was.
    await this.#options.seen(actor, row.device, permission).catch((error: MillwrightError) => {
      throw error.status === 404 ? connectivityErrors.commandUnknown({ path: 'id', id }) : error
    })
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
}

/** A JSON value within the bounds of what is stored. */
function checked(value: unknown, path: string, limit = MOST_BYTES, levels = MOST_LEVELS): unknown {
  const size = Buffer.byteLength(JSON.stringify(value) ?? '')
  if (size > limit) throw connectivityErrors.commandTooLarge({ path, size, limit })
  checkStorable(value, levels, path)
  return value
}

function cleaned(text: string): string {
  return text.replaceAll('\0', ' ').toWellFormed().slice(0, ERROR_CHARS).toWellFormed()
}
