import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { similarRemaining } from './similarity.ts'

const path = (unit: string, steps: number) => ({
  unit,
  health: Float64Array.from({ length: steps }, (_, at) => 1 - (at / (steps - 1)) ** 3),
})
const lives = [path('short', 100), path('middle', 200), path('long', 400)]

describe('remaining life by similarity', () => {
  it('is that of the life that went the same way', () => {
    const recent = lives[1]!.health.slice(130, 160)
    const { remaining, matches, nearest, low, high } = similarRemaining(recent, lives, 0.005, 0.9)
    assert.equal(matches[0]!.unit, 'middle')
    assert.equal(matches[0]!.remaining, 40)
    assert.ok(Math.abs(remaining - 40) < 2 && low <= 40 && high >= 40)
    assert.ok(nearest < 1e-12)
  })

  it('is less certain the more the health scatters', () => {
    const recent = lives[1]!.health.slice(130, 160)
    const sharp = similarRemaining(recent, lives, 0.005, 0.9)
    const blurred = similarRemaining(recent, lives, 0.1, 0.9)
    assert.ok(blurred.high - blurred.low > sharp.high - sharp.low)
  })

  it('says how far the nearest life is from something never seen', () => {
    const strange = Float64Array.from({ length: 30 }, (_, at) => 2 + Math.sin(at))
    assert.ok(similarRemaining(strange, lives, 0.05, 0.9).nearest > 100)
  })

  it('says what it cannot compare', () => {
    const long = new Float64Array(500)
    assert.throws(() => similarRemaining(long, lives, 0.1, 0.9), { code: 'MW-LIFE-0008' })
    assert.throws(() => similarRemaining(Float64Array.of(1), lives, 0.1, 0.9), { code: 'MW-LIFE-0008' })
    assert.throws(() => similarRemaining(new Float64Array(5), lives, 0, 0.9), { code: 'MW-LIFE-0008' })
  })
})
