import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { TestPorts } from '@millwright/connectivity/testing'
import { quickClock, signal, TestBroker, TestFeed } from '@millwright/connectivity-brokers/testing'
import { eventually } from '@millwright/foundation/testing'
import { connectAsync, type MqttClient } from 'mqtt'
import sparkplugPayload from 'sparkplug-payload'
import { sparkplugHostAdapter, sparkplugNodeAdapter } from '../src/index.ts'
import { stateMessage, stateTopic } from '../src/state.ts'

const theirs = sparkplugPayload.get('spBv1.0')!
const NOW = Date.now() * 1000

/** A host application of a sort: sparkplug-payload's decoder behind mqtt.js. */
class TheirHost {
  readonly client: MqttClient
  readonly messages: { type: string; device: string | undefined; payload: ReturnType<typeof theirs.decodePayload> }[] =
    []

  private constructor(client: MqttClient) {
    this.client = client
  }

  static async start(url: string): Promise<TheirHost> {
    const host = new TheirHost(await connectAsync(url))
    host.client.on('message', (topic, payload) => {
      const [, , type, , device] = topic.split('/')
      if (type !== 'NCMD') host.messages.push({ type: type!, device, payload: theirs.decodePayload(payload) })
    })
    await host.client.subscribeAsync('spBv1.0/Plant/#')
    return host
  }

  of(type: string) {
    return this.messages.filter((message) => message.type === type)
  }

  async rebirth(): Promise<void> {
    const metrics = [{ name: 'Node Control/Rebirth', type: 'Boolean' as const, value: true }]
    const payload = theirs.encodePayload({ timestamp: Date.now(), metrics })
    await this.client.publishAsync('spBv1.0/Plant/NCMD/Millwright', Buffer.from(payload))
  }
}

describe('the edge node, heard by sparkplug-payload', () => {
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

  const startNode = async (feed: TestFeed, config: object = {}, keep?: TestPorts) => {
    const ports = new TestPorts({ clock: quickClock, feed, ...(keep === undefined ? {} : { keep }) })
    const node = sparkplugNodeAdapter.create(
      { host: '127.0.0.1', port: broker.port, clientId: `node-${++made}`, group: 'Plant', interval: 5, ...config },
      ports,
    )
    await node.start()
    cleanup.push(
      () => ports.close(),
      () => node.stop(),
    )
    return { node, ports }
  }

  it('is born with all signals, tells readings by alias, and is born again when asked or when the signals change', async () => {
    const host = await TheirHost.start(broker.url)
    cleanup.push(() => host.client.endAsync())
    const feed = new TestFeed()
    const latest = { signal: 'a', time: NOW, value: 20.5, quality: 0 }
    feed.list = [
      signal('a', 'Temperature', { unit: 'Cel', latest }),
      signal('b', 'Running', { kind: 'boolean' }),
      signal('c', 'Place', { kind: 'position', path: ['Acme', 'Line 2'] }),
    ]
    const { node, ports } = await startNode(feed)
    await ports.until(() => host.of('DBIRTH').length === 2)
    const [birth] = host.of('NBIRTH')
    assert.equal(Number(birth?.payload.seq), 0)
    assert.deepEqual(
      birth?.payload.metrics?.map(({ name }) => name),
      ['bdSeq', 'Node Control/Rebirth'],
    )
    const line1 = host.of('DBIRTH').find(({ device }) => device === 'Acme.Line 1')!
    const [temperature, running] = line1.payload.metrics!
    assert.equal(temperature?.value, 20.5)
    assert.equal(temperature?.properties?.['engUnit']?.value, 'Cel')
    assert.equal(running?.value, null)
    feed.commit({ signal: 'a', time: NOW + 1000, value: 21.5, quality: 0x80000000 })
    await ports.until(() => host.of('DDATA').length === 1)
    const [told] = host.of('DDATA')[0]!.payload.metrics!
    assert.equal(told?.name, undefined)
    assert.deepEqual(told?.alias, temperature?.alias)
    assert.equal(told?.value, 21.5)
    assert.equal(told?.properties?.['Quality']?.value, 0)
    await host.rebirth()
    await ports.until(() => host.of('NBIRTH').length === 2)
    feed.change([feed.list[0]!])
    await ports.until(() => host.of('NBIRTH').length === 3)
    assert.deepEqual(
      host.of('DDEATH').map(({ device }) => device),
      ['Acme.Line 2'],
    )
    await node.stop()
    await ports.until(() => host.of('NDEATH').length === 1)
    const bdSeq = (message: { payload: ReturnType<typeof theirs.decodePayload> }) =>
      Number(message.payload.metrics?.find(({ name }) => name === 'bdSeq')?.value)
    assert.equal(bdSeq(host.of('NDEATH')[0]!), bdSeq(birth!))
    const _again = await startNode(feed, {}, ports)
    await ports.until(() => host.of('NBIRTH').length === 4)
    assert.equal(bdSeq(host.of('NBIRTH')[3]!), (bdSeq(birth!) + 1) & 255)
  })

  it('waits for its primary host, keeps readings meanwhile, and sends them as historical', async () => {
    const host = await TheirHost.start(broker.url)
    cleanup.push(() => host.client.endAsync())
    const feed = new TestFeed()
    feed.list = [signal('a', 'Temperature', { path: [] })]
    const { node, ports } = await startNode(feed, { primaryHost: 'SCADA' })
    await ports.until(() => ports.state?.state === 'waiting')
    feed.commit({ signal: 'a', time: NOW, value: 1, quality: 0 }, { signal: 'a', time: NOW + 1, value: 2, quality: 0 })
    assert.equal(host.messages.length, 0)
    const say = (online: boolean, at: number) =>
      host.client.publishAsync(stateTopic('SCADA'), stateMessage(online, at), { qos: 1 })
    await say(true, 1_000)
    await ports.until(() => host.of('NDATA').length === 1)
    assert.deepEqual(
      host.of('NDATA')[0]!.payload.metrics?.map(({ value, isHistorical }) => [value, isHistorical]),
      [
        [1, true],
        [2, true],
      ],
    )
    // A will of an older connection of the host changes nothing.
    await say(false, 999)
    feed.commit({ signal: 'a', time: NOW + 2, value: 3, quality: 0 })
    await ports.until(() => host.of('NDATA').length === 2)
    assert.notEqual(host.of('NDATA')[1]!.payload.metrics?.[0]?.isHistorical, true)
    await say(false, 2_000)
    await ports.until(() => host.of('NDEATH').length === 1)
    await ports.until(() => ports.state?.reason?.includes('SCADA'))
    feed.commit({ signal: 'a', time: NOW + 3, value: 4, quality: 0 })
    // The old form of 2.2.
    await eventually(() => Number(node.counters['connects']) === 2)
    await host.client.publishAsync('STATE/SCADA', 'ONLINE', { qos: 1 })
    await ports.until(() => host.of('NBIRTH').length === 2)
    await ports.until(() => host.of('NDATA').length === 3)
    assert.equal(host.of('NDATA')[2]!.payload.metrics?.[0]?.isHistorical, true)
  })

  it('is understood by our own host, whatever the kind', async () => {
    const feed = new TestFeed()
    const at = (id: string, value: unknown) => ({ signal: id, time: NOW, value, quality: 0 })
    const samples = Float32Array.from([0.5, -1])
    feed.list = [
      signal('n', 'Number', { latest: at('n', 1.5), unit: 'bar' }),
      signal('b', 'Boolean', { kind: 'boolean', latest: at('b', true) }),
      signal('s', 'State', { kind: 'state', latest: at('s', 'läuft') }),
      signal('d', 'Document', { kind: 'document', latest: at('d', { a: [1] }) }),
      signal('p', 'Place', { kind: 'position', latest: at('p', { latitude: 48.1, longitude: 11.5 }) }),
      signal('w', 'Wave', { kind: 'waveform', latest: at('w', { sampleRate: 100, samples }) }),
    ]
    const hostPorts = new TestPorts({ clock: quickClock })
    const host = sparkplugHostAdapter.create({ host: '127.0.0.1', port: broker.port, groups: ['Plant'] }, hostPorts)
    await host.start()
    cleanup.push(
      () => hostPorts.close(),
      () => host.stop(),
    )
    await hostPorts.until(() => hostPorts.state?.state === 'running')
    const { node } = await startNode(feed, { primaryHost: 'millwright' })
    const device = 'Millwright/Acme.Line 1'
    await hostPorts.until(() => hostPorts.last('Wave', device))
    assert.equal(hostPorts.last('Number', device)?.unit, 'bar')
    assert.deepEqual(
      ['Number', 'Boolean', 'State', 'Document', 'Place/latitude', 'Wave'].map(
        (name) => hostPorts.last(name, device)?.value,
      ),
      [1.5, true, 'läuft', '{"a":[1]}', 48.1, { sampleRate: 100, samples }],
    )
    assert.deepEqual(hostPorts.refused, [])
    feed.commit(at('n', 2.5))
    await hostPorts.until(() => hostPorts.values('Number', device).includes(2.5))
    await node.stop()
    await hostPorts.until(() => hostPorts.devices.get('Millwright')?.online === false)
    assert.equal(hostPorts.last('Number', device)?.quality, 0x80310000)
  })
})
