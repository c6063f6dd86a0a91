import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { gaussian, type Random, seeded } from '../../learning/random.ts'
import { warp } from './dtw.ts'
import { type Curve, compareCurve, learnGolden } from './golden.ts'

/** A press-in force: rises to a knee, then to a peak; `pace` runs it slower, `dent` takes force away in its middle. */
function pressIn(random: Random, { pace = 1, dent = 0, count = 200 } = {}): Curve {
  const length = 2e6 * pace
  const times = Float64Array.from({ length: count }, (_, at) => (length * at) / (count - 1))
  const warpBy = 0.03 * gaussian(random)
  const values = times.map((time) => {
    const x = Math.min(1, Math.max(0, time / length + warpBy * Math.sin((Math.PI * time) / length)))
    const force = 4 * Math.min(1, x / 0.3) + 9 * Math.max(0, x - 0.5) ** 2
    return force + 0.05 * gaussian(random) - (x > 0.55 && x < 0.7 ? dent : 0)
  })
  return { times, values }
}
const good = (count: number, seed: number): Curve[] => {
  const random = seeded(seed)
  return Array.from({ length: count }, () => pressIn(random, { pace: 1 + 0.05 * gaussian(random) }))
}

test('DTW: the distance is that of a search over all paths, and the path covers both curves', () => {
  const slowest = (a: Float64Array, b: Float64Array, i: number, j: number): number => {
    const here = (a[i]! - b[j]!) ** 2
    if (i === 0 && j === 0) return here
    const before = [
      i > 0 && j > 0 ? slowest(a, b, i - 1, j - 1) : Infinity,
      i > 0 ? slowest(a, b, i - 1, j) : Infinity,
      j > 0 ? slowest(a, b, i, j - 1) : Infinity,
    ]
    return here + Math.min(...before)
  }
  const points = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(points, points, (one, other) => {
      const [a, b] = [Float64Array.from(one), Float64Array.from(other)]
      const { distance, first, last } = warp(a, b, 1)
      const steps = Array.from(a.keys()).reduce((sum, i) => sum + last[i]! - first[i]! + 1, 0)
      const least = slowest(a, b, a.length - 1, b.length - 1)
      assert.ok(Math.abs(distance ** 2 * steps - least) < 1e-9 * (1 + least))
      assert.deepEqual([first[0], last.at(-1)], [0, b.length - 1])
      for (let i = 1; i < a.length; i++) assert.ok(first[i]! - last[i - 1]! === 0 || first[i]! - last[i - 1]! === 1)
    }),
    { numRuns: 150 },
  )
})

test('DTW: a shift within the band costs nothing at the ends, one beyond it does', () => {
  const step = (at: number) => Float64Array.from({ length: 50 }, (_, i) => (i < at ? 0 : 1))
  assert.equal(warp(step(20), step(23), 0.1).distance, 0)
  assert.ok(warp(step(20), step(35), 0.1).distance > 0.1)
})

test('a golden curve lets good parts pass and tells where along the curve a bad one leaves', () => {
  const golden = learnGolden(good(60, 1))
  const passed = good(200, 2).filter((curve) => compareCurve(golden, curve).good).length
  assert.ok(passed >= 190, `${passed} of 200 good curves pass`)
  const random = seeded(9)
  let caught = 0
  for (let each = 0; each < 50; each++) {
    const found = compareCurve(golden, pressIn(random, { dent: 0.6 }))
    const [departure] = found.departures
    if (departure?.side === 'below' && departure.from > 0.4 && departure.to < 0.85) caught++
  }
  assert.ok(caught >= 46, `${caught} of 50 dents found in their place`)
  const slow = compareCurve(golden, pressIn(random, { pace: 2 }))
  assert.ok(slow.good && slow.stretch > 1.8, 'slower is told, and not called different in shape')
})

test('bad input in words; gaps and Bad readings are bridged', () => {
  assert.throws(() => learnGolden(good(3, 1)), /3 usable curves of good parts, and at least 8/)
  const flat = Array.from({ length: 10 }, () => ({ times: [0, 1, 2, 3], values: [5, 5, 5, 5] }))
  assert.throws(() => learnGolden(flat), /5 in every reading/)
  const golden = learnGolden(good(30, 1))
  assert.throws(() => compareCurve(golden, { times: [0], values: [1] }), /at least 3/)
  const curve = good(1, 5)[0]!
  const holes = Float64Array.from(curve.values as Float64Array, (value, at) => (at % 7 === 0 ? Number.NaN : value))
  assert.ok(compareCurve(golden, { times: curve.times, values: holes }).good)
})
