import { join, resolve } from 'node:path'
import { createMqttAdapter } from '@millwright/connectivity-mqtt'
import type { Lifecycle, Log } from '@millwright/foundation'
import { openDataDirectory, watchSpace } from '@millwright/storage'
import type { ServerTls } from '@millwright/trust'
import type { ServerConfig } from './config.ts'
import { startPlant } from './demo/plant.ts'
import { claimPort } from './http/claim-port.ts'
import { trustedProxies } from './http/proxies.ts'
import { LocalOperator } from './local-operator.ts'
import { startOpcua } from './opcua.ts'
import { serve } from './serve.ts'
import { type Stages, startStages } from './stages.ts'
import { version } from './version.ts'

/** A running platform, as its start-up message tells of it. */
export interface Platform {
  readonly version: string
  readonly consoleUrl: string
  /** For the first administrator, while there is none. */
  readonly signInLink: string | undefined
  readonly deviceHost: string
  readonly mqttPort: number
}

/** Starts everything in the order in which it depends on each other; `lifecycle.stop()` takes it down in reverse. */
export async function startPlatform(
  config: ServerConfig,
  options: { log: Log; lifecycle: Lifecycle },
): Promise<Platform> {
  const { log, lifecycle } = options
  const isProxy = trustedProxies(config.trustedProxies)
  // Ports first: a platform that cannot listen must not have touched anything.
  const httpPort = await claimPort(config.httpPort, config.httpHost)
  const mqttPort = await claimPort(config.mqttPort, config.mqttHost)
  const consoleUrl = config.publicUrl === '' ? `http://localhost:${httpPort}` : config.publicUrl
  const deviceHost = new URL(consoleUrl).hostname.replace(/^\[|\]$/g, '')
  // Devices come by TLS, on the same port.
  const deviceUrl = config.publicUrl === '' ? `https://localhost:${httpPort}` : config.publicUrl
  const directory = await lifecycle.use(
    'data directory',
    () => openDataDirectory(resolve(config.data)),
    (held) => held.release(),
  )
  const stages = await startStages({
    config,
    log,
    lifecycle,
    directory,
    publicUrl: consoleUrl,
    endpoints: () => ({ mqtt: { host: deviceHost, port: mqttPort }, http: { url: deviceUrl } }),
  })
  const disk = await lifecycle.use(
    'disk',
    () => watchSpace(directory.path, { clock: stages.clock, log }),
    (watch) => watch.stop(),
  )
  const { tenant, link } = await stages.trust.firstStart()
  const local = new LocalOperator(tenant.id)
  const mqtt = await lifecycle.use(
    'mqtt',
    () => startMqtt(stages, { config, log, port: mqttPort, directory: directory.mqtt }),
    (adapter) => adapter.stop(),
  )
  await startOpcua(stages, { config, log, lifecycle, hostName: deviceHost })
  await lifecycle.use(
    'http',
    () => serve({ config, log, stages, local, mqtt, disk, directory, port: httpPort, deviceHost, deviceUrl, isProxy }),
    (app) => app.close(),
  )
  await local.write(directory.path)
  if (!config.empty) {
    const plantOptions = {
      url: deviceUrl,
      directory: join(directory.path, 'plant'),
      token: local.token,
      log,
      full: config.plant === 'full',
    }
    await lifecycle.use(
      'plant',
      () => startPlant(plantOptions),
      (running) => running.stop(),
    )
  }
  return { version, consoleUrl, signInLink: link, deviceHost, mqttPort }
}

async function startMqtt(stages: Stages, options: { config: ServerConfig; log: Log; port: number; directory: string }) {
  const { connectivity, trust, bus, clock } = stages
  const { authority } = trust
  const { config, log, port, directory } = options
  const adapter = createMqttAdapter({
    connectivity,
    trust,
    bus,
    clock,
    log,
    directory,
    host: config.mqttHost,
    port,
    tls: brokerTls(authority.serverTls()),
  })
  await adapter.start()
  authority.onServerRenewed((tls) => adapter.renew(brokerTls(tls)))
  return adapter
}

const brokerTls = ({ key, cert, ca }: ServerTls) => ({ key, cert, ca: ca.join('\n') })
