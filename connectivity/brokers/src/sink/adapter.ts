import type { ConnectionAdapter } from '@millwright/connectivity'
import { brokerErrors } from '../errors.ts'
import { checkBroker } from '../link/config.ts'
import { testBroker } from '../link/probe.ts'
import { type MqttSinkConfig, mqttSinkSchema } from './config.ts'
import { mqttSinkManifest } from './manifest.ts'
import { MqttSink } from './sink.ts'

export const mqttSinkAdapter: ConnectionAdapter<MqttSinkConfig> = {
  manifest: mqttSinkManifest,
  configSchema: mqttSinkSchema,
  check: checkBroker,
  create(config, ports) {
    if (ports.feed === undefined) throw brokerErrors.noFeed()
    return new MqttSink(config, ports, ports.feed)
  },
  test: (config, ports) => testBroker(config, ports, [], 0, () => ''),
}
