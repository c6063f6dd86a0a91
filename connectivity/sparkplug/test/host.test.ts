import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, afterEach, before, describe, it } from 'node:test'
import { TestPorts, type TestPortsOptions } from '@millwright/connectivity/testing'
import { hasMosquitto, Mosquitto, quickClock, TcpProxy, TestBroker } from '@millwright/connectivity-brokers/testing'
import { eventually } from '@millwright/foundation/testing'
import { connectAsync } from 'mqtt'
import { sparkplugHostAdapter } from '../src/index.ts'
import { encodePayload } from '../src/payload/encode.ts'
import { TYPE } from '../src/payload/types.ts'
import { type Edge, payload, startEdge } from './edge.ts'

const T = Date.now()
const BAD = 0x80310000
const UNCERTAIN = 0x40000000

describe('the host, with edge nodes of sparkplug-client', () => {
  let broker: TestBroker
  let made = 0
  const cleanup: (() => unknown)[] = []
  before(async () => {
    broker = await TestBroker.start()
  })
  afterEach(async () => {
    for (const work of cleanup.splice(0).reverse()) await work()
  })
  after(() => broker.die())

  const startHost = async (config: object = {}, options: TestPortsOptions = {}) => {
    const ports = new TestPorts({ clock: quickClock, ...options })
    const host = sparkplugHostAdapter.create(
      { host: '127.0.0.1', port: broker.port, clientId: `host-${++made}`, groups: ['Plant'], ...config },
      ports,
    )
    await host.start()
    cleanup.push(
      () => ports.close(),
      () => host.stop(),
    )
    await ports.until(() => ports.state?.state === 'running')
    return { ports, host }
  }

  /** An edge node that is born with an aliased and a named metric whenever it is asked to. */
  const bornEdge = async (url = broker.url, node = 'Edge1') => {
    const edge = await startEdge(url, 'Plant', node)
    let rebirths = 0
    const birth = () => {
      edge.publishNodeBirth(
        payload(T, [
          { name: 'Properties/Model', type: 'String', value: 'M-7' },
          {
            name: 'Temperature',
            alias: 1,
            type: 'Double',
            value: 20.5,
            properties: { engUnit: { type: 'String', value: '°C' } },
          },
        ]),
      )
      edge.publishDeviceBirth('Pump', payload(T, [{ name: 'Speed', type: 'Int16', value: -7 }]))
    }
    edge.on('ncmd', ({ metrics }) => {
      if (!metrics?.some(({ name }) => name === 'Node Control/Rebirth')) return
      rebirths++
      birth()
    })
    cleanup.push(() => edge.stop())
    birth()
    return { edge, rebirths: () => rebirths }
  }
  const temperature = (edge: Edge, value: number, at = T + value) =>
    edge.publishNodeData(payload(at, [{ alias: 1, type: 'Double', value }]))

  it('stores births and data of a node and its devices, and marks what is stale', async () => {
    const { ports } = await startHost()
    const { edge } = await bornEdge()
    temperature(edge, 21.25, T + 1000)
    edge.publishDeviceData('Pump', payload(T + 1000, [{ name: 'Speed', type: 'Int16', value: 1500 }]))
    await ports.until(() => ports.values('Speed', 'Edge1/Pump').length === 2)
    assert.deepEqual(ports.values('Temperature', 'Edge1'), [20.5, 21.25])
    assert.equal(ports.last('Temperature', 'Edge1')?.unit, 'Cel')
    assert.equal(ports.last('Temperature', 'Edge1')?.time, (T + 1000) * 1000)
    assert.deepEqual(ports.values('Properties/Model', 'Edge1'), ['M-7'])
    assert.deepEqual(ports.values('Speed', 'Edge1/Pump'), [-7, 1500])
    edge.publishDeviceDeath('Pump', { timestamp: T + 2000 })
    await ports.until(() => ports.devices.get('Edge1/Pump')?.online === false)
    assert.equal(ports.last('Speed', 'Edge1/Pump')?.quality, BAD)
    assert.equal(ports.devices.get('Edge1')?.online, true)
    edge.stop()
    await ports.until(() => ports.devices.get('Edge1')?.online === false)
    assert.equal(ports.last('Temperature', 'Edge1')?.quality, BAD)
    assert.deepEqual(ports.refused, [])
  })

  it('asks who was there before it for a birth', async () => {
    const { edge, rebirths } = await bornEdge()
    const { ports, host } = await startHost()
    temperature(edge, 22)
    await ports.until(() => ports.values('Temperature', 'Edge1').length > 0)
    assert.equal(rebirths(), 1)
    assert.equal(host.counters['before_birth'], 1)
    temperature(edge, 23)
    await ports.until(() => ports.values('Temperature', 'Edge1').includes(23))
  })

  it('puts late messages into their order, and asks for a birth when one is lost', async () => {
    const { ports, host } = await startHost({ reorderTimeout: 2_000 })
    const { edge, rebirths } = await bornEdge()
    await ports.until(() => ports.last('Speed', 'Edge1/Pump'))
    // 3 before 2.
    const own = edge as unknown as { seq: number }
    own.seq = 3
    temperature(edge, 3)
    own.seq = 2
    temperature(edge, 2)
    await ports.until(() => ports.values('Temperature', 'Edge1').length === 3)
    assert.deepEqual(ports.values('Temperature', 'Edge1'), [20.5, 2, 3])
    assert.equal(host.counters['sequence_gaps'], 0)
    // 4 never comes.
    own.seq = 5
    temperature(edge, 5)
    await ports.until(() => rebirths() === 1)
    assert.equal(ports.last('Temperature', 'Edge1')?.value === 5 || rebirths() === 1, true)
    assert.equal(ports.rows.find(({ value }) => value === 5)?.quality, UNCERTAIN)
    await ports.until(() => host.counters['births'] === 4)
    temperature(edge, 6)
    await ports.until(() => ports.values('Temperature', 'Edge1').includes(6))
    assert.equal(ports.last('Temperature', 'Edge1')?.quality, 0)
  })

  it('counts over 255 to 0', async () => {
    const { ports, host } = await startHost()
    const { edge } = await bornEdge()
    for (let i = 1; i <= 600; i++) temperature(edge, i)
    await ports.until(() => ports.values('Temperature', 'Edge1').length === 601)
    assert.equal(host.counters['sequence_gaps'], 0)
  })

  it('asks for a birth when an alias is unknown, once for many', async () => {
    const { ports, host } = await startHost()
    const { edge, rebirths } = await bornEdge()
    await ports.until(() => ports.last('Speed', 'Edge1/Pump'))
    for (let i = 0; i < 50; i++) edge.publishNodeData(payload(T, [{ alias: 99, type: 'Double', value: i }]))
    await ports.until(() => rebirths() === 1)
    temperature(edge, 30)
    await ports.until(() => ports.values('Temperature', 'Edge1').includes(30))
    assert.ok(Number(host.counters['rebirth_requests']) <= 2)
    assert.equal(ports.refused[0]?.code, 'MW-SPB-0022')
    assert.ok(ports.refused.length <= 2)
  })

  it('does not take the death of an older connection for that of the present one', async () => {
    const { ports, host } = await startHost()
    await bornEdge()
    await ports.until(() => ports.devices.get('Edge1')?.online)
    const death = (bdSeq: number) =>
      encodePayload(T * 1000, undefined, [{ name: 'bdSeq', time: T * 1000, type: TYPE.Int64, value: bdSeq }])
    await broker.publish('spBv1.0/Plant/NDEATH/Edge1', death(200))
    await ports.until(() => host.counters['old_deaths'] === 1)
    assert.equal(ports.devices.get('Edge1')?.online, true)
    await broker.publish('spBv1.0/Plant/NDEATH/Edge1', encodePayload(T * 1000, undefined, []))
    await ports.until(() => ports.refused.length === 1)
    assert.equal(ports.devices.get('Edge1')?.online, true)
    await broker.publish('spBv1.0/Plant/NDEATH/Edge1', death(0))
    await ports.until(() => ports.devices.get('Edge1')?.online === false)
  })

  it('says that it is the primary host, again when another says it is not, and offline at the end and by its will', async () => {
    const said: { online: boolean; timestamp: number }[] = []
    const watcher = await connectAsync(broker.url)
    cleanup.push(() => watcher.endAsync())
    watcher.on('message', (_topic, message) => said.push(JSON.parse(message.toString())))
    await watcher.subscribeAsync('spBv1.0/STATE/scada', { qos: 1 })
    const proxy = await TcpProxy.to(() => broker.port)
    cleanup.push(() => proxy.close())
    const { ports, host } = await startHost({ hostId: 'scada', port: proxy.port })
    await ports.until(() => said.at(-1)?.online)
    const first = said.at(-1)!
    await watcher.publishAsync('spBv1.0/STATE/scada', JSON.stringify({ online: false, timestamp: 5 }), {
      qos: 1,
      retain: true,
    })
    await ports.until(() => said.filter(({ online }) => online).length === 2)
    const before = said.length
    proxy.cut()
    await ports.until(() => said.slice(before).some(({ online }) => !online))
    // The will has the timestamp of the birth before it.
    assert.equal(said.slice(before).find(({ online }) => !online)?.timestamp, first.timestamp)
    await ports.until(() => said.at(-1)?.online)
    assert.ok(said.at(-1)!.timestamp > first.timestamp)
    await host.stop()
    await eventually(() => said.at(-1)?.online === false)
  })

  it('writes metrics, checks what is written, and asks for births as commands', async () => {
    const { ports, host } = await startHost()
    const { edge, rebirths } = await bornEdge()
    await ports.until(() => ports.last('Speed', 'Edge1/Pump'))
    const signal = AbortSignal.timeout(5_000)
    const write = (device: string | undefined, params: unknown, name = 'write') =>
      host.command!({ name, params, device, signal })
    const written = once(edge, 'dcmd') as Promise<[string, { metrics: { name: string; value: unknown }[] }]>
    await write('Edge1/Pump', { metric: 'Speed', value: -300 })
    const [device, { metrics }] = await written
    assert.deepEqual([device, metrics[0]?.name, metrics[0]?.value], ['Pump', 'Speed', -300])
    await write('Edge1', undefined, 'rebirth')
    await ports.until(() => rebirths() === 1)
    for (const [target, params, code] of [
      ['Edge1/Pump', { metric: 'Speed', value: 40_000 }, 'MW-SPB-0025'],
      ['Edge1/Pump', { metric: 'Speed', value: 'fast' }, 'MW-SPB-0025'],
      ['Edge1/Pump', { metric: 'None', value: 1 }, 'MW-SPB-0064'],
      ['Edge1/Pump', 5, 'MW-SPB-0061'],
      ['Edge9', { metric: 'Speed', value: 1 }, 'MW-SPB-0062'],
      [undefined, { metric: 'Speed', value: 1 }, 'MW-SPB-0067'],
    ] as const) {
      await assert.rejects(write(target, params), { code })
    }
    edge.stop()
    await ports.until(() => ports.devices.get('Edge1/Pump')?.online === false)
    await assert.rejects(write('Edge1/Pump', { metric: 'Speed', value: 1 }), { code: 'MW-SPB-0063' })
  })

  it('refuses lies and goes on', async () => {
    const { ports, host } = await startHost({}, {})
    const { edge } = await bornEdge()
    await ports.until(() => ports.last('Speed', 'Edge1/Pump'))
    const sequence = (host.counters['births'] ?? 0) + 0
    await broker.publish('spBv1.0/Plant/NDATA/Edge1', Buffer.from('ffffffffffffffffffffffff', 'hex'))
    await broker.publish('spBv1.0/Plant/NDATA/Edge1', encodePayload(T, undefined, []))
    await broker.publish('spBv1.0/Plant/NBIRTH/Edge2', encodePayload(T * 1000, 0, []), true)
    await ports.until(() => ports.refused.length >= 2)
    assert.deepEqual(
      ports.refused.slice(0, 2).map(({ code }) => code),
      ['MW-SPB-0001', 'MW-SPB-0006'],
    )
    temperature(edge, 40)
    await ports.until(() => ports.values('Temperature', 'Edge1').includes(40))
    assert.ok(Number(host.counters['births']) >= sequence)
    await broker.publish('spBv1.0/Plant/NBIRTH/Edge2', Buffer.alloc(0), true)
  })

  it('comes back when the broker dies, and learns everything anew', async () => {
    const { ports } = await startHost()
    const { edge } = await bornEdge()
    await ports.until(() => ports.last('Speed', 'Edge1/Pump'))
    await broker.die()
    await ports.until(() => ports.state?.state === 'waiting')
    await broker.revive()
    await ports.until(() => ports.state?.state === 'running')
    // sparkplug-client reconnects by itself, and is not born by itself: it is asked.
    await eventually(() => (edge as unknown as { connected: boolean }).connected)
    const count = ports.values('Temperature', 'Edge1').length
    await ports.until(() => {
      temperature(edge, 50)
      return ports.values('Temperature', 'Edge1').length > count + 1
    })
  })

  it('follows an edge node that comes back as another: other metrics, aliases and types', async () => {
    const { ports } = await startHost()
    const told = (type: string, sequence: number, metrics: Parameters<typeof encodePayload>[2]) =>
      broker.publish(`spBv1.0/Plant/${type}/Edge7`, encodePayload(T * 1000, sequence, metrics))
    const number = (name: string | undefined, alias: number, value: number) => ({
      name,
      alias,
      time: T * 1000,
      type: TYPE.Double,
      value,
    })
    await told('NBIRTH', 0, [number('A', 1, 1), number('B', 2, 2)])
    await told('NDATA', 1, [number(undefined, 1, 10), number(undefined, 2, 20)])
    const text = { name: 'A', alias: 2, time: T * 1000, type: TYPE.String, value: 'text' }
    await told('NBIRTH', 0, [text, number('C', 1, 3)])
    await told('NDATA', 1, [number(undefined, 1, 30)])
    await ports.until(() => ports.values('C', 'Edge7').length === 2)
    assert.deepEqual(ports.values('A', 'Edge7'), [1, 10, 'text'])
    assert.deepEqual(ports.values('B', 'Edge7'), [2, 20])
    assert.deepEqual(ports.values('C', 'Edge7'), [3, 30])
    assert.deepEqual(ports.refused, [])
  })

  it('follows a thousand edge nodes and no more, whatever floods in', async () => {
    const { ports, host } = await startHost()
    const birth = encodePayload(T * 1000, 0, [{ name: 'a', time: T * 1000, type: TYPE.Double, value: 1 }])
    for (let i = 0; i < 1_100; i++) await broker.publish(`spBv1.0/Plant/NBIRTH/Node${i}`, birth)
    await ports.until(() => host.counters['messages']! >= 1_100)
    assert.equal(host.counters['edge_nodes'], 1_000)
    assert.deepEqual(
      ports.refused.map(({ code }) => code),
      ['MW-SPB-0040'],
    )
  })

  it('previews without saying that it is a host', async () => {
    const watcher = await connectAsync(broker.url)
    cleanup.push(() => watcher.endAsync())
    let states = 0
    watcher.on('message', () => states++)
    await watcher.subscribeAsync('spBv1.0/STATE/preview', { qos: 1 })
    const { edge } = await bornEdge()
    const { ports } = await startHost({ hostId: 'preview' }, { purpose: 'preview' })
    temperature(edge, 60)
    await ports.until(() => ports.last('Temperature', 'Edge1'))
    assert.equal(states, 0)
  })

  it('tests the connection in words', async () => {
    await bornEdge()
    const ports = new TestPorts({ clock: quickClock })
    cleanup.push(() => ports.close())
    const answer = await sparkplugHostAdapter.test({ host: '127.0.0.1', port: broker.port }, ports.probe())
    assert.equal(answer.ok, true)
    assert.match(answer.steps.at(-1)!.detail, /granted/)
  })

  it('works at Mosquitto', { skip: hasMosquitto ? false : 'mosquitto is not installed' }, async () => {
    const mosquitto = await Mosquitto.start()
    cleanup.push(() => mosquitto.close())
    const { ports } = await startHost({ port: mosquitto.port, protocol: '5', groups: [] })
    const { edge } = await bornEdge(`mqtt://127.0.0.1:${mosquitto.port}`)
    temperature(edge, 70)
    await ports.until(() => ports.values('Temperature', 'Plant/Edge1').includes(70))
    // The edge node dies without a word: its will says it.
    const client = (edge as unknown as { client: { stream: { destroy(): void } } }).client
    client.stream.destroy()
    await ports.until(() => ports.devices.get('Plant/Edge1')?.online === false)
  })
})
