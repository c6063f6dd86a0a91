import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { gaussian, seeded } from '../../learning/random.ts'
import { quantileOf } from '../decision/remaining-life.ts'
import { LimitTrend } from './limit-trend.ts'

const settings = { limit: 10, direction: 'rises', stepHours: 1, horizon: 500 } as const

/** Healthy at 2 for 100 h, then exponential to the limit within 200 h. */
const wearing = (hour: number, noise: number) =>
  (hour < 100 ? 2 : 2 * Math.exp((Math.log(5) * (hour - 100)) / 200)) * (1 + noise)

function followed(to: number, noise: number, options: Partial<ConstructorParameters<typeof LimitTrend>[0]> = {}) {
  const random = seeded(3)
  const trend = new LimitTrend({ ...settings, ...options })
  for (let hour = 0; hour <= to; hour += 0.25) trend.push(hour, wearing(hour, noise * gaussian(random)))
  return trend
}

describe('a trend towards a limit', () => {
  it('says nothing of wear while there is none', () => {
    const state = followed(99, 0.05).state()!
    assert.equal(state.since, undefined)
    assert.equal(state.survival(500), 1)
    assert.ok(state.health > 95)
  })

  it('finds when the wear began, and when it will reach the limit', () => {
    for (const now of [180, 220, 260, 290]) {
      const state = followed(now, 0.05).state()!
      const median = quantileOf(state.survival, 0.5, 1000)
      assert.ok(state.since! > 100 && state.since! < 150, `since ${state.since}`)
      assert.ok(Math.abs(median - (300 - now)) < 0.25 * (300 - now) + 5, `${median} at ${now}`)
      const [low, high] = [0.05, 0.95].map((p) => quantileOf(state.survival, p, 1000))
      assert.ok(low! < 300 - now && high! > 300 - now, `${low} to ${high} at ${now}`)
    }
  })

  it('gets surer, and health falls to 0, as the limit comes near', () => {
    const width = (now: number) => {
      const { survival } = followed(now, 0.05).state()!
      return quantileOf(survival, 0.95, 1000) - quantileOf(survival, 0.05, 1000)
    }
    assert.ok(width(290) < width(220))
    assert.ok(followed(299, 0.01).state()!.health < 5)
    assert.equal(followed(320, 0.01).state()!.survival(1), 0)
  })

  it('forgets a wear that was repaired', () => {
    const trend = followed(200, 0.02)
    assert.notEqual(trend.state()!.since, undefined)
    for (let hour = 201; hour < 240; hour++) trend.push(hour, 2)
    assert.equal(trend.state()!.since, undefined)
    assert.ok(trend.state()!.health > 95)
  })

  it('follows what falls as well as what rises', () => {
    const trend = new LimitTrend({ ...settings, limit: 60, direction: 'falls' })
    const random = seeded(4)
    for (let hour = 0; hour <= 200; hour++)
      trend.push(hour, (hour < 100 ? 100 : 100 - 0.2 * (hour - 100)) + 0.3 * gaussian(random))
    const median = quantileOf(trend.state()!.survival, 0.5, 1000)
    assert.ok(Math.abs(median - 100) < 20, String(median))
  })

  it('tells a wear of a year in bounded memory as well as one of a day', () => {
    const trend = new LimitTrend({ ...settings, horizon: 9000 })
    for (let hour = 0; hour <= 9000; hour++)
      trend.push(hour, 2 + (hour < 1000 ? 0 : (hour - 1000) / 2000) + 0.1 * Math.sin(hour))
    const median = quantileOf(trend.state()!.survival, 0.5, 20_000)
    assert.ok(median > 3000 && median < 14_000, String(median))
  })

  it('goes on with any readings, and stays a probability', () => {
    const reading = fc.oneof(fc.double(), fc.constant(Number.NaN), fc.constant(0), fc.double({ min: -100, max: 100 }))
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 120 }), fc.boolean(), (values, rises) => {
        const trend = new LimitTrend({ ...settings, direction: rises ? 'rises' : 'falls' })
        values.forEach((value, hour) => {
          trend.push(hour, value)
        })
        const state = trend.state()
        if (state === undefined) return
        const alive = state.survival(10)
        assert.ok(alive >= 0 && alive <= 1 && state.health >= 0 && state.health <= 100, `${alive} ${state.health}`)
      }),
    )
  })

  it('refuses limits and steps that are none', () => {
    assert.throws(() => new LimitTrend({ ...settings, limit: Number.NaN }), { code: 'MW-LIFE-0005' })
    assert.throws(() => new LimitTrend({ ...settings, stepHours: 0 }), { code: 'MW-LIFE-0005' })
    assert.throws(() => new LimitTrend({ ...settings, horizon: -1 }), { code: 'MW-LIFE-0005' })
  })
})
