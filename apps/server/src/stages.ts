import { connectivityMigrations, createConnectivity, createDevicePlaces } from '@millwright/connectivity'
import { createAssets, createHistorian, dataMigrations, EventRecorder, SignalFeeds } from '@millwright/data'
import { createBus, type Lifecycle, type Log, systemClock } from '@millwright/foundation'
import { createIntelligence, intelligenceMigrations } from '@millwright/intelligence'
import { createMonitoring, monitoringMigrations } from '@millwright/monitoring'
import { type DataDirectory, migrate } from '@millwright/storage'
import { createTrust, type Endpoints, trustMigrations } from '@millwright/trust'
import { platformAdapters } from './adapters.ts'
import { agentRules } from './agent-rules.ts'
import type { ServerConfig } from './config.ts'
import { openEngines } from './engines.ts'

/** In the order of the stages: a table may refer to those of the stages below it. */
export const migrations = [
  ...trustMigrations,
  ...connectivityMigrations,
  ...dataMigrations,
  ...monitoringMigrations,
  ...intelligenceMigrations,
]

export interface StagesOptions {
  readonly config: ServerConfig
  readonly log: Log
  readonly lifecycle: Lifecycle
  readonly directory: DataDirectory
  readonly publicUrl: string
  readonly endpoints: () => Endpoints
}

export type Stages = Awaited<ReturnType<typeof startStages>>

/** Starts the stages from the ground up, each with what it needs of those below; nothing listens yet. */
export async function startStages(options: StagesOptions) {
  const { config, log, lifecycle, directory, publicUrl, endpoints } = options
  const clock = systemClock
  const engines = await lifecycle.use(
    'engines',
    () => openEngines(config, directory, log),
    async (open) => {
      await open.telemetry.close()
      await open.database.close()
    },
  )
  const { database, telemetry } = engines
  await migrate(database, migrations)
  const bus = await lifecycle.use(
    'bus',
    () => createBus(log),
    (held) => held.close(),
  )

  // Trust asks where nodes are, and the tree writes trust's audit log: the question is answered once both are there.
  const assetPaths = { path: (tenant: string, node: string) => plant.assets.path(tenant, node) }
  const trust = await lifecycle.use(
    'trust',
    () =>
      createTrust({
        database,
        bus,
        clock,
        log,
        directory: directory.keys,
        passphrase: config.keyPassphrase === '' ? undefined : config.keyPassphrase,
        publicUrl,
        assetPaths,
        devicePlaces: createDevicePlaces({ database, bus }),
        endpoints,
        adoptCertificates: config.adoptCertificates,
        administrator: { tenant: config.organisation, email: 'admin@millwright.local', name: 'Administrator' },
      }),
    (held) => held.stop(),
  )
  const { audit } = trust
  const plant = createAssets({ database, bus, clock, audit })
  await plant.start()

  const historian = createHistorian({ telemetry, bus, clock, log, signals: plant.catalogue })
  await lifecycle.use(
    'historian',
    () => historian.start(),
    () => historian.stop(),
  )
  const events = new EventRecorder({ database, bus, clock, log })
  await lifecycle.use(
    'events',
    () => events.start(),
    () => events.stop(),
  )
  const monitoring = createMonitoring({ database, bus, clock, log, audit, plant, historian })
  await lifecycle.use(
    'monitoring',
    () => monitoring.start(),
    () => monitoring.stop(),
  )
  const intelligence = createIntelligence({
    ...engines,
    bus,
    clock,
    log,
    audit,
    plant,
    historian,
    rules: monitoring.rules,
    // Connectivity begins after what its readings are for; nothing asks it for commands before.
    commands: {
      seen: (actor, device) => connectivity.devices.seen(actor, device, 'command:send'),
      send: (actor, device, command) => connectivity.commands.send(actor, device, command),
    },
  })
  await lifecycle.use(
    'intelligence',
    () => intelligence.start(),
    () => intelligence.stop(),
  )
  const feeds = new SignalFeeds({
    bus,
    clock,
    log,
    signals: plant.catalogue,
    historian,
    names: (node) => plant.tree.names(node),
  })
  feeds.start()
  const connectivity = createConnectivity({
    database,
    bus,
    clock,
    log,
    trust,
    assetPaths,
    sink: historian.sink,
    signals: plant.directory,
    adapters: platformAdapters(config.fileRoots),
    directory: directory.connections,
    feeds: (tenant, node) => feeds.of(tenant, node),
    agentRules: agentRules({ rules: monitoring.rules, catalogue: plant.catalogue, tree: plant.tree }),
  })
  await lifecycle.use(
    'connectivity',
    () => connectivity.start(),
    async () => {
      await connectivity.stop()
      feeds.stop()
    },
  )
  trust.start()
  return { ...engines, bus, clock, trust, plant, historian, events, monitoring, intelligence, connectivity }
}
