import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { gaussian, seeded } from '../../learning/random.ts'
import { ExponentialTrend } from './exponential.ts'
import { firstPassage } from './first-passage.ts'
import { WienerTrend } from './wiener.ts'

const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`)

describe('first passage of a Wiener process', () => {
  it('is the inverse Gaussian distribution for a known drift (values by scipy.stats.invgauss)', () => {
    const process = { drift: 0.5, driftVariance: 0, diffusion: 1.2 }
    const expected = [
      [5, 0.004246630428422129],
      [10, 0.13387256550826257],
      [20, 0.6005946643293382],
      [40, 0.9462402355133782],
    ] as const
    for (const [hours, value] of expected) near(firstPassage(process, 10, hours), value, 1e-12)
  })

  it('averages over an unknown drift (values by scipy.integrate.quad over its normal density)', () => {
    const process = { drift: 0.5, driftVariance: 0.04, diffusion: 1.2 }
    const expected = [
      [5, 0.006752561560138501],
      [10, 0.1624473482096474],
      [20, 0.5823099393904597],
      [40, 0.8713816276414275],
    ] as const
    for (const [hours, value] of expected) near(firstPassage(process, 10, hours), value, 1e-10)
  })

  it('is a probability that never falls with time, whatever the numbers', () => {
    // Of sizes that can be measured, or exactly nothing.
    const number = (min: number, max: number) =>
      fc.double({ min, max, noNaN: true }).map((value) => (Math.abs(value) < 1e-6 ? 0 : value))
    fc.assert(
      fc.property(
        number(-5, 5),
        number(0, 4),
        number(0, 10),
        number(-1, 100),
        number(0, 1000),
        number(0, 1000),
        (drift, driftVariance, diffusion, distance, hours, more) => {
          const process = { drift, driftVariance, diffusion }
          const now = firstPassage(process, distance, hours)
          const later = firstPassage(process, distance, hours + more)
          assert.ok(now >= 0 && later <= 1 && later >= now - 1e-9, `${now} then ${later}`)
        },
      ),
    )
  })
})

describe('a Wiener trend', () => {
  it('finds drift and diffusion of a simulated wear', () => {
    const random = seeded(5)
    const trend = new WienerTrend()
    let value = 0
    for (let hour = 0; hour <= 5000; hour++) {
      trend.push(hour, value)
      value += 0.2 + 0.7 * gaussian(random)
    }
    const { drift, driftVariance, diffusion } = trend.posterior()!
    near(drift, 0.2, 4 * Math.sqrt(driftVariance))
    near(diffusion, 0.7, 0.03)
    near(Math.sqrt(driftVariance), 0.7 / Math.sqrt(5000), 1e-3)
  })

  it('starts from what earlier lives say, and leaves it as it sees more', () => {
    const after = (hours: number) => {
      const trend = new WienerTrend({ drift: 1, variance: 0.01 })
      for (let hour = 0; hour <= hours; hour++) trend.push(hour, 0.1 * hour + (hour % 2))
      return trend.posterior()!.drift
    }
    assert.ok(after(4) > 0.8)
    near(after(20_000), 0.1, 0.01)
  })

  it('passes over missing values and refuses time that goes back', () => {
    const trend = new WienerTrend()
    trend.push(0, 1)
    trend.push(1, Number.NaN)
    assert.equal(trend.posterior(), undefined)
    assert.throws(() => trend.push(-1, 2), { code: 'MW-LIFE-0008' })
  })
})

describe('an exponential trend', () => {
  const prior = { intercept: 0, interceptVariance: 4, rate: 0.05, rateVariance: 0.01, noise: 0.04 }

  it('has the posterior of Bayesian linear regression (values by numpy: inverse of the precision matrix)', () => {
    const trend = new ExponentialTrend(prior, 1)
    ;[0, 1, 2, 5].forEach((hours) => {
      trend.push(hours, 1 + Math.exp(0.3 + 0.1 * hours))
    })
    const posterior = trend.posterior()
    near(posterior.intercept, 0.3207077688692286, 1e-12)
    near(posterior.rate, 0.08924523085429915, 1e-12)
    near(posterior.interceptVariance, 0.01880011058888582, 1e-14)
    near(posterior.rateVariance, 0.00221730716063036, 1e-14)
    near(posterior.covariance, -0.00442355543267902, 1e-14)
  })

  it('expects the failure where the line crosses the limit', () => {
    const trend = new ExponentialTrend({ ...prior, noise: 1e-4 })
    for (let hour = 0; hour <= 100; hour++) trend.push(hour, Math.exp(0.02 * hour))
    const limit = Math.exp(0.02 * 150)
    assert.ok(trend.failed(limit, 45) < 0.05)
    near(trend.failed(limit, 50), 0.5, 0.05)
    assert.ok(trend.failed(limit, 55) > 0.95)
    assert.equal(trend.failed(0, 1), 1)
  })
})
