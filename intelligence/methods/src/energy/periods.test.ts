import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY, HOUR, MINUTE } from '@millwright/foundation'
import { looksLikeCounter, toPeriods } from './index.ts'

const START = 1.7e15 - (1.7e15 % DAY)
const frame = (values: number[], step = 15 * MINUTE) => ({
  times: Float64Array.from(values, (_, i) => START + (i + 1) * step),
  names: ['value'],
  columns: [Float64Array.from(values)],
})

describe('periods', () => {
  it('integrate a power, take the increase of a counter, and the mean of a temperature', () => {
    const power = toPeriods(frame([4, 8, 4, 8, 1, 1, 1, 1]), ['rate'], 15 * MINUTE, HOUR)
    assert.deepEqual([...power.columns[0]!], [6, 1])
    assert.deepEqual([...power.times], [START + HOUR, START + 2 * HOUR])
    const counter = toPeriods(frame([10, 11, 12, 13, 14, 2, 3, 5]), ['counter'], 15 * MINUTE, HOUR)
    // From 14 to 2 it was set back.
    assert.deepEqual([...counter.columns[0]!], [3, 4])
    const days = toPeriods(frame(Array.from({ length: 192 }, (_, i) => (i < 96 ? 10 : 20))), ['mean'], 15 * MINUTE, DAY)
    assert.deepEqual([...days.columns[0]!], [10, 20])
  })

  it('are missing where most of them is, and where nothing was measured at all', () => {
    const { columns } = toPeriods(
      frame([4, Number.NaN, Number.NaN, Number.NaN, 2, 2, Number.NaN, 2]),
      ['rate'],
      15 * MINUTE,
      HOUR,
    )
    assert.deepEqual([...columns[0]!], [Number.NaN, 2])
    assert.equal(toPeriods(frame([]), ['rate'], 15 * MINUTE, HOUR).times.length, 0)
  })

  it('begin at local midnight', () => {
    const hours = frame(
      Array.from({ length: 48 }, (_, i) => i),
      HOUR,
    )
    const { times } = toPeriods(hours, ['mean'], HOUR, DAY, HOUR)
    assert.equal(times[0], START + 23 * HOUR)
  })
})

describe('a counter', () => {
  it('is told by that it only goes up', () => {
    assert.ok(looksLikeCounter(Float64Array.from({ length: 500 }, (_, i) => (i * 3) % 900)))
    assert.ok(!looksLikeCounter(Float64Array.from({ length: 500 }, (_, i) => Math.sin(i))))
    assert.ok(!looksLikeCounter(new Float64Array(500).fill(3)))
  })
})
