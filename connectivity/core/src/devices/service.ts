import type { Device, Permission } from '@millwright/contracts'
import { type Clock, decodeCursor, encodeCursor, newId } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
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
    const path = await this.#pathOf(actor.tenant, wanted.equipment ?? null)
    authorize(actor, 'device:write', { tenant: actor.tenant, path })
    const row = this.#fresh(actor.tenant, wanted, path, null)
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
    const path = change.equipment === undefined ? held.path : await this.#pathOf(actor.tenant, change.equipment)
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
      await deviceStore.remove(sql, id)
      await audit.record(actor, 'device.remove', id, { name: row.name }, sql)
    })
    cache.drop(id)
    signals.forget(id)
    await announce('device.removed', actor.tenant, id, { name: row.name })
  }

  /**
   * The device behind a gateway with this name, made when there is none.
   * @throws when the name is another device's, or the gateway has `limit` devices already
   */
  async behind(gateway: DeviceRow, name: string, limit: number): Promise<DeviceRow> {
    const { database, announce, audit } = this.#options
    const found = await database.tenant(gateway.tenant, async (sql) => {
      const held = await deviceStore.byName(sql, gateway.tenant, name)
      if (held !== undefined) return { row: held, made: false }
      if ((await deviceStore.behindCount(sql, gateway.id)) >= limit) throw connectivityErrors.childLimit({ limit })
      const row = this.#fresh(
        gateway.tenant,
        {
          name,
          equipment: gateway.equipment,
          unknownMetrics: gateway.unknownMetrics,
          simulated: gateway.simulated,
          metadata: { gateway: gateway.name },
        },
        gateway.path,
        gateway.id,
      )
      await deviceStore.insert(sql, { ...row, state: 'enrolled' })
      const actor = deviceActor(gateway.tenant, gateway.id, gateway.name)
      await audit.record(actor, 'device.create', row.id, { name, gateway: gateway.id }, sql)
      return { row, made: true }
    })
    if (found.row.behind !== gateway.id) throw connectivityErrors.childElsewhere({ path: name })
    if (found.made) await announce('device.created', gateway.tenant, found.row.id, { name, gateway: gateway.id })
    return found.row
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

  async #pathOf(tenant: string, equipment: string | null): Promise<readonly string[]> {
    if (equipment === null) return []
    const found = await this.#options.assetPaths.path(tenant, equipment)
    if (found === undefined) throw connectivityErrors.equipmentUnknown({ path: 'equipment', id: equipment })
    return found.path
  }

  #fresh(tenant: string, wanted: NewDevice, path: readonly string[], behind: string | null): DeviceRow & ConnectionRow {
    const now = this.#options.clock.now()
    return {
      id: newId('dev', Math.floor(now / 1000)),
      tenant,
      name: wanted.name,
      equipment: wanted.equipment ?? null,
      path,
      gateway: wanted.gateway ?? false,
      behind,
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
