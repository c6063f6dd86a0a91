import { normalCdf } from '../../distributions/normal.ts'
import { lifeErrors } from '../errors.ts'

/** ln(signal - floor) = intercept + rate·t + noise, with the two normal and independent before anything was seen. */
export interface ExponentialPrior {
  readonly intercept: number
  readonly interceptVariance: number
  /** An hour. */
  readonly rate: number
  readonly rateVariance: number
  /** Variance of the noise on the logarithm. */
  readonly noise: number
}

export interface ExponentialPosterior {
  readonly intercept: number
  readonly rate: number
  readonly interceptVariance: number
  readonly rateVariance: number
  readonly covariance: number
}

/**
 * Exponential degradation with a Bayesian update (Gebraeel, Lawley, Li and Ryan, "Residual-life distributions from component degradation
 * signals", IIE Transactions 37, 2005, section 3.1): the logarithm is a line, whose two coefficients have a bivariate normal posterior in closed form.
 */
export class ExponentialTrend {
  private readonly prior: ExponentialPrior
  private readonly floor: number
  private readonly keep: number
  private n = 0
  private t = 0
  private tt = 0
  private y = 0
  private ty = 0
  private now = 0

  /** @param floor what the signal rests on when nothing wears; @param memoryHours older values fade with this time constant, as a wear does not keep its rate */
  constructor(prior: ExponentialPrior, floor = 0, memoryHours?: number) {
    if (!(prior.noise > 0 && prior.interceptVariance > 0 && prior.rateVariance > 0))
      throw lifeErrors.trend({ reason: 'the variances of its prior are numbers above 0' })
    this.prior = prior
    this.floor = floor
    this.keep = memoryHours === undefined ? 0 : 1 / memoryHours
  }

  /** Values at or below the floor say nothing on this scale and are passed over. */
  push(hours: number, value: number): void {
    if (!(value > this.floor)) return
    const fade = this.keep > 0 ? Math.exp(-Math.max(0, hours - this.now) * this.keep) : 1
    const log = Math.log(value - this.floor)
    this.n = this.n * fade + 1
    this.t = this.t * fade + hours
    this.tt = this.tt * fade + hours * hours
    this.y = this.y * fade + log
    this.ty = this.ty * fade + hours * log
    this.now = hours
  }

  posterior(): ExponentialPosterior {
    const { intercept, interceptVariance, rate, rateVariance, noise } = this.prior
    const a = this.n / noise + 1 / interceptVariance
    const b = this.t / noise
    const c = this.tt / noise + 1 / rateVariance
    const u = this.y / noise + intercept / interceptVariance
    const v = this.ty / noise + rate / rateVariance
    const determinant = a * c - b * b
    return {
      intercept: (c * u - b * v) / determinant,
      rate: (a * v - b * u) / determinant,
      interceptVariance: c / determinant,
      rateVariance: a / determinant,
      covariance: -b / determinant,
    }
  }

  /** P(the signal is at or beyond `limit` within `hours` from the last value), as equation 8 there, on what has not failed yet. */
  failed(limit: number, hours: number): number {
    if (!(limit > this.floor)) return 1
    const posterior = this.posterior()
    const by = (ahead: number) => {
      const at = this.now + ahead
      const mean = posterior.intercept + posterior.rate * at
      const variance = posterior.interceptVariance + 2 * at * posterior.covariance + at * at * posterior.rateVariance
      return normalCdf((mean - Math.log(limit - this.floor)) / Math.sqrt(variance + this.prior.noise))
    }
    const already = by(0)
    if (already >= 1) return 1
    // A rate that may be negative makes this fall again later: what failed stays failed.
    return Math.min(1, Math.max(0, (by(hours) - already) / (1 - already)))
  }
}
