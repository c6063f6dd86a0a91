import type { ConnectionAdapter } from '@millwright/connectivity'
import { checkBroker, testBroker } from '@millwright/connectivity-brokers'
import { SECOND } from '@millwright/foundation'
import { sparkplugErrors } from '../errors.ts'
import { isTopicId, NAMESPACE, parseTopic } from '../topic.ts'
import { type SparkplugHostConfig, sparkplugHostSchema } from './config.ts'
import { SparkplugHost } from './host.ts'
import { sparkplugHostManifest } from './manifest.ts'

export const sparkplugHostAdapter: ConnectionAdapter<SparkplugHostConfig> = {
  manifest: sparkplugHostManifest,
  configSchema: sparkplugHostSchema,
  check(config) {
    checkBroker(config)
    if (!isTopicId(config.hostId ?? 'millwright')) throw sparkplugErrors.invalidId({ what: 'host id', path: '/hostId' })
    for (const [at, group] of (config.groups ?? []).entries()) {
      if (!isTopicId(group)) throw sparkplugErrors.invalidId({ what: 'group', path: `/groups/${at}` })
    }
  },
  create: (config, ports) => new SparkplugHost(config, ports),
  test(config, ports) {
    const groups = config.groups?.length ? config.groups : ['+']
    const filters = groups.map((group) => `${NAMESPACE}/${group}/#`)
    return testBroker(config, ports, filters, 2 * SECOND, (messages) => {
      const nodes = new Set(messages.map(({ topic }) => parseTopic(topic)).map((parsed) => parsed && nodeOf(parsed)))
      nodes.delete(undefined)
      if (nodes.size === 0) return 'granted; no edge node published within two seconds'
      return `granted; ${nodes.size} edge nodes published within two seconds: ${[...nodes].slice(0, 5).join(', ')}`
    })
  },
}

const nodeOf = ({ group, node }: { group: string; node: string }): string => `${group}/${node}`
