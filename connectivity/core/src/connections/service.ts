import type { Connection, Permission } from '@millwright/contracts'
import { type Clock, decodeCursor, encodeCursor, newId } from '@millwright/foundation'
import type { Database, Sql } from '@millwright/storage'
import { type Actor, type AuditLog, authorize, authorizeSeen, readScopes } from '@millwright/trust'
import type { DeviceCache } from '../devices/cache.ts'
import type { DeviceRow } from '../devices/model.ts'
import type { DeviceService } from '../devices/service.ts'
import { deviceStore } from '../devices/store.ts'
import { connectivityErrors } from '../errors.ts'
import type { Announce } from '../events.ts'
import type { Limits } from '../limits/limits.ts'
import type { SignalDirectory } from '../ports.ts'
import type { ConnectionAdapter } from './adapter.ts'
import { checkedConfig } from './config.ts'
import type { Adapters } from './host.ts'
import {
  type ConnectionChange,
  type ConnectionQuery,
  type NewConnection,
  type StoredConnection,
  shownConnection,
} from './model.ts'
import type { PlatformConnections } from './runtime.ts'
import { joinSecrets, keepSecrets, splitSecrets } from './secrets.ts'
import { statusOf } from './status.ts'
import { connectionStore } from './store.ts'
import type { Vault } from './vault.ts'

/** What connections ask of the edge agents that run them. */
export interface ConnectionAgents {
  /** @throws when there is no such agent, or the actor may not give it work */
  check(actor: Actor, agent: string): Promise<void>
  /** In the transaction of the change: what the agent is to do is another now. */
  bump(sql: Sql, agent: string): Promise<void>
  /** After it: tells the agent. */
  tell(tenant: string, agent: string): Promise<void>
  /** How agents say that connections of theirs are, by their ids. */
  statuses(tenant: string, connections: readonly StoredConnection[]): Promise<Map<string, Connection['status']>>
}

export interface ConnectionServiceOptions {
  readonly database: Database
  readonly clock: Clock
  readonly audit: AuditLog
  readonly announce: Announce
  readonly cache: DeviceCache
  readonly signals: SignalDirectory
  readonly limits: Limits
  readonly devices: DeviceService
  readonly adapters: Adapters
  readonly vault: Vault
  readonly runtime: PlatformConnections
  readonly agents: ConnectionAgents
}

/** Connections as people make them: their configuration, their devices, and how they are. */
export class ConnectionService {
  readonly #options: ConnectionServiceOptions

  constructor(options: ConnectionServiceOptions) {
    this.#options = options
  }

  async list(actor: Actor, query: ConnectionQuery): Promise<{ items: Connection[]; next?: string }> {
    const [after] = decodeCursor(query.cursor, [''])
    const limit = query.limit ?? 100
    const [scope] = readScopes(actor, 'connection:read')
    if (scope === undefined) return { items: [] }
    const rows = await this.#options.database.tenant(scope.tenant, (sql) =>
      connectionStore.list(sql, { ...query, after, limit: limit + 1, nodes: scope.nodes }),
    )
    const items = await this.#shown(scope.tenant, rows.slice(0, limit))
    return rows.length > limit ? { items, next: encodeCursor([items.at(-1)!.id]) } : { items }
  }

  async get(actor: Actor, id: string): Promise<Connection> {
    const [shown] = await this.#shown(actor.tenant, [await this.seen(actor, id, 'connection:read')])
    return shown!
  }

  async create(actor: Actor, wanted: NewConnection): Promise<Connection> {
    const { database, audit, clock, devices, limits, vault, agents, announce } = this.#options
    const { tenant } = actor
    const equipment = wanted.equipment ?? null
    const path = equipment === null ? [] : await devices.pathOf(tenant, equipment)
    authorize(actor, 'connection:write', { tenant, path })
    const agent = wanted.agent ?? null
    const adapter = this.adapterFor(wanted.adapter, agent)
    if (agent !== null) await agents.check(actor, agent)
    const { config, secrets } = splitSecrets(adapter, checkedConfig(adapter, withoutEmpty(adapter, wanted.config)))
    const now = clock.now()
    const id = newId('cnx', Math.floor(now / 1000))
    const device: DeviceRow = {
      ...devices.fresh(tenant, { name: wanted.name, equipment, gateway: true }, path),
      state: 'enrolled',
      behind: agent,
      ofConnection: id,
    }
    const row = {
      id,
      tenant,
      name: wanted.name,
      adapter: wanted.adapter,
      agent,
      device: device.id,
      enabled: wanted.enabled ?? true,
      config,
      secrets: vault.close(id, secrets),
      secretPaths: Object.keys(secrets),
      createdAt: now,
      version: 1,
    }
    await database.tenant(tenant, async (sql) => {
      if ((await connectionStore.count(sql)) >= limits.connectionsMade) {
        throw connectivityErrors.connectionLimit({ limit: limits.connectionsMade })
      }
      if (await deviceStore.nameTaken(sql, row.name, '')) {
        throw connectivityErrors.deviceNameTaken({ path: 'name', name: row.name })
      }
      await deviceStore.insert(sql, device)
      await connectionStore.insert(sql, row)
      if (agent !== null) await agents.bump(sql, agent)
      const detail = { name: row.name, adapter: row.adapter, device: device.id, equipment, agent }
      await audit.record(actor, 'connection.create', id, detail, sql)
    })
    await announce('device.created', tenant, device.id, { name: row.name, connection: id })
    await announce('connection.created', tenant, device.id, { connection: id, name: row.name })
    await this.#carry(tenant, id, [agent])
    return this.#read(tenant, id)
  }

  async update(actor: Actor, id: string, change: ConnectionChange, ifMatch: number | undefined): Promise<Connection> {
    const { database, audit, devices, vault, agents, announce } = this.#options
    const { tenant } = actor
    const seen = await this.seen(actor, id, 'connection:write')
    const { equipment } = change
    const path = equipment == null ? [] : await devices.pathOf(tenant, equipment)
    // Moving it needs the right at both ends.
    if (equipment !== undefined) authorize(actor, 'connection:write', { tenant, path })
    if (change.agent != null && change.agent !== seen.agent) await agents.check(actor, change.agent)
    const moved: string[] = []
    const before = await database.tenant(tenant, async (sql) => {
      const held = await connectionStore.get(sql, id)
      if (held === undefined) throw connectivityErrors.connectionUnknown({ path: 'id', id })
      if (ifMatch !== undefined && ifMatch !== held.version) {
        throw connectivityErrors.versionConflict({ id, version: held.version })
      }
      const agent = change.agent === undefined ? held.agent : change.agent
      const adapter = this.adapterFor(held.adapter, agent)
      const stored = vault.open(id, held.secrets)
      const whole = joinSecrets(held.config, stored)
      const given = change.config === undefined ? whole : keepSecrets(adapter, whole, change.config)
      // What was stored by an older adapter stands until somebody changes it; a name can be mended meanwhile.
      const next = change.config === undefined ? whole : checkedConfig(adapter, withoutEmpty(adapter, given))
      const { config, secrets } = splitSecrets(adapter, next)
      const row = {
        ...held,
        name: change.name ?? held.name,
        enabled: change.enabled ?? held.enabled,
        agent,
        config,
        secrets: vault.close(id, secrets),
        secretPaths: Object.keys(secrets),
      }
      moved.push(...(await this.#changeDevices(sql, held, row, equipment, path)))
      if (!(await connectionStore.update(sql, row))) {
        throw connectivityErrors.versionConflict({ id, version: held.version + 1 })
      }
      for (const one of new Set([held.agent, agent])) if (one !== null) await agents.bump(sql, one)
      // The configuration itself stays out: what was changed is enough, and it may be large.
      const { config: changed, ...detail } = change
      await audit.record(
        actor,
        'connection.update',
        id,
        { change: { ...detail, ...(changed === undefined ? {} : { config: changedFields(held.config, config) }) } },
        sql,
      )
      return held
    })
    for (const device of moved) {
      this.#options.cache.drop(device)
      this.#options.signals.forget(device)
      // Its signals go with it; those of the devices behind it get names that keep them apart there.
      const own = device === before.device && equipment !== undefined
      await announce('device.changed', tenant, device, own ? { equipment } : {})
    }
    await announce('connection.changed', tenant, before.device, { connection: id })
    await this.#carry(tenant, id, [before.agent, change.agent ?? null])
    return this.#read(tenant, id)
  }

  async remove(actor: Actor, id: string): Promise<void> {
    const { database, audit, agents, announce, cache, signals } = this.#options
    const { tenant } = actor
    const row = await this.seen(actor, id, 'connection:write')
    const devices = await database.tenant(tenant, async (sql) => {
      const all = await deviceStore.ofConnection(sql, id)
      await connectionStore.remove(sql, id)
      for (const device of all) await deviceStore.remove(sql, device.id)
      if (row.agent !== null) await agents.bump(sql, row.agent)
      const detail = { name: row.name, devices: all.map(({ name }) => name) }
      await audit.record(actor, 'connection.remove', id, detail, sql)
      return all
    })
    // It stops before its devices' sessions are cut: nothing it still reads is refused.
    await this.#carry(tenant, id, [row.agent])
    for (const device of devices) {
      cache.drop(device.id)
      signals.forget(device.id)
      await announce('device.removed', tenant, device.id, { name: device.name })
    }
    await announce('connection.removed', tenant, row.device, { connection: id, name: row.name })
  }

  /** The connection, if the actor may do this with it: 404 when it may not even see it. */
  async seen(actor: Actor, id: string, permission: Permission): Promise<StoredConnection> {
    const row = await this.#options.database.tenant(actor.tenant, (sql) => connectionStore.get(sql, id))
    const unknown = () => connectivityErrors.connectionUnknown({ path: 'id', id })
    if (row === undefined) throw unknown()
    authorizeSeen(actor, permission, 'connection:read', { tenant: row.tenant, path: row.path }, unknown)
    return row
  }

  /** The configuration of a draft with the secrets that a connection has stored. */
  withSecretsOf(row: StoredConnection, config: Record<string, unknown>): Record<string, unknown> {
    const adapter = this.#options.adapters.get(row.adapter)
    if (adapter === undefined) return config
    return keepSecrets(adapter, joinSecrets(row.config, this.#options.vault.open(row.id, row.secrets)), config)
  }

  /** @throws when there is no such adapter, or it does not run there */
  adapterFor(id: string, agent: string | null): ConnectionAdapter {
    const adapter = this.#options.adapters.get(id)
    if (adapter === undefined) throw connectivityErrors.adapterUnknown({ path: 'adapter', adapter: id })
    const where = agent === null ? 'platform' : 'edge'
    if (!adapter.manifest.runsOn.includes(where)) {
      throw connectivityErrors.notHere({
        path: 'agent',
        adapter: id,
        where: agent === null ? 'in the platform' : 'at edge agents',
      })
    }
    return adapter
  }

  /** Name, agent and equipment are also its device's; devices behind it move along when they hang where it did. */
  async #changeDevices(
    sql: Sql,
    held: StoredConnection,
    row: Pick<StoredConnection, 'id' | 'name' | 'agent'>,
    equipment: string | null | undefined,
    path: readonly string[],
  ): Promise<string[]> {
    const changed: string[] = []
    for (const device of await deviceStore.ofConnection(sql, held.id)) {
      const own = device.id === held.device
      const next = { ...device }
      if (own && row.name !== held.name) {
        if (await deviceStore.nameTaken(sql, row.name, device.id)) {
          throw connectivityErrors.deviceNameTaken({ path: 'name', name: row.name })
        }
        next.name = row.name
      }
      if (equipment !== undefined && (own || device.equipment === held.equipment)) {
        next.equipment = equipment
        next.path = path
      }
      if (next.name !== device.name || next.equipment !== device.equipment) {
        await deviceStore.update(sql, next)
        changed.push(device.id)
      }
      if (own && row.agent !== held.agent) {
        await deviceStore.setBehind(sql, device.id, row.agent)
        if (!changed.includes(device.id)) changed.push(device.id)
      }
    }
    return changed
  }

  /** Puts to work what was stored: here, and at the agents that had or have it. */
  async #carry(tenant: string, id: string, agents: readonly (string | null)[]): Promise<void> {
    await this.#options.runtime.changed(id)
    for (const agent of new Set(agents)) if (agent !== null) await this.#options.agents.tell(tenant, agent)
  }

  async #read(tenant: string, id: string): Promise<Connection> {
    const row = await this.#options.database.tenant(tenant, (sql) => connectionStore.get(sql, id))
    if (row === undefined) throw connectivityErrors.connectionUnknown({ path: 'id', id })
    const [shown] = await this.#shown(tenant, [row])
    return shown!
  }

  async #shown(tenant: string, rows: readonly StoredConnection[]): Promise<Connection[]> {
    const { runtime, agents } = this.#options
    const there = rows.filter(({ enabled, agent }) => enabled && agent !== null)
    const reported = there.length === 0 ? undefined : await agents.statuses(tenant, there)
    return rows.map((row) => {
      if (!row.enabled) return shownConnection(row, statusOf('stopped', row.createdAt, 'It is switched off.'))
      return shownConnection(row, reported?.get(row.id) ?? runtime.status(row.id))
    })
  }
}

/** A secret that was emptied is taken away. */
function withoutEmpty(adapter: ConnectionAdapter, config: Record<string, unknown>): Record<string, unknown> {
  const { config: open, secrets } = splitSecrets(adapter, config)
  return joinSecrets(open, secrets)
}

/** Names of the fields at the top that are others now. */
function changedFields(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name])).slice(0, 100)
}
