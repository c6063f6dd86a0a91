import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { after, afterEach, before, describe, it } from 'node:test'
import { TestPorts } from '@millwright/connectivity/testing'
import { mqttSourceAdapter } from '../src/index.ts'
import { hasMosquitto, type KeyPair, Mosquitto, quickClock, TestPki } from '../src/testing/index.ts'
import { JSON_MAPPING, World } from './world.ts'

const fingerprint = (pem: string) => new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase()

describe('TLS and credentials, at Mosquitto', { skip: hasMosquitto ? false : 'mosquitto is not installed' }, () => {
  const world = new World()
  let pki: TestPki
  let server: KeyPair
  let expired: KeyPair
  let client: KeyPair
  let tls: Mosquitto
  let old: Mosquitto
  let closed: Mosquitto
  before(async () => {
    pki = await TestPki.create()
    server = await pki.issue('broker')
    expired = await pki.issue('broker', Date.now() - 60_000)
    client = await pki.issue('millwright')
    const lines = ['cafile {ca.pem}', 'certfile {server.pem}', 'keyfile {server.key}', 'require_certificate true']
    const files = { 'ca.pem': pki.ca, 'server.pem': server.cert, 'server.key': server.key }
    tls = await Mosquitto.start([...lines, 'use_identity_as_username true'], files)
    old = await Mosquitto.start(lines.slice(0, 3), { ...files, 'server.pem': expired.cert, 'server.key': expired.key })
    closed = await Mosquitto.start(['allow_anonymous false'])
  })
  afterEach(() => world.close())
  after(() => Promise.all([tls.close(), old.close(), closed.close()]))

  it('trusts the given authority and shows the client certificate', async () => {
    const { ports } = await world.source({
      port: tls.port,
      tls: true,
      ca: pki.ca,
      certificate: client.cert,
      key: client.key,
    })
    await ports.until(() => ports.state?.state === 'running')
    assert.deepEqual(ports.certificates, [])
  })

  it('asks about an unknown certificate, sends nothing before, and goes on when it is accepted', async () => {
    const { ports } = await world.source({ port: tls.port, tls: true })
    await ports.until(() => ports.certificates.length === 1)
    assert.equal(ports.state?.state, 'failed')
    assert.match(ports.state?.reason ?? '', /not trusted/)
    const [shown] = ports.certificates
    assert.equal(shown?.fingerprint, fingerprint(server.cert))
    const accepted = await world.source({
      port: tls.port,
      tls: true,
      trustedCertificates: [shown!.pem],
      certificate: client.cert,
      key: client.key,
    })
    await accepted.ports.until(() => accepted.ports.state?.state === 'running')
    const rejected = await world.source({ port: tls.port, tls: true, rejectedCertificates: [shown!.fingerprint] })
    await rejected.ports.until(() => rejected.ports.state?.state === 'failed')
    assert.match(rejected.ports.state?.reason ?? '', /it was rejected/)
    assert.deepEqual(
      rejected.ports.certificates.map((one) => one.fingerprint),
      [shown!.fingerprint],
    )
  })

  it('refuses an expired certificate, accepted or not, and an expired one of its own', async () => {
    const accepted = [expired.cert]
    const { ports } = await world.source({ port: old.port, tls: true, trustedCertificates: accepted })
    await ports.until(() => ports.state?.state === 'failed')
    assert.match(ports.state?.reason ?? '', /is valid from .* which does not hold now/)
    const own = await world.source({
      port: tls.port,
      tls: true,
      ca: pki.ca,
      certificate: expired.cert,
      key: expired.key,
    })
    await own.ports.until(() => own.ports.state?.state === 'failed')
    assert.match(own.ports.state?.reason ?? '', /client certificate .* ended/)
  })

  it('says what is wrong: credentials, TLS on a plain port, nothing there; never the password', async () => {
    const refused = await world.source({ port: closed.port, username: 'me', password: 'geheim-42' })
    await refused.ports.until(() => refused.ports.state?.state === 'failed')
    assert.match(refused.ports.state?.reason ?? '', /may not connect|password is wrong/)
    const plain = await world.source({ port: closed.port, tls: true })
    await plain.ports.until(() => plain.ports.state !== undefined)
    assert.match(plain.ports.state?.reason ?? '', /TLS/)
    const nothing = await world.source({ port: 1 })
    await nothing.ports.until(() => nothing.ports.state?.state === 'waiting')
    assert.match(nothing.ports.state?.reason ?? '', /127\.0\.0\.1:1 \(connection refused/)
    assert.ok(!JSON.stringify([refused, plain, nothing].map(({ ports }) => ports.statuses)).includes('geheim-42'))
  })

  it('tests step by step', async () => {
    const ports = world.later(new TestPorts({ clock: quickClock }), (made) => made.close())
    const config = { host: '127.0.0.1', port: tls.port, tls: true, mappings: [JSON_MAPPING] }
    const unknown = await mqttSourceAdapter.test(config, ports.probe())
    assert.deepEqual(
      unknown.steps.map(({ ok }) => ok),
      [true, false],
    )
    assert.equal(unknown.certificates.length, 1)
    const good = { ...config, ca: pki.ca, certificate: client.cert, key: client.key }
    const fine = await mqttSourceAdapter.test(good, ports.probe())
    assert.equal(fine.ok, true, JSON.stringify(fine))
    assert.equal(fine.steps.length, 4)
  })
})

describe('a broker that lies', () => {
  const world = new World()
  afterEach(() => world.close())

  /** Accepts connections, answers CONNECT and SUBSCRIBE, then sends what it is told to. */
  const lying = async (after: (socket: Socket) => void) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.on('data', (chunk) => {
        if (chunk[0] === 0x10) socket.write(Buffer.from([0x20, 2, 0, 0]))
        else if (chunk[0] === 0x82) {
          socket.write(Buffer.from([0x90, 3, chunk[2]!, chunk[3]!, 1]))
          after(socket)
        }
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    world.later(server, (made) => made.close())
    return (server.address() as AddressInfo).port
  }

  it('is cut off at the header of a huge packet', async () => {
    const port = await lying((socket) => {
      // PUBLISH of 268,435,455 bytes, of which a flood follows.
      socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]))
      const flood = setInterval(() => socket.write(Buffer.alloc(65_536)), 1)
      socket.on('close', () => clearInterval(flood))
    })
    const before = process.memoryUsage().rss
    const { ports } = await world.source({ port })
    await ports.until(() => ports.state?.state === 'waiting')
    assert.match(ports.state?.reason ?? '', /packet of 268435455 bytes/)
    assert.ok(process.memoryUsage().rss - before < 100 * 1024 * 1024)
  })

  it('sends garbage', async () => {
    const port = await lying((socket) => socket.write(Buffer.from('f0f1f2f3000102', 'hex')))
    const { ports } = await world.source({ port })
    await ports.until(() => ports.state?.state === 'waiting' || ports.state?.state === 'failed')
  })

  it('hangs in the middle of a packet', async () => {
    const port = await lying((socket) => socket.write(Buffer.from([0x30, 0x20, 0, 1])))
    const { ports } = await world.source({ port, keepAlive: 1 })
    await ports.until(() => ports.state?.state === 'running')
    await ports.until(() => ports.state?.state === 'waiting')
  })

  it('refuses the subscription', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.on('data', (chunk) => {
        if (chunk[0] === 0x10) socket.write(Buffer.from([0x20, 2, 0, 0]))
        else if (chunk[0] === 0x82) socket.write(Buffer.from([0x90, 3, chunk[2]!, chunk[3]!, 0x80]))
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    world.later(server, (made) => made.close())
    const { ports } = await world.source({ port: (server.address() as AddressInfo).port })
    await ports.until(() => ports.state?.reason?.includes('refused the subscription'))
  })
})
