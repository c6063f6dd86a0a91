import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { gaussian, RecentErrors, seeded } from './index.ts'

describe('recent errors', () => {
  it('are the mean of the last ones, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 40 }), (errors) => {
        const recent = new RecentErrors(12, 5)
        for (const error of errors) recent.add(error, 0)
        const last = errors.slice(-5)
        assert.ok(Math.abs(recent.offset - last.reduce((sum, each) => sum + each, 0) / last.length) < 1e-9)
      }),
    )
  })

  it('take an offset off, and hold their interval through a drift', () => {
    const random = seeded(1)
    const recent = new RecentErrors(200, 24)
    let [held, corrected] = [0, 0]
    for (let hour = 0; hour < 3000; hour++) {
      const truth = gaussian(random) + (hour > 1000 ? 8 : 0)
      if (hour >= 500) {
        if (Math.abs(truth - recent.offset) <= recent.margin(0.9)) held++
        corrected += Math.abs(truth - recent.offset)
      }
      recent.add(truth, 0)
    }
    assert.ok(Math.abs(held / 2500 - 0.9) < 0.03, `${held / 2500}`)
    assert.ok(corrected / 2500 < 1)
  })

  it('promise nothing before they know anything, and leave gaps out', () => {
    const recent = new RecentErrors(50, 10)
    recent.add(Number.NaN, 3)
    assert.deepEqual([recent.offset, recent.margin(0.9)], [0, Number.POSITIVE_INFINITY])
  })
})
