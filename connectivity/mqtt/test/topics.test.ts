import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MqttClient } from 'mqtt'
import { connectPacket, publishPacket } from './packets.ts'
import { until } from './until.ts'
import { World } from './world.ts'

/** Topic and payload of everything a client receives. */
function inbox(client: MqttClient): { topic: string; payload: string; qos: number; retain: boolean }[] {
  const messages: { topic: string; payload: string; qos: number; retain: boolean }[] = []
  client.on('message', (topic, payload, { qos, retain }) => {
    messages.push({ topic, payload: payload.toString(), qos, retain })
  })
  return messages
}

/** The return codes of a SUBSCRIBE. */
function subscribe(client: MqttClient, topics: string | string[], qos: 0 | 1 | 2 = 1): Promise<number[]> {
  return new Promise((resolve) => {
    client.subscribe(topics, { qos }, (_error, _granted, packet) => resolve(packet!.granted as number[]))
  })
}

describe('topics', () => {
  it('keeps every device in its own namespace, whatever wildcard it asks for', async () => {
    await using world = await World.start()
    const a = await world.client(await world.device('dev_a'))
    const b = await world.client(await world.device('dev_b'))
    const nosy = inbox(b)
    assert.deepEqual(await subscribe(b, ['#', '+/v1/#', 'mw/v1/user/#', 'mw/+/user/+']), [1, 1, 1, 1])
    const own = inbox(a)
    await a.subscribeAsync('mw/v1/user/#', { qos: 1 })
    await a.publishAsync('mw/v1/user/state', 'on', { qos: 1 })
    await until('its own message', () => own.length === 1)
    assert.deepEqual(own[0], { topic: 'mw/v1/user/state', payload: 'on', qos: 1, retain: false })
    await b.publishAsync('mw/v1/user/state', 'mine', { qos: 1 })
    await until('the nosy device’s own', () => nosy.length > 0)
    assert.deepEqual(new Set(nosy.map((message) => message.payload)), new Set(['mine']))
    assert.equal(nosy.length, 1, 'overlapping filters deliver once')
  })

  it('refuses filters outside the table with 0x80, and grants the others of the same SUBSCRIBE', async () => {
    await using world = await World.start()
    const a = await world.client(await world.device('dev_a'))
    const refused = ['d/dev_b/#', 'd/+/mw/v1/user/x', '$SYS/#', '$share/g/mw/v1/user/#', 'mw/v1/telemetry', 'nothing']
    for (const topic of refused) assert.deepEqual(await subscribe(a, topic), [128], topic)
    assert.deepEqual(await subscribe(a, ['$SYS/#', 'mw/v1/user/x', 'mw/v1/telemetry']), [128, 1, 128])
    const raw = await world.raw(await world.device('dev_c'))
    raw.write(connectPacket('c'))
    await raw.expect('CONNACK', 0x20, 2, 0, 0)
    const { subscribePacket } = await import('./packets.ts')
    raw.write(
      subscribePacket(1, ['mw/v1/user/x', 2], ['mw/v1/user/x', 0], ['a/#/b', 0], ['a+', 0], ['mw/v1/user/x', 1]),
    )
    await raw.expect('a code for each', 0x90, 7, 0, 1, 2, 0, 128, 128, 1)
  })

  it('lowers QoS to what was granted, over all filters that match', async () => {
    await using world = await World.start()
    const a = await world.client(await world.device('dev_a'))
    const box = inbox(a)
    await subscribe(a, 'mw/v1/user/low/#', 0)
    await subscribe(a, 'mw/v1/user/+/both', 1)
    await a.publishAsync('mw/v1/user/low/one', '', { qos: 2 })
    await a.publishAsync('mw/v1/user/low/both', '', { qos: 2 })
    await a.publishAsync('mw/v1/user/low', '', { qos: 2 })
    await until('three', () => box.length === 3)
    assert.deepEqual(
      box.map(({ topic, qos }) => [topic.slice(11), qos]),
      [
        ['low/one', 0],
        ['low/both', 1],
        ['low', 0],
      ],
    )
  })

  it('delivers every message of a burst once and in order, whatever its QoS, with commands in between', async () => {
    await using world = await World.start()
    const identity = await world.device('dev_a')
    for (const clean of [true, false]) {
      const listener = await world.client(identity, { clientId: `listener-${clean}`, clean })
      const box = inbox(listener)
      await subscribe(listener, ['mw/v1/user/#', 'mw/v1/user/+', 'mw/v1/commands/+'])
      const sender = await world.raw(identity)
      sender.write(connectPacket('sender'))
      const burst = Array.from({ length: 60 }, (_, n) =>
        publishPacket('mw/v1/user/n', String(n), (n % 2) as 0 | 1, n + 1),
      )
      sender.write(Buffer.concat(burst))
      const session = world.platform.live('dev_a').find((open) => world.platform.transports.has(open))!
      const transport = world.platform.transports.get(session)!
      const commands = Array.from({ length: 10 }, (_, n) =>
        transport.deliver({ id: `cmd_${n}`, number: n, name: 'x', params: {}, timeout: 1 }),
      )
      await Promise.all(commands)
      await until(`all of them (${box.length})`, () => box.length === 70, 3)
      const numbers = box.filter(({ topic }) => topic === 'mw/v1/user/n').map(({ payload }) => Number(payload))
      assert.deepEqual(
        numbers,
        Array.from({ length: 60 }, (_, n) => n),
      )
      sender.socket.destroy()
      await listener.endAsync()
    }
  })

  it('retains messages for later subscribers, and forgets them on an empty payload', async () => {
    await using world = await World.start({ limits: { retainedMessages: 2 } })
    const a = await world.client(await world.device('dev_a'))
    await a.publishAsync('mw/v1/user/mode', 'auto', { qos: 1, retain: true })
    const box = inbox(a)
    await subscribe(a, 'mw/v1/user/#')
    await until('the retained one', () => box.length === 1)
    assert.deepEqual(box[0], { topic: 'mw/v1/user/mode', payload: 'auto', qos: 1, retain: true })
    await a.publishAsync('mw/v1/user/mode', '', { qos: 1, retain: true })
    const later = await world.client(await world.device('dev_a'), { clientId: 'later' })
    const second = inbox(later)
    await subscribe(later, 'mw/v1/user/#')
    await later.publishAsync('mw/v1/user/mark', '', { qos: 1 })
    await until('the mark', () => second.length > 0)
    assert.deepEqual(
      second.map(({ topic }) => topic),
      ['mw/v1/user/mark'],
    )
    for (const name of ['a', 'b', 'c']) await a.publishAsync(`mw/v1/user/${name}`, 'x', { qos: 1, retain: true })
    await until('the third is refused', () => world.platform.letters.length === 1)
    assert.equal(world.platform.letters[0]!.code, 'MW-MQTT-0046')
  })

  it('acknowledges a publish outside the table and writes a dead letter that says so', async () => {
    await using world = await World.start()
    const a = await world.client(await world.device('dev_a'))
    const topics = ['nowhere/at/all', 'mw/v1/commands/cmd_1', 'mw/v1/twin/desired', `mw/v1/user/${'x/'.repeat(20)}`]
    for (const topic of topics) await a.publishAsync(topic, 'hello', { qos: 1 })
    assert.deepEqual(
      world.platform.letters.map(({ code, source }) => [code, source.slice(0, 30)]),
      topics.map((topic, at) => [at === 3 ? 'MW-MQTT-0040' : 'MW-MQTT-0041', `mqtt:${topic}`.slice(0, 30)]),
    )
    assert.equal(a.connected, true)
  })

  it('closes a device that publishes into another namespace, and puts it in the audit log', async () => {
    await using world = await World.start()
    for (const topic of ['d/dev_b/mw/v1/telemetry', '$SYS/broker/load']) {
      const a = await world.client(await world.device('dev_a'))
      a.publish(topic, 'x', { qos: 1 })
      await until('closed', () => !a.connected)
    }
    await until('audited', () => world.platform.audited.length === 2)
    assert.deepEqual(world.platform.audited[0], {
      action: 'device.topic-spoofed',
      detail: { topic: 'd/dev_b/mw/v1/telemetry', protocol: 'mqtt' },
    })
    assert.equal(world.platform.taken.length, 0)
  })

  it('closes a device that publishes to a wildcard', async () => {
    await using world = await World.start()
    for (const topic of ['mw/v1/user/#', 'mw/+/telemetry', '']) {
      const raw = await world.raw(await world.device('dev_a'))
      raw.write(Buffer.concat([connectPacket('a'), publishPacket(topic, 'x', 0)]))
      await raw.expectClosed(topic)
    }
  })
})

describe('last will', () => {
  const will = (topic: string, payload: string) => ({
    topic,
    payload: Buffer.from(payload),
    qos: 1 as const,
    retain: true,
  })

  it('is published when the connection is lost, and says in words why the device is offline', async () => {
    await using world = await World.start()
    const identity = await world.device('dev_a')
    const watcher = await world.client(identity, { clientId: 'watcher' })
    const box = inbox(watcher)
    await subscribe(watcher, 'mw/v1/user/#')
    const dying = await world.client(identity, { clientId: 'dying', will: will('mw/v1/user/status', 'battery empty') })
    dying.stream.destroy()
    await until('the will', () => box.length === 1)
    assert.equal(box[0]!.payload, 'battery empty')
    assert.match(world.platform.sessions[1]!.closedWith!, /^last will: battery empty \(/)
  })

  it('is not published after DISCONNECT', async () => {
    await using world = await World.start()
    const client = await world.client(await world.device('dev_a'), { will: will('mw/v1/telemetry', '{}') })
    await client.endAsync()
    await until('closed', () => world.platform.sessions[0]!.closed)
    assert.equal(world.platform.sessions[0]!.closedWith, 'the device disconnected')
    assert.equal(world.platform.taken.length, 0)
  })

  it('may be a reading, which the intake takes', async () => {
    await using world = await World.start()
    const client = await world.client(await world.device('dev_a'), {
      will: will('mw/v1/telemetry', '{"values":{"up":0}}'),
    })
    client.stream.destroy()
    await until('taken', () => world.platform.taken.length === 1)
    assert.equal(world.platform.taken[0]!.payload, '{"values":{"up":0}}')
  })

  it('is refused outside the device’s namespace', async () => {
    await using world = await World.start()
    const identity = await world.device('dev_a')
    for (const topic of ['d/dev_b/x', 'mw/v1/commands/x', '$SYS/x', 'mw/v1/user/#']) {
      await assert.rejects(world.client(identity, { will: will(topic, 'x') }), /Not authorized/, topic)
    }
  })
})
