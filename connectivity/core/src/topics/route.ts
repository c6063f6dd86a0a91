import type { TelemetryFormat } from '../intake/model.ts'
import { THINGSBOARD, TOPIC } from './names.ts'

export type GatewayChannel = 'connect' | 'disconnect' | 'telemetry' | 'attributes' | 'rpc'

/** What an edge agent says of what it runs. */
export type AgentChannel = 'readings' | 'refused' | 'devices'

/** Where a publish of a device goes. */
export type Route =
  | { readonly to: 'telemetry'; readonly format: TelemetryFormat }
  | { readonly to: 'command-reply'; readonly command: string }
  | { readonly to: 'twin-get' }
  | { readonly to: 'twin-reported' }
  | { readonly to: 'user' }
  | { readonly to: 'attributes' }
  | { readonly to: 'attributes-request'; readonly id: string }
  | { readonly to: 'rpc-response'; readonly number: number }
  | { readonly to: 'client-rpc'; readonly id: string }
  | { readonly to: 'gateway'; readonly channel: GatewayChannel }
  | { readonly to: 'agent'; readonly channel: AgentChannel }
  | { readonly to: 'agent-reply'; readonly command: string }
  /** Not in the table: a dead letter. */
  | { readonly to: 'nowhere' }
  /** Reaches for the broker's own namespace or another device's: the connection is closed. */
  | { readonly to: 'elsewhere' }

const FIXED: ReadonlyMap<string, Route> = new Map<string, Route>([
  [TOPIC.telemetry, { to: 'telemetry', format: 'millwright+json' }],
  [TOPIC.senmlJson, { to: 'telemetry', format: 'senml+json' }],
  [TOPIC.senmlCbor, { to: 'telemetry', format: 'senml+cbor' }],
  [THINGSBOARD.telemetry, { to: 'telemetry', format: 'thingsboard+json' }],
  [TOPIC.agentReadings, { to: 'agent', channel: 'readings' }],
  [TOPIC.agentRefused, { to: 'agent', channel: 'refused' }],
  [TOPIC.agentDevices, { to: 'agent', channel: 'devices' }],
  [TOPIC.twinGet, { to: 'twin-get' }],
  [TOPIC.twinReported, { to: 'twin-reported' }],
  [THINGSBOARD.attributes, { to: 'attributes' }],
  ...(['connect', 'disconnect', 'telemetry', 'attributes', 'rpc'] as const).map((channel): [string, Route] => [
    `${THINGSBOARD.gateway}${channel}`,
    { to: 'gateway', channel },
  ]),
])

const REPLY = /^mw\/v1\/(agent\/)?commands\/([^/]{1,64})\/reply$/
const REQUEST_ID = /^[0-9]{1,10}$/

/** A request's id, when the topic is `prefix` and a number: ThingsBoard's request ids are. */
const numbered = (topic: string, prefix: string): string | undefined => {
  if (!topic.startsWith(prefix)) return undefined
  const rest = topic.slice(prefix.length)
  return REQUEST_ID.test(rest) ? rest : undefined
}

/** Default deny: what is not in the table goes nowhere. @param topic valid (see `topicProblem`) */
export function routeOf(topic: string): Route {
  const fixed = FIXED.get(topic)
  if (fixed !== undefined) return fixed
  if (topic.startsWith(TOPIC.user)) return { to: 'user' }
  const reply = REPLY.exec(topic)
  if (reply !== null) return { to: reply[1] === undefined ? 'command-reply' : 'agent-reply', command: reply[2]! }
  const request = numbered(topic, THINGSBOARD.attributesRequest)
  if (request !== undefined) return { to: 'attributes-request', id: request }
  const response = numbered(topic, THINGSBOARD.rpcResponse)
  if (response !== undefined) return { to: 'rpc-response', number: Number(response) }
  const call = numbered(topic, THINGSBOARD.rpcRequest)
  if (call !== undefined) return { to: 'client-rpc', id: call }
  if (topic.startsWith('d/') || topic.startsWith('$')) return { to: 'elsewhere' }
  return { to: 'nowhere' }
}
