import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { gaussian, seeded } from '../../learning/random.ts'
import { fitTail, surprise } from './tail.ts'
import { budgetThreshold, declusteredPeaks } from './threshold.ts'

const WEEK = 7 * 86_400
/** Scores that follow on each other, as smoothed ones do: an exponential at each minute's end, falling off in between. */
function weekly(seed: number, rows: number): Float64Array {
  const random = seeded(seed)
  let level = 0
  return Float64Array.from({ length: rows }, () => {
    level = Math.max(0.8 * level, -Math.log(1 - random()) / 4)
    return level
  })
}

describe('rarity of a score', () => {
  it('is the decimal digits of how seldom a normal row is as high', () => {
    const random = seeded(1)
    // Chi-square with two degrees of freedom is exponential: the tail beyond the data is known.
    const tail = fitTail(Float64Array.from({ length: 20_000 }, () => -2 * Math.log(1 - random())))
    for (const digits of [0.5, 1, 2, 4, 6]) assert.ok(Math.abs(surprise(tail, 2 * Math.LN10 * digits) - digits) < 0.25)
  })

  it('rises with the score, is never negative, and is bounded, whatever the scores were', () => {
    fc.assert(
      fc.property(
        fc.float64Array({ noNaN: true, noDefaultInfinity: true, minLength: 1, maxLength: 60, min: 0, max: 1e9 }),
        fc.double({ min: 0, max: 1e12, noNaN: true }),
        fc.double({ min: 0, max: 1e12, noNaN: true }),
        (scores, a, b) => {
          const tail = fitTail(scores)
          const [low, high] = [surprise(tail, Math.min(a, b)), surprise(tail, Math.max(a, b))]
          assert.ok(low >= 0 && low <= high + 1e-12 && high <= 10)
        },
      ),
    )
  })

  it('does not go deaf by one unlabelled excursion', () => {
    const random = seeded(2)
    const scores = Float64Array.from({ length: 1000 }, () => gaussian(random) ** 2)
    const clean = surprise(fitTail(scores), 40)
    scores.fill(500, 300, 330)
    assert.ok(surprise(fitTail(scores), 40) > 0.6 * clean)
  })
})

describe('the threshold of an alarm budget', () => {
  it('is passed about as often as the budget says in the weeks after, extrapolating from two days', () => {
    const history = weekly(3, 2 * 1440)
    const { on } = budgetThreshold(history, { period: 60e6, alarmsPerWeek: 2, separation: 15 })
    const after = weekly(4, (50 * WEEK) / 60)
    const alarms = declusteredPeaks(after, on, 15).length / 50
    assert.ok(alarms > 0.5 && alarms < 6, `${alarms} alarms a week`)
  })

  it('rises as the budget falls, and is released below where it began', () => {
    const history = weekly(5, 3000)
    let last = 0
    for (const alarmsPerWeek of [200, 20, 2, 0.2]) {
      const { on, off } = budgetThreshold(history, { period: 60e6, alarmsPerWeek, separation: 15 })
      assert.ok(on > last && off < on)
      last = on
    }
  })

  it('lies above scores that are all the same', () => {
    const { on } = budgetThreshold(new Float64Array(500).fill(0.4), { period: 1e6, alarmsPerWeek: 2, separation: 15 })
    assert.ok(on > 0.4)
  })
})
