import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { EMPTY } from './columns.ts'
import { mergeTail, Tail } from './tail.ts'

const row = (time: number, value: number | null, quality = 0) => ({ time, value, quality })
const history = { time: [0, 10, 20], value: [1, 2, 3], min: undefined, max: undefined, quality: [0, 0, 0] }

describe('live tail', () => {
  it('goes on where history ends, without what history already holds', () => {
    const merged = mergeTail(history, [row(15, 9), row(20, 9), row(30, 4), row(40, null)], undefined)
    assert.deepEqual(merged.time, [0, 10, 20, 30, 40])
    assert.deepEqual(merged.value, [1, 2, 3, 4, null])
  })

  it('rolls itself up to the step of history', () => {
    const rolled = { ...history, min: [0, 1, 2], max: [2, 3, 4] }
    const merged = mergeTail(rolled, [row(25, 99), row(31, 4), row(35, 8), row(39, null, 5), row(41, 6)], 10)
    assert.deepEqual(merged.time, [0, 10, 20, 30, 40])
    assert.deepEqual(merged.value, [1, 2, 3, 6, 6])
    assert.deepEqual(merged.min, [0, 1, 2, 4, 6])
    assert.deepEqual(merged.max, [2, 3, 4, 8, 6])
    assert.deepEqual(merged.quality, [0, 0, 0, 5, 0])
  })

  it('begins with nothing', () => {
    assert.deepEqual(mergeTail(EMPTY, [row(5, 1)], undefined).time, [5])
    assert.equal(mergeTail(history, [], undefined), history)
  })

  it('stays in order and within its bound, whatever the link repeats', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 300 }), (times) => {
        const tail = new Tail(50)
        for (const time of times) tail.push(row(time, time))
        assert.ok(tail.rows.length <= 50)
        for (const [index, one] of tail.rows.entries()) {
          if (index > 0) assert.ok(one.time > tail.rows[index - 1]!.time)
        }
      }),
    )
  })

  it('forgets everything once all of it is too old', () => {
    const tail = new Tail()
    tail.push(row(10, 1))
    tail.dropBefore(20)
    assert.deepEqual(tail.rows, [])
  })
})
