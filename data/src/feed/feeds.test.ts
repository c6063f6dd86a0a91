import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { FedReading } from '@millwright/connectivity'
import { createBus, createLog, newId, SECOND } from '@millwright/foundation'
import { NODE, passing, TENANT, type TestHistorian, testHistorian } from '../historian/testing.ts'
import { SignalFeeds } from './feeds.ts'

const log = createLog({ level: 'silent' })

describe('signal feeds', () => {
  let test: TestHistorian
  const bus = createBus(log)
  const make = () => {
    const { signals, historian, clock } = test
    const feeds = new SignalFeeds({ bus, clock, log, signals, historian, names: () => ['Works', 'Press'] })
    feeds.start()
    return feeds
  }
  before(async () => {
    test = await testHistorian()
  })
  after(async () => {
    await test.close()
    await bus.close()
  })

  it('hands on what is newest of a tenant, or below a node, a few times a second', async () => {
    const { signals, clock } = test
    const hot = signals.add({ name: 'hot', unit: 'Cel', equipment: NODE })
    const on = signals.add({ name: 'on', kind: 'boolean', path: [] })
    const foreign = signals.add({ tenant: newId('ten') })
    const feeds = make()
    const below: (readonly FedReading[])[] = []
    const all: (readonly FedReading[])[] = []
    const one = feeds.of(TENANT, NODE).readings((readings) => below.push(readings))
    feeds.of(TENANT, null).readings((readings) => {
      all.push(readings)
      throw new Error('mine')
    })
    const now = clock.now()
    await test.write(hot, [
      [now - 2, 1],
      [now - 1, 2],
    ])
    await test.write(on, [[now, 1]])
    await test.write(foreign, [[now, 9]])
    await passing(clock, clock.advance(SECOND))
    assert.deepEqual(below.flat(), [{ signal: hot.id, time: now - 1, value: 2, quality: 0 }])
    assert.deepEqual(
      all.flat().map(({ signal, value }) => [signal, value]),
      [
        [hot.id, 2],
        [on.id, true],
      ],
    )
    one.cancel()
    const listed = await feeds.of(TENANT, null).signals()
    assert.deepEqual(
      listed.map(({ name, unit, path, latest }) => [name, unit, path, latest?.value]),
      [
        ['hot', 'Cel', ['Works', 'Press'], 2],
        ['on', undefined, [], true],
      ],
    )
    feeds.stop()
  })

  it('says when the set of signals changed, and follows the new ones', async () => {
    const { signals, clock } = test
    const feeds = make()
    let changes = 0
    const seen: FedReading[] = []
    const feed = feeds.of(TENANT, NODE)
    feed.changed(() => changes++)
    feed.readings((readings) => seen.push(...readings))
    const added = signals.add({ name: 'state', kind: 'state' })
    for (let i = 0; i < 3; i++) {
      await bus.publish({
        id: newId('evt'),
        type: 'millwright.signal.created',
        source: 't',
        subject: added.id,
        tenant: TENANT,
        time: 0,
        data: {},
      })
    }
    await clock.advance(2 * SECOND)
    assert.equal(changes, 1)
    const { sink } = test.historian
    const state = { kind: 'state', value: 'auto' } as const
    sink.open.wide.push({ signal: added.key, time: clock.now(), quality: 0, value: state })
    await passing(clock, sink.committed())
    await clock.advance(SECOND)
    assert.deepEqual(
      seen.map(({ value }) => value),
      ['auto'],
    )
    feeds.stop()
  })
})
