import type { Permission, Twin } from '@millwright/contracts'
import type { Clock, Log, Subscription } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import type { Actor, AuditLog } from '@millwright/trust'
import { checkStorable } from '../codecs/json/storable.ts'
import type { DeviceRow } from '../devices/model.ts'
import { connectivityErrors } from '../errors.ts'
import type { Announce } from '../events.ts'
import { checkOpen, type DeviceSession, type SessionEvents } from '../sessions/model.ts'
import { mergePatch, satisfies } from './merge.ts'
import type { DesiredChange, DesiredState, JsonObject, Twins } from './model.ts'
import { type TwinRow, twinStore } from './store.ts'

const MOST_BYTES = 64 * 1024
/** What a gateway reports of all that is behind it: an edge agent of each of its connections. */
const MOST_GATEWAY_BYTES = 512 * 1024
const MOST_LEVELS = 12

export interface TwinOptions {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly audit: AuditLog
  readonly announce: Announce
  readonly sessions: SessionEvents
  readonly seen: (actor: Actor, device: string, permission: Permission) => Promise<DeviceRow>
}

/** Desired state (ours to say) and reported state (the device's to say), each a document with a version. */
export class TwinService implements Twins {
  readonly #options: TwinOptions
  /** Live sessions that want to hear of changes, by device. */
  readonly #watchers = new Map<string, Map<DeviceSession, ((change: DesiredChange) => void)[]>>()
  readonly #reported = new Set<(session: DeviceSession, document: JsonObject) => void>()
  readonly #closed: Subscription

  constructor(options: TwinOptions) {
    this.#options = options
    this.#closed = options.sessions.closed((session) => this.#forget(session))
  }

  stop(): void {
    this.#closed.cancel()
  }

  async desired(session: DeviceSession): Promise<DesiredState> {
    const row = await this.#read(session.tenant, session.device)
    return { version: row.desiredVersion, document: row.desired }
  }

  async reported(session: DeviceSession): Promise<DesiredState> {
    const row = await this.#read(session.tenant, session.device)
    return { version: row.reportedVersion, document: row.reported }
  }

  async report(session: DeviceSession, patch: JsonObject, desiredVersion?: number): Promise<void> {
    checkOpen(session)
    const { database, clock } = this.#options
    checkStorable(patch, MOST_LEVELS, '')
    const document = await database.tenant(session.tenant, async (sql) => {
      const row = await twinStore.lock(sql, session.tenant, session.device)
      const merged = bounded(
        mergePatch(row.reported, patch),
        'reported',
        session.gateway ? MOST_GATEWAY_BYTES : MOST_BYTES,
      )
      await twinStore.setReported(sql, session.device, merged, row.reportedVersion + 1, clock.now(), desiredVersion)
      return merged
    })
    for (const listener of this.#reported) listener(session, document)
  }

  /** Told of each report, with the whole document that it made. */
  onReported(listener: (session: DeviceSession, document: JsonObject) => void): Subscription {
    this.#reported.add(listener)
    return { cancel: () => this.#reported.delete(listener) }
  }

  /** What is desired of a device. */
  async lastDesired(tenant: string, device: string): Promise<JsonObject> {
    return (await this.#read(tenant, device)).desired
  }

  /** What a device reported last. */
  async lastReported(tenant: string, device: string): Promise<JsonObject> {
    return (await this.#read(tenant, device)).reported
  }

  watch(session: DeviceSession, listener: (change: DesiredChange) => void): Subscription {
    if (session.closed) return { cancel() {} }
    const sessions = this.#watchers.get(session.device) ?? new Map<DeviceSession, ((change: DesiredChange) => void)[]>()
    this.#watchers.set(session.device, sessions)
    sessions.set(session, [...(sessions.get(session) ?? []), listener])
    return {
      cancel: () => {
        const rest = (sessions.get(session) ?? []).filter((other) => other !== listener)
        if (rest.length > 0) sessions.set(session, rest)
        else this.#forget(session)
      },
    }
  }

  async get(actor: Actor, device: string): Promise<Twin> {
    const { tenant } = await this.#options.seen(actor, device, 'device:read')
    return shown(device, await this.#read(tenant, device))
  }

  async patchDesired(actor: Actor, device: string, patch: JsonObject, ifMatch: number | undefined): Promise<Twin> {
    const { database, clock, audit, announce } = this.#options
    const { tenant } = await this.#options.seen(actor, device, 'device:write')
    checkStorable(patch, MOST_LEVELS, '')
    const { row, changed } = await database.tenant(tenant, async (sql) => {
      const held = await twinStore.lock(sql, tenant, device)
      if (ifMatch !== undefined && ifMatch !== held.desiredVersion) {
        throw connectivityErrors.versionConflict({ id: `the desired state of ${device}`, version: held.desiredVersion })
      }
      const document = bounded(mergePatch(held.desired, patch), 'desired')
      const next = { ...held, desired: document, desiredVersion: held.desiredVersion + 1, desiredAt: clock.now() }
      // A patch that changes nothing makes no version and wakes no device.
      if (satisfies(document, held.desired) && satisfies(held.desired, document)) return { row: held, changed: false }
      await twinStore.setDesired(sql, device, document, next.desiredVersion, next.desiredAt)
      await audit.record(actor, 'twin.desire', device, { patch, version: next.desiredVersion }, sql)
      return { row: next, changed: true }
    })
    if (changed) {
      this.#push(device, { version: row.desiredVersion, document: row.desired, patch })
      await announce('twin.desired-changed', tenant, device, { version: row.desiredVersion })
    }
    return shown(device, row)
  }

  #push(device: string, change: DesiredChange): void {
    for (const [session, listeners] of this.#watchers.get(device) ?? []) {
      for (const listener of listeners) {
        try {
          listener(change)
        } catch (error) {
          this.#options.log.error({ err: error, device, session: session.id }, 'a desired state could not be pushed')
        }
      }
    }
  }

  #forget(session: DeviceSession): void {
    const sessions = this.#watchers.get(session.device)
    sessions?.delete(session)
    if (sessions?.size === 0) this.#watchers.delete(session.device)
  }

  #read(tenant: string, device: string): Promise<TwinRow> {
    return this.#options.database.tenant(tenant, (sql) => twinStore.get(sql, device))
  }
}

function bounded(document: JsonObject, side: 'desired' | 'reported', limit = MOST_BYTES): JsonObject {
  const size = Buffer.byteLength(JSON.stringify(document))
  if (size > limit) throw connectivityErrors.twinTooLarge({ side, size, limit, path: '/' })
  checkStorable(document, MOST_LEVELS, '')
  return document
}

function shown(device: string, row: TwinRow): Twin {
  const side = (version: number, document: JsonObject, at: number | null) => ({
    version,
    document,
    ...(at === null ? {} : { updatedAt: at }),
  })
  return {
    device,
    desired: side(row.desiredVersion, row.desired, row.desiredAt),
    reported: side(row.reportedVersion, row.reported, row.reportedAt),
    inSync: satisfies(row.reported, row.desired),
  }
}
