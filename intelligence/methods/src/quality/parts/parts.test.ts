import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { aggregate, aggregateNames } from './aggregates.ts'
import { featureNames } from './features.ts'
import { partTable } from './table.ts'
import { VisitTracker, visitsOf } from './visit.ts'

const S = 1e6
const over = (times: number[], values: number[], from: number, to: number, before = Number.NaN) => {
  const into = new Float64Array(aggregateNames.length)
  aggregate(times, values, from, to, before, into, 0)
  return Object.fromEntries(aggregateNames.map((name, at) => [name, into[at]!])) as Record<string, number>
}

test('visits: a part is there while its serial is shown; late, repeated and empty readings are understood', () => {
  const visits = visitsOf('OP10', [
    { time: 1 * S, serial: 'none' },
    { time: 2 * S, serial: 'A' },
    { time: 5 * S, serial: 'A' },
    { time: 3 * S, serial: 'A' },
    { time: 9 * S, serial: 'B' },
    { time: 8 * S, serial: 'C' },
    { time: 12 * S, serial: '' },
    { time: 14 * S, serial: 'D' },
  ])
  assert.deepEqual(visits, [
    { serial: 'A', station: 'OP10', from: 2 * S, to: 9 * S },
    { serial: 'B', station: 'OP10', from: 9 * S, to: 12 * S },
  ])
  const tracker = new VisitTracker('OP10')
  tracker.take({ time: S, serial: 'A' })
  assert.deepEqual(tracker.present, { serial: 'A', from: S })
})

test('aggregates: weighted by time, bounded by the visit, with what stood before', () => {
  const found = over([0, 4 * S, 8 * S, 20 * S], [5, 1, 3, 100], 4 * S, 10 * S)
  assert.deepEqual(
    [found['mean'], found['min'], found['max'], found['area'], found['last']],
    [(1 * 4 + 3 * 2) / 6, 1, 3, 10, 3],
  )
  assert.equal(found['slope'], 0.5)
  const stood = over([8 * S], [3], 4 * S, 10 * S, 1)
  assert.deepEqual([stood['mean'], stood['min']], [(1 * 4 + 3 * 2) / 6, 1])
  assert.ok(Object.values(over([0, 20 * S], [1, 2], 4 * S, 10 * S)).every(Number.isNaN), 'nothing was measured')
  const bad = over([4 * S, 6 * S, 8 * S], [1, Number.NaN, 1], 4 * S, 10 * S)
  assert.deepEqual([bad['mean'], bad['area']], [1, 4], 'a Bad reading counts for no time')
})

test('property: readings at any times; the mean lies between min and max, of a line the slope is its slope', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 100 * S }), { minLength: 3, maxLength: 40 }),
      fc.double({ min: -50, max: 50, noNaN: true }),
      (given, slope) => {
        const times = given.sort((a, b) => a - b)
        const found = over(
          times,
          times.map((time) => 7 + (slope * time) / S),
          0,
          101 * S,
        )
        assert.ok(Math.abs(found['slope']! - slope) < 1e-5 * (1 + Math.abs(slope)) * 100)
        assert.ok(found['mean']! >= found['min']! - 1e-9 && found['mean']! <= found['max']! + 1e-9)
        assert.ok(found['std']! <= found['max']! - found['min']! + 1e-6)
      },
    ),
    { numRuns: 100 },
  )
})

test('one row for each part that passed all stations, in the order they were finished; rework counts last', () => {
  const plan = {
    stations: [
      { name: 'OP10', signals: ['power'] },
      { name: 'OP20', signals: ['force', 'gone'] },
    ],
  }
  const { parts, features, incomplete } = partTable(
    plan,
    [
      { serial: 'B', station: 'OP10', from: 10 * S, to: 20 * S },
      { serial: 'A', station: 'OP10', from: 0, to: 10 * S },
      { serial: 'A', station: 'OP20', from: 12 * S, to: 20 * S },
      { serial: 'A', station: 'OP20', from: 60 * S, to: 70 * S },
      { serial: 'B', station: 'OP20', from: 30 * S, to: 40 * S },
      { serial: 'C', station: 'OP10', from: 20 * S, to: 30 * S },
      { serial: 'C', station: 'elsewhere', from: 40 * S, to: 50 * S },
    ],
    [
      { station: 'OP10', name: 'power', times: [0, 10 * S], values: [2, 4] },
      { station: 'OP20', name: 'force', times: [30 * S, 60 * S], values: [7, 9] },
      { station: 'OP20', name: 'power', times: [0], values: [99] },
    ],
  )
  assert.deepEqual(
    parts.map(({ serial, finished }) => [serial, finished]),
    [
      ['B', 40 * S],
      ['A', 70 * S],
    ],
  )
  assert.equal(incomplete, 1)
  assert.deepEqual(features.names, featureNames(plan))
  const column = (name: string) => [...features.columns[features.names.indexOf(name)]!]
  assert.deepEqual(column('OP10 power mean'), [4, 2])
  assert.deepEqual(column('OP20 force mean'), [7, 9])
  assert.deepEqual(column('OP20 duration'), [10, 10])
  assert.ok(column('OP20 gone mean').every(Number.isNaN))
})
