import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Alarm, Asset, Device } from '../../api/types.ts'
import { groupEvents } from './group-events.ts'
import { noteVisit } from './last-visit.ts'
import { perHour } from './per-hour.ts'
import { summarise } from './site-summary.ts'

const HOUR = 3_600_000_000

describe('last visit', () => {
  const store = () => {
    const held = new Map<string, string>()
    return {
      getItem: (key: string) => held.get(key) ?? null,
      setItem: (key: string, value: string) => void held.set(key, value),
    }
  }

  it('is the visit before this one, however often one looks meanwhile', () => {
    const kept = store()
    assert.deepEqual(noteVisit(100 * HOUR, kept), { since: 76 * HOUR, first: true })
    assert.deepEqual(noteVisit(110 * HOUR, kept), { since: 100 * HOUR, first: false })
    assert.deepEqual(noteVisit(110.2 * HOUR, kept), { since: 100 * HOUR, first: false })
    assert.deepEqual(noteVisit(120 * HOUR, kept), { since: 110.2 * HOUR, first: false })
  })

  it('begins anew where the note is damaged', () => {
    const kept = store()
    kept.setItem('millwright.visits', '{"latest":"soon"}')
    assert.equal(noteVisit(100 * HOUR, kept).first, true)
    kept.setItem('millwright.visits', 'nonsense')
    assert.equal(noteVisit(100 * HOUR, kept).first, true)
  })
})

it('groups events by kind, the newest kind first, unknown kinds together', () => {
  const events = [
    { type: 'millwright.device.connected', time: 5 },
    { type: 'millwright.rule.changed', time: 9 },
    { type: 'millwright.device.connected', time: 7 },
    { type: 'millwright.moon.full', time: 1 },
    { type: 'millwright.toString', time: 2 },
  ]
  assert.deepEqual(groupEvents(events), [
    { key: 'rule.changed', count: 1, latest: 9 },
    { key: 'device.connected', count: 2, latest: 7 },
    { key: 'other', count: 2, latest: 2 },
  ])
})

it('counts alarms hour by hour, and leaves out those before', () => {
  const counts = perHour(
    [
      { raisedAt: HOUR, priority: 'high' },
      { raisedAt: 2.5 * HOUR, priority: 'high' },
      { raisedAt: 0, priority: 'low' },
    ],
    HOUR,
    2,
  )
  assert.deepEqual(
    counts.map((count) => count.high),
    [1, 1],
  )
  assert.equal(counts[0]?.low, 0)
})

describe('sites', () => {
  const node = (id: string, level: Asset['level'], path: string[]) =>
    ({ id, level, path: [...path, id], parent: path.at(-1) ?? null }) as unknown as Asset
  const tree = [
    node('e', 'enterprise', []),
    node('s', 'site', ['e']),
    node('m', 'equipment', ['e', 's']),
    node('n', 'equipment', ['e']),
  ]
  const alarms = [
    { equipment: 'm', priority: 'low' },
    { equipment: 'n', priority: 'critical' },
  ] as Alarm[]
  const devices = [{ equipment: 'm', connection: { state: 'offline' } }] as unknown as Device[]

  it('sum up what hangs at and below them', () => {
    const [site, ...others] = summarise(tree, alarms, devices)
    assert.equal(others.length, 0)
    assert.deepEqual([site?.site.id, site?.machines, site?.worst, site?.offline], ['s', 1, 'low', 1])
  })

  it('are stood in for by the highest nodes one sees', () => {
    assert.deepEqual(
      summarise([tree[2]!], alarms, devices).map((one) => one.site.id),
      ['m'],
    )
  })
})
