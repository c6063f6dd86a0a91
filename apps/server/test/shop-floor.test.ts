/** `npm start -- --plant full`: every adapter at work, through an edge agent and in the platform. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Connection } from '@millwright/contracts'
import { edgeAdapters } from '@millwright/edge'
import { connectAsync } from 'mqtt'
import { platformAdapters } from '../src/adapters.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

const PATIENCE = 180_000
const LOOK = 250
/** Adapters that bring no readings in: the topics on which others hear them. */
const TOLD: Readonly<Record<string, string>> = {
  'mqtt-sink': 'uns/',
  'sparkplug-node': 'spBv1.0/Millwright Demo Works/DDATA/',
}

const platformsOwn = platformAdapters([])
const known = [...new Set([...platformsOwn.keys(), ...edgeAdapters])].sort()
const sends = (adapter: string) => platformsOwn.get(adapter)?.manifest.direction === 'sends'

describe('the full plant', () => {
  let platform: RunningPlatform
  let directory: string
  let connections: readonly Connection[] = []
  const started = performance.now()

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-floor-'))
    platform = await startPlatform({ directory, args: ['--plant', 'full', '--no-empty'] })
  })
  after(async () => {
    await platform?.stop()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  })

  /** Looks until `find` has found something; a state of the platform is not an event that could be awaited. */
  async function until<T>(what: string, find: () => Promise<T | undefined>): Promise<T> {
    const end = performance.now() + PATIENCE
    for (;;) {
      const found = await find()
      if (found !== undefined) return found
      if (performance.now() > end) throw new Error(`${what} did not come:\n${platform.log()}`)
      await new Promise((resolve) => setTimeout(resolve, LOOK))
    }
  }

  it('has a running connection for every adapter there is', async (test) => {
    const { client } = platform
    connections = await until(`a running connection of ${known.join(', ')}`, async () => {
      const { items } = await client.listConnections({ query: { limit: 1000 } })
      const missing = known.filter((adapter) => !items.some((one) => one.adapter === adapter))
      const isUp = missing.length === 0 && items.every(({ status }) => status.state === 'running')
      return isUp ? items : undefined
    })
    test.diagnostic(`all ${connections.length} connections ran after ${Math.round(performance.now() - started)} ms`)
    const agent = await until('an agent with its configuration', async () => {
      const { items } = await client.listAgents({})
      return items.find(({ configuration }) => configuration.state === 'applied')
    })
    assert.equal(agent.online, true)
    const atAgent = new Set(connections.filter((one) => one.agent === agent.device).map(({ adapter }) => adapter))
    // Remote write comes to the platform itself, as servers are watched from the office; all else through the agent.
    assert.deepEqual(
      edgeAdapters.filter((adapter) => !atAgent.has(adapter)),
      ['prometheus'],
    )
  })

  for (const adapter of known.filter((one) => !sends(one))) {
    it(`brings readings by ${adapter}`, async () => {
      await until(`readings of each connection by ${adapter}`, async () => {
        const { items } = await platform.client.listConnections({ query: { limit: 1000, adapter } })
        return items.length > 0 && items.every(({ status }) => status.readings > 0) ? items : undefined
      })
    })
  }

  for (const adapter of known.filter(sends)) {
    it(`tells others by ${adapter}`, async () => {
      const { config } = connections.find((one) => one.adapter === adapter)!
      const listener = await connectAsync(`mqtt://127.0.0.1:${String(config['port'])}`)
      try {
        const heard = Promise.withResolvers<string>()
        listener.on('message', (topic, payload) => {
          const told = TOLD[adapter]
          if (told !== undefined && topic.startsWith(told) && payload.length > 0) heard.resolve(topic)
        })
        await listener.subscribeAsync('#')
        const timer = setTimeout(() => heard.reject(new Error(`nothing was heard of ${adapter}`)), PATIENCE)
        await heard.promise
        clearTimeout(timer)
      } finally {
        await listener.endAsync(true)
      }
    })
  }

  for (const [machine, name, by] of [
    ['OP10', 'spindle_temperature', 'OPC UA'],
    ['EM-1', 'voltage', 'Modbus'],
    ['AGV-1', 'state_of_charge', 'Sparkplug'],
    ['CA-1', 'pressure', 'MQTT'],
    ['OP30', 'reject_rate', 'lines'],
    ['TB-1', 'voltage', 'SCPI'],
    ['TB-1', 'torque', 'CAN'],
    ['TB-1', 'test_torque', 'MDF'],
    ['TB-1', 'efficiency', 'CSV'],
    ['IPC-1', 'cpu_usage', 'line protocol over HTTP'],
    ['IPC-1', 'temperature', 'line protocol over UDP'],
    ['SRV-1', 'cpu_usage', 'remote write'],
  ] as const) {
    it(`brings ${name} of ${machine} to its equipment by ${by}, fresh and good`, async () => {
      const { client } = platform
      const equipment = (await client.listAssets({ query: { q: machine } })).items.find((one) => one.name === machine)!
      const signal = await until(`${machine} ${name}`, async () => {
        const { items } = await client.listSignals({ query: { equipment: equipment.id, q: name } })
        return items.find((one) => one.name === name)
      })
      const before = Date.now() * 1000
      const latest = await until(`a reading of ${name} after the connection came up`, async () => {
        const { items } = await client.queryLatest({ body: { signals: [signal.id] } })
        return items.find(({ time }) => time !== null && time > before)
      })
      assert.equal(latest.quality, 0)
      assert.equal(typeof latest.value, 'number')
    })
  }

  it('leaves nothing in the dead letters', async () => {
    const { items } = await platform.client.listDeadLetters({ query: { limit: 100 } })
    assert.deepEqual(
      items.map(({ reason, source }) => [source, reason]),
      [],
    )
  })
})
