import type { ConnectionAdapter } from '@millwright/connectivity'
import { SECOND } from '@millwright/foundation'
import { brokerErrors } from '../errors.ts'
import { checkBroker } from '../link/config.ts'
import { testBroker } from '../link/probe.ts'
import { browseTopics } from './browse.ts'
import { type MqttSourceConfig, mqttSourceSchema } from './config.ts'
import { mqttSourceManifest } from './manifest.ts'
import { Mapping } from './mapping.ts'
import { MqttSource } from './source.ts'

export const mqttSourceAdapter: ConnectionAdapter<MqttSourceConfig> = {
  manifest: mqttSourceManifest,
  configSchema: mqttSourceSchema,
  check(config) {
    checkBroker(config)
    for (const [at, mapping] of config.mappings.entries()) new Mapping(mapping, `/mappings/${at}`)
    if ((config.persistent ?? true) && config.clientId === '') throw brokerErrors.clientIdNeeded({ path: '/clientId' })
  },
  create: (config, ports) => new MqttSource(config, ports),
  test(config, ports) {
    const filters = config.mappings.map((mapping, at) => new Mapping(mapping, `/mappings/${at}`).pattern.filter)
    return testBroker(config, ports, [...new Set(filters)], 2 * SECOND, (messages) =>
      messages.length === 0
        ? 'granted; no message came within two seconds'
        : `granted; ${messages.length} messages within two seconds, as on ${messages[0]!.topic}`,
    )
  },
  browse: browseTopics,
}
