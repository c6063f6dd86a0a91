import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { thin } from './decimate.ts'

const columns = (value: (number | null)[]) => ({
  time: value.map((_, index) => index * 1000),
  value,
  min: undefined,
  max: undefined,
  quality: value.map(() => 0),
})

it('keeps every peak and every break of the line, and at most four rows a bucket', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { freq: 50 }), {
        minLength: 500,
        maxLength: 2000,
      }),
      (value) => {
        const all = columns(value)
        const buckets = 50
        const thinned = thin(all, 0, value.length * 1000, buckets)
        const known = (list: (number | null)[]) => list.filter((one): one is number => one !== null)
        const breaks = value.length - known(value).length
        assert.equal(thinned.value.length - known(thinned.value).length, breaks)
        if (known(value).length > 0) {
          assert.equal(Math.max(...known(thinned.value)), Math.max(...known(value)))
          assert.equal(Math.min(...known(thinned.value)), Math.min(...known(value)))
        }
        assert.ok(thinned.time.length <= (buckets + 1 + breaks) * 4 + breaks)
        for (let i = 1; i < thinned.time.length; i++) assert.ok(thinned.time[i]! > thinned.time[i - 1]!)
      },
    ),
  )
})

it('leaves few rows, and rollups, as they are', () => {
  const few = columns([1, 2, 3])
  assert.equal(thin(few, 0, 3000, 100), few)
})
