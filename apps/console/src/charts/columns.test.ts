import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Columns, inUnit, qualitySpans, rowAt, statistics, usualStep, withGaps } from './columns.ts'

const UNCERTAIN = 0x40900000
const BAD = 0x80000000
const rows = (time: number[], value: (number | null)[], quality: number[] = time.map(() => 0)): Columns => ({
  time,
  value,
  quality,
  min: undefined,
  max: undefined,
})

describe('columns', () => {
  it('draws no line over a time nobody measured', () => {
    const gapped = withGaps(rows([0, 10, 20, 100, 110], [1, 2, 3, 4, 5]), 15)
    assert.deepEqual(gapped.time, [0, 10, 20, 21, 100, 110])
    assert.deepEqual(gapped.value, [1, 2, 3, null, 4, 5])
  })

  it('breaks the band of a rollup with its line', () => {
    const gapped = withGaps({ ...rows([0, 100], [1, 2]), min: [0, 1], max: [2, 3] }, 50)
    assert.deepEqual(gapped.min, [0, null, 1])
    assert.deepEqual(gapped.max, [2, null, 3])
  })

  it('takes the usual step from the middle, which a gap does not move', () => {
    assert.equal(usualStep([0, 10, 20, 30, 1000, 1010, 1020]), 10)
    assert.equal(usualStep([0, 10]), undefined)
  })

  it('spans what is not Good, from its first row to the next Good one', () => {
    const spans = qualitySpans(rows([0, 10, 20, 30, 40], [1, 1, null, 1, 1], [0, UNCERTAIN, BAD, 0, BAD]))
    assert.deepEqual(spans, [
      { from: 10, to: 20, severity: 'uncertain' },
      { from: 20, to: 30, severity: 'bad' },
      { from: 40, to: 40, severity: 'bad' },
    ])
  })

  it('sums up a stretch by the spread of its rollup rows', () => {
    const columns = { ...rows([0, 10, 20], [2, 4, 9]), min: [1, 0, 5], max: [3, 8, 9] }
    assert.deepEqual(statistics(columns, 0, 20), { count: 2, mean: 3, min: 0, max: 8 })
    assert.deepEqual(statistics(columns, 50, 60), { count: 0, mean: undefined, min: undefined, max: undefined })
  })

  it('finds the row at or before a time', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 1000 })),
        fc.integer({ min: -10, max: 1010 }),
        (times, at) => {
          const time = times.sort((a, b) => a - b)
          assert.equal(rowAt(time, at), time.filter((one) => one <= at).length - 1)
        },
      ),
    )
  })

  it("applies the viewer's unit to every column, and leaves nothing as nothing", () => {
    const shown = inUnit(
      { ...rows([0, 1], [100, null]), min: [0, null], max: [100, null] },
      (value) => value * 1.8 + 32,
    )
    assert.deepEqual(shown.value, [212, null])
    assert.deepEqual(shown.min, [32, null])
  })
})
