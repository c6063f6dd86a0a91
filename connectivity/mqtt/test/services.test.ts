import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MqttClient } from 'mqtt'
import { until } from './until.ts'
import { World } from './world.ts'

/** The next message on a topic. */
const next = (client: MqttClient, topic: string): Promise<string> =>
  new Promise((resolve) => {
    client.on('message', (at, payload) => {
      if (at === topic) resolve(payload.toString())
    })
  })

describe('commands and states over MQTT', () => {
  it('delivers commands once the device subscribes, and takes its answer', async () => {
    await using world = await World.start()
    const device = await world.client(await world.device('dev_a'))
    assert.throws(() => world.platform.deliver('dev_a', {}), /takes no commands/)
    await device.subscribeAsync('mw/v1/commands/+', { qos: 1 })
    const received = next(device, 'mw/v1/commands/cmd_7')
    await world.platform.deliver('dev_a', { id: 'cmd_7', name: 'start', params: { speed: 3 } })
    assert.deepEqual(JSON.parse(await received), {
      id: 'cmd_7',
      name: 'start',
      params: { speed: 3 },
      timeout: 10_000_000,
    })
    await device.publishAsync('mw/v1/commands/cmd_7/reply', '{"ok":true,"result":{"speed":3}}', { qos: 1 })
    await device.publishAsync('mw/v1/commands/cmd_8/reply', '{"ok":false,"error":"jammed"}', { qos: 1 })
    assert.deepEqual(world.platform.replies, [
      { command: 'cmd_7', reply: { ok: true, result: { speed: 3 } } },
      { command: 'cmd_8', reply: { ok: false, error: 'jammed' } },
    ])
    await device.unsubscribeAsync('mw/v1/commands/+')
    assert.throws(() => world.platform.deliver('dev_a', {}), /takes no commands/)
  })

  it('writes a dead letter for an answer that is none, and for one to no command', async () => {
    await using world = await World.start()
    const device = await world.client(await world.device('dev_a'))
    const bad = ['', '[]', '{"ok":1}', '{"ok":true,"error":"x"}', '{"ok":true,"extra":1}', '{"ok":false}', '\u0000']
    for (const payload of bad) await device.publishAsync('mw/v1/commands/cmd_1/reply', payload, { qos: 1 })
    await device.publishAsync('mw/v1/commands/cmd_unknown/reply', '{"ok":true}', { qos: 1 })
    const codes = world.platform.letters.map((letter) => letter.code)
    assert.equal(codes.length, bad.length + 1)
    assert.equal(codes.at(-1), 'MW-CONN-0070')
  })

  it('answers twin/get, pushes changes of the desired state, and takes the reported one', async () => {
    await using world = await World.start()
    const device = await world.client(await world.device('dev_a'))
    await device.subscribeAsync('mw/v1/twin/desired', { qos: 1 })
    const answer = next(device, 'mw/v1/twin/desired')
    await device.publishAsync('mw/v1/twin/get', '', { qos: 1 })
    assert.deepEqual(JSON.parse(await answer), { version: 1, document: { rate: 5 } })
    const pushed = new Promise<string>((resolve) =>
      device.once('message', (_topic, payload) => resolve(payload.toString())),
    )
    const session = world.platform.live('dev_a')[0]!
    world.platform.watchers.get(session)!({ version: 2, document: { rate: 6 }, patch: { rate: 6 } })
    assert.deepEqual(JSON.parse(await pushed), { version: 2, document: { rate: 6 } })
    await device.publishAsync('mw/v1/twin/reported', '{"document":{"rate":6},"desiredVersion":2}', { qos: 1 })
    assert.deepEqual(world.platform.reported, [{ patch: { rate: 6 }, version: 2 }])
  })

  it('speaks ThingsBoard’s device API: attributes, requests, RPC both ways', async () => {
    await using world = await World.start()
    world.platform.add('dev_tb')
    world.platform.tokens.set('mwd_tb', 'dev_tb')
    const device = await world.client(undefined, { username: 'mwd_tb', password: '' })
    await device.subscribeAsync(
      [
        'v1/devices/me/attributes',
        'v1/devices/me/attributes/response/+',
        'v1/devices/me/rpc/request/+',
        'v1/devices/me/rpc/response/+',
      ],
      { qos: 1 },
    )
    await device.publishAsync('v1/devices/me/attributes', '{"firmware":"1.2"}', { qos: 1 })
    assert.deepEqual(world.platform.attributes, ['{"firmware":"1.2"}'])
    const response = next(device, 'v1/devices/me/attributes/response/4')
    await device.publishAsync('v1/devices/me/attributes/request/4', '{"sharedKeys":"rate"}', { qos: 1 })
    assert.deepEqual(JSON.parse(await response), { client: {}, shared: { rate: 5 } })
    const shared = next(device, 'v1/devices/me/attributes')
    world.platform.shared[0]!(Buffer.from('{"rate":9}'))
    assert.equal(await shared, '{"rate":9}')
    const rpc = next(device, 'v1/devices/me/rpc/request/12')
    await world.platform.deliver('dev_tb', { number: 12, name: 'setFan', params: { on: true } })
    assert.deepEqual(JSON.parse(await rpc), { method: 'setFan', params: { on: true } })
    await device.publishAsync('v1/devices/me/rpc/response/12', '{"done":true}', { qos: 1 })
    assert.deepEqual(world.platform.replies, [{ command: 12, reply: { ok: true, result: { done: true } } }])
    const refusal = next(device, 'v1/devices/me/rpc/response/3')
    await device.publishAsync('v1/devices/me/rpc/request/3', '{"method":"getTime"}', { qos: 1 })
    assert.match(await refusal, /offers no calls/)
  })

  it('takes a gateway’s topics from gateways only', async () => {
    await using world = await World.start()
    const gateway = await world.client(await world.device('dev_gw', 'ten_a', true))
    const plain = await world.client(await world.device('dev_a'))
    for (const channel of ['connect', 'telemetry', 'attributes', 'rpc', 'disconnect']) {
      await gateway.publishAsync(`v1/gateway/${channel}`, `{"${channel}":1}`, { qos: 1 })
      await plain.publishAsync(`v1/gateway/${channel}`, '{}', { qos: 1 })
    }
    assert.deepEqual(
      world.platform.gatewayCalls.map((call) => call.channel),
      ['connect', 'telemetry', 'attributes', 'rpc', 'disconnect'],
    )
    await until('five dead letters', () => world.platform.letters.length === 5)
    assert.deepEqual(
      new Set(world.platform.letters.map(({ device, code }) => `${device} ${code}`)),
      new Set(['dev_a MW-CONN-0020']),
    )
  })
})
