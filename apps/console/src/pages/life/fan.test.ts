import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fan } from './fan.ts'

const HOUR = 3_600_000_000

test('the fan goes from the health now to 0 at the ends of the interval', () => {
  const { low, middle, high } = fan({
    at: 10 * HOUR,
    health: 60,
    remaining: { hours: 8, low: 4, high: 16, atLeast: false },
    acceleration: 2,
  })
  const ends = [low, middle, high].map((way) => way.find(([, health]) => health === 0)![0] / (HOUR / 1000) - 10)
  assert.deepEqual(ends, [2, 4, 8])
  for (const way of [low, middle, high]) assert.deepEqual(way[0], [(10 * HOUR) / 1000, 60])
  middle.forEach(([, health], at) => {
    assert.ok(low[at]![1] <= health && health <= high[at]![1])
  })
})

test('there is none without a prediction, or where nothing ends', () => {
  const none = { low: [], middle: [], high: [] }
  assert.deepEqual(fan({ at: null, health: null, remaining: null, acceleration: 1 }), none)
  assert.deepEqual(
    fan({ at: 1, health: 99, remaining: { hours: 8, low: 8, high: 8, atLeast: true }, acceleration: 1 }),
    none,
  )
})
