import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { eventually } from '@millwright/foundation/testing'
import { signal, TcpProxy, TestBroker, TestFeed } from '../src/testing/index.ts'
import { World } from './world.ts'

const NOW = Date.UTC(2026, 0, 1) * 1000

describe('a unified namespace', () => {
  const world = new World()
  let broker: TestBroker
  before(async () => {
    broker = await TestBroker.start()
  })
  afterEach(() => world.close())
  after(() => broker.die())

  const listen = async (filter: string) => {
    const seen = new Map<string, string>()
    const client = await world.client(broker.port)
    client.on('message', (topic, payload) => seen.set(topic, payload.toString()))
    await client.subscribeAsync(filter, { qos: 1 })
    return { seen, client }
  }

  it('publishes signals by their path, retained, and says whether it is there', async () => {
    const feed = new TestFeed()
    const at = (id: string, value: unknown) => ({ signal: id, time: NOW, value, quality: 0 })
    feed.list = [
      signal('s_1', 'Temp/C+#', { path: ['Acme', 'Line 1'], unit: 'Cel', latest: at('s_1', 20.5) }),
      signal('s_2', 'Temp/C+#', { path: ['Acme', 'Line 1'], latest: at('s_2', 1) }),
      signal('s_3', '$SYS', { path: [], kind: 'waveform' }),
    ]
    const { ports, sink } = await world.sink({ port: broker.port, prefix: 'uns/v1' }, { feed })
    await ports.until(() => Number(sink.counters['published']) === 2)
    const { seen } = await listen('uns/#')
    await eventually(() => seen.size === 3)
    assert.deepEqual(JSON.parse(seen.get('uns/v1/Acme/Line 1/Temp_C__')!), {
      time: '2026-01-01T00:00:00.000Z',
      value: 20.5,
      unit: 'Cel',
      quality: 0,
    })
    assert.ok(seen.has('uns/v1/Acme/Line 1/Temp_C__-s_2'))
    assert.equal(seen.get('uns/v1/millwright/status'), 'online')
    feed.commit(at('s_3', { sampleRate: 10, samples: Float32Array.from([1, 2]) }))
    await eventually(() => seen.get('uns/v1/$SYS')?.includes('[1,2]'))
    feed.change([feed.list[0]!])
    await eventually(() => seen.get('uns/v1/Acme/Line 1/Temp_C__-s_2') === '')
    await sink.stop()
    await eventually(() => seen.get('uns/v1/millwright/status') === 'offline')
  })

  it('says offline by its will when the line breaks, and comes back with what is newest', async () => {
    const proxy = world.later(await TcpProxy.to(() => broker.port), (made) => made.close())
    const feed = new TestFeed()
    feed.list = [signal('a', 'A', { path: ['P'] })]
    const { ports, sink } = await world.sink({ port: proxy.port, payload: 'value', statusTopic: 'here' }, { feed })
    const { seen } = await listen('#')
    await ports.until(() => seen.get('here') === 'online')
    proxy.cut()
    await eventually(() => seen.get('here') === 'offline')
    for (let i = 1; i <= 1_000; i++) feed.commit({ signal: 'a', time: NOW + i, value: i, quality: 0 })
    assert.equal(sink.counters['waiting'], 1)
    await eventually(() => seen.get('P/A') === '1000')
    assert.equal(sink.counters['published'], 1)
  })

  it('stops within its time though the wire is half open and nothing is acknowledged', async () => {
    const proxy = world.later(await TcpProxy.to(() => broker.port), (made) => made.close())
    const feed = new TestFeed()
    feed.list = [signal('a', 'A', { path: ['R'] })]
    const { ports, sink } = await world.sink({ port: proxy.port }, { feed })
    await ports.until(() => ports.state?.state === 'running')
    proxy.freeze()
    feed.commit({ signal: 'a', time: NOW, value: 1, quality: 0 })
    const began = performance.now()
    await sink.stop()
    assert.ok(performance.now() - began < 4_500)
  })

  it('keeps the newest value of each signal alone while the broker is slow', async () => {
    const proxy = world.later(await TcpProxy.to(() => broker.port), (made) => made.close())
    const feed = new TestFeed()
    feed.list = Array.from({ length: 50 }, (_, i) => signal(`s${i}`, `S${i}`, { path: ['Q'] }))
    const { ports, sink } = await world.sink({ port: proxy.port, payload: 'value', inflight: 5 }, { feed })
    await ports.until(() => ports.state?.state === 'running')
    proxy.freeze()
    for (let round = 1; round <= 200; round++) {
      feed.commit(...feed.list.map(({ id }) => ({ signal: id, time: NOW + round, value: round, quality: 0 })))
    }
    assert.ok(Number(sink.counters['waiting']) <= 50)
    const { seen } = await listen('Q/#')
    proxy.thaw()
    proxy.cut()
    await eventually(() => seen.size === 50 && [...seen.values()].every((value) => value === '200'))
  })
})
