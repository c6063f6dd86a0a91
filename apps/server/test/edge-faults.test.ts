import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { eventually, freePort } from '@millwright/foundation/testing'
import { smallDisk } from '@millwright/storage/testing'
import { announceAgent, type RunningAgent, startAgent } from './harness/edge-agent.ts'
import { assertExactlyOnce, FieldSender } from './harness/field-sender.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

interface AgentPage {
  readonly queue: { readonly readings: number; readonly dropped: number; readonly trouble?: string }
  readonly link: { readonly up: boolean }
  readonly configuration: {
    readonly version: number
    readonly trial: boolean
    readonly outcome?: { readonly version: number; readonly state: string }
  }
}

const page = async (agent: RunningAgent) => (await (await fetch(`${agent.page}/status.json`)).json()) as AgentPage
const PATIENT = 120_000

describe('an edge agent whose surroundings fail', () => {
  let directory: string
  let platform: RunningPlatform
  let args: string[]

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-faults-'))
    platform = await startPlatform({ directory: join(directory, 'data') })
    args = ['--mqtt-port', String(platform.mqttPort), '--http-port', new URL(platform.url).port]
  })
  after(async () => {
    await platform?.kill()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  })

  const platformBack = async () => {
    platform = await startPlatform({ directory: join(directory, 'data'), args })
  }

  /** An agent with a listener that others write to. */
  async function agentWithListener(name: string, at: string) {
    const { client } = platform
    const { device, token } = await announceAgent(platform, name)
    const port = await freePort()
    const equipment = await client.createAsset({ body: { level: 'equipment', name, parent: null } })
    const config = { port, metric: 'field' }
    const connection = await client.createConnection({
      body: { name: `${name}: Telegraf`, adapter: 'influx', agent: device, equipment: equipment.id, config },
    })
    const agent = await startAgent({ platform, directory: at, token })
    return { device, agent, port, connection }
  }

  it('rolls a configuration back by itself when the platform does not come back under it', async (t) => {
    const { device, agent } = await agentWithListener('Cut off', join(directory, 'cut-off'))
    t.after(() => agent.kill())
    const { client } = platform
    const applied = async () => {
      const { configuration, settings, version } = await client.getAgent({ params: { id: device } })
      return configuration.state === 'applied' && configuration.reported === configuration.desired
        ? { settings, version, configuration }
        : undefined
    }
    const before = await eventually(applied, PATIENT)
    const change = {
      params: { id: device },
      ifMatch: before.version,
      body: { settings: { rollbackAfter: 10_000_000 } },
    }
    const { configuration } = await client.updateAgent(change)
    await eventually(async () => (await page(agent)).configuration.trial, PATIENT)
    await platform.kill()
    const { version, outcome } = await eventually(async () => {
      const { configuration } = await page(agent)
      return configuration.outcome?.state === 'rolled-back' ? configuration : undefined
    }, PATIENT)
    assert.equal(outcome!.version, configuration.desired)
    assert.equal(version, before.configuration.reported)
    await platformBack()
    await eventually(async () => {
      const { configuration } = await platform.client.getAgent({ params: { id: device } })
      const { state, reason, reported } = configuration
      return state === 'rolled-back' && /could not be reached/.test(reason ?? '') && reported === version
    }, PATIENT)
  })

  it('says that its disk is full, takes no more, and goes on by itself; what it took arrives', async (t) => {
    const disk = await smallDisk(48)
    if (typeof disk === 'string') return t.skip(disk)
    t.after(() => disk.remove())
    const { device, agent, port, connection } = await agentWithListener('Full', join(disk.path, 'edge'))
    const sender = new FieldSender(port)
    t.after(async () => {
      await sender.stop()
      await agent.kill()
    })
    const { version } = await platform.client.getAgent({ params: { id: device } })
    await platform.client.updateAgent({
      params: { id: device },
      ifMatch: version,
      body: { settings: { whenFull: 'refuse-new' } },
    })
    await eventually(async () => {
      const { configuration } = await platform.client.getAgent({ params: { id: device } })
      return configuration.state === 'applied' && configuration.reported === configuration.desired
    }, PATIENT)
    await eventually(() => sender.acknowledged > 0, PATIENT)
    await platform.kill()
    await disk.fill()
    const { queue } = await eventually(async () => {
      const shown = await page(agent)
      return shown.queue.trouble === undefined ? undefined : shown
    }, PATIENT)
    assert.match(queue.trouble!, /free some space/)
    const { refused } = sender
    await eventually(() => sender.refused > refused, PATIENT)
    await disk.free()
    const taken = sender.acknowledged
    await eventually(() => sender.acknowledged > taken, PATIENT)
    await platformBack()
    await sender.stop()
    await eventually(async () => {
      const { link, queue } = await page(agent)
      return link.up && queue.readings < 50
    }, PATIENT)
    await assertExactlyOnce(platform, connection.device, sender.acknowledged)
    assert.equal((await page(agent)).queue.dropped, 0)
  })
})
