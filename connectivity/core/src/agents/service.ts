import type { Agent, AgentConfiguration, AgentSettings, Connection, Permission } from '@millwright/contracts'
import {
  type Bus,
  type Clock,
  decodeCursor,
  encodeCursor,
  type Log,
  SECOND,
  type Subscription,
  type Timer,
} from '@millwright/foundation'
import type { Database, Sql } from '@millwright/storage'
import { type Actor, type AuditLog, authorize, authorizeSeen, readScopes, systemActor } from '@millwright/trust'
import type { StoredConnection } from '../connections/model.ts'
import type { ConnectionAgents } from '../connections/service.ts'
import { statusOf } from '../connections/status.ts'
import type { DeviceService } from '../devices/service.ts'
import { deviceStore } from '../devices/store.ts'
import { connectivityErrors } from '../errors.ts'
import type { Announce } from '../events.ts'
import { Line } from '../line.ts'
import type { DeviceSessions } from '../sessions/model.ts'
import type { TwinService } from '../twins/service.ts'
import { type AgentConfigurations, digestOf } from './configuration.ts'
import { type AgentQuery, type AgentReport, defaultSettings, type NewAgent, type StoredAgent } from './model.ts'
import { readReport, reportedStatus } from './report.ts'
import { agentStore } from './store.ts'

export interface AgentServiceOptions {
  readonly database: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  readonly audit: AuditLog
  readonly announce: Announce
  readonly devices: DeviceService
  readonly sessions: DeviceSessions
  readonly twins: TwinService
  readonly configurations: AgentConfigurations
}

/** Rules and signals change in bursts. */
const RULES_SOON = 2 * SECOND

/** Edge agents: devices that run connections beside the machines, and are told what to do by version. */
export class AgentService implements ConnectionAgents {
  readonly #options: AgentServiceOptions
  readonly #line = new Line()
  readonly #tenants = new Set<string>()
  #events: Subscription[] = []
  #timer: Timer | undefined

  constructor(options: AgentServiceOptions) {
    this.#options = options
  }

  /** Tells agents what changed while the platform was down, and follows their rules. */
  async start(): Promise<void> {
    const { bus, database } = this.#options
    const follow = (event: { tenant: string }) => this.#rulesSoon(event.tenant)
    this.#events = ['millwright.rule.changed', 'millwright.signal.created', 'millwright.signal.changed'].map((type) =>
      bus.subscribe(type, follow),
    )
    for (const { tenant, device } of await database.system((sql) => agentStore.all(sql))) {
      this.#tenants.add(tenant)
      await this.tell(tenant, device)
    }
    this.#lookSoon()
  }

  async stop(): Promise<void> {
    this.#timer?.cancel()
    for (const subscription of this.#events) subscription.cancel()
    await this.#line.empty()
  }

  async list(actor: Actor, query: AgentQuery): Promise<{ items: Agent[]; next?: string }> {
    const [after] = decodeCursor(query.cursor, [''])
    const limit = query.limit ?? 100
    const [scope] = readScopes(actor, 'device:read')
    if (scope === undefined) return { items: [] }
    const rows = await this.#options.database.tenant(scope.tenant, (sql) =>
      agentStore.list(sql, { after, limit: limit + 1, q: query.q, nodes: scope.nodes }),
    )
    const items = await Promise.all(rows.slice(0, limit).map((row) => this.#shown(row)))
    return rows.length > limit ? { items, next: encodeCursor([items.at(-1)!.device]) } : { items }
  }

  async get(actor: Actor, device: string): Promise<Agent> {
    return this.#shown(await this.seen(actor, device, 'device:read'))
  }

  async create(actor: Actor, wanted: NewAgent): Promise<Agent> {
    const { database, audit, announce, devices } = this.#options
    const { tenant } = actor
    const equipment = wanted.equipment ?? null
    const path = equipment === null ? [] : await devices.pathOf(tenant, equipment)
    authorize(actor, 'device:write', { tenant, path })
    const row = devices.fresh(tenant, { name: wanted.name, equipment, gateway: true }, path)
    const settings = wanted.settings ?? {}
    await database.tenant(tenant, async (sql) => {
      if (await deviceStore.nameTaken(sql, row.name, row.id)) {
        throw connectivityErrors.deviceNameTaken({ path: 'name', name: row.name })
      }
      await deviceStore.insert(sql, row)
      await agentStore.insert(sql, { device: row.id, tenant, settings })
      await audit.record(actor, 'agent.create', row.id, { name: row.name, equipment, settings }, sql)
    })
    await announce('device.created', tenant, row.id, { name: row.name, agent: true })
    await this.tell(tenant, row.id)
    return this.get(actor, row.id)
  }

  async update(
    actor: Actor,
    device: string,
    change: Partial<AgentSettings>,
    ifMatch: number | undefined,
  ): Promise<Agent> {
    const { database, audit } = this.#options
    const { tenant } = await this.seen(actor, device, 'device:write')
    await database.tenant(tenant, async (sql) => {
      const held = await agentStore.get(sql, device)
      if (held === undefined) throw connectivityErrors.agentUnknown({ path: 'id', id: device })
      if (ifMatch !== undefined && ifMatch !== held.version) {
        throw connectivityErrors.versionConflict({ id: device, version: held.version })
      }
      if (!(await agentStore.setSettings(sql, device, held.version, { ...held.settings, ...change }))) {
        throw connectivityErrors.versionConflict({ id: device, version: held.version + 1 })
      }
      await audit.record(actor, 'agent.update', device, { change }, sql)
    })
    await this.tell(tenant, device)
    return this.get(actor, device)
  }

  /** What an agent is to do, for itself alone. */
  async configuration(actor: Actor): Promise<AgentConfiguration> {
    return this.#options.configurations.of(await this.#self(actor))
  }

  /** The agent that asks. @throws when it is none, or came without its certificate */
  async #self(actor: Actor): Promise<StoredAgent> {
    const row = await this.itself(actor)
    if (row === undefined) throw connectivityErrors.agentOnly()
    return row
  }

  /** The agent that this actor is; undefined when it is none. */
  async itself(actor: Actor): Promise<StoredAgent | undefined> {
    if (actor.kind !== 'device' || actor.certificate === undefined) return undefined
    return this.#options.database.tenant(actor.tenant, (sql) => agentStore.get(sql, actor.id))
  }

  async seen(actor: Actor, device: string, permission: Permission): Promise<StoredAgent> {
    const row = await this.#options.database.tenant(actor.tenant, (sql) => agentStore.get(sql, device))
    const unknown = () => connectivityErrors.agentUnknown({ path: 'id', id: device })
    if (row === undefined) throw unknown()
    authorizeSeen(actor, permission, 'device:read', { tenant: row.tenant, path: row.path }, unknown)
    return row
  }

  async check(actor: Actor, agent: string): Promise<void> {
    const { path } = await this.seen(actor, agent, 'device:read')
    authorize(actor, 'connection:write', { tenant: actor.tenant, path })
  }

  bump(sql: Sql, agent: string): Promise<void> {
    return agentStore.bump(sql, agent)
  }

  async tell(tenant: string, agent: string): Promise<void> {
    const { database, twins } = this.#options
    this.#tenants.add(tenant)
    const row = await database.tenant(tenant, (sql) => agentStore.get(sql, agent))
    if (row === undefined) return
    const desired = { agent: { configuration: row.configuration } }
    await twins.patchDesired(systemActor(tenant, 'edge agents'), agent, desired, undefined)
  }

  async statuses(tenant: string, connections: readonly StoredConnection[]): Promise<Map<string, Connection['status']>> {
    const { database, sessions } = this.#options
    const statuses = new Map<string, Connection['status']>()
    for (const device of new Set(connections.map(({ agent }) => agent!))) {
      const agent = await database.tenant(tenant, (sql) => agentStore.get(sql, device))
      const report = await this.#reported(tenant, device)
      const online = sessions.of(device).length > 0
      for (const { id } of connections.filter((one) => one.agent === device)) {
        statuses.set(id, this.#statusOf(agent?.name ?? device, online, reportedStatus(report, id)))
      }
    }
    return statuses
  }

  #statusOf(agent: string, online: boolean, reported: Connection['status'] | undefined): Connection['status'] {
    if (reported === undefined) {
      return statusOf('unknown', this.#options.clock.now(), `The edge agent ${agent} has not said yet how it is.`)
    }
    if (online) return reported
    return {
      ...reported,
      state: 'unknown',
      reason: `The edge agent ${agent} is not connected; it was ${reported.state}.`,
    }
  }

  async #reported(tenant: string, agent: string) {
    return readReport(await this.#options.twins.lastReported(tenant, agent))
  }

  async #shown(row: StoredAgent): Promise<Agent> {
    const report = await this.#reported(row.tenant, row.device)
    return {
      device: row.device,
      name: row.name,
      online: this.#options.sessions.of(row.device).length > 0,
      ...(report.software === undefined ? {} : { software: report.software }),
      settings: { ...defaultSettings, ...row.settings },
      configuration: configurationOf(row, report.configuration),
      ...(report.queue === undefined ? {} : { queue: report.queue }),
      connections: row.connections,
      version: row.version,
    }
  }

  #rulesSoon(tenant: string): void {
    if (!this.#tenants.has(tenant)) return
    this.#lookSoon()
  }

  #lookSoon(): void {
    const { clock, log } = this.#options
    this.#timer ??= clock.after(RULES_SOON, () => {
      this.#timer = undefined
      this.#line.add(async () => {
        try {
          await this.#followRules()
        } catch (error) {
          log.error({ err: error }, 'the rules of edge agents could not be brought up to date')
        }
      })
    })
  }

  /** Agents whose rules are others now get a new configuration. */
  async #followRules(): Promise<void> {
    const { database, configurations } = this.#options
    for (const agent of await database.system((sql) => agentStore.all(sql))) {
      const digest = digestOf(await configurations.rules(agent))
      if (digest === agent.rulesDigest) continue
      await database.tenant(agent.tenant, (sql) => agentStore.setRules(sql, agent.device, digest))
      await this.tell(agent.tenant, agent.device)
    }
  }
}

const STATES = ['pending', 'applied', 'rolled-back', 'failed'] as const

function configurationOf(
  { configuration: desired }: StoredAgent,
  reported: AgentReport['configuration'],
): Agent['configuration'] {
  if (reported === undefined) return { desired, state: 'none' }
  const running = reported.running ?? reported.version
  // What it did with an older version says nothing of this one.
  if (reported.version !== desired) return { desired, reported: running, state: 'pending' }
  return {
    desired,
    reported: running,
    state: STATES.find((state) => state === reported.state) ?? 'pending',
    ...(reported.reason === undefined ? {} : { reason: reported.reason }),
  }
}
