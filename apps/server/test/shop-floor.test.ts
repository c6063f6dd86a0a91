/** `npm start -- --plant full`: the same machines by the shop floor's protocols, through an edge agent, in one minute. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

const MINUTE = 60_000
const LOOK = 250

describe('the full plant', () => {
  let platform: RunningPlatform
  let directory: string
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
    for (;;) {
      const found = await find()
      if (found !== undefined) return found
      if (performance.now() - started > 2 * MINUTE) throw new Error(`${what} did not come:\n${platform.log()}`)
      await new Promise((resolve) => setTimeout(resolve, LOOK))
    }
  }

  it('shows every adapter at work within a minute', async () => {
    const { client } = platform
    const connections = await until('six running connections', async () => {
      const { items } = await client.listConnections({})
      const running = items.filter(({ status }) => status.state === 'running')
      return running.length === 6 ? items : undefined
    })
    const took = performance.now() - started
    assert.deepEqual([...new Set(connections.map(({ adapter }) => adapter))].sort(), [
      'lines',
      'modbus',
      'mqtt-source',
      'opcua',
      'sparkplug-host',
    ])
    assert.ok(took < MINUTE, `it took ${Math.round(took / 1000)} s`)
    const agent = await until('an agent with its configuration', async () => {
      const { items } = await client.listAgents({})
      return items.find(({ configuration }) => configuration.state === 'applied')
    })
    assert.equal(agent.online, true)
    assert.ok(connections.every((connection) => connection.agent === agent.device))
  })

  for (const [machine, name] of [
    ['OP10', 'spindle_temperature'],
    ['EM-1', 'voltage'],
    ['AGV-1', 'state_of_charge'],
    ['CA-1', 'pressure'],
    ['OP30', 'reject_rate'],
  ] as const) {
    it(`brings ${name} of ${machine} to its equipment, fresh and good`, async () => {
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
})
