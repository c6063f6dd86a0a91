import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ConnectionOptions, connect as tlsConnect } from 'node:tls'
import { connectPacket, publishPacket } from './packets.ts'
import { TestAuthority } from './pki.ts'
import { until } from './until.ts'
import { World } from './world.ts'

const CONNACK = (code: number) => [0x20, 2, 0, code]
const DAY = 86_400_000

/** Connects, expects this CONNACK, and that a refused connection is closed. */
async function expectConnack(world: World, identity: { key: string; cert: string } | undefined, code: number) {
  const raw = await world.raw(identity)
  raw.write(connectPacket('one'))
  await raw.expect('CONNACK', ...CONNACK(code))
  if (code !== 0) await raw.expectClosed('refused')
  return raw
}

describe('who may connect', () => {
  it('lets a certificate of our authority in, and says in CONNACK and counters why others stay out', async () => {
    await using world = await World.start()
    const own = await world.device('dev_a')
    await expectConnack(world, own, 0)
    const stranger = await TestAuthority.create('Millwright test authority')
    await expectConnack(world, await stranger.device('dev_a', 'ten_a'), 5)
    const expired = await world.authority.device('dev_a', 'ten_a', { from: Date.now() - 2 * DAY, to: Date.now() - DAY })
    await expectConnack(world, expired, 5)
    const early = await world.authority.device('dev_a', 'ten_a', { from: Date.now() + DAY, to: Date.now() + 2 * DAY })
    await expectConnack(world, early, 5)
    const revoked = await world.authority.device('dev_a', 'ten_a')
    world.platform.revoked.add(revoked.serial)
    await expectConnack(world, revoked, 5)
    await expectConnack(world, undefined, 5)
    assert.deepEqual(world.adapter.counters.refused, {
      'MW-MQTT-0022': 1,
      'MW-MQTT-0023': 1,
      'MW-MQTT-0024': 2,
      'MW-MQTT-0025': 1,
    })
    assert.equal(world.platform.sessions.length, 1)
  })

  it('does not let a good token make up for a bad certificate', async () => {
    await using world = await World.start()
    await world.device('dev_a')
    world.platform.tokens.set('mwd_good', 'dev_a')
    const stranger = await TestAuthority.create()
    await assert.rejects(
      world.client(await stranger.device('dev_a', 'ten_a'), { username: 'mwd_good' }),
      /Not authorized/,
    )
  })

  it('takes a device token as user name, without password as ThingsBoard devices send it', async () => {
    await using world = await World.start()
    await world.device('dev_a')
    world.platform.tokens.set('mwd_good', 'dev_a')
    const client = await world.client(undefined, { username: 'mwd_good' })
    await client.publishAsync('v1/devices/me/telemetry', '{"temperature":21}', { qos: 1 })
    assert.equal(world.platform.taken[0]!.device, 'dev_a')
    await assert.rejects(world.client(undefined, { username: 'mwd_wrong' }), /Bad username or password/i)
  })

  it('judges a resumed TLS session anew: a ticket does not outlive a revocation', async () => {
    await using world = await World.start()
    const identity = await world.device('dev_a')
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const resume = (session: Buffer | undefined, code: number) =>
        resumed(world, { ...world.tls(identity), maxVersion, ...(session === undefined ? {} : { session }) }, code)
      const first = await resume(undefined, 0)
      assert.equal(first.reused, false)
      const second = await resume(first.session, 0)
      assert.equal(second.reused, true, maxVersion)
      world.platform.revoked.add(identity.serial)
      const third = await resume(first.session, 5)
      assert.equal(third.reused, true, maxVersion)
      world.platform.revoked.clear()
    }
    assert.equal(world.adapter.counters.resumed, 4)
  })

  it('does not take a resumed session without certificate for an authorized one', async () => {
    await using world = await World.start()
    await world.device('dev_a')
    const options = { ...world.tls(), maxVersion: 'TLSv1.3' as const }
    const first = await resumed(world, options, 5)
    const second = await resumed(world, { ...options, session: first.session }, 5)
    assert.equal(second.reused, true)
  })

  it('refuses TLS 1.1 and plain text', async () => {
    await using world = await World.start()
    const identity = await world.device('dev_a')
    const old = tlsConnect({ ...world.tls(identity), minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })
    const [error] = await new Promise<[Error]>((resolve) => old.once('error', (reason) => resolve([reason])))
    assert.match(error.message, /protocol version|no protocols|unsupported protocol/i)
    const { connect } = await import('node:net')
    const plain = connect({ port: world.adapter.port, host: '127.0.0.1' })
    plain.on('error', () => {})
    plain.write(connectPacket('plain'))
    await new Promise<void>((resolve) => plain.once('close', () => resolve()))
    await until('both counted', () => world.adapter.counters.refused['tls-handshake'] === 2)
  })

  it('cuts a live connection at once when the platform ends its session, without publishing its will', async () => {
    await using world = await World.start()
    const will = { topic: 'mw/v1/telemetry', payload: Buffer.from('{"values":{"dead":true}}'), qos: 1 as const }
    const client = await world.client(await world.device('dev_a'), { will })
    const began = performance.now()
    world.platform.live('dev_a')[0]!.cut({ code: 'certificate-revoked', reason: 'The certificate was revoked.' })
    await until('disconnected', () => !client.connected)
    assert.ok(performance.now() - began < 1000)
    assert.equal(world.platform.taken.length, 0)
  })

  it('ends a connection when its certificate does', async () => {
    await using world = await World.start()
    world.platform.add('dev_a')
    const identity = await world.authority.device('dev_a', 'ten_a', { to: Date.now() + 2500 })
    const client = await world.client(identity)
    await until('disconnected', () => !client.connected)
    assert.match(world.platform.sessions[0]!.closedWith!, /certificate expired/)
  })

  it('takes a new server certificate and authority without closing connections', async () => {
    await using world = await World.start()
    const identity = await world.device('dev_a')
    const old = await world.client(identity, { clientId: 'old' })
    const next = await TestAuthority.create('Next authority')
    const { key, cert } = await next.server()
    world.adapter.renew({ key, cert, ca: `${next.pem}\n${world.authority.pem}` })
    const renewed = { ...world.tls(identity), ca: next.pem }
    const first = await resumed(world, renewed, 0)
    const second = await resumed(world, { ...renewed, session: first.session }, 0)
    assert.deepEqual([first.reused, second.reused], [false, true])
    const issued = await next.device('dev_a', 'ten_a')
    await resumed(world, { ...renewed, ...{ key: issued.key, cert: issued.cert } }, 0)
    await old.publishAsync('mw/v1/telemetry', '{}', { qos: 1 })
  })

  it('tells an MQTT 5 client in MQTT 5 that the version is not supported', async () => {
    await using world = await World.start()
    const identity = await world.device('dev_a')
    const raw = await world.raw(identity)
    raw.write(connectPacket('five', { version: 5 }))
    await raw.expect('CONNACK of MQTT 5', 0x20, 3, 0, 0x84, 0)
    await raw.expectClosed('refused')
    await assert.rejects(world.client(identity, { protocolVersion: 5 }), /Unsupported Protocol Version/i)
  })

  it('speaks MQTT 3.1 too', async () => {
    await using world = await World.start()
    const client = await world.client(await world.device('dev_a'), {
      protocolVersion: 3,
      protocolId: 'MQIsdp',
      clientId: 'old-one',
    })
    await client.publishAsync('mw/v1/telemetry', '{}', { qos: 1 })
  })

  it('gives two devices with the same client id two sessions, and lets a device take its own over', async () => {
    await using world = await World.start()
    const a = await world.device('dev_a')
    const one = await world.client(a, { clientId: 'same' })
    const other = await world.client(await world.device('dev_b'), { clientId: 'same' })
    const second = await world.client(a, { clientId: 'same' })
    await until('the first is gone', () => !one.connected)
    await second.publishAsync('mw/v1/telemetry', '{}', { qos: 1 })
    await other.publishAsync('mw/v1/telemetry', '{}', { qos: 1 })
    assert.equal(other.connected, true)
    assert.match(world.platform.sessions[0]!.closedWith!, /took over the client id same/)
  })

  it('refuses a kept session without a name, and names that are too long', async () => {
    await using world = await World.start()
    const identity = await world.device('dev_a')
    for (const connect of [connectPacket('', { clean: false }), connectPacket('x'.repeat(129))]) {
      const raw = await world.raw(identity)
      raw.write(connect)
      await raw.expect('CONNACK', ...CONNACK(2))
      await raw.expectClosed('refused')
    }
    const nameless = await world.raw(identity)
    nameless.write(connectPacket(''))
    await nameless.expect('CONNACK', ...CONNACK(0))
  })

  it('takes what is sent behind CONNECT without waiting for CONNACK', async () => {
    await using world = await World.start()
    const raw = await world.raw(await world.device('dev_a'))
    raw.write(Buffer.concat([connectPacket('a'), publishPacket('mw/v1/telemetry', '{}', 1, 9)]))
    await raw.expect('PUBACK', 0x40, 2, 0, 9)
  })
})

/** One connection on given TLS options; answers its ticket and whether it was resumed. */
async function resumed(world: World, options: ConnectionOptions, code: number) {
  const before = world.platform.sessions.at(-1)?.id ?? 0
  const socket = tlsConnect({ ...options, servername: 'localhost' })
  let session: Buffer | undefined
  let received = Buffer.alloc(0)
  socket.on('error', () => {})
  socket.on('session', (ticket) => {
    session = ticket
  })
  socket.on('data', (bytes: Buffer) => {
    received = Buffer.concat([received, bytes])
  })
  await new Promise<void>((resolve) => socket.once('secureConnect', resolve))
  const reused = socket.isSessionReused()
  socket.write(connectPacket('one'))
  await until(`CONNACK ${code}`, () => received.includes(Buffer.from(CONNACK(code))))
  await until('a ticket', () => session !== undefined || reused)
  socket.destroy()
  const closed = () => world.platform.sessions.filter((open) => !open.closed && open.id > before).length === 0
  await until('closed', closed)
  return { reused, session: session! }
}
