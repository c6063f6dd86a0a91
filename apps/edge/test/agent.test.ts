import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { eventually } from '@millwright/foundation/testing'
import { AGENT, agentInProcess, CONNECTION, TestAgentPlatform, temporaryFolder } from './stage.ts'

const connection = (config: Record<string, unknown> = { host: 'a' }, version = 1) => ({
  connections: [{ id: CONNECTION, version, name: 'Press 4', adapter: 'toy', config }],
})

/** A platform and a folder of a test's own: tests run side by side, since what they do is mostly waiting. */
async function scene(t: TestContext) {
  const stage = await TestAgentPlatform.start()
  const folder = await temporaryFolder()
  let running: Awaited<ReturnType<typeof agentInProcess>> | undefined
  t.after(async () => {
    await running?.lifecycle.stop()
    await stage.platform.stop()
    await folder.remove()
  })
  return {
    stage,
    async start() {
      running = await agentInProcess(stage, folder.path)
      return running
    },
    configurationState: () => stage.reported()['configuration'] as { version: number; state: string; reason?: string },
    values: (key: string) => (stage.readings().get(key) ?? []).map(({ value }) => value),
    json: async () => (await (await fetch(`${running!.agent.page}/status.json`)).json()) as Record<string, unknown>,
  }
}

describe('the edge agent', { concurrency: true }, () => {
  it('takes its configuration, runs its connections, and sends what they read', async (t) => {
    const { stage, start, configurationState, values } = await scene(t)
    const { toy } = await start()
    await stage.want(connection())
    await eventually(() => toy.made.length === 1 && toy.last.state === 'running')
    await toy.last.read({ temperature: 21.5, pressure: 3 })
    await toy.last.read({ temperature: 22 }, 'Unit 7')
    await eventually(() => values(`${CONNECTION}/Unit 7/temperature`).length === 1)
    assert.deepEqual(values(`${CONNECTION}//temperature`), [21.5])
    assert.deepEqual(values(`${CONNECTION}//pressure`), [3])
    await eventually(() => stage.messages('mw/v1/agent/devices').length > 0)
    assert.deepEqual(stage.messages('mw/v1/agent/devices')[0], {
      connection: CONNECTION,
      device: 'Unit 7',
      online: true,
    })
    await eventually(() => configurationState()?.state === 'applied')
    assert.equal(configurationState().version, stage.configuration.version)
    const reported = stage.reported() as { connections: Record<string, { state: string }>; software: string }
    assert.equal(reported.connections[CONNECTION]?.state, 'running')
    assert.match(reported.software, /^\d+\.\d+\.\d+/)
  })

  it('keeps what is read while the platform is away, and sends all of it once, in order, after it is back', async (t) => {
    const { stage, start, values, json } = await scene(t)
    await stage.want(connection())
    const { toy } = await start()
    await eventually(() => toy.made.length === 1 && toy.last.state === 'running')
    await toy.last.read({ n: 0 })
    await eventually(() => values(`${CONNECTION}//n`).length === 1)
    await stage.platform.stopMqtt()
    for (let n = 1; n <= 40; n++) await toy.last.read({ n })
    assert.equal(((await json())['queue'] as { readings: number }).readings >= 40, true)
    await stage.platform.listenMqtt()
    await eventually(() => values(`${CONNECTION}//n`).length >= 41)
    assert.deepEqual(
      values(`${CONNECTION}//n`),
      Array.from({ length: 41 }, (_, n) => n),
    )
  })

  it('carries commands out, tries drafts, and says in words what went wrong', async (t) => {
    const { stage, start } = await scene(t)
    await stage.want(connection())
    const { toy } = await start()
    await eventually(() => toy.made.length === 1 && toy.last.state === 'running')
    const command = (id: string, body: object) =>
      stage.platform.tell(AGENT, `mw/v1/agent/commands/${id}`, { id, ...body })
    const reply = (id: string) => eventually(() => stage.messages(`mw/v1/agent/commands/${id}/reply`)[0])
    const params = { metric: 'setpoint', value: 7 }
    await command('c1', { connection: CONNECTION, device: 'Unit 7', name: 'write', params, timeout: 5_000_000 })
    assert.deepEqual(await reply('c1'), { ok: true, result: { wrote: params, device: 'Unit 7' } })
    // Delivered twice, done once.
    await command('c1', { connection: CONNECTION, device: 'Unit 7', name: 'write', params, timeout: 5_000_000 })
    await eventually(() => stage.messages('mw/v1/agent/commands/c1/reply').length === 2)
    assert.equal(toy.last.commands.length, 1)
    await command('c2', { connection: CONNECTION, name: 'dance', params, timeout: 5_000_000 })
    assert.deepEqual(await reply('c2'), { ok: false, error: 'It can only write.' })
    await command('c3', { connection: 'cnx_other', name: 'write', params, timeout: 5_000_000 })
    assert.match(String((await reply('c3'))['error']), /no connection cnx_other/)
    const probe = 'ab'.repeat(16)
    stage.probes.set(probe, { kind: 'test', adapter: 'toy', config: { host: 'b', password: 'secret' } })
    await stage.platform.tell(AGENT, 'mw/v1/commands/p1', { id: 'p1', name: 'connection.probe', params: { probe } })
    const tested = await eventually(() => stage.messages('mw/v1/commands/p1/reply')[0])
    assert.deepEqual(
      (tested['result'] as { ok: boolean; steps: { detail: string }[] }).steps[0]?.detail,
      'Signed in with a password',
    )
  })

  it('writes desired values to devices behind it, and reports them', async (t) => {
    const { stage, start } = await scene(t)
    await stage.want(connection())
    const { toy } = await start()
    await eventually(() => toy.made.length === 1 && toy.last.state === 'running')
    const devices = { [CONNECTION]: { 'Unit 7': { setpoint: 42 } } }
    const { version } = stage.configuration
    await stage.platform.tell(AGENT, 'mw/v1/twin/desired', {
      version: version + 0.5,
      document: { agent: { configuration: version }, devices },
    })
    const reported = () => stage.document()['devices']
    await eventually(() => JSON.stringify(reported()) === JSON.stringify(devices))
    assert.deepEqual(toy.last.commands[0]?.params, { metric: 'setpoint', value: 42 })
  })

  it('makes a dead letter of what cannot travel, and takes the rest', async (t) => {
    const { stage, start, values } = await scene(t)
    await stage.want(connection())
    const { toy } = await start()
    await eventually(() => toy.made.length === 1 && toy.last.state === 'running')
    await toy.last.read({ good: 1, broken: Number.NaN })
    await eventually(() => stage.messages('mw/v1/agent/refused').length === 1)
    const [letter] = stage.messages('mw/v1/agent/refused')
    assert.equal(letter!['connection'], CONNECTION)
    assert.match(String(letter!['code']), /^MW-[A-Z0-9]{2,20}-\d{4}$/)
    await eventually(() => values(`${CONNECTION}//good`).length === 1)
    assert.deepEqual(values(`${CONNECTION}//broken`), [])
  })

  it('goes on with the last good configuration without the platform, and sends what it read later', async (t) => {
    const { stage, start, configurationState, values } = await scene(t)
    await stage.want(connection())
    const first = await start()
    await eventually(() => configurationState()?.version === stage.configuration.version)
    await eventually(() => configurationState().state === 'applied')
    await first.lifecycle.stop()
    await stage.platform.stopMqtt()
    stage.platform.received.length = 0
    const second = await start()
    const { toy } = second
    await eventually(() => toy.made.length === 1 && toy.last.state === 'running')
    await toy.last.read({ offline: 1 })
    await second.lifecycle.stop()
    await stage.platform.listenMqtt()
    await start()
    await eventually(() => values(`${CONNECTION}//offline`).length === 1)
  })

  it('refuses a configuration it does not understand, and keeps the one before', async (t) => {
    const { stage, start, configurationState } = await scene(t)
    await stage.want(connection())
    const { toy } = await start()
    await eventually(() => toy.made.length === 1 && toy.last.state === 'running')
    await stage.want({ settings: { ...stage.configuration.settings, backlog: 'sideways' as never } })
    await eventually(() => configurationState()?.state === 'failed')
    assert.match(configurationState().reason ?? '', /backlog/)
    assert.equal(toy.last.state, 'running')
    await stage.want({ settings: { ...stage.configuration.settings, backlog: 'newest-first' } })
    await eventually(() => configurationState()?.state === 'applied')
    assert.equal(toy.made.length, 1)
  })

  it('evaluates rules without the platform, and sends their turns with the time of their readings', async (t) => {
    const { stage, start, values, json } = await scene(t)
    const rule = {
      id: 'rul_01k5zsx0v3m8f3t9q2w7r6y5n4',
      tenant: 'ten_01k5zsx0v3m8f3t9q2w7r6y5n4',
      name: 'Too hot',
      description: '',
      equipmentClass: null,
      equipment: 'ast_01k5zsx0v3m8f3t9q2w7r6y5n4',
      condition: 'temperature > 80.0',
      clearCondition: 'temperature < 75.0',
      onDelay: 0,
      offDelay: 0,
      priority: 'high',
      latching: false,
      message: '',
      response: '',
      enabled: true,
      fault: null,
      watches: 1,
      createdAt: 1_700_000_000_000_000,
      version: 1,
    }
    const signals = { temperature: { connection: CONNECTION, device: null, metric: 'temperature' } }
    await stage.want({ ...connection(), rules: [{ id: rule.id, name: rule.name, rule, signals }] })
    const { toy } = await start()
    await eventually(() => toy.made.length === 1 && toy.last.state === 'running')
    await stage.platform.stopMqtt()
    for (const temperature of [70, 81, 78, 74]) await toy.last.read({ temperature })
    await eventually(async () => ((await json())['alarms'] as { active: boolean }[])[0]?.active === false)
    await stage.platform.listenMqtt()
    await eventually(() => values('//alarm/Too hot').length === 2)
    assert.deepEqual(values('//alarm/Too hot'), ['active', 'normal'])
    const temperatures = stage.readings().get(`${CONNECTION}//temperature`)!
    const turns = stage.readings().get('//alarm/Too hot')!
    assert.equal(turns[0]!.time, temperatures.find(({ value }) => value === 81)!.time)
    assert.equal(turns[1]!.time, temperatures.find(({ value }) => value === 74)!.time)
  })

  it('shows itself on a page of its own, to this machine only, and takes nothing there', async (t) => {
    const { start, json } = await scene(t)
    const { agent } = await start()
    const page = await fetch(agent.page!)
    assert.equal(page.status, 200)
    assert.match(await page.text(), /Edge agent/)
    assert.equal((await fetch(`${agent.page}/status.json`, { method: 'POST' })).status, 405)
    const { request } = await import('node:http')
    const status = await new Promise((resolve, reject) => {
      request(`${agent.page}/status.json`, { headers: { host: 'evil.example' } }, (reply) => {
        reply.resume()
        resolve(reply.statusCode)
      })
        .on('error', reject)
        .end()
    })
    assert.equal(status, 403)
    const state = await json()
    assert.equal(state['device'], AGENT)
  })
})
