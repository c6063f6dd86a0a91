import type { ConnectionAdapter } from '@millwright/connectivity'
import { checkBroker, testBroker } from '@millwright/connectivity-brokers'
import { SECOND } from '@millwright/foundation'
import { sparkplugErrors } from '../errors.ts'
import { parseState, stateTopic } from '../state.ts'
import { isTopicId } from '../topic.ts'
import { type SparkplugNodeConfig, sparkplugNodeSchema } from './config.ts'
import { sparkplugNodeManifest } from './manifest.ts'
import { SparkplugNode } from './node.ts'

export const sparkplugNodeAdapter: ConnectionAdapter<SparkplugNodeConfig> = {
  manifest: sparkplugNodeManifest,
  configSchema: sparkplugNodeSchema,
  check(config) {
    checkBroker(config)
    const ids = { group: config.group, edgeNode: config.edgeNode ?? 'Millwright' }
    for (const [what, id] of Object.entries(ids)) {
      if (!isTopicId(id)) throw sparkplugErrors.invalidId({ what, path: `/${what}` })
    }
    if (config.primaryHost && !isTopicId(config.primaryHost)) {
      throw sparkplugErrors.invalidId({ what: 'primary host', path: '/primaryHost' })
    }
  },
  create(config, ports) {
    if (ports.feed === undefined) throw sparkplugErrors.noFeed()
    return new SparkplugNode(config, ports, ports.feed)
  },
  test(config, ports) {
    const host = config.primaryHost
    const filters = host ? [stateTopic(host)] : []
    return testBroker(config, ports, filters, SECOND, (messages) => {
      const state = messages.map(({ payload }) => parseState(payload)).findLast((said) => said !== undefined)
      if (state === undefined) return `granted; the primary host ${host} has not said whether it is online`
      return `granted; the primary host ${host} is ${state.online ? 'online' : 'offline'}`
    })
  },
}
