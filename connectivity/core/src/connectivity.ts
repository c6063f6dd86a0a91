import type { Bus, Clock, Log } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import type { AssetPaths, AuditLog, Seal } from '@millwright/trust'
import { AgentConfigurations } from './agents/configuration.ts'
import { AgentDeviceTwins } from './agents/device-twins.ts'
import { agentHandlers } from './agents/handlers.ts'
import { LiveAgentLines } from './agents/lines.ts'
import type { AgentLines, AgentRules } from './agents/model.ts'
import { AgentProbes } from './agents/probes.ts'
import { AgentService } from './agents/service.ts'
import type { Commands, PolledCommands } from './commands/model.ts'
import { CommandService } from './commands/service.ts'
import { ConnectionFolders } from './connections/folders.ts'
import { connectionHandlers } from './connections/handlers.ts'
import type { Adapters } from './connections/host.ts'
import type { StoredConnection } from './connections/model.ts'
import { type Feeds, PlatformConnections } from './connections/runtime.ts'
import { ConnectionService } from './connections/service.ts'
import { ConnectionTries } from './connections/tries.ts'
import { Vault } from './connections/vault.ts'
import type { DeadLetters } from './dead-letters/model.ts'
import { DeadLetterService } from './dead-letters/service.ts'
import { DeviceCache } from './devices/cache.ts'
import { Connections } from './devices/connections.ts'
import { deviceHandlers } from './devices/handlers.ts'
import { DevicePaths } from './devices/paths.ts'
import { DeviceService } from './devices/service.ts'
import { connectivityErrors } from './errors.ts'
import { announcer, deviceOf } from './events.ts'
import type { Intake } from './intake/model.ts'
import { IntakeService } from './intake/service.ts'
import { defaultLimits, type Limits } from './limits/limits.ts'
import type { Messages } from './messages/model.ts'
import { MessageRing } from './messages/ring.ts'
import type { ReadingSink, SignalDirectory } from './ports.ts'
import type { DeviceSession, DeviceSessions } from './sessions/model.ts'
import { DeviceSessionTable } from './sessions/table.ts'
import type { ThingsBoard } from './thingsboard/model.ts'
import { ThingsBoardService } from './thingsboard/service.ts'
import type { Twins } from './twins/model.ts'
import { TwinService } from './twins/service.ts'

/** Connectivity as adapters see it. */
export interface AdapterPorts {
  readonly sessions: DeviceSessions
  readonly intake: Intake
  readonly commands: Commands
  readonly twins: Twins
  readonly deadLetters: DeadLetters
  readonly messages: Messages
  readonly thingsboard: ThingsBoard
  readonly agents: AgentLines
}

export interface ConnectivityOptions {
  readonly database: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  readonly trust: { readonly audit: AuditLog; readonly seal: Seal }
  readonly assetPaths: AssetPaths
  /** Where readings go (the historian's). */
  readonly sink: ReadingSink
  /** What metrics are (data's). */
  readonly signals: SignalDirectory
  /** The protocols that connections can speak. */
  readonly adapters: Adapters
  /** Where connections keep what they must; made when missing. */
  readonly directory: string
  /** The platform's own signals, for connections that send them on. */
  readonly feeds?: Feeds
  /** The rules that edge agents run themselves. */
  readonly agentRules?: AgentRules
  /** What differs from `defaultLimits`. */
  readonly limits?: Partial<Limits>
}

export interface Connectivity extends AdapterPorts {
  readonly commands: PolledCommands
  readonly devices: DeviceService
  readonly connections: ConnectionService
  /** The connections that the platform runs itself. */
  readonly running: PlatformConnections
  readonly handlers: ReturnType<typeof deviceHandlers> &
    ReturnType<typeof connectionHandlers> &
    ReturnType<typeof agentHandlers>
  /** Takes up what the last run left open. Adapters start after it. */
  start(): Promise<void>
  /** Adapters have stopped: ends what is left, writes what is due. */
  stop(): Promise<void>
}

/** Wires the parts of connectivity; nothing runs before `start`. */
export function createConnectivity(options: ConnectivityOptions): Connectivity {
  const { database, bus, clock, log, assetPaths, sink, signals } = options
  const { audit } = options.trust
  const limits: Limits = { ...defaultLimits, ...options.limits }
  const announce = announcer(bus, clock)
  const cache = new DeviceCache(database, bus)
  const connections = new Connections({ database, clock, log })
  const paths = new DevicePaths({ database, bus, assetPaths, cache, announce })
  const messages = new MessageRing(clock)
  const deadLetters = new DeadLetterService({ database, clock, log })
  const flushConnections = () => connections.flush()
  const devices = new DeviceService({ database, clock, audit, announce, assetPaths, cache, signals, flushConnections })
  const sessions = new DeviceSessionTable({
    bus,
    clock,
    log,
    announce,
    cache,
    connections,
    limits,
    enrolled: (device) => devices.enrolled(device),
    followed(device) {
      signals.forget(device)
      intake.forget(device)
    },
  })
  const seen: DeviceService['seen'] = (actor, device, permission) => devices.seen(actor, device, permission)
  const commands = new CommandService({ database, clock, log, audit, announce, sessions, limits, seen })
  const twins = new TwinService({ database, clock, log, audit, announce, sessions, seen })
  const intake = new IntakeService({ bus, clock, sink, signals, deadLetters, messages, connections, limits })
  const openBehind = async (gateway: DeviceSession, name: string, limit: number) => {
    const row = await cache.get(gateway.device)
    if (row === undefined) throw connectivityErrors.deviceUnknown({ id: gateway.device })
    return sessions.openBehind(gateway, await devices.behind(row, name, limit))
  }
  const thingsboard = new ThingsBoardService({
    intake,
    commands,
    twins,
    deadLetters,
    sessions,
    log,
    openBehind: (gateway, name) => openBehind(gateway, name, limits.devicesPerGateway),
  })
  const { adapters } = options
  const vault = new Vault(options.trust.seal)
  const folders = new ConnectionFolders(options.directory)
  const links = {
    intake,
    commands,
    deadLetters,
    openBehind: (own: DeviceSession, name: string) => openBehind(own, name, limits.devicesPerConnection),
  }
  const running = new PlatformConnections({
    database,
    announce,
    clock,
    log,
    adapters,
    folders,
    vault,
    feeds: options.feeds,
    ...links,
    open: ({ tenant, device, adapter }) => sessions.open({ tenant, device }, adapter, 'the platform'),
  })
  const configurations = new AgentConfigurations({ database, vault, rules: options.agentRules })
  const agents = new AgentService({
    database,
    bus,
    clock,
    log,
    audit,
    announce,
    devices,
    sessions,
    twins,
    configurations,
  })
  const lines = new LiveAgentLines({
    database,
    announce,
    bus,
    clock,
    log,
    ...links,
    sessions,
    twins,
    async open(agent: DeviceSession, { device }: StoredConnection) {
      const row = await cache.get(device)
      if (row === undefined) throw connectivityErrors.deviceUnknown({ id: device })
      return sessions.openBehind(agent, row)
    },
  })
  const deviceTwins = new AgentDeviceTwins({ database, bus, log, cache, twins })
  const probes = new AgentProbes({ clock, commands, sessions })
  const made = new ConnectionService({
    database,
    clock,
    audit,
    announce,
    cache,
    signals,
    limits,
    devices,
    adapters,
    vault,
    runtime: running,
    agents,
  })
  const tries = new ConnectionTries({ adapters, clock, log, folders, connections: made, agents, probes })
  const enrolled = bus.subscribe('millwright.device.enrolled', (event) => devices.enrolled(deviceOf(event)))
  const removed = bus.subscribe('millwright.device.removed', (event) => {
    messages.forget(deviceOf(event))
    connections.forget(deviceOf(event))
  })

  return {
    devices,
    sessions,
    intake,
    commands,
    twins,
    deadLetters,
    messages,
    thingsboard,
    agents: lines,
    connections: made,
    running,
    handlers: {
      ...deviceHandlers({ devices, messages, deadLetters, commands, twins }),
      ...connectionHandlers({ adapters, connections: made, tries }),
      ...agentHandlers({ agents, probes }),
    },

    async start() {
      await connections.start()
      await paths.start()
      sessions.start()
      intake.start()
      deadLetters.start()
      await commands.start()
      lines.start()
      deviceTwins.start()
      await agents.start()
      await running.start()
    },

    async stop() {
      await running.stop()
      await agents.stop()
      lines.stop()
      deviceTwins.stop()
      sessions.stop()
      await intake.stop()
      await commands.stop()
      twins.stop()
      enrolled.cancel()
      removed.cancel()
      paths.stop()
      await connections.stop()
      await deadLetters.stop()
      cache.close()
    },
  }
}
