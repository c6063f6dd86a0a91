import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { gaussian, seeded } from '../../learning/random.ts'
import { cChart, npChart, pChart, uChart } from './attributes.ts'
import { outside, standardised } from './chart.ts'
import { c4, d2, d3 } from './constants.ts'
import { byTime, consecutive } from './subgroups.ts'
import { cusum, ewma } from './time-weighted.ts'
import { individuals, xbarR, xbarS } from './variables.ts'

const close = (actual: number, expected: number, within: number, what = '') =>
  assert.ok(Math.abs(actual - expected) <= within, `${what} ${actual} is not ${expected}`)
const f64 = (values: readonly number[]) => Float64Array.from(values)

test('constants are those of the tables (Montgomery, appendix VI; ISO 7870-2)', () => {
  for (const [n, e, v, c] of [
    [2, 1.128, 0.853, 0.7979],
    [3, 1.693, 0.888, 0.8862],
    [5, 2.326, 0.864, 0.94],
    [10, 3.078, 0.797, 0.9727],
    [25, 3.931, 0.708, 0.9896],
  ] as const) {
    close(d2(n), e, 0.0006, `d2(${n})`)
    close(d3(n), v, 0.0006, `d3(${n})`)
    close(c4(n), c, 0.00006, `c4(${n})`)
  }
  // A2, D4 and B4 of samples of five.
  close(3 / (d2(5) * Math.sqrt(5)), 0.577, 0.0006)
  close(1 + (3 * d3(5)) / d2(5), 2.114, 0.0006)
  close(1 + (3 * Math.sqrt(1 - c4(5) ** 2)) / c4(5), 2.089, 0.0006)
})

test('individuals: the flow rates of the NIST/SEMATECH e-Handbook, 6.3.2.2', () => {
  const flow = f64([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
  const { mean, sigma, location, spread } = individuals(flow)
  close(mean, 50.81, 1e-9)
  close(sigma * 1.128, 1.8778, 1e-3)
  close(location.upper[0]!, 55.8041, 2e-3)
  close(location.lower[0]!, 45.8159, 2e-3)
  assert.equal(spread.lower[1], Number.NEGATIVE_INFINITY)
  assert.equal(outside(location).length, 0)
})

test('counts: wafer defects (e-Handbook 6.3.3.1) and defective chips (6.3.3.2)', () => {
  const defects = f64([
    16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14, 16, 15, 13, 14, 16, 11, 20, 11, 19, 16, 31, 13,
  ])
  const c = cChart(defects)
  assert.equal(c.centre[0], 16)
  assert.deepEqual([c.lower[0], c.upper[0]], [4, 28])
  assert.deepEqual([...outside(c)], [23])
  const fractions = [
    24, 30, 16, 20, 8, 14, 32, 18, 28, 20, 10, 12, 34, 24, 44, 16, 20, 10, 26, 22, 40, 36, 48, 30, 18, 24, 14, 26, 18,
    12,
  ]
  const chips = f64(fractions.map((percent) => percent / 2))
  const p = pChart(chips, new Float64Array(chips.length).fill(50))
  close(p.centre[0]!, 0.2313, 1e-4)
  close(p.upper[0]!, 0.4102, 2e-4)
  close(p.lower[0]!, 0.0524, 2e-4)
  const np = npChart(chips, 50)
  close(np.upper[0]!, 50 * p.upper[0]!, 1e-9)
  assert.deepEqual(outside(np), outside(p))
  const u = uChart(defects, new Float64Array(25).fill(2))
  close(u.upper[0]!, 8 + 3 * Math.sqrt(4), 1e-9)
})

test('EWMA: the worked example of the e-Handbook, 6.3.2.4', () => {
  const values = f64([
    52, 47, 53, 49.3, 50.1, 47, 51, 50.1, 51.2, 50.5, 49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1,
  ])
  const chart = ewma(values, { mean: 50, sigma: 2.0539 }, { weight: 0.3, width: 3 })
  const published = [50.6, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33]
  published.forEach((value, at) => {
    close(chart.points[at]!, value, 0.01)
  })
  close(chart.points[19]!, 51.99, 0.01)
  close(chart.upper[19]!, 52.5884, 2e-3)
  close(chart.lower[19]!, 47.4115, 2e-3)
})

test('CUSUM: the worked example of the e-Handbook, 6.3.2.3', () => {
  const values = f64([
    324.925, 324.675, 324.725, 324.35, 325.35, 325.225, 324.125, 324.525, 325.225, 324.6, 324.625, 325.15, 328.325,
    327.25, 327.825, 328.5, 326.675, 327.775, 326.875, 328.35,
  ])
  const { up, down, upSince } = cusum(values, { mean: 325, sigma: 1 }, { allowance: 0.3175, decision: 4.1959 })
  close(up.points[12]!, 3.0075, 1e-9)
  close(up.points[19]!, 19.0, 0.1)
  assert.equal(outside(up)[0], 13, 'signals at group 14')
  assert.equal(upSince[13], 2, 'and dates the shift to group 13')
  assert.equal(outside(down).length, 0)
})

test('X-bar/R and X-bar/s find the level and spread that readings were made with, and do not drown a shift', () => {
  const random = seeded(4)
  const values = Float64Array.from({ length: 500 }, (_, at) => 74 + 0.01 * gaussian(random) + (at >= 400 ? 0.02 : 0))
  const groups = consecutive(values, 5)
  for (const charts of [xbarR(groups, { from: 0, to: 80 }), xbarS(groups, { from: 0, to: 80 })]) {
    close(charts.mean, 74, 0.002)
    close(charts.sigma, 0.01, 0.001)
    close(charts.location.upper[0]! - charts.mean, (3 * charts.sigma) / Math.sqrt(5), 1e-9)
    const beyond = outside(charts.location)
    assert.ok(beyond.filter((at) => at < 80).length <= 1)
    assert.ok(beyond.filter((at) => at >= 80).length >= 15)
    assert.ok(outside(charts.spread).length <= 2, 'the spread has not changed')
  }
  const again = xbarR(groups, undefined, { mean: 74, sigma: 0.01 })
  assert.equal(again.location.centre[0], 74, 'limits of another phase I are taken as they are')
})

test('X-bar/s with sizes that change: piston rings 1 to 8 of Montgomery table 6.4', () => {
  const rings = [
    [74.03, 74.002, 74.019, 73.992, 74.008],
    [73.995, 73.992, 74.001],
    [73.988, 74.024, 74.021, 74.005, 74.002],
    [74.002, 73.996, 73.993, 74.015, 74.009],
    [73.992, 74.007, 74.015, 73.989, 74.014],
    [74.009, 73.994, 73.997, 73.985],
    [73.995, 74.006, 73.994, 74],
    [73.985, 74.003, 73.993, 74.015, 73.988],
  ]
  const { location, spread } = xbarS(rings.map((values, at) => ({ at, values: f64(values) })))
  ;[74.01, 73.996, 74.008, 74.003, 74.003, 73.996, 73.999, 73.997].forEach((mean, at) => {
    close(location.points[at]!, mean, 0.0006)
  })
  ;[0.0148, 0.0046, 0.0147, 0.0091, 0.0122, 0.0099, 0.0055, 0.0123].forEach((s, at) => {
    close(spread.points[at]!, s, 0.00006)
  })
  assert.ok(location.upper[1]! > location.upper[0]!, 'a small sample has wider limits')
})

test('subgroups: missing readings are skipped, a rest is left out, time cuts as the clock does', () => {
  assert.deepEqual(
    consecutive(f64([1, Number.NaN, 2, 3, 4, 5]), 2).map(({ at, values }) => [at, ...values]),
    [
      [0, 1, 2],
      [3, 3, 4],
    ],
  )
  const groups = byTime(f64([0, 1, 10, 11, 25]), f64([1, 2, 3, 4, 5]), 10)
  assert.deepEqual(
    groups.map(({ values }) => [...values]),
    [
      [1, 2],
      [3, 4],
    ],
  )
  assert.throws(() => consecutive(f64([1]), 0), /subgroup size/)
})

test('bad input is told in words: stuck, too few, all missing, odd counts', () => {
  assert.throws(() => individuals(new Float64Array(30).fill(7)), /is 7 in every reading/)
  assert.throws(() => individuals(f64([1, 2, 3])), /at least 5 are needed/)
  assert.throws(() => individuals(new Float64Array(30).fill(Number.NaN)), /at least 5 are needed/)
  assert.throws(() => xbarR(consecutive(new Float64Array(50).fill(3), 5)), /stuck/)
  assert.throws(() => xbarR(consecutive(f64([1, 2, 3, 4, 5, 6]), 1)), /fewer than two readings/)
  assert.throws(() => pChart(f64([1, 2, 9, 1, 1]), f64([5, 5, 5, 5, 5])), /sample 3 has 9 defective parts of 5/)
  assert.throws(() => cChart(new Float64Array(10)), /is 0 in every reading/)
  assert.throws(() => ewma(f64([1]), { mean: 0, sigma: 1 }, { weight: 0, width: 3 }), /weight cannot be 0/)
})

test('property: a chart of shifted and scaled readings is the chart, shifted and scaled', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 12, maxLength: 60 }),
      fc.double({ min: -1000, max: 1000, noNaN: true }),
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      (readings, shift, scale) => {
        fc.pre(Math.max(...readings) - Math.min(...readings) > 1)
        const one = individuals(f64(readings))
        const other = individuals(f64(readings.map((value) => shift + scale * value)))
        const [z, same] = [standardised(one.location), standardised(other.location)]
        z.forEach((value, at) => {
          close(same[at]!, value, 1e-6 * (1 + Math.abs(value)))
        })
      },
    ),
    { numRuns: 60 },
  )
})
