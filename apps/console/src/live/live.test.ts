import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Alarm } from '../api/types.ts'
import { madeOldBy } from './event-keys.ts'
import { freshness } from './freshness.ts'
import { LatestStore } from './latest-store.ts'
import { byUrgency, countByPriority, withAlarm } from './standing.ts'

const SECOND = 1_000_000

describe('latest values', () => {
  const store = () => {
    const frames: (() => void)[] = []
    const made = new LatestStore((work) => frames.push(work))
    return { made, frame: () => frames.splice(0).forEach((work) => void work()) }
  }

  it('tell each listener once a frame, of its own signal only', () => {
    const { made, frame } = store()
    const told: string[] = []
    made.subscribe('a', () => told.push('a'))
    made.subscribe('b', () => told.push('b'))
    made.push('a', 1, 10, 0)
    made.push('a', 2, 20, 0)
    assert.deepEqual(told, [])
    frame()
    assert.deepEqual(told, ['a'])
    assert.equal(made.get('a')?.value, 2)
  })

  it('never go back in time, whichever way the older value comes', () => {
    const { made } = store()
    made.push('a', 2, 20, 0)
    made.push('a', 1, 10, 0)
    made.fill([{ signal: 'a', kind: 'number', value: 0, time: 15, quality: 0, stale: true }])
    assert.equal(made.get('a')?.value, 2)
    assert.equal(made.get('a')?.told, false)
  })

  it('remember that a signal is not one of whole numbers', () => {
    const { made } = store()
    made.push('a', 30.5, 10, 0)
    made.push('a', 31, 20, 0)
    assert.equal(made.get('a')?.whole, false)
  })
})

it('events name the lists that they make old', () => {
  assert.deepEqual(madeOldBy('millwright.signal.created'), ['signals'])
  assert.deepEqual(madeOldBy('millwright.device.connected'), ['devices'])
  assert.deepEqual(madeOldBy('millwright.moon.full'), [])
})

describe('freshness', () => {
  const limit = { staleAfter: null, interval: SECOND, told: false }

  it('ends after five usual intervals, or when the signal says so', () => {
    assert.equal(freshness(0, 4 * SECOND, limit), 'live')
    assert.equal(freshness(0, 6 * SECOND, limit), 'stale')
    assert.equal(freshness(0, 6 * SECOND, { ...limit, staleAfter: 60 * SECOND }), 'live')
  })

  it('believes the platform until live rows came', () => {
    assert.equal(freshness(0, SECOND, { staleAfter: null, interval: undefined, told: true }), 'stale')
    assert.equal(freshness(0, SECOND, { staleAfter: null, interval: undefined, told: false }), 'live')
    assert.equal(freshness(null, SECOND, limit), 'none')
  })
})

describe('standing alarms', () => {
  const alarm = (id: string, change: Partial<Alarm> = {}): Alarm =>
    ({ id, priority: 'medium', state: 'unacknowledged', raisedAt: 0, version: 1, ...change }) as Alarm

  it('stand by priority, then by what waits, then the newest first', () => {
    const list = [
      alarm('old', { raisedAt: 1 }),
      alarm('acknowledged', { state: 'acknowledged', raisedAt: 9 }),
      alarm('new', { raisedAt: 5 }),
      alarm('critical', { priority: 'critical', state: 'acknowledged' }),
    ]
    assert.deepEqual(
      list.sort(byUrgency).map((one) => one.id),
      ['critical', 'new', 'old', 'acknowledged'],
    )
    assert.deepEqual(countByPriority(list), { critical: 1, high: 0, medium: 3, low: 0 })
  })

  it('take in news, let go of what closed, and ignore what is older than what they hold', () => {
    const held = [alarm('a', { version: 3, state: 'acknowledged' })]
    assert.equal(withAlarm(held, alarm('b')).length, 2)
    assert.equal(withAlarm(held, alarm('a', { version: 4, state: 'normal', closedAt: 9 })).length, 0)
    assert.equal(withAlarm(held, alarm('a', { version: 2 }))[0]?.state, 'acknowledged')
  })
})
