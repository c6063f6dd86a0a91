import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { isRefusal } from '../errors.ts'
import type { DeviceSession } from '../sessions/model.ts'
import { type TestConnectivity, testConnectivity } from '../testing/index.ts'

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))
const parsed = (payload: Uint8Array) => JSON.parse(Buffer.from(payload).toString()) as unknown
const TELEMETRY = 'mqtt:v1/gateway/telemetry'

describe('ThingsBoard devices', () => {
  let test: TestConnectivity
  before(async () => {
    test = await testConnectivity()
    await test.start()
  })
  after(() => test.close())

  it('reports client attributes, asks for and hears of shared ones', async () => {
    const session = await test.session()
    const { thingsboard, twins } = test.platform
    const heard: unknown[] = []
    thingsboard.watchShared(session, (payload) => heard.push(parsed(payload)))
    await thingsboard.attributes(session, bytes({ model: 'X1', serial: 7 }), 'test')
    await twins.patchDesired(test.actor, session.device, { rate: 5, target: 20 }, undefined)
    await twins.patchDesired(test.actor, session.device, { rate: null, target: 21 }, undefined)
    assert.deepEqual(heard, [{ rate: 5, target: 20 }, { target: 21 }, { deleted: ['rate'] }])
    const ask = async (wanted: object) => parsed(await thingsboard.attributesRequest(session, bytes(wanted), 'test'))
    assert.deepEqual(await ask({ clientKeys: 'model,none', sharedKeys: 'target' }), {
      client: { model: 'X1' },
      shared: { target: 21 },
    })
    assert.deepEqual(await ask({ clientKeys: 'serial' }), { client: { serial: 7 }, shared: {} })
    assert.deepEqual(await ask({}), { client: { model: 'X1', serial: 7 }, shared: { target: 21 } })
    await assert.rejects(thingsboard.attributes(session, Buffer.from('[1]'), 'test'), isRefusal)
    const { items } = await test.platform.deadLetters.list(test.actor, { device: session.device })
    assert.equal(items.length, 1)
  })

  it('takes numbers in text as numbers, but not where the signal is a state', async () => {
    const session = await test.session()
    const telemetry = (value: object) => test.platform.thingsboard.telemetry(session, bytes(value), 'test')
    await telemetry({ level: '1.5', version: '1.2.3' })
    // As after a restart: the directory must be asked again, with a number for what is a state.
    test.signals.forget(session.device)
    await telemetry({ level: 2, version: '1.3' })
    assert.deepEqual(
      test.sink.rows.map(({ value }) => value),
      [1.5, 2],
    )
    assert.deepEqual(
      test.sink.wide.map(({ value }) => value),
      [
        { kind: 'state', value: '1.2.3' },
        { kind: 'state', value: '1.3' },
      ],
    )
  })

  it('gets commands as RPC and answers by number', async () => {
    const session = await test.session()
    const { thingsboard, commands } = test.platform
    const requests: [number, unknown][] = []
    commands.attach(session, {
      async deliver(command) {
        requests.push([command.number, parsed(thingsboard.rpcRequest(command))])
      },
    })
    const sent = await commands.send(test.actor, session.device, { name: 'setGpio', params: { pin: 1 } })
    await commands.delivered(session)
    assert.deepEqual(requests, [[1, { method: 'setGpio', params: { pin: 1 } }]])
    await thingsboard.rpcResponse(session, 1, bytes({ done: true }), 'test')
    assert.deepEqual((await commands.get(test.actor, sent.id)).result, { done: true })
    await assert.rejects(thingsboard.rpcResponse(session, 1, bytes({}), 'test'), isRefusal)
    assert.match((parsed(thingsboard.clientRpcRefusal()) as { error: string }).error, /no calls/)
  })
})

describe('ThingsBoard gateways', () => {
  let test: TestConnectivity
  let gateway: DeviceSession
  const sent: [string, unknown][] = []
  const openGateway = async () => {
    gateway = await test.session(await test.device({ gateway: true }))
    return test.platform.thingsboard.gateway(gateway, async (channel, payload) => {
      sent.push([channel, parsed(payload)])
    })
  }
  before(async () => {
    test = await testConnectivity()
    await test.start({ devicesPerGateway: 3 })
  })
  after(() => test.close())
  /** Other devices have names made up at random: a search may find them too. */
  const named = async (name: string) =>
    (await test.platform.devices.list(test.actor, { q: name })).items.filter((device) => device.name === name)

  it('makes the devices behind it on first sight and keeps their order', async () => {
    const link = await openGateway()
    const first = link.telemetry(
      bytes({ 'Meter A': [{ ts: 1_767_000_000_000, values: { kwh: 1 } }], 'Meter B': { kwh: 5 } }),
      TELEMETRY,
    )
    const second = link.telemetry(bytes({ 'Meter A': [{ ts: 1_767_000_001_000, values: { kwh: 2 } }] }), TELEMETRY)
    await Promise.all([first, second])
    const [a] = await named('Meter A')
    assert.deepEqual([a!.state, a!.connection.state, a!.metadata['gateway']], ['enrolled', 'online', gateway.name])
    const key = test.signals.named(a!.id, 'kwh')!.key
    assert.deepEqual(
      test.sink.rows.filter(({ signal }) => signal === key).map(({ value }) => value),
      [1, 2],
    )
    await link.telemetry(bytes({ 'Meter A': [{ kwh: 3 }], 'Meter B': [{ kwh: 6 }] }), TELEMETRY)
    assert.equal(test.sink.rows.length, 5)
    gateway.close('connection lost')
    const [gone] = await named('Meter A')
    assert.deepEqual(
      [gone!.connection.state, gone!.connection.reason],
      ['offline', `its gateway ${gateway.name} went: connection lost`],
    )
  })

  it('refuses parts for themselves', async () => {
    const link = await openGateway()
    await link.connect(bytes({ device: 'Good' }), 'test')
    test.sink.rows.length = 0
    await assert.rejects(
      link.telemetry(bytes({ Good: [{ a: 1 }], Bad: [{ ts: 1, values: { a: 1 } }] }), TELEMETRY),
      isRefusal,
    )
    assert.equal(test.sink.rows.length, 1)
    const [bad] = await named('Bad')
    const { items } = await test.platform.deadLetters.list(test.actor, { device: bad!.id })
    assert.equal(items[0]!.code, 'MW-CONN-0012')
    gateway.close('done')
  })

  it('speaks for no device that is not behind it, and not for ever more', async () => {
    const link = await openGateway()
    await test.device({ name: 'Somebody else' })
    await assert.rejects(link.connect(bytes({ device: 'Somebody else' }), 'test'), { code: 'MW-CONN-0022' })
    for (const device of ['g1', 'g2', 'g3']) await link.connect(bytes({ device }), 'test')
    await assert.rejects(link.connect(bytes({ device: 'g4' }), 'test'), { code: 'MW-CONN-0021' })
    await link.disconnect(bytes({ device: 'g1' }), 'test')
    assert.equal((await named('g1'))[0]!.connection.reason, 'its gateway said that it left')
    await link.connect(bytes({ device: 'g1', type: 'default' }), 'test')
    const { items } = await test.platform.deadLetters.list(test.actor, { device: gateway.device })
    assert.deepEqual(items.map(({ code }) => code).sort(), ['MW-CONN-0021', 'MW-CONN-0022'])
    gateway.close('done')
  })

  it('carries commands and attributes to the devices behind it', async () => {
    const link = await openGateway()
    await link.connect(bytes({ device: 'Robot' }), 'test')
    const [robot] = await named('Robot')
    const command = await test.platform.commands.send(test.actor, robot!.id, { name: 'park', params: { slot: 4 } })
    await test.platform.commands.delivered(test.platform.sessions.of(robot!.id)[0]!)
    await test.platform.twins.patchDesired(test.actor, robot!.id, { speed: 2 }, undefined)
    assert.deepEqual(sent, [
      ['rpc', { device: 'Robot', data: { id: 1, method: 'park', params: { slot: 4 } } }],
      ['attributes', { device: 'Robot', data: { speed: 2 } }],
    ])
    await link.rpc(bytes({ device: 'Robot', id: 1, data: { success: true } }), 'test')
    assert.equal((await test.platform.commands.get(test.actor, command.id)).state, 'succeeded')
    await link.attributes(bytes({ Robot: { speed: 2 } }), 'test')
    assert.equal((await test.platform.twins.get(test.actor, robot!.id)).inSync, true)
  })

  it('is a right of gateways only', async () => {
    const plain = await test.session()
    assert.throws(() => test.platform.thingsboard.gateway(plain, async () => {}), { code: 'MW-CONN-0020' })
  })
})
