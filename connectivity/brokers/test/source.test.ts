import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { after, afterEach, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { hasMosquitto, Mosquitto, TcpProxy, TestBroker } from '../src/testing/index.ts'
import { JSON_MAPPING, World } from './world.ts'

const T = Date.now()
const machine = (temp: unknown, extra: object = {}) => JSON.stringify({ temp, ts: T, ...extra })

describe('a source', () => {
  const world = new World()
  let broker: TestBroker
  before(async () => {
    broker = await TestBroker.start()
  })
  afterEach(() => world.close())
  after(() => broker.die())

  it('maps topics and payloads to devices and metrics', async () => {
    const { ports } = await world.source({
      port: broker.port,
      mappings: [
        JSON_MAPPING,
        { topic: 'plain/{name}', payload: 'number', metric: '{name}', unit: 'bar' },
        { topic: 'text/#', payload: 'text', metric: 'said' },
        { topic: 'own/{device}', payload: 'millwright+json', device: '{device}' },
        { topic: 'senml', payload: 'senml+json' },
      ],
    })
    await ports.until(() => ports.state?.state === 'running')
    const client = await world.client(broker.port)
    await client.publishAsync('factory/l1/press/state', machine(20.5, { counters: { good: 5, bad: 1 } }), { qos: 1 })
    await client.publishAsync('plain/pressure', ' 6.25 ', { qos: 1 })
    await client.publishAsync('text/a/b', 'läuft', { qos: 1 })
    await client.publishAsync('own/pump', JSON.stringify({ time: T * 1000, values: { speed: 1500 } }), { qos: 1 })
    await client.publishAsync('senml', JSON.stringify([{ n: 'flow', u: 'm3/s', v: 1 }]), { qos: 1 })
    await ports.until(() => ports.last('flow'))
    const { value, unit, time, source } = ports.last('temperature', 'press')!
    assert.deepEqual([value, unit, time, source], [20.5, 'Cel', T * 1000, 'factory/l1/press/state'])
    assert.deepEqual(ports.values('l1.good', 'press'), [5])
    assert.deepEqual(ports.values('l1.bad', 'press'), [1])
    assert.deepEqual(ports.values('pressure'), [6.25])
    assert.equal(ports.last('pressure')?.unit, 'bar')
    assert.deepEqual(ports.values('said'), ['läuft'])
    assert.deepEqual(ports.values('speed', 'pump'), [1500])
    assert.deepEqual(ports.refused, [])
  })

  it('makes dead letters of what does not fit, and acknowledges it', async () => {
    const { ports, source } = await world.source({ port: broker.port })
    await ports.until(() => ports.state?.state === 'running')
    const client = await world.client(broker.port)
    const bad = ['{', '[]', '{"temp":1e999}', '{"temp":1,"temp":2}', '{"nothing":1}', '', machine(1, { ts: 'soon' })]
    for (const payload of bad) await client.publishAsync('factory/l1/press/state', payload, { qos: 1 })
    await client.publishAsync('factory/l1/press/state', machine(1, { ts: 5, counters: { good: 7 } }), { qos: 1 })
    await client.publishAsync('factory/l1/press/state', machine(3), { qos: 1 })
    await ports.until(() => ports.values('temperature', 'press').length === 1)
    assert.deepEqual(ports.values('l1.good', 'press'), [7])
    assert.equal(ports.refused.length, bad.length + 1)
    assert.equal(source.counters['lines_lost'], 0)
    assert.equal(source.counters['messages'], bad.length + 2)
  })

  it('marks a retained value without a time of its own as the last one there was', async () => {
    const client = await world.client(broker.port)
    await client.publishAsync('plain/kept', '5', { qos: 1, retain: true })
    const { ports } = await world.source({
      port: broker.port,
      mappings: [{ topic: 'plain/{name}', payload: 'number', metric: '{name}' }],
    })
    await ports.until(() => ports.last('kept'))
    assert.equal(ports.last('kept')?.quality, 0x40900000)
    await client.publishAsync('plain/kept', '', { qos: 1, retain: true })
  })

  it('comes back when the broker dies and when the wire is half open', async () => {
    const proxy = world.later(await TcpProxy.to(() => broker.port), (made) => made.close())
    const { ports } = await world.source({ port: proxy.port, keepAlive: 1 })
    await ports.until(() => ports.state?.state === 'running')
    proxy.freeze()
    await ports.until(() => ports.state?.state === 'waiting')
    proxy.thaw()
    await ports.until(() => ports.state?.state === 'running')
    await broker.die()
    await ports.until(() => ports.state?.state === 'waiting')
    assert.match(ports.state?.reason ?? '', /127\.0\.0\.1/)
    await broker.revive()
    await ports.until(() => ports.state?.state === 'running')
    const client = await world.client(broker.port)
    await client.publishAsync('factory/l1/press/state', machine(9), { qos: 1 })
    await ports.until(() => ports.values('temperature', 'press').length === 1)
  })

  it('reads no further while storage is behind', async () => {
    const { ports, source } = await world.source({ port: broker.port, qos: 0 })
    await ports.until(() => ports.state?.state === 'running')
    ports.saturate()
    const client = await world.client(broker.port)
    const payload = machine(1, { pad: 'x'.repeat(10_000) })
    for (let i = 0; i < 500; i++) client.publish('factory/l1/press/state', payload)
    // One message shows that storage is behind; what its packet brought along is read with it at most.
    await ports.until(() => Number(source.counters['messages']) > 0)
    assert.ok(Number(source.counters['messages']) < 20, `${source.counters['messages']} were read`)
    ports.drain()
    await ports.until(() => ports.values('temperature', 'press').length === 500)
  })

  it('stops though storage is behind', async () => {
    const { ports, source } = await world.source({ port: broker.port })
    await ports.until(() => ports.state?.state === 'running')
    ports.saturate()
    const client = await world.client(broker.port)
    for (let i = 0; i < 10; i++) client.publish('factory/l1/press/state', machine(i))
    await ports.until(() => Number(source.counters['messages']) > 0)
    const began = performance.now()
    await source.stop()
    assert.ok(performance.now() - began < 4_500)
  })

  it('takes no part in a share group or a session for a preview', async () => {
    const running = await world.source({ port: broker.port, shareGroup: 'mw', clientId: 'same' })
    await running.ports.until(() => running.ports.state?.state === 'running')
    const preview = await world.source(
      { port: broker.port, shareGroup: 'mw', clientId: 'same' },
      { purpose: 'preview' },
    )
    await preview.ports.until(() => preview.ports.state?.state === 'running')
    const client = await world.client(broker.port)
    await client.publishAsync('factory/l1/press/state', machine(1), { qos: 1 })
    await preview.ports.until(() => preview.ports.rows.length === 1)
    assert.equal(running.source.counters['lines_lost'], 0)
  })
})

describe('a source at Mosquitto', { skip: hasMosquitto ? false : 'mosquitto is not installed' }, () => {
  const world = new World()
  let broker: Mosquitto
  before(async () => {
    broker = await Mosquitto.start()
  })
  afterEach(() => world.close())
  after(() => broker.close())

  for (const protocol of ['3.1.1', '5'] as const) {
    for (const qos of [1, 2] as const) {
      it(`acknowledges when the readings are stored: MQTT ${protocol}, QoS ${qos}`, async () => {
        const proxy = world.later(await TcpProxy.to(() => broker.port), (made) => made.close())
        const { ports, source } = await world.source({
          port: proxy.port,
          protocol,
          qos,
          clientId: `ack-${protocol}-${qos}`,
        })
        await ports.until(() => ports.state?.state === 'running')
        const client = await world.client(broker.port)
        ports.hold()
        await client.publishAsync('factory/l1/press/state', machine(1), { qos })
        await ports.until(() => ports.rows.length === 1)
        // The line breaks before the commit: the broker sends the message again.
        proxy.cut()
        await ports.until(() => ports.rows.length === 2)
        ports.release()
        await client.publishAsync('factory/l1/press/state', machine(2), { qos })
        await ports.until(() => ports.values('temperature', 'press').includes(2))
        // Now acknowledged: the next session brings nothing of it.
        await source.stop()
        const again = await world.source({ port: broker.port, protocol, qos, clientId: `ack-${protocol}-${qos}` })
        await again.ports.until(() => again.ports.state?.state === 'running')
        await client.publishAsync('factory/l1/press/state', machine(3), { qos })
        await again.ports.until(() => again.ports.values('temperature', 'press').includes(3))
        assert.deepEqual(again.ports.values('temperature', 'press'), [3])
        assert.deepEqual(ports.values('temperature', 'press'), [1, 1, 2])
      })
    }
  }

  it('gets a message again that was not stored', async () => {
    const { ports, source } = await world.source({ port: broker.port, clientId: 'failing' })
    await ports.until(() => ports.state?.state === 'running')
    const client = await world.client(broker.port)
    ports.failing = new Error('the disk is full')
    await client.publishAsync('factory/l1/press/state', machine(7), { qos: 1 })
    await ports.until(() => ports.state?.state === 'waiting')
    assert.match(ports.state?.reason ?? '', /the disk is full/)
    ports.failing = undefined
    await ports.until(() => ports.values('temperature', 'press').length === 1)
    assert.equal(source.counters['not_stored'], 1)
  })

  it('killed (-9) before the commit, gets the message again', async () => {
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('./held-source.ts', import.meta.url)), String(broker.port)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const said: string[] = []
    child.stdout.on('data', (chunk: Buffer) => said.push(...chunk.toString().trim().split('\n')))
    const gone = new Promise((resolve) => child.once('exit', resolve))
    world.later(child, (made) => made.kill('SIGKILL'))
    const client = await world.client(broker.port)
    const { ports } = await world.source({ port: broker.port, clientId: 'watch' })
    await ports.until(() => said.includes('running'))
    await client.publishAsync('factory/l1/press/state', machine(11), { qos: 1 })
    await ports.until(() => said.includes('taken'))
    child.kill('SIGKILL')
    await gone
    const again = await world.source({ port: broker.port, clientId: 'killed' })
    await again.ports.until(() => again.ports.values('temperature', 'press').length === 1)
    assert.deepEqual(again.ports.values('temperature', 'press'), [11])
  })

  it('keeps its session over a restart of the broker, and forgets topics that the configuration forgot', async () => {
    const first = await world.source({
      port: broker.port,
      clientId: 'kept',
      mappings: [JSON_MAPPING, { topic: 'old', payload: 'text' }],
    })
    await first.ports.until(() => first.ports.state?.state === 'running')
    await first.source.stop()
    const client = await world.client(broker.port)
    await client.publishAsync('factory/l1/press/state', machine(1), { qos: 1 })
    await client.endAsync()
    await broker.kill()
    await broker.revive()
    const second = await world.source({ port: broker.port, clientId: 'kept' }, { keep: first.ports })
    await second.ports.until(() => second.ports.values('temperature', 'press').length === 1)
    const other = await world.client(broker.port)
    await other.publishAsync('old', 'x', { qos: 1 })
    await other.publishAsync('factory/l1/press/state', machine(2), { qos: 1 })
    await second.ports.until(() => second.ports.values('temperature', 'press').length === 2)
    assert.deepEqual(second.ports.refused, [])
  })

  it('shares a subscription', async () => {
    const members = await Promise.all(
      [1, 2].map((n) =>
        world.source({ port: broker.port, protocol: '5', shareGroup: 'g', clientId: `member-${n}`, persistent: false }),
      ),
    )
    for (const { ports } of members) await ports.until(() => ports.state?.state === 'running')
    const client = await world.client(broker.port)
    for (let i = 0; i < 20; i++) await client.publishAsync('factory/l1/press/state', machine(i), { qos: 1 })
    const [one, other] = members.map(({ ports }) => ports)
    await one!.until(() => one!.rows.length + other!.rows.length === 20)
    assert.ok(one!.rows.length > 0 && other!.rows.length > 0)
  })
})
