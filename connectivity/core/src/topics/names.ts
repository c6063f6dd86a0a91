/** The topics of the device protocol, as a device sees them. The README's table is this file in words. */
export const TOPIC = {
  telemetry: 'mw/v1/telemetry',
  senmlJson: 'mw/v1/telemetry/senml-json',
  senmlCbor: 'mw/v1/telemetry/senml-cbor',
  commands: 'mw/v1/commands/',
  twinGet: 'mw/v1/twin/get',
  twinDesired: 'mw/v1/twin/desired',
  twinReported: 'mw/v1/twin/reported',
  user: 'mw/v1/user/',
  agentReadings: 'mw/v1/agent/readings',
  agentRefused: 'mw/v1/agent/refused',
  agentDevices: 'mw/v1/agent/devices',
  agentCommands: 'mw/v1/agent/commands/',
} as const

/** ThingsBoard's device and gateway API (MQTT), so that devices made for it connect unchanged. */
export const THINGSBOARD = {
  telemetry: 'v1/devices/me/telemetry',
  attributes: 'v1/devices/me/attributes',
  attributesRequest: 'v1/devices/me/attributes/request/',
  attributesResponse: 'v1/devices/me/attributes/response/',
  rpcRequest: 'v1/devices/me/rpc/request/',
  rpcResponse: 'v1/devices/me/rpc/response/',
  gateway: 'v1/gateway/',
  gatewayAttributes: 'v1/gateway/attributes',
  gatewayRpc: 'v1/gateway/rpc',
} as const

/** What the platform publishes to a device, as filters; a subscription must be able to match one of these. */
export const READABLE: readonly string[] = [
  `${TOPIC.commands}+`,
  TOPIC.twinDesired,
  `${TOPIC.user}#`,
  `${TOPIC.agentCommands}+`,
  THINGSBOARD.attributes,
  `${THINGSBOARD.attributesResponse}+`,
  `${THINGSBOARD.rpcRequest}+`,
  `${THINGSBOARD.rpcResponse}+`,
  THINGSBOARD.gatewayAttributes,
  THINGSBOARD.gatewayRpc,
]

/** Inside the broker every topic and filter of a device stands under its own prefix. */
export const namespaceOf = (device: string): string => `d/${device}/`

/** Only what devices say to themselves is kept for an absent session: commands and states have their own stores. */
export const isUserTopic = (topic: string): boolean => topic.startsWith(TOPIC.user)
