import type { Client } from '@millwright/sdk'
import { connectionsTo } from '../floor/connections.ts'
import {
  FLOOR_PROTOCOLS,
  type FloorProtocol,
  type Listening,
  type Receivers,
  type ShownMachine,
} from '../floor/speaker.ts'
import { all, Ensure } from './ensure.ts'
import type { ProvisionRecord } from './record.ts'

export interface FloorPlan {
  /** Machine name -> id of its equipment. */
  readonly equipment: ReadonlyMap<string, string>
  readonly listening: ReadonlyMap<FloorProtocol, Listening>
  machines(protocol: FloorProtocol): readonly ShownMachine[]
}

const AGENT = 'Hall gateway'
/** Where a controller is reached: follows it when it had to listen elsewhere; everything else stays as people set it. */
const ADDRESS: Readonly<Record<string, readonly string[]>> = {
  opcua: ['endpoint', 'trustedCertificates'],
  modbus: ['transport'],
  'sparkplug-host': ['host', 'port'],
  'sparkplug-node': ['host', 'port'],
  'mqtt-source': ['host', 'port'],
  'mqtt-sink': ['host', 'port'],
  lines: ['source'],
  scpi: ['host', 'port'],
}

/**
 * Sets an edge agent up and, at it, a connection to each machine of the shop floor. Only what is missing is made.
 * @returns the agent's device, undefined when people removed it; where the connections listen that are written to
 */
export async function provisionFloor(
  client: Client,
  record: ProvisionRecord,
  plan: FloorPlan,
): Promise<{ agent: string | undefined; made: number; receivers: Receivers | undefined }> {
  const ensure = new Ensure(record)
  const agents = await all((cursor) => client.listAgents({ query: { limit: 1000, ...cursor } }))
  const agent = await ensure.id('agents', AGENT, {
    found: agents.find(({ name }) => name === AGENT)?.device,
    make: async () => (await client.createAgent({ body: { name: AGENT } })).device,
  })
  if (!ensure.fresh(agent) && !agents.some(({ device }) => device === agent)) {
    return { agent: undefined, made: 0, receivers: undefined }
  }
  const present = await all((cursor) => client.listConnections({ query: { limit: 1000, ...cursor } }))
  const configs = new Map<string, Readonly<Record<string, unknown>>>()
  for (const protocol of FLOOR_PROTOCOLS) {
    for (const planned of connectionsTo(protocol, plan.machines(protocol), plan.listening.get(protocol)!)) {
      const { name, adapter, machine, inPlatform } = planned
      const equipment = machine === undefined ? null : plan.equipment.get(machine)
      if (equipment === undefined) continue
      const id = await ensure.id('connections', name, {
        found: present.find((one) => one.name === name)?.id,
        make: async () => {
          const body = { name, adapter, config: { ...planned.config }, agent: inPlatform ? null : agent, equipment }
          return (await client.createConnection({ body })).id
        },
      })
      const known = present.find((one) => one.id === id)
      configs.set(adapter, known?.config ?? planned.config)
      if (known === undefined) continue
      const address = Object.fromEntries((ADDRESS[adapter] ?? []).map((key) => [key, planned.config[key]]))
      const config = { ...known.config, ...address }
      if (JSON.stringify(config) !== JSON.stringify(known.config))
        await client.updateConnection({ params: { id }, body: { config } })
    }
  }
  return { agent, made: ensure.made, receivers: receiversOf(configs) }
}

/** Whoever writes goes where the connections listen, whatever people made of that since. */
function receiversOf(configs: ReadonlyMap<string, Readonly<Record<string, unknown>>>): Receivers {
  const port = (config: unknown) => Number((config as { port?: unknown } | undefined)?.port ?? 0)
  const influx = configs.get('influx')
  return { influx: port(influx), influxUdp: port(influx?.['udp']), prometheus: port(configs.get('prometheus')) }
}

/**
 * Gives the machines behind connections their equipment, once each is met: their readings go on with what their MQTT
 * devices began. @returns how many were not met yet
 */
export async function placeMachines(client: Client, record: ProvisionRecord, plan: FloorPlan): Promise<number> {
  const present = await all((cursor) => client.listConnections({ query: { limit: 1000, ...cursor } }))
  let missing = 0
  for (const protocol of FLOOR_PROTOCOLS) {
    for (const { name, behind } of connectionsTo(protocol, plan.machines(protocol), plan.listening.get(protocol)!)) {
      const connection = present.find((one) => one.id === record.id('connections', name))
      if (connection === undefined || behind.length === 0) continue
      const devices = await all((cursor) =>
        client.listDevices({ query: { behind: connection.device, limit: 1000, ...cursor } }),
      )
      for (const machine of behind) {
        const key = `${name}/${machine}`
        const equipment = plan.equipment.get(machine)
        if (equipment === undefined || record.id('devices', key) !== undefined) continue
        const device = devices.find((one) => one.name.endsWith(machine))
        if (device === undefined) {
          missing += 1
          continue
        }
        await client.updateDevice({ params: { id: device.id }, body: { equipment } })
        await record.keep('devices', key, device.id)
      }
    }
  }
  return missing
}
