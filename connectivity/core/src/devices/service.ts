import type { Device, Permission } from '@millwright/contracts'
import { type Clock, decodeCursor, encodeCursor, newId } from '@millwright/foundation'
import type { Database, Sql } from '@millwright/storage'
import {
  type Actor,
  type AssetPaths,
  type AuditLog,
  authorize,
  authorizeSeen,
  deviceActor,
  type Place,
  readScopes,
} from '@millwright/trust'
import { connectivityErrors } from '../errors.ts'
import type { Announce } from '../events.ts'
import type { SignalDirectory } from '../ports.ts'
import type { DeviceCache } from './cache.ts'
import {
  type ConnectionRow,
  type DeviceChange,
  type DeviceQuery,
  type DeviceRow,
  type NewDevice,
  shownDevice,
} from './model.ts'
import { deviceStore } from './store.ts'

export interface DeviceOptions {
  readonly database: Database
  readonly clock: Clock
  readonly audit: AuditLog
  readonly announce: Announce
  readonly assetPaths: AssetPaths
  readonly cache: DeviceCache
  readonly signals: SignalDirectory
  /** Writes connection states that are not in the database yet. */
  readonly flushConnections: () => Promise<void>
}

const NAME_CHARS = 120

/** The registry of devices. */
export class DeviceService {
  readonly #options: DeviceOptions

  constructor(options: DeviceOptions) {
    this.#options = options
  }

  async list(actor: Actor, query: DeviceQuery): Promise<{ items: Device[]; next?: string }> {
    const [after] = decodeCursor(query.cursor, [''])
    const limit = query.limit ?? 100
    const [scope] = readScopes(actor, 'device:read')
    if (scope === undefined) return { items: [] }
    await this.#options.flushConnections()
    const rows = await this.#options.database.tenant(scope.tenant, (sql) =>
      deviceStore.list(sql, { ...query, after, limit: limit + 1, nodes: scope.nodes }),
    )
    const items = rows.slice(0, limit).map(shownDevice)
    return rows.length > limit ? { items, next: encodeCursor([items.at(-1)!.id]) } : { items }
  }

  async get(actor: Actor, id: string): Promise<Device> {
    await this.seen(actor, id, 'device:read')
    return this.#read(actor.tenant, id)
  }

  async create(actor: Actor, wanted: NewDevice): Promise<Device> {
    const { database, audit, announce } = this.#options
    const path = await this.pathOf(actor.tenant, wanted.equipment ?? null)
    authorize(actor, 'device:write', { tenant: actor.tenant, path })
    const row = this.fresh(actor.tenant, wanted, path)
    await database.tenant(actor.tenant, async (sql) => {
      if (await deviceStore.nameTaken(sql, row.name, row.id)) {
        throw connectivityErrors.deviceNameTaken({ path: 'name', name: row.name })
      }
      await deviceStore.insert(sql, row)
      await audit.record(actor, 'device.create', row.id, { name: row.name, equipment: row.equipment }, sql)
    })
    await announce('device.created', row.tenant, row.id, { name: row.name })
    return this.#read(actor.tenant, row.id)
  }

  async update(actor: Actor, id: string, change: DeviceChange, ifMatch: number | undefined): Promise<Device> {
    const { database, audit } = this.#options
    const held = await this.seen(actor, id, 'device:write')
    const path = change.equipment === undefined ? held.path : await this.pathOf(actor.tenant, change.equipment)
    // Moving a device needs the right at both ends.
    authorize(actor, 'device:write', { tenant: actor.tenant, path })
    await database.tenant(actor.tenant, async (sql) => {
      const current = await deviceStore.get(sql, id)
      if (current === undefined) throw connectivityErrors.deviceUnknown({ id })
      if (ifMatch !== undefined && ifMatch !== current.version) {
        throw connectivityErrors.versionConflict({ id, version: current.version })
      }
      const next: DeviceRow = { ...current, ...change, path: change.equipment === undefined ? current.path : path }
      if (next.name !== current.name && (await deviceStore.nameTaken(sql, next.name, id))) {
        throw connectivityErrors.deviceNameTaken({ path: 'name', name: next.name })
      }
      if (!(await deviceStore.update(sql, next)))
        throw connectivityErrors.versionConflict({ id, version: current.version + 1 })
      await audit.record(actor, 'device.update', id, { change }, sql)
    })
    await this.#changed(actor.tenant, id, change.equipment === undefined ? {} : { equipment: change.equipment })
    return this.#read(actor.tenant, id)
  }

  async remove(actor: Actor, id: string): Promise<void> {
    const { database, audit, announce, cache, signals } = this.#options
    const row = await this.seen(actor, id, 'device:write')
    await database.tenant(actor.tenant, async (sql) => {
      const needed = await deviceStore.neededBy(sql, id)
      if (needed !== undefined) throw connectivityErrors.deviceNeeded({ id, connection: needed })
      await deviceStore.remove(sql, id)
      await audit.record(actor, 'device.remove', id, { name: row.name }, sql)
    })
    cache.drop(id)
    signals.forget(id)
    await announce('device.removed', actor.tenant, id, { name: row.name })
  }

  /**
   * The device that a gateway or connection calls so, made when there is none.
   * @throws when the name is another device's (a connection's is named apart then), or there are `limit` devices already
   */
  async behind(gateway: DeviceRow, name: string, limit: number): Promise<DeviceRow> {
    const { database, announce, audit } = this.#options
    const found = await database.tenant(gateway.tenant, async (sql) => {
      const held = await deviceStore.behindOf(sql, gateway.id, name)
      if (held !== undefined) return { row: held, made: false }
      const free = await this.#freeName(sql, gateway, name)
      if ((await deviceStore.behindCount(sql, gateway.id)) >= limit) throw connectivityErrors.childLimit({ limit })
      const wanted = {
        name: free,
        equipment: gateway.equipment,
        unknownMetrics: gateway.unknownMetrics,
        simulated: gateway.simulated,
        metadata: { gateway: gateway.name },
      }
      const row = {
        ...this.fresh(gateway.tenant, wanted, gateway.path),
        state: 'enrolled' as const,
        behind: gateway.id,
        behindName: name,
        ofConnection: gateway.ofConnection,
      }
      await deviceStore.insert(sql, row)
      const actor = deviceActor(gateway.tenant, gateway.id, gateway.name)
      await audit.record(actor, 'device.create', row.id, { name: free, gateway: gateway.id }, sql)
      return { row, made: true }
    })
    const { row, made } = found
    if (made) await announce('device.created', gateway.tenant, row.id, { name: row.name, gateway: gateway.id })
    return row
  }

  /**
   * A gateway that names a device which is not behind it is refused: it speaks for its own alone. What stands behind
   * connections is often named alike ("Unit 1"), and is told apart by the connection's name.
   */
  async #freeName(sql: Sql, gateway: DeviceRow, name: string): Promise<string> {
    if (!(await deviceStore.nameTaken(sql, name, ''))) return name
    if (gateway.ofConnection === null) throw connectivityErrors.childElsewhere({ path: name })
    for (let number = 1; ; number++) {
      const end = number === 1 ? ` ${name}` : ` ${name} (${number})`
      const apart = `${gateway.name.slice(0, Math.max(0, NAME_CHARS - end.length))}${end}`.slice(-NAME_CHARS).trim()
      if (!(await deviceStore.nameTaken(sql, apart, ''))) return apart
    }
  }

  /** It got in with a certificate or token: it is no longer merely announced. */
  async enrolled(device: string): Promise<void> {
    const row = await this.#options.cache.get(device)
    if (row === undefined || row.state !== 'created') return
    const done = await this.#options.database.tenant(row.tenant, (sql) => deviceStore.markEnrolled(sql, device))
    if (done) await this.#changed(row.tenant, device)
  }

  /** The device, if the actor may do this with it: 404 when it may not even see it, 403 when it may not do it. */
  async seen(actor: Actor, id: string, permission: Permission): Promise<DeviceRow> {
    const row = await this.#options.cache.get(id)
    const unknown = () => connectivityErrors.deviceUnknown({ path: 'id', id })
    if (row === undefined || row.tenant !== actor.tenant) throw unknown()
    const place: Place = { tenant: row.tenant, path: row.path }
    authorizeSeen(actor, permission, 'device:read', place, unknown)
    return row
  }

  /** @param data `equipment` when it serves another now: its signals go with it */
  async #changed(tenant: string, id: string, data: { equipment?: string | null } = {}): Promise<void> {
    this.#options.cache.drop(id)
    this.#options.signals.forget(id)
    await this.#options.announce('device.changed', tenant, id, data)
  }

  async #read(tenant: string, id: string): Promise<Device> {
    await this.#options.flushConnections()
    const row = await this.#options.database.tenant(tenant, (sql) => deviceStore.get(sql, id))
    if (row === undefined) throw connectivityErrors.deviceUnknown({ path: 'id', id })
    return shownDevice(row)
  }

  /** @throws when there is no such asset */
  async pathOf(tenant: string, equipment: string | null): Promise<readonly string[]> {
    if (equipment === null) return []
    const found = await this.#options.assetPaths.path(tenant, equipment)
    if (found === undefined) throw connectivityErrors.equipmentUnknown({ path: 'equipment', id: equipment })
    return found.path
  }

  /** A device that is not stored yet. */
  fresh(tenant: string, wanted: NewDevice, path: readonly string[]): DeviceRow & ConnectionRow {
    const now = this.#options.clock.now()
    return {
      id: newId('dev', Math.floor(now / 1000)),
      tenant,
      name: wanted.name,
      equipment: wanted.equipment ?? null,
      path,
      gateway: wanted.gateway ?? false,
      behind: null,
      behindName: null,
      ofConnection: null,
      unknownMetrics: wanted.unknownMetrics ?? 'create',
      state: 'created',
      simulated: wanted.simulated ?? false,
      metadata: wanted.metadata ?? {},
      createdAt: now,
      version: 1,
      connection: null,
      protocol: null,
      address: null,
      since: null,
      lastMessageAt: null,
      reason: null,
    }
  }
}
