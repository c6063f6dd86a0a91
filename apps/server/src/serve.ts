import { fileURLToPath } from 'node:url'
import { brokerAuthorisation } from '@millwright/connectivity-brokers'
import { httpAdapter } from '@millwright/connectivity-http'
import type { MqttAdapter } from '@millwright/connectivity-mqtt'
import { openApiDocument, operations } from '@millwright/contracts'
import type { Log } from '@millwright/foundation'
import { backup, type DataDirectory, type SpaceWatch } from '@millwright/storage'

import type { FastifyInstance } from 'fastify'
import { registerOperations } from './api/operations.ts'
import type { ServerConfig } from './config.ts'
import { serveConsole } from './http/console.ts'
import type { IsProxy } from './http/proxies.ts'
import { revocationLists } from './http/revocation-lists.ts'
import { createHttpServer } from './http/server.ts'
import { nodeSetHandlers } from './import-nodesets.ts'
import { liveRoutes } from './live/routes.ts'
import { LiveSources } from './live/sources.ts'
import type { LocalOperator } from './local-operator.ts'
import { addFigures } from './observe/figures.ts'
import { Metrics } from './observe/metrics.ts'
import { probesOf } from './observe/probes.ts'
import { observeRoutes } from './observe/routes.ts'
import { platformHandlers } from './platform-handlers.ts'
import type { Stages } from './stages.ts'
import { version } from './version.ts'

const CONSOLE = fileURLToPath(new URL('../../console/dist/', import.meta.url))

export interface ServeOptions {
  readonly config: ServerConfig
  readonly log: Log
  readonly stages: Stages
  readonly local: LocalOperator
  readonly mqtt: MqttAdapter
  readonly disk: SpaceWatch
  readonly directory: DataDirectory
  readonly port: number
  readonly deviceHost: string
  readonly deviceUrl: string
  readonly isProxy: IsProxy
}

/** Everything that is served by HTTP: the API, live connections, devices that speak HTTP, the console. */
export async function serve(options: ServeOptions): Promise<FastifyInstance> {
  const { config, log, stages, local, mqtt, disk, directory, port } = options
  const { trust, plant, historian, monitoring, intelligence, connectivity, events, bus, clock } = stages
  const { database, telemetry, artifacts } = stages
  const { authority } = trust
  const { app, renew } = await createHttpServer({
    log,
    tls: authority.serverTls(),
    isProxy: options.isProxy,
  })
  authority.onServerRenewed(renew)
  const authenticate = local.over(trust.authenticate)

  registerOperations(app, authenticate, {
    ...platformHandlers({
      version,
      clock,
      authority,
      events,
      endpoints: () => ({ mqtt: { host: options.deviceHost, port: mqtt.port }, http: { url: options.deviceUrl } }),
      backup: () => backup({ database, telemetry, artifacts, directory }),
    }),
    ...trust.handlers,
    async getSession(call) {
      if (!local.is(call.actor)) return trust.handlers.getSession(call)
      const tenants = await trust.tenants.list(call.actor)
      call.header('cache-control', 'no-store')
      return local.session(tenants.find(({ id }) => id === call.actor.tenant)!)
    },
    ...plant.handlers,
    ...nodeSetHandlers(plant.classes, plant.handlers),
    ...connectivity.handlers,
    ...historian.handlers,
    ...monitoring.handlers,
    ...intelligence.handlers,
  })
  const document = JSON.stringify(openApiDocument(operations, version))
  app.get('/api/v1/openapi.json', (_, reply) => reply.type('application/json').send(document))
  revocationLists(app, authority)

  const sources = new LiveSources({
    bus,
    clock,
    signals: plant.signals,
    historian,
    pathOf: (node) => plant.tree.get(node)?.path ?? [],
  })
  liveRoutes(app, { authenticate, sources, bus, clock })
  await app.register(httpAdapter({ connectivity, trust, clock }))
  await app.register(brokerAuthorisation({ trust, clock, log, secret: config.brokerSecret }))
  const metrics = new Metrics()
  addFigures(metrics, { stages, mqtt, disk })
  observeRoutes(app, { authenticate, metrics, probes: probesOf(stages, mqtt, disk) })
  await serveConsole(app, CONSOLE)
  await app.listen({ port, host: config.httpHost })
  return app
}
