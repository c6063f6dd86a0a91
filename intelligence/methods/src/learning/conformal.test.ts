import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { absoluteScores, conformalQuantile, gaussian, quantileScores, scaledScores, seeded } from './index.ts'

describe('conformal intervals', () => {
  it('take the score of rank ceil((n + 1) coverage), worked out by hand', () => {
    const scores = Float64Array.of(9, 1, 8, 2, 7, 3, 6, 4, 5)
    assert.equal(conformalQuantile(scores, 0.9), 9)
    assert.equal(conformalQuantile(scores, 0.5), 5)
    assert.equal(conformalQuantile(scores, 0.95), Number.POSITIVE_INFINITY)
    assert.equal(conformalQuantile(Float64Array.of(Number.NaN, 1, 2, 3), 0.75), 3)
  })

  it('hold the coverage in the mean over many calibrations', () => {
    const random = seeded(3)
    const rounds = 4000
    let held = 0
    for (let round = 0; round < rounds; round++) {
      const scores = Float64Array.from({ length: 19 }, () => Math.abs(gaussian(random)))
      if (Math.abs(gaussian(random)) <= conformalQuantile(scores, 0.9)) held++
    }
    // Exactly .9 is promised for 19 scores; the mean of 4,000 rounds has a standard deviation of .0047.
    assert.ok(Math.abs(held / rounds - 0.9) < 0.02, `${held / rounds}`)
  })

  it('score 0 on the edge, below within, above outside', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -99, max: 99, noNaN: true }),
        fc.double({ min: 0.1, max: 9, noNaN: true }),
        (low, width) => {
          const [lows, highs] = [Float64Array.of(low, low, low), Float64Array.of(low + width, low + width, low + width)]
          const [edge, within, outside] = quantileScores(Float64Array.of(low, low + width / 2, low - 1), lows, highs)
          assert.ok(edge === 0 && within! < 0 && Math.abs(outside! - 1) < 1e-9)
        },
      ),
    )
    assert.deepEqual([...absoluteScores(Float64Array.of(1, 5), Float64Array.of(2, 2))], [1, 3])
    assert.deepEqual([...scaledScores(Float64Array.of(1, 5), Float64Array.of(2, 2), Float64Array.of(1, 2))], [1, 1.5])
  })
})
