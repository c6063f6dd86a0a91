import { once } from 'node:events'
import sparkplugClient from 'sparkplug-client'

/** An edge node made with Eclipse Tahu's `sparkplug-client`: an implementation we did not write. */
export type Edge = ReturnType<typeof sparkplugClient.newClient>
export type EdgePayload = Parameters<Edge['publishNodeBirth']>[0]
export type EdgeMetric = NonNullable<EdgePayload['metrics']>[number]

export async function startEdge(url: string, group = 'Plant', node = 'Edge1'): Promise<Edge> {
  const edge = sparkplugClient.newClient({
    serverUrl: url,
    username: '',
    password: '',
    groupId: group,
    edgeNode: node,
    clientId: `edge-${node}`,
    version: 'spBv1.0',
    publishDeath: true,
  } as Parameters<typeof sparkplugClient.newClient>[0])
  edge.on('error', () => undefined)
  await once(edge, 'birth')
  return edge
}

/** Metrics as `sparkplug-client` takes them, at one time. */
export const payload = (timestamp: number, metrics: readonly object[]): EdgePayload =>
  ({ timestamp, metrics: metrics.map((metric) => ({ timestamp, ...metric })) }) as EdgePayload
