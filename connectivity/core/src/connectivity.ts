import type { Bus, Clock, Log } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import type { AssetPaths, AuditLog } from '@millwright/trust'
import type { Commands, PolledCommands } from './commands/model.ts'
import { CommandService } from './commands/service.ts'
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
import type { DeviceSessions } from './sessions/model.ts'
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
}

export interface ConnectivityOptions {
  readonly database: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  readonly trust: { readonly audit: AuditLog }
  readonly assetPaths: AssetPaths
  /** Where readings go (the historian's). */
  readonly sink: ReadingSink
  /** What metrics are (data's). */
  readonly signals: SignalDirectory
  /** What differs from `defaultLimits`. */
  readonly limits?: Partial<Limits>
}

export interface Connectivity extends AdapterPorts {
  readonly commands: PolledCommands
  readonly devices: DeviceService
  readonly handlers: ReturnType<typeof deviceHandlers>
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
  const thingsboard = new ThingsBoardService({
    intake,
    commands,
    twins,
    deadLetters,
    sessions,
    log,
    async openBehind(gateway, name) {
      const row = await cache.get(gateway.device)
      if (row === undefined) throw connectivityErrors.deviceUnknown({ id: gateway.device })
      return sessions.openBehind(gateway, await devices.behind(row, name, limits.devicesPerGateway))
    },
  })
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
    handlers: deviceHandlers({ devices, messages, deadLetters, commands, twins }),

    async start() {
      await connections.start()
      await paths.start()
      sessions.start()
      intake.start()
      deadLetters.start()
      await commands.start()
    },

    async stop() {
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
