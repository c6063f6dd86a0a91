import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { weibullSurvival } from '../survival/weibull.ts'
import { ageReplacement } from './age-replacement.ts'
import { quantileOf, survivalFromInterval } from './remaining-life.ts'
import { whenToStop } from './stop-time.ts'

const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`)
const bearing = { shape: 2.1021, scale: 81.8783 }

describe('renewal by age', () => {
  it('finds the age and cost that scipy finds for the ball bearings (minimize_scalar over quad)', () => {
    const advice = ageReplacement(bearing, 1, 10)
    near(advice.age!, 27.7018, 0.05)
    near(advice.costRate, 0.0699861, 1e-6)
    near(advice.costRateUnplanned, 0.1378956, 1e-6)
  })

  it('is never advised for what does not wear', () => {
    assert.equal(ageReplacement({ shape: 1, scale: 100 }, 1, 10).age, undefined)
    assert.equal(ageReplacement({ shape: 0.7, scale: 100 }, 1, 10).age, undefined)
    assert.equal(ageReplacement({ shape: 3, scale: 100 }, 10, 10).age, undefined)
  })

  it('refuses costs that are none', () => {
    assert.throws(() => ageReplacement(bearing, 0, 10), { code: 'MW-LIFE-0005' })
  })
})

describe('a remaining life out of a prediction and its interval', () => {
  it('has the prediction as its median and the interval as its quantiles', () => {
    const survival = survivalFromInterval(200, 150, 300, 0.9)
    near(survival(200), 0.5, 1e-6)
    near(quantileOf(survival, 0.05, 1000), 150, 0.01)
    near(quantileOf(survival, 0.95, 1000), 300, 0.01)
  })

  it('falls from 1 and stays a probability for any interval', () => {
    const hours = fc.double({ min: 0, max: 1000, noNaN: true })
    fc.assert(
      fc.property(hours, hours, hours, hours, hours, (a, b, c, from, more) => {
        const [low, middle, high] = [a, b, c].sort((x, y) => x - y) as [number, number, number]
        const survival = survivalFromInterval(middle, low, high, 0.9)
        assert.equal(survival(0), 1)
        assert.ok(survival(from) >= survival(from + more) && survival(from + more) >= 0 && survival(from) <= 1)
      }),
    )
  })
})

describe('when to stop', () => {
  const costs = { failure: 10_000, planned: 1000, life: 2000 }
  const soon = survivalFromInterval(200, 120, 300, 0.9)

  it('stops where the hazard costs what an hour of life is worth', () => {
    const advice = whenToStop(soon, costs, [], 400)
    const step = 0.5
    const hazard = (soon(advice.at - step) - soon(advice.at + step)) / (2 * step * soon(advice.at))
    near((hazard * (costs.failure - costs.planned)) / (costs.planned / costs.life), 1, 0.25)
    assert.ok(advice.from <= advice.at && advice.at <= advice.to && advice.to < 200)
    near(advice.cost, costs.planned + (costs.failure - costs.planned) * advice.failureBefore, 1e-6)
    assert.ok(advice.waiting > 5 * advice.cost)
  })

  it('waits for a cheaper window as long as that is worth the risk', () => {
    const worth = whenToStop(soon, costs, [{ from: 90, to: 100, planned: 200 }], 400)
    assert.ok(worth.at >= 90 && worth.at <= 100, String(worth.at))
    const risky = whenToStop(soon, costs, [{ from: 250, to: 260, planned: 200 }], 400)
    assert.ok(risky.at < 90, String(risky.at))
  })

  it('stops at once what is about to fail, and lets run what is not', () => {
    assert.ok(whenToStop(survivalFromInterval(1, 0, 2, 0.9), costs, [], 400).at < 1)
    const healthy = whenToStop((hours) => weibullSurvival({ shape: 4, scale: 5000 }, hours), costs, [], 400)
    near(healthy.at, 400, 1e-9)
  })

  it('refuses costs and times that are none', () => {
    assert.throws(() => whenToStop(soon, { ...costs, planned: Number.NaN }, [], 400), { code: 'MW-LIFE-0005' })
    assert.throws(() => whenToStop(soon, costs, [], 0), { code: 'MW-LIFE-0005' })
  })
})
