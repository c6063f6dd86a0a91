import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { domainMeasure, gaussian, learnDomain, seeded } from '../index.ts'

const random = seeded(2)
const load = Float64Array.from({ length: 3000 }, () => 50 + 10 * gaussian(random))
const current = load.map((value) => value * 2 + gaussian(random))
const table = {
  names: ['load', 'current', 'stuck', 'dead'],
  columns: [load, current, load.map(() => 7), load.map(() => Number.NaN)],
}
const measure = domainMeasure(learnDomain(table))

describe('the domain of a model', () => {
  it('holds the rows it was drawn from, but for the few that lie farthest out', () => {
    let outside = 0
    for (let row = 0; row < 3000; row++) if (measure.row([load[row]!, current[row]!, 7, Number.NaN]) > 1) outside++
    assert.ok(outside <= 3, `${outside} of 3000`)
  })

  it('names an input that is out of its range, another unit for instance', () => {
    const values = [50, 100_000, 7, Number.NaN]
    assert.ok(measure.row(values) > 1)
    const [odd, ...others] = measure.outside(values)
    assert.deepEqual([odd?.name, odd?.value, others.length], ['current', 100_000, 0])
  })

  it('finds two signals that have always moved together and now part, each within its range', () => {
    assert.equal(measure.outside([40, 120, 7, Number.NaN]).length, 0)
    assert.ok(measure.row([40, 120, 7, Number.NaN]) > 1)
    assert.ok(measure.row([40, 80, 7, Number.NaN]) < 1)
  })

  it('takes a gap for the middle, and a value where there never was one other than it for outside', () => {
    assert.ok(measure.row([Number.NaN, 100, 7, Number.NaN]) < 1)
    assert.ok(measure.row([50, 100, 8, Number.NaN]) > 1)
  })
})
