import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { novelty, valueMemory } from './value-memory.ts'

const FOREVER = 1e9

describe('the memory of values', () => {
  it('finds a value far outside, wherever the range stands within its bins', () => {
    const memory = valueMemory()
    novelty(memory, 0, FOREVER)
    for (let top = 1; top < 2000; top++) {
      novelty(memory, top, FOREVER)
      assert.ok(novelty(structuredClone(memory), 3 * top, FOREVER) > 1, `above 0 to ${top}`)
      assert.ok(novelty(structuredClone(memory), -2 * top, FOREVER) > 1, `below 0 to ${top}`)
    }
  })

  it('gives the distance to the nearest value there was, in ranges, to the width of a bin', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 400 })
    fc.assert(
      fc.property(values, fc.integer({ min: -1500, max: 1500 }), (between, value) => {
        const seen = [-1000, 1000, ...between]
        const memory = valueMemory()
        for (const each of seen) novelty(memory, each, FOREVER)
        const exact = Math.min(...seen.map((each) => Math.abs(value - each))) / 2000
        const found = novelty(memory, value, FOREVER)
        assert.ok(Math.abs(found - exact) < 2 / 256, `${found} is not ${exact}`)
      }),
    )
  })
})
