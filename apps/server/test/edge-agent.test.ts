import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pass } from 'node:timers/promises'
import { eventually, freePort } from '@millwright/foundation/testing'
import { announceAgent, type RunningAgent, startAgent } from './harness/edge-agent.ts'
import { assertExactlyOnce, FieldSender } from './harness/field-sender.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

/** `MILLWRIGHT_TEST_KILLS=200 npm test -- edge-agent` for a longer run. */
const KILLS = Number(process.env['MILLWRIGHT_TEST_KILLS'] ?? 20)

describe(`an edge agent, ${KILLS} times kill -9 during an outage and its replay`, () => {
  let directory: string
  let platform: RunningPlatform
  let agent: RunningAgent
  let sender: FieldSender
  let ports: string[]
  let device: string
  let connectionDevice: string

  const edge = () => join(directory, 'edge')
  const status = async () =>
    (await (await fetch(`${agent.page}/status.json`)).json()) as {
      queue: { readings: number; dropped: number; damaged: number }
      link: { up: boolean }
      alarms: { name: string; active: boolean }[]
    }
  /** The moment of a cut is what is random here: it may fall into a start, a commit, a packing or an acknowledgement. */
  const cutAgain = async (times: number) => {
    for (let cut = 0; cut < times; cut++) {
      await pass(randomInt(20, 700))
      await agent.kill()
      agent = await startAgent({ platform, directory: edge() })
    }
  }

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-edge-'))
    platform = await startPlatform({ directory: join(directory, 'data') })
    ports = ['--mqtt-port', String(platform.mqttPort), '--http-port', new URL(platform.url).port]
    const announced = await announceAgent(platform, 'Edge agent 1')
    device = announced.device
    agent = await startAgent({ platform, directory: edge(), token: announced.token })
    const port = await freePort()
    const config = { port, metric: 'field' }
    const { client } = platform
    const press = await client.createAsset({ body: { level: 'equipment', name: 'Press', parent: null } })
    const made = await client.createConnection({
      body: { name: 'Telegraf', adapter: 'influx', agent: device, equipment: press.id, config },
    })
    connectionDevice = made.device
    sender = new FieldSender(port)
    await eventually(() => sender.acknowledged > 0)
  })
  after(async () => {
    await sender?.stop()
    await agent?.kill()
    await platform?.kill()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  })

  it('is applied, online and running, as the platform shows it', async () => {
    await eventually(async () => {
      const { online, configuration } = await platform.client.getAgent({ params: { id: device } })
      return online && configuration.state === 'applied' && configuration.reported === configuration.desired
    })
    const [connection] = (await platform.client.listConnections({ query: {} })).items
    assert.equal(connection?.status.state, 'running')
  })

  it('runs the rules on its own signals, too, and writes down what they did', async () => {
    const { client } = platform
    const { items } = await client.listSignals({ query: { device: connectionDevice } })
    const { equipment } = items.find(({ name }) => name === 'n')!
    const body = { name: 'Many', equipment: equipment!, condition: 'n > 10.0', priority: 'low' as const }
    await client.createRule({ body })
    await eventually(async () => (await status()).alarms.some(({ name, active }) => name === 'Many' && active))
    await eventually(async () => {
      const own = await client.listSignals({ query: { device, q: 'alarm/Many' } })
      return own.items.length === 1
    })
  })

  it('comes back by itself each time, without the platform and with it', async () => {
    await platform.kill()
    await cutAgain(Math.ceil(KILLS / 2))
    await eventually(async () => (await status()).queue.readings > 5_000, 60_000)
    platform = await startPlatform({ directory: join(directory, 'data'), args: ports })
    await cutAgain(Math.floor(KILLS / 2))
    await sender.stop()
    await eventually(async () => {
      const { link, queue } = await status()
      return link.up && queue.readings < 50
    }, 60_000)
  })

  it('brought every reading that it took, exactly once', async (t) => {
    t.diagnostic(`${sender.acknowledged} readings taken; ${sender.refused} batches offered again`)
    assert.ok(sender.refused > 0)
    await assertExactlyOnce(platform, connectionDevice, sender.acknowledged)
    const { queue } = await status()
    assert.equal(queue.dropped + queue.damaged, 0)
  })

  it('stops within five seconds on SIGTERM, and says nothing unkind', async (t) => {
    const { code, took } = await agent.stop()
    assert.equal(code, 0)
    t.diagnostic(`${Math.round(took)} ms`)
    assert.ok(took < 5_000, `${took} ms`)
    agent = await startAgent({ platform, directory: edge() })
  })
})
