import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { connectivityErrors } from '@millwright/connectivity'
import { connectPacket, publishPacket } from './packets.ts'
import { until } from './until.ts'
import { World } from './world.ts'

describe('telemetry over MQTT', () => {
  it('acknowledges QoS 1 only after the commit, in order, and hands over the payload with the identity of the certificate', async () => {
    await using world = await World.start()
    const pump = await world.client(await world.device('dev_pump'))
    const window = Promise.withResolvers<void>()
    world.platform.onTake = () => window.promise
    const acknowledged: number[] = []
    for (const n of [1, 2, 3]) {
      pump.publish('mw/v1/telemetry', `{"values":{"n":${n}}}`, { qos: 1 }, () => acknowledged.push(n))
    }
    await until('three messages taken', () => world.platform.taken.length === 3)
    await pump.publishAsync('mw/v1/telemetry/senml-json', '[]', { qos: 0 })
    await until('QoS 0 taken', () => world.platform.taken.length === 4)
    assert.deepEqual(acknowledged, [])
    window.resolve()
    await until('acknowledged', () => acknowledged.length === 3)
    assert.deepEqual(acknowledged, [1, 2, 3])
    assert.deepEqual(world.platform.taken[0], {
      device: 'dev_pump',
      format: 'millwright+json',
      payload: '{"values":{"n":1}}',
      source: 'mqtt:mw/v1/telemetry',
    })
    assert.equal(world.platform.taken[3]!.format, 'senml+json')
  })

  it('does not acknowledge what could not be stored, and closes so that the device sends it again', async () => {
    await using world = await World.start()
    const identity = await world.device('dev_pump')
    const pump = await world.client(identity)
    world.platform.onTake = () => Promise.reject(connectivityErrors.notStored())
    let acknowledged = false
    pump.publish('mw/v1/telemetry', '{}', { qos: 1 }, (error) => {
      acknowledged = error === undefined || error === null
    })
    await until('the connection closed', () => !pump.connected)
    assert.equal(acknowledged, false)
    assert.match(world.platform.sessions[0]!.closedWith!, /could not be stored/)
  })

  it('acknowledges a message that is refused for ever: its dead letter is written by the intake', async () => {
    await using world = await World.start()
    const pump = await world.client(await world.device('dev_pump'))
    world.platform.onTake = (payload) =>
      payload === 'bad' ? Promise.reject(connectivityErrors.gatewayOnly()) : Promise.resolve()
    await pump.publishAsync('mw/v1/telemetry', 'bad', { qos: 1 })
    await pump.publishAsync('mw/v1/telemetry', 'good', { qos: 1 })
    assert.equal(pump.connected, true)
  })

  it('takes a QoS 2 message once, however often it is sent before its PUBREL', async () => {
    await using world = await World.start()
    const raw = await world.raw(await world.device('dev_pump'))
    raw.write(connectPacket('a'))
    await raw.expect('CONNACK', 0x20, 2, 0, 0)
    const publish = publishPacket('mw/v1/telemetry', '{}', 2, 7)
    raw.write(publish)
    await raw.expect('PUBREC', 0x50, 2, 0, 7)
    raw.received = Buffer.alloc(0)
    raw.write([publish[0]! | 8, ...publish.subarray(1)])
    await raw.expect('PUBREC again', 0x50, 2, 0, 7)
    raw.write([0x62, 2, 0, 7])
    await raw.expect('PUBCOMP', 0x70, 2, 0, 7)
    assert.equal(world.platform.taken.length, 1)
    raw.write(publish)
    await until('a new message under the same id', () => world.platform.taken.length === 2)
  })

  it('delivers QoS 2 through mqtt.js and keeps all four topics of telemetry apart', async () => {
    await using world = await World.start()
    const pump = await world.client(await world.device('dev_pump'))
    for (const topic of [
      'mw/v1/telemetry',
      'mw/v1/telemetry/senml-json',
      'mw/v1/telemetry/senml-cbor',
      'v1/devices/me/telemetry',
    ]) {
      await pump.publishAsync(topic, '{}', { qos: 2 })
    }
    assert.deepEqual(
      world.platform.taken.map((taken) => taken.format),
      ['millwright+json', 'senml+json', 'senml+cbor', 'thingsboard+json'],
    )
  })

  it('stops reading a device that is ahead of the disk, and goes on when the disk has caught up', async () => {
    await using world = await World.start({ limits: { inflightMessages: 20 } })
    const raw = await world.raw(await world.device('dev_pump'))
    raw.write(connectPacket('a'))
    await raw.expect('CONNACK', 0x20, 2, 0, 0)
    const window = Promise.withResolvers<void>()
    world.platform.onTake = () => window.promise
    for (let id = 1; id <= 100; id++) raw.write(publishPacket('mw/v1/telemetry', '{}', 1, id))
    await until('the first twenty', () => world.platform.taken.length === 20)
    raw.write([0xc0, 0])
    world.platform.onTake = () => Promise.resolve()
    assert.equal(world.platform.taken.length, 20)
    window.resolve()
    await raw.expect('the last PUBACK', 0x40, 2, 0, 100)
    await raw.expect('PINGRESP', 0xd0, 0)
    const ids = [...Array(100).keys()].map((n) => n + 1)
    assert.deepEqual(pubacks(raw.received), ids)
  })
})

/** Packet ids of all PUBACKs, in the order in which they came. */
function pubacks(bytes: Buffer): number[] {
  const ids: number[] = []
  for (let at = 0; at + 1 < bytes.length; at += 2 + bytes[at + 1]!) {
    if (bytes[at] === 0x40) ids.push(bytes.readUInt16BE(at + 2))
  }
  return ids
}
