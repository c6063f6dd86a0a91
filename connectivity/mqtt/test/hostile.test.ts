import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { describe, it } from 'node:test'
import { SECOND, systemClock } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import fc from 'fast-check'
import { connectPacket, packet, publishPacket, subscribePacket, text } from './packets.ts'
import { until } from './until.ts'
import { World } from './world.ts'

/** A well-behaved device beside the hostile ones: it must notice nothing. */
async function bystander(world: World) {
  const client = await world.client(await world.device('dev_good'), { clientId: 'good' })
  return {
    async check(): Promise<void> {
      await client.publishAsync('mw/v1/telemetry', '{}', { qos: 1 })
      assert.equal(client.connected, true)
    },
  }
}

describe('hostile bytes', () => {
  it('before CONNECT close the connection and harm nobody', async () => {
    await using world = await World.start()
    const good = await bystander(world)
    const identity = await world.device('dev_bad')
    const attacks: [string, Buffer][] = [
      ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
      ['PUBLISH first', publishPacket('mw/v1/telemetry', '{}', 1)],
      ['SUBSCRIBE first', subscribePacket(1, ['#', 0])],
      ['PINGREQ first', Buffer.from([0xc0, 0])],
      ['CONNACK', Buffer.from([0x20, 2, 0, 0])],
      ['AUTH', Buffer.from([0xf0, 0])],
      ['a five-byte length', Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 1])],
      ['256 MB announced', Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f])],
      ['an unknown protocol', packet(0x10, text('MQTTX'), [4, 2, 0, 0], text('a'))],
      ['an unknown level', packet(0x10, text('MQTT'), [3, 2, 0, 0], text('a'))],
      ['the reserved flag', packet(0x10, text('MQTT'), [4, 3, 0, 0], text('a'))],
      ['a password without name', packet(0x10, text('MQTT'), [4, 0x42, 0, 0], text('a'), text('secret'))],
      ['will flags without will', packet(0x10, text('MQTT'), [4, 0x22, 0, 0], text('a'))],
      ['a will of QoS 3', packet(0x10, text('MQTT'), [4, 0x1e, 0, 0], text('a'), text('t'), text(''))],
      ['bytes left over', packet(0x10, text('MQTT'), [4, 2, 0, 0], text('a'), [1, 2, 3])],
      ['invalid UTF-8', packet(0x10, text('MQTT'), [4, 2, 0, 0], text(Buffer.from([0xc3, 0x28])))],
      ['NUL in the client id', packet(0x10, text('MQTT'), [4, 2, 0, 0], text('a\0b'))],
      ['a truncated client id', packet(0x10, text('MQTT'), [4, 2, 0, 0], [0, 50], Buffer.from('abc'))],
    ]
    for (const [what, bytes] of attacks) {
      const raw = await world.raw(identity)
      raw.write(bytes)
      await raw.expectClosed(what)
      assert.equal(raw.received.length, 0, what)
    }
    await good.check()
  })

  it('after CONNECT close the connection and harm nobody', async () => {
    await using world = await World.start()
    const good = await bystander(world)
    const identity = await world.device('dev_bad')
    const attacks: [string, Buffer][] = [
      ['a second CONNECT', connectPacket('again')],
      ['a server’s packet', Buffer.from([0xd0, 0])],
      ['packet id 0', publishPacket('mw/v1/telemetry', '{}', 1, 0)],
      ['a PUBLISH without topic bytes', Buffer.from([0x30, 2, 0, 9])],
      ['a PUBLISH cut off', Buffer.from([0x32, 3, 0, 1, 0x61])],
      ['invalid UTF-8 in the topic', publishPacket(Buffer.from([0xff, 0xfe]), 'x', 0)],
      ['NUL in the topic', publishPacket('mw/v1/user/\0', 'x', 0)],
      ['SUBSCRIBE to nothing', packet(0x82, [0, 1])],
      ['SUBSCRIBE at QoS 3', subscribePacket(1, ['mw/v1/user/x', 3])],
      ['SUBSCRIBE with flags of PUBLISH', packet(0x80, [0, 1], text('a'), [0])],
      ['UNSUBSCRIBE from nothing', packet(0xa2, [0, 1])],
      ['PUBREL with wrong flags', Buffer.from([0x60, 2, 0, 1])],
      ['PUBACK of one byte', Buffer.from([0x40, 1, 0])],
      ['10 MB', Buffer.from([0x30, 0x80, 0xad, 0xe2, 0x04])],
    ]
    for (const [what, bytes] of attacks) {
      const raw = await world.raw(identity)
      raw.write(Buffer.concat([connectPacket('bad'), bytes]))
      await raw.expect(what, 0x20, 2, 0, 0)
      await raw.expectClosed(what)
    }
    assert.equal(world.platform.taken.length, 0)
    await good.check()
  })

  it('at random, in any state, never stop the broker', async () => {
    await using world = await World.start()
    const good = await bystander(world)
    const identity = await world.device('dev_bad')
    const valid = fc.constantFrom(
      publishPacket('mw/v1/user/x', 'x', 1, 3),
      subscribePacket(2, ['mw/v1/user/#', 1]),
      packet(0xa2, [0, 1], text('mw/v1/user/#')),
      Buffer.from([0xc0, 0]),
      Buffer.from([0x40, 2, 0, 1]),
      Buffer.from([0x50, 2, 0, 1]),
      Buffer.from([0x62, 2, 0, 1]),
      Buffer.from([0x70, 2, 0, 1]),
    )
    const mutated = fc.tuple(valid, fc.nat(), fc.nat({ max: 255 })).map(([bytes, at, value]) => {
      const copy = Buffer.from(bytes)
      copy[at % copy.length] = value
      return copy
    })
    const piece = fc.oneof(
      valid,
      mutated,
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    )
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(piece, { minLength: 1, maxLength: 10 }), async (first, pieces) => {
        const raw = await world.raw(identity)
        raw.write(Buffer.concat([...(first ? [connectPacket('bad')] : []), ...pieces]))
        raw.socket.end()
        await raw.expectClosed('after its end')
      }),
      { numRuns: 60 },
    )
    await good.check()
    await until('all sessions closed', () => world.platform.live('dev_bad').length === 0)
  })
})

describe('slow and greedy devices', () => {
  const identified = (world: World) => world.device('dev_bad')

  it('that never send CONNECT, or never finish a packet, are closed', async () => {
    const clock = new VirtualClock(systemClock.now())
    await using world = await World.start({ clock })
    const silent = await world.raw(await identified(world))
    await until('accepted', () => world.adapter.counters.handshakes === 1)
    await clock.advance(9 * SECOND)
    assert.equal(silent.closed, false)
    await clock.advance(2 * SECOND)
    await silent.expectClosed('no CONNECT')
    const slow = await world.raw(await identified(world))
    slow.write(
      Buffer.concat([connectPacket('slow'), publishPacket('mw/v1/telemetry', 'x'.repeat(100), 1).subarray(0, 50)]),
    )
    await slow.expect('CONNACK', 0x20, 2, 0, 0)
    slow.write([0x78])
    await clock.advance(29 * SECOND)
    slow.write([0x78])
    await clock.advance(2 * SECOND)
    await slow.expectClosed('an unfinished packet')
    assert.equal(world.adapter.counters.refused['MW-MQTT-0004'], 1)
    assert.equal(world.adapter.counters.refused['MW-MQTT-0005'], 1)
  })

  it('that fall silent are closed after one and a half keep-alives, with the reason in words', async () => {
    const clock = new VirtualClock(systemClock.now())
    await using world = await World.start({ clock })
    const raw = await world.raw(await identified(world))
    raw.write(connectPacket('quiet', { keepAlive: 60 }))
    await raw.expect('CONNACK', 0x20, 2, 0, 0)
    await clock.advance(80 * SECOND)
    raw.write([0xc0, 0])
    await raw.expect('PINGRESP', 0xd0, 0)
    await clock.advance(89 * SECOND)
    assert.equal(raw.closed, false)
    await clock.advance(17 * SECOND)
    await raw.expectClosed('silence')
    assert.equal(world.platform.sessions[0]!.closedWith, 'keep-alive timeout: nothing was heard for 90 s')
  })

  it('share a bound on unfinished packets', async () => {
    await using world = await World.start({ limits: { unfinishedBytes: 1024 * 1024 } })
    const good = await bystander(world)
    const identity = await identified(world)
    const begun = Buffer.concat([
      connectPacket(''),
      publishPacket('mw/v1/telemetry', Buffer.alloc(900_000), 1).subarray(0, 600_000),
    ])
    const one = await world.raw(identity)
    one.write(begun)
    await one.expect('CONNACK', 0x20, 2, 0, 0)
    const other = await world.raw(identity)
    other.write(begun)
    await until('one of them is closed', () => one.closed || other.closed)
    await good.check()
  })

  it('that do not read what they subscribed to are dropped, and hold up nobody', async () => {
    await using world = await World.start({ limits: { outboundBytes: 256 * 1024 } })
    const good = await bystander(world)
    const identity = await identified(world)
    const deaf = await world.raw(identity)
    deaf.write(Buffer.concat([connectPacket('deaf'), subscribePacket(1, ['mw/v1/user/#', 0])]))
    await deaf.expect('SUBACK', 0x90, 3, 0, 1, 0)
    deaf.socket.pause()
    const loud = await world.client(identity, { clientId: 'loud' })
    const payload = Buffer.alloc(100_000)
    for (let n = 0; n < 200 && world.platform.live('dev_bad').length === 2; n++) {
      await loud.publishAsync('mw/v1/user/noise', payload, { qos: 1 })
    }
    await until('dropped', () => world.platform.live('dev_bad').length === 1)
    assert.match(world.platform.sessions.find((session) => session.closed)!.closedWith!, /reads too slowly/)
    await good.check()
  })

  it('with too many subscriptions get 0x80 for the rest', async () => {
    await using world = await World.start({ limits: { subscriptions: 3 } })
    const raw = await world.raw(await identified(world))
    const filters = ['a', 'b', 'c', 'd', 'a'].map((name): [string, number] => [`mw/v1/user/${name}`, 0])
    raw.write(Buffer.concat([connectPacket('a'), subscribePacket(1, ...filters)]))
    await raw.expect('SUBACK', 0x90, 7, 0, 1, 0, 0, 0, 128, 0)
  })

  it('with too many open QoS 2 handshakes are closed', async () => {
    await using world = await World.start({ limits: { inflightMessages: 5 } })
    const raw = await world.raw(await identified(world))
    raw.write(connectPacket('a'))
    for (let id = 1; id <= 6; id++) raw.write(publishPacket('mw/v1/telemetry', '{}', 2, id))
    await raw.expectClosed('six')
    assert.equal(world.adapter.counters.refused['MW-MQTT-0006'], 1)
  })

  it('of one address cannot hold all sockets before they say who they are', async () => {
    await using world = await World.start({ limits: { handshakesPerAddress: 3 } })
    const identity = await identified(world)
    const waiting = [await world.raw(identity), await world.raw(identity), await world.raw(identity)]
    const fourth = await world.raw(identity)
    await fourth.expectClosed('one too many')
    waiting[0]!.write(connectPacket('a'))
    await waiting[0]!.expect('CONNACK', 0x20, 2, 0, 0)
    const fifth = await world.raw(identity)
    fifth.write(connectPacket('b'))
    await fifth.expect('CONNACK', 0x20, 2, 0, 0)
  })

  it('that read nothing do not keep the platform from stopping', async () => {
    await using world = await World.start()
    const identity = await identified(world)
    const will = { topic: 'mw/v1/telemetry', payload: Buffer.from('{}'), qos: 1 as const }
    const loud = await world.client(identity, { clientId: 'loud', will })
    const deaf = await world.raw(identity)
    deaf.write(Buffer.concat([connectPacket('deaf'), subscribePacket(1, ['mw/v1/user/#', 0])]))
    await deaf.expect('SUBACK', 0x90, 3, 0, 1, 0)
    deaf.socket.pause()
    for (let n = 0; n < 60; n++) await loud.publishAsync('mw/v1/user/noise', Buffer.alloc(100_000), { qos: 1 })
    const began = performance.now()
    await world.adapter.stop()
    assert.ok(performance.now() - began < 4000)
    assert.equal(world.platform.taken.length, 0, 'a platform that stops does not speak for its devices')
    assert.equal(world.adapter.health().state, 'stopped')
  })

  it('that never finish their handshake do not keep it from stopping either', async () => {
    await using world = await World.start()
    const closed: Promise<unknown>[] = []
    for (const begin of [Buffer.alloc(0), Buffer.from([0x16, 3, 1]), Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc])]) {
      const socket = connectTcp(world.adapter.port, '127.0.0.1').on('error', () => undefined)
      await once(socket, 'connect')
      socket.write(begin)
      closed.push(new Promise((resolve) => socket.once('close', resolve)))
    }
    await until('all are there', () => world.adapter.counters.connections === 3)
    const began = performance.now()
    await world.adapter.stop()
    assert.ok(performance.now() - began < 4000)
    await Promise.all(closed)
  })

  it('that vanish leave nothing behind', async () => {
    await using world = await World.start()
    const identity = await identified(world)
    for (let round = 0; round < 20; round++) {
      const raw = await world.raw(identity)
      raw.write(Buffer.concat([connectPacket(''), subscribePacket(1, ['mw/v1/user/#', 1])]))
      if (round % 2 === 0) await raw.expect('SUBACK', 0x90, 3, 0, 1, 1)
      raw.socket.destroy()
    }
    await until('no connection left', () => world.adapter.counters.connections === 0)
    await until('no session left', () => world.platform.live('dev_bad').length === 0)
    assert.equal(world.adapter.health().state, 'running')
  })
})
