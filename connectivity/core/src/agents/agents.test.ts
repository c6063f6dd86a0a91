import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newId, SECOND } from '@millwright/foundation'
import { eventually } from '@millwright/foundation/testing'
import { type Actor, deviceActor } from '@millwright/trust'
import { testActor } from '@millwright/trust/testing'
import { BlockEncoder } from '../codecs/block/index.ts'
import { MetricRows, ROW } from '../codecs/rows.ts'
import type { DeviceSession } from '../sessions/model.ts'
import { type TestConnectivity, testConnectivity } from '../testing/index.ts'
import type { AgentCommand, AgentLine } from './model.ts'

const SITE = newId('ast')
const SOURCE = 'mqtt:mw/v1/agent/readings'

/** An agent as the platform sees it. */
interface Connected {
  readonly session: DeviceSession
  readonly line: AgentLine
  readonly commands: AgentCommand[]
  /** As HTTP knows it by its certificate. */
  readonly actor: Actor
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value))

const block = (sections: readonly { connection?: string; device?: string; values: Record<string, number> }[]) => {
  const encoder = new BlockEncoder()
  const rows = new MetricRows()
  for (const { connection = '', device = '', values } of sections) {
    rows.clear()
    for (const [name, value] of Object.entries(values)) rows.push(name, ROW.number, value, 0)
    rows.setTime(0, Date.UTC(2026, 0, 1) * 1000)
    encoder.add({ connection, device, source: 'poll' }, rows)
  }
  return encoder.finish()
}

describe('edge agents', () => {
  let test: TestConnectivity
  let number = 0
  before(async () => {
    test = await testConnectivity()
    test.assets.nodes.set(SITE, [SITE])
    await test.start()
  })
  after(() => test.close())

  const create = async (settings = {}) =>
    (
      await test.platform.handlers.createAgent({
        actor: test.actor,
        body: { name: `Agent ${++number}`, equipment: SITE, settings },
      } as never)
    ).device
  const get = (agent: string, actor: Actor = test.actor) =>
    test.platform.handlers.getAgent({ actor, params: { id: agent } } as never)
  const connect = async (agent: string): Promise<Connected> => {
    const session = await test.session(agent, 'mqtt')
    const commands: AgentCommand[] = []
    const line = test.platform.agents.line(session, async (command) => void commands.push(command))
    line.listening()
    const actor = deviceActor(test.tenant, agent, 'Agent', '192.0.2.7', 'serial')
    return { session, line, commands, actor }
  }
  const connection = (agent: string, config: Record<string, unknown> = { host: 'plc', password: 'hush' }) =>
    test.platform.connections.create(test.actor, {
      name: `At agent ${++number}`,
      adapter: 'toy',
      agent,
      equipment: SITE,
      config,
    })
  const configuration = (actor: Actor) => test.platform.handlers.getAgentConfiguration({ actor } as never)

  it('are told by version what to do, and take it with their certificate alone', async () => {
    const agent = await create({ backlog: 'newest-first' })
    const desired = async () => (await test.platform.twins.get(test.actor, agent)).desired.document
    const first = await get(agent)
    assert.deepEqual(
      [first.online, first.configuration, first.settings.backlog],
      [false, { desired: 1, state: 'none' }, 'newest-first'],
    )
    assert.deepEqual(await desired(), { agent: { configuration: 1 } })
    const made = await connection(agent)
    assert.equal(made.status.state, 'unknown')
    assert.deepEqual(await desired(), { agent: { configuration: 2 } })
    const { actor } = await connect(agent)
    const given = await configuration(actor)
    assert.deepEqual(
      [given.version, given.settings.backlog, given.settings.whenFull],
      [2, 'newest-first', 'drop-oldest'],
    )
    assert.deepEqual(given.connections, [
      {
        id: made.id,
        version: 1,
        name: made.name,
        adapter: 'toy',
        config: { host: 'plc', port: 502, password: 'hush' },
      },
    ])
    await test.platform.connections.update(test.actor, made.id, { enabled: false }, undefined)
    assert.deepEqual((await configuration(actor)).connections, [])
    await test.platform.handlers.updateAgent({
      actor: test.actor,
      params: { id: agent },
      body: { settings: { whenFull: 'refuse-new' } },
      ifMatch: 1,
    } as never)
    assert.deepEqual(await desired(), { agent: { configuration: 4 } })
    await assert.rejects(configuration(test.actor), { code: 'MW-CONN-0115' })
    const byToken = deviceActor(test.tenant, agent, 'Agent')
    await assert.rejects(configuration(byToken), { code: 'MW-CONN-0115' })
    await assert.rejects(configuration(deviceActor(test.tenant, await test.device(), 'PLC', 'x', 's')), { status: 403 })
    await assert.rejects(get(agent, testActor({ tenant: newId('ten') })), { status: 404 })
    await assert.rejects(test.platform.devices.remove(test.actor, agent), { status: 409 })
  })

  it('bring readings of their own, of their connections and of devices behind these, acknowledged when durable', async () => {
    const agent = await create()
    const made = await connection(agent)
    const { line, session } = await connect(agent)
    await line.readings(
      block([
        { values: { cpu: 0.5 } },
        { connection: made.id, values: { speed: 1 } },
        { connection: made.id, device: 'Unit 9', values: { level: 2 } },
      ]),
      SOURCE,
    )
    assert.ok(test.signals.named(agent, 'cpu'))
    assert.ok(test.signals.named(made.device, 'speed'))
    const [unit] = (await test.platform.devices.list(test.actor, { q: 'Unit 9' })).items
    assert.ok(test.signals.named(unit!.id, 'level'))
    const device = await test.platform.devices.get(test.actor, made.device)
    assert.deepEqual([device.connection.state, device.connection.address], ['online', `behind ${session.name}`])
    test.sink.held = true
    let settled = false
    const later = line.readings(block([{ connection: made.id, values: { speed: 2 } }]), SOURCE).then(() => {
      settled = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(settled, false)
    test.sink.held = false
    test.sink.commit()
    await later
    session.close('connection lost')
    const gone = await test.platform.devices.get(test.actor, unit!.id)
    assert.deepEqual([gone.connection.state, gone.connection.reason?.includes('connection lost')], ['offline', true])
  })

  it('do not speak for connections that are not theirs', async () => {
    const [one, two] = [await create(), await create()]
    const theirs = await connection(two)
    const { line } = await connect(one)
    await line.readings(block([{ connection: theirs.id, values: { stolen: 1 } }, { values: { own: 1 } }]), SOURCE)
    assert.equal(test.signals.named(theirs.device, 'stolen'), undefined)
    assert.ok(test.signals.named(one, 'own'))
    const letters = (await test.platform.deadLetters.list(test.actor, { device: one })).items
    assert.deepEqual(
      letters.map(({ code }) => code),
      ['MW-CONN-0116'],
    )
    await assert.rejects(line.readings(Buffer.from('MB rubbish'), SOURCE), { status: 400 })
    const plain = await test.session(await test.device())
    assert.throws(() => test.platform.agents.line(plain, async () => undefined), { code: 'MW-CONN-0020' })
    // Taken away: nothing of it is taken from the agent any more.
    const mine = await connection(one)
    await line.readings(block([{ connection: mine.id, values: { a: 1 } }]), SOURCE)
    await test.platform.connections.update(test.actor, mine.id, { agent: two }, undefined)
    await line.readings(block([{ connection: mine.id, values: { b: 1 } }]), SOURCE)
    assert.equal(test.signals.named(mine.device, 'b'), undefined)
  })

  it('say what could not be read, and who is there', async () => {
    const agent = await create()
    const made = await connection(agent)
    const { line } = await connect(agent)
    await line.refused(
      json({
        connection: made.id,
        device: 'Unit 3',
        source: 'unit 3',
        code: 'MW-MODBUS-0007',
        reason: 'No such register',
        payload: Buffer.from([1, 2]).toString('base64'),
        time: test.clock.now(),
      }),
      SOURCE,
    )
    const [letter] = (await test.platform.deadLetters.list(test.actor, { device: made.device })).items
    assert.deepEqual(
      [letter!.code, letter!.reason, letter!.source, letter!.payload],
      ['MW-MODBUS-0007', 'Unit 3: No such register', 'toy:unit 3', 'AQI='],
    )
    const stateOf = async () =>
      (await test.platform.devices.list(test.actor, { q: 'Unit 77' })).items[0]?.connection.state
    await line.devices(json({ connection: made.id, device: 'Unit 77', online: true }), SOURCE)
    await eventually(async () => (await stateOf()) === 'online')
    await line.devices(json({ connection: made.id, device: 'Unit 77', online: false, reason: 'silent' }), SOURCE)
    await eventually(async () => (await stateOf()) === 'offline')
    for (const bad of [{ online: 'yes' }, { connection: 5, online: true }, 'text']) {
      await assert.rejects(line.devices(json(bad), SOURCE), { status: 400 })
    }
    await assert.rejects(line.refused(json({ code: 'x', reason: 'y' }), SOURCE), { status: 400 })
  })

  it('are told what is desired of devices behind them, and report what they wrote', async () => {
    const agent = await create()
    const made = await connection(agent)
    const { line, session } = await connect(agent)
    await line.readings(block([{ connection: made.id, device: 'Heater', values: { heat: 1 } }]), SOURCE)
    const [heater] = (await test.platform.devices.list(test.actor, { q: 'Heater' })).items
    const { twins } = test.platform
    const desired = async () => (await twins.get(test.actor, agent)).desired.document['devices']
    await twins.patchDesired(test.actor, heater!.id, { setpoint: 80, mode: 'auto', notes: { by: 'me' } }, undefined)
    await eventually(async () => (await desired()) !== undefined)
    assert.deepEqual(await desired(), { [made.id]: { Heater: { setpoint: 80, mode: 'auto' } } })
    await twins.patchDesired(test.actor, heater!.id, { setpoint: 85, mode: null }, undefined)
    await eventually(async () => JSON.stringify(await desired()).includes('85'))
    assert.deepEqual(await desired(), { [made.id]: { Heater: { setpoint: 85 } } })
    const status = { state: 'running', since: 5, readings: 7, readingsPerSecond: 1, counters: {}, certificates: [] }
    await twins.report(session, {
      agent: { connections: { [made.id]: status } },
      devices: { [made.id]: { Heater: { setpoint: 85 } } },
    })
    await eventually(async () => (await twins.get(test.actor, heater!.id)).reported.document['setpoint'] === 85)
  })

  it('give connections back to the platform, and go when they have none', async () => {
    const agent = await create()
    const made = await connection(agent)
    assert.equal(
      test.toy.made.some(({ ports }) => ports.id === made.id),
      false,
    )
    await test.platform.connections.update(test.actor, made.id, { agent: null }, undefined)
    await eventually(() => test.toy.made.some(({ ports, state }) => ports.id === made.id && state === 'running'))
    assert.equal((await get(agent)).connections, 0)
    await test.platform.devices.remove(test.actor, agent)
    await assert.rejects(get(agent), { status: 404 })
    await assert.rejects(connection(agent), { code: 'MW-CONN-0104' })
    assert.equal((await test.platform.connections.get(test.actor, made.id)).agent, null)
  })

  it('report how they and their connections are', async () => {
    const agent = await create()
    const made = await connection(agent)
    const { session } = await connect(agent)
    const status = {
      state: 'running',
      since: 5,
      readings: 7,
      readingsPerSecond: 1.5,
      counters: { reads: 3 },
      certificates: [],
    }
    await test.platform.twins.report(session, {
      agent: {
        software: '0.1.0',
        configuration: { version: 2, state: 'applied' },
        queue: { readings: 10, bytes: 100, dropped: 0 },
        connections: { [made.id]: status, other: 'rubbish' },
      },
    })
    const shown = await get(agent)
    assert.deepEqual(
      [shown.online, shown.software, shown.connections, shown.queue, shown.configuration],
      [true, '0.1.0', 1, { readings: 10, bytes: 100, dropped: 0 }, { desired: 2, reported: 2, state: 'applied' }],
    )
    assert.deepEqual((await test.platform.connections.get(test.actor, made.id)).status, status)
    await connection(agent)
    assert.equal((await get(agent)).configuration.state, 'pending')
    const rolledBack = { version: 3, state: 'rolled-back', reason: 'Cut off.', running: 2 }
    await test.platform.twins.report(session, { agent: { configuration: rolledBack } })
    assert.deepEqual((await get(agent)).configuration, {
      desired: 3,
      reported: 2,
      state: 'rolled-back',
      reason: 'Cut off.',
    })
    await connection(agent)
    assert.deepEqual((await get(agent)).configuration, { desired: 4, reported: 2, state: 'pending' })
    session.close('connection lost')
    const away = (await test.platform.connections.get(test.actor, made.id)).status
    assert.equal(away.state, 'unknown')
    assert.match(away.reason!, /not connected; it was running/)
    assert.ok((await test.platform.handlers.listAgents({ actor: test.actor, query: {} } as never)).items.length > 1)
  })

  it('take commands for their connections, and answer them', async () => {
    const agent = await create()
    const made = await connection(agent)
    const { session, line, commands } = await connect(agent)
    await line.readings(block([{ connection: made.id, device: 'Valve', values: { position: 1 } }]), SOURCE)
    const [valve] = (await test.platform.devices.list(test.actor, { q: 'Valve' })).items
    const sent = await test.platform.commands.send(test.actor, valve!.id, { name: 'write', params: { value: 1 } })
    await eventually(() => commands.length === 1)
    assert.deepEqual(commands[0], {
      id: sent.id,
      connection: made.id,
      device: 'Valve',
      name: 'write',
      params: { value: 1 },
      timeout: 10 * SECOND,
    })
    const strange = await connect(await create())
    await assert.rejects(strange.line.reply(sent.id, { ok: true }), { status: 404 })
    await line.reply(sent.id, { ok: true, result: 'done' })
    assert.equal((await test.platform.commands.get(test.actor, sent.id)).result, 'done')
    assert.equal(session.closed, false)
  })

  it('try drafts, whose secrets travel to them alone and once', async () => {
    const agent = await create()
    const made = await connection(agent)
    const draft = { adapter: 'toy', agent, connection: made.id, config: { host: 'plc9' } }
    const ask = () =>
      test.platform.handlers.testConnection({
        actor: test.actor,
        body: draft,
        signal: new AbortController().signal,
      } as never)
    await assert.rejects(ask(), { code: 'MW-CONN-0112' })
    const { session, actor } = await connect(agent)
    const probes: string[] = []
    test.platform.commands.attach(session, {
      deliver: async ({ id, name, params }) => {
        assert.equal(name, 'connection.probe')
        probes.push(id, (params as { probe: string }).probe)
      },
    })
    const answer = ask()
    await eventually(() => probes.length === 2)
    const [command, probe] = probes as [string, string]
    const take = (who: Actor) => test.platform.handlers.getAgentProbe({ actor: who, params: { probe } } as never)
    const other = await connect(await create())
    await assert.rejects(take(other.actor), { status: 404 })
    assert.deepEqual(await take(actor), {
      kind: 'test',
      adapter: 'toy',
      config: { host: 'plc9', password: 'hush' },
    })
    await assert.rejects(take(actor), { status: 404 })
    const result = { ok: true, steps: [], certificates: [] }
    await test.platform.commands.reply(session, command, { ok: true, result })
    assert.deepEqual(await answer, result)
    assert.equal((await test.platform.commands.get(test.actor, command)).result, null)
    const failing = ask()
    const refused = assert.rejects(failing, { code: 'MW-CONN-0113' })
    await eventually(() => probes.length === 4)
    await test.platform.commands.reply(session, probes[2]!, { ok: true, result: { nonsense: true } })
    await refused
    const late = assert.rejects(ask(), /no answer within/)
    await eventually(() => probes.length === 6)
    await test.clock.advance(30 * SECOND)
    await late
  })

  it('get the rules that watch nothing but their signals, and a new configuration when these change', async () => {
    const agent = await create()
    const made = await connection(agent)
    const { line, actor } = await connect(agent)
    await line.readings(block([{ connection: made.id, device: 'Oven', values: { heat: 1 } }]), SOURCE)
    const [oven] = (await test.platform.devices.list(test.actor, { q: 'Oven' })).items
    await test.clock.advance(5 * SECOND)
    const before = (await configuration(actor)).version
    const rule = newId('rul')
    test.rules = (_tenant, devices) =>
      devices.has(oven!.id)
        ? [
            {
              id: rule,
              name: 'Too hot',
              rule: { condition: 'heat > 80.0' },
              signals: { heat: { device: oven!.id, name: 'Oven/heat' } },
            },
          ]
        : []
    await test.bus.publish({
      id: newId('evt'),
      type: 'millwright.rule.changed',
      source: 't',
      subject: rule,
      tenant: test.tenant,
      time: 0,
      data: {},
    })
    await test.clock.advance(5 * SECOND)
    await eventually(async () => (await configuration(actor)).version === before + 1)
    assert.deepEqual((await configuration(actor)).rules, [
      {
        id: rule,
        name: 'Too hot',
        rule: { condition: 'heat > 80.0' },
        signals: { heat: { connection: made.id, device: 'Oven', metric: 'heat' } },
      },
    ])
    test.rules = () => []
  })
})
