import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { TestPorts } from '@millwright/connectivity/testing'
import { mqttSourceAdapter } from '../src/index.ts'
import { guessMapping } from '../src/source/guess.ts'
import { quickClock, TestBroker } from '../src/testing/index.ts'
import { World } from './world.ts'

describe('browsing topics', () => {
  const world = new World()
  let broker: TestBroker
  before(async () => {
    broker = await TestBroker.start()
  })
  afterEach(() => world.close())
  after(() => broker.die())

  it('shows levels, values and a mapping to start from', async () => {
    const client = await world.client(broker.port)
    const keep = (topic: string, payload: string | Buffer) =>
      client.publishAsync(topic, payload, { retain: true, qos: 1 })
    await keep('plant/l1/temp', '20.5')
    await keep('plant/l1/state', JSON.stringify({ ts: 1_760_000_000_000, speed: 5, 'motor on': true }))
    await keep('plant', 'hello')
    await keep('spBv1.0/G/NDATA/E', Buffer.from([8, 0x80, 0xff, 0xfe]))
    const ports = world.later(new TestPorts({ clock: quickClock }), (made) => made.close())
    const config = { host: '127.0.0.1', port: broker.port, mappings: [{ topic: '#', payload: 'text' as const }] }
    const browse = (node?: string) =>
      mqttSourceAdapter.browse!(config, ports.probe(), { node, cursor: undefined, limit: 100 })
    const [top, level] = await Promise.all([browse(), browse('plant/l1')])
    assert.deepEqual(
      top.items.map(({ name, kind, hasChildren, value }) => [name, kind, hasChildren, value]),
      [
        ['plant', 'topic', true, 'hello'],
        ['spBv1.0', 'folder', true, undefined],
      ],
    )
    const [state, temp] = level.items
    assert.deepEqual(temp?.pick, {
      path: '/mappings',
      value: { topic: 'plant/l1/temp', payload: 'number', metric: 'temp' },
    })
    assert.deepEqual(state?.pick?.value, {
      topic: 'plant/l1/state',
      payload: 'json',
      fields: [
        { metric: 'speed', value: '$.speed', time: '$.ts', timeFormat: 'ms' },
        { metric: 'motor on', value: '$["motor on"]', time: '$.ts', timeFormat: 'ms' },
      ],
    })
  })

  it('guesses mappings that pass their own check', () => {
    const samples = [
      '21',
      'text',
      '{"a":1,"__x y":{"b":2}}',
      '[1,2]',
      '[{"n":"a","v":1}]',
      '{"values":{"a":1}}',
      '{"{a}":1}',
    ]
    for (const text of samples) {
      const mapping = guessMapping('a/b', Buffer.from(text))
      assert.ok(mapping, text)
      mqttSourceAdapter.check?.({ host: 'h', mappings: [mapping] })
    }
    assert.equal(guessMapping('a/{b}', Buffer.from('1')), undefined)
    assert.equal(guessMapping('a', Buffer.from([0xff])), undefined)
  })
})
