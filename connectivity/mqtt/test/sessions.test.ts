import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY, systemClock } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import { inbox, KEPT, sessionPresent, storeFolders } from './kept-sessions.ts'
import { connectPacket, publishPacket, subscribePacket } from './packets.ts'
import { until } from './until.ts'
import { World } from './world.ts'

const newStore = storeFolders()

describe('persistent sessions', () => {
  it('keep subscriptions and queue QoS 1 and 2 while the device is away', async () => {
    await using world = await World.start({ directory: newStore() })
    const identity = await world.device('dev_a')
    const first = await world.client(identity, KEPT)
    await first.subscribeAsync('mw/v1/user/#', { qos: 2 })
    await first.endAsync()
    const other = await world.client(identity, { clientId: 'other' })
    for (const qos of [0, 1, 2] as const) await other.publishAsync(`mw/v1/user/q${qos}`, `${qos}`, { qos })
    const again = world.connecting(identity, KEPT)
    const box = inbox(again)
    await until('the two that are queued', () => box.length === 2)
    await other.publishAsync('mw/v1/user/live', 'now', { qos: 1 })
    await until('the live one', () => box.some(({ payload }) => payload === 'now'))
    assert.deepEqual(
      box.map(({ payload, qos }) => [payload, qos]),
      [
        ['1', 1],
        ['2', 2],
        ['now', 1],
      ],
    )
  })

  it('come back after a restart of the platform, with what was queued and what was retained', async () => {
    await using world = await World.start({ directory: newStore() })
    const identity = await world.device('dev_a')
    const first = await world.client(identity, KEPT)
    await first.subscribeAsync('mw/v1/user/#', { qos: 1 })
    await first.endAsync()
    const other = await world.client(identity, { clientId: 'other' })
    await other.publishAsync('mw/v1/user/queued', 'one', { qos: 1 })
    await other.publishAsync('mw/v1/user/mode', 'auto', { qos: 1, retain: true })
    await other.endAsync()
    await world.restart()
    const raw = await world.raw(identity)
    raw.write(connectPacket('kept', { clean: false }))
    await raw.expect('CONNACK with session present', 0x20, 2, 1, 0)
    await raw.expect('the queued one', ...Buffer.from('one'))
    raw.socket.destroy()
    const fresh = await world.client(identity, { clientId: 'fresh' })
    const box = inbox(fresh)
    await fresh.subscribeAsync('mw/v1/user/mode', { qos: 1 })
    await until('the retained one', () => box.length === 1)
    assert.equal(box[0]!.payload, 'auto')
  })

  it('send again what was not acknowledged, marked as a duplicate and under its old id', async () => {
    await using world = await World.start({ directory: newStore() })
    const identity = await world.device('dev_a')
    const raw = await world.raw(identity)
    raw.write(connectPacket('kept', { clean: false }))
    raw.write(subscribePacket(1, ['mw/v1/user/#', 1]))
    await raw.expect('SUBACK', 0x90, 3, 0, 1, 1)
    const other = await world.client(identity, { clientId: 'other' })
    await other.publishAsync('mw/v1/user/a', 'unacknowledged', { qos: 1 })
    const first = await until('the message', () => publishOf(raw.received))
    raw.socket.destroy()
    await until('gone', () => world.platform.live('dev_a').length === 1)
    const again = await world.raw(identity)
    again.write(connectPacket('kept', { clean: false }))
    const second = await until('the message again', () => publishOf(again.received))
    assert.deepEqual({ ...second, dup: false }, first)
    assert.equal(second.dup, true)
    again.write([0x40, 2, second.id >> 8, second.id & 255])
    again.write([0xc0, 0])
    await again.expect('PINGRESP', 0xd0, 0)
    again.socket.destroy()
    await until('gone', () => world.platform.live('dev_a').length === 1)
    const third = await world.raw(identity)
    third.write(connectPacket('kept', { clean: false }))
    third.write([0xc0, 0])
    await third.expect('PINGRESP', 0xd0, 0)
    assert.equal(publishOf(third.received), undefined)
  })

  it('remember an open QoS 2 reception over a restart: the same message is not taken twice', async () => {
    await using world = await World.start({ directory: newStore() })
    const identity = await world.device('dev_a')
    const raw = await world.raw(identity)
    raw.write(Buffer.concat([connectPacket('kept', { clean: false }), publishPacket('mw/v1/telemetry', '{}', 2, 5)]))
    await raw.expect('PUBREC', 0x50, 2, 0, 5)
    await world.restart()
    const again = await world.raw(identity)
    again.write(connectPacket('kept', { clean: false }))
    const publish = publishPacket('mw/v1/telemetry', '{}', 2, 5)
    again.write([publish[0]! | 8, ...publish.subarray(1)])
    await again.expect('PUBREC', 0x50, 2, 0, 5)
    again.write([0x62, 2, 0, 5])
    await again.expect('PUBCOMP', 0x70, 2, 0, 5)
    assert.equal(world.platform.taken.length, 1)
  })

  it('owe only the PUBREL once PUBREC came, also after a restart', async () => {
    await using world = await World.start({ directory: newStore() })
    const identity = await world.device('dev_a')
    const raw = await world.raw(identity)
    raw.write(Buffer.concat([connectPacket('kept', { clean: false }), subscribePacket(1, ['mw/v1/user/#', 2])]))
    await raw.expect('SUBACK', 0x90, 3, 0, 1, 2)
    const other = await world.client(identity, { clientId: 'other' })
    await other.publishAsync('mw/v1/user/a', 'once', { qos: 2 })
    const { id } = await until('the message', () => publishOf(raw.received))
    raw.write([0x50, 2, id >> 8, id & 255])
    await raw.expect('PUBREL', 0x62, 2, id >> 8, id & 255)
    await world.restart()
    const again = await world.raw(identity)
    again.write(connectPacket('kept', { clean: false }))
    await again.expect('PUBREL again', 0x62, 2, id >> 8, id & 255)
    assert.equal(publishOf(again.received), undefined)
    again.write([0x70, 2, id >> 8, id & 255, 0xc0, 0])
    await again.expect('PINGRESP', 0xd0, 0)
    await world.restart()
    const third = await world.raw(identity)
    third.write(Buffer.concat([connectPacket('kept', { clean: false }), Buffer.from([0xc0, 0])]))
    await third.expect('PINGRESP', 0xd0, 0)
    assert.equal(third.received.includes(Buffer.from([0x62, 2])), false)
  })

  it('bound their queue: the oldest go, and are counted', async () => {
    await using world = await World.start({ directory: newStore(), limits: { queuedMessages: 10, queuedBytes: 1000 } })
    const identity = await world.device('dev_a')
    const first = await world.client(identity, KEPT)
    await first.subscribeAsync('mw/v1/user/#', { qos: 1 })
    await first.endAsync()
    const other = await world.client(identity, { clientId: 'other' })
    for (let n = 0; n < 25; n++) await other.publishAsync('mw/v1/user/n', String(n), { qos: 1 })
    assert.equal(world.adapter.counters.queueDropped, 15)
    await other.publishAsync('mw/v1/user/n', 'x'.repeat(995), { qos: 1 })
    assert.equal(world.adapter.counters.queueDropped, 23)
    const dropped = world.platform.letters.filter(({ code }) => code === 'MW-MQTT-0047')
    assert.equal(dropped.length, 23)
    assert.deepEqual(
      [dropped[0]!.tenant, dropped[0]!.device, dropped[0]!.source],
      ['ten_a', 'dev_a', 'mqtt:mw/v1/user/n'],
    )
    const raw = await world.raw(identity)
    raw.write(connectPacket('kept', { clean: false }))
    await raw.expect('the newest small one', ...Buffer.from('24'))
  })

  it('are not kept for ever', async () => {
    const clock = new VirtualClock(systemClock.now())
    await using world = await World.start({ directory: newStore(), clock, limits: { sessionDays: 2 } })
    const identity = await world.device('dev_a')
    const first = await world.client(identity, KEPT)
    await first.subscribeAsync('mw/v1/user/#', { qos: 1 })
    await first.endAsync()
    await until('gone', () => world.platform.live('dev_a').length === 0)
    await clock.advance(DAY)
    assert.equal(await sessionPresent(world, identity), true)
    await until('gone', () => world.platform.live('dev_a').length === 0)
    await clock.advance(2 * DAY + DAY / 10)
    assert.equal(await sessionPresent(world, identity), false)
  })

  it('are few for each device: the longest absent one goes', async () => {
    await using world = await World.start({
      directory: newStore(),
      limits: { sessionsPerDevice: 2, connectionsPerDevice: 2 },
    })
    const identity = await world.device('dev_a')
    for (const clientId of ['kept', 'second', 'third']) {
      const client = await world.client(identity, { clientId, clean: false })
      await client.subscribeAsync('mw/v1/user/#', { qos: 1 })
      await client.endAsync()
      await until('gone', () => world.platform.live('dev_a').length === 0)
    }
    assert.equal(await sessionPresent(world, identity), false)
    await world.client(identity, { clientId: 'one' })
    await world.client(identity, { clientId: 'two' })
    await assert.rejects(world.client(identity, { clientId: 'three' }), /Server unavailable/)
  })

  it('end when the device connects with a clean one, and when it is removed', async () => {
    await using world = await World.start({ directory: newStore() })
    const identity = await world.device('dev_a')
    const first = await world.client(identity, KEPT)
    await first.subscribeAsync('mw/v1/user/#', { qos: 1 })
    await first.publishAsync('mw/v1/user/mode', 'auto', { qos: 1, retain: true })
    await first.endAsync()
    const clean = await world.client(identity, { ...KEPT, clean: true })
    await clean.endAsync()
    assert.equal(await sessionPresent(world, identity), false)
    const time = systemClock.now()
    const event = { id: 'evt_1', type: 'millwright.device.removed', source: 'test', tenant: 'ten_a', time, data: {} }
    await world.bus.publish({ ...event, subject: 'dev_a' })
    const fresh = await world.client(identity, { clientId: 'fresh' })
    const box = inbox(fresh)
    await fresh.subscribeAsync('mw/v1/user/#', { qos: 1 })
    await fresh.publishAsync('mw/v1/user/mark', '', { qos: 1 })
    await until('the mark', () => box.length > 0)
    assert.equal(box[0]!.topic, 'mw/v1/user/mark')
  })
})

/** The first QoS 1 PUBLISH among received bytes. */
function publishOf(bytes: Buffer): { id: number; payload: string; dup: boolean } | undefined {
  for (let at = 0; at + 1 < bytes.length; at += 2 + bytes[at + 1]!) {
    if (bytes[at]! >> 4 !== 3) continue
    const idAt = at + 4 + bytes.readUInt16BE(at + 2)
    const end = at + 2 + bytes[at + 1]!
    if (end > bytes.length) return undefined
    return {
      id: bytes.readUInt16BE(idAt),
      payload: bytes.subarray(idAt + 2, end).toString(),
      dup: (bytes[at]! & 8) !== 0,
    }
  }
  return undefined
}
