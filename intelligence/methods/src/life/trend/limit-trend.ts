import type { Survival } from '../decision/remaining-life.ts'
import { lifeErrors } from '../errors.ts'
import { normalCdf } from '../survival/normal.ts'
import { HealthyLevel } from './healthy.ts'
import { ThinnedSteps } from './steps.ts'

export interface LimitTrendSettings {
  /** The value of the signal at which the machine counts as failed. */
  readonly limit: number
  /** Which way wear moves the signal. */
  readonly direction: 'rises' | 'falls'
  /** Readings are averaged over steps of this length. */
  readonly stepHours: number
  /** Hours ahead that are looked at. */
  readonly horizon: number
}

export interface TrendState {
  /** Smoothed value now, in the unit of the signal. */
  readonly level: number
  readonly healthy: number
  /** Hours (on the axis of `push`) since when the signal has left its healthy level; undefined while it is there. */
  readonly since: number | undefined
  /** 100 at the healthy level, 0 at the limit. */
  readonly health: number
  /** Expected value `hours` from now with the band that holds it with 90 %; only while it wears. */
  project(hours: number): { readonly middle: number; readonly low: number; readonly high: number } | undefined
  readonly survival: Survival
}

const MOST_POINTS = 400
/** Share of the time since the wear began that the trend is taken from: wear speeds up, so older steps mislead. */
const WINDOW = 0.5
const LEAST_POINTS = 6
/** Points that the slope of half a window is taken from. */
const LEAST_HALF = 4
/** Of the way from healthy to the limit: what is less is no wear. */
const MATTERS = 0.02

/**
 * Remaining life of a machine with nothing known of earlier failures but the value at which it fails: once the signal leaves its healthy level, a
 * Bayesian line is laid through its recent steps (of the logarithm, when the limit is far above the healthy level: Gebraeel 2005) and
 * followed to the limit. Its interval comes from the trend alone and is not calibrated on failures.
 */
export class LimitTrend {
  private readonly settings: LimitTrendSettings
  private readonly sign: number
  private readonly healthyLevel = new HealthyLevel()
  private readonly points = new ThinnedSteps(MOST_POINTS)
  private logarithmic: boolean | undefined
  private step = Number.NaN
  private sum = 0
  private count = 0
  private now = 0

  /** @throws MW-LIFE-0005 */
  constructor(settings: LimitTrendSettings) {
    const wrong = (name: string, value: number, reason: string) => lifeErrors.setting({ name, value, reason })
    if (!Number.isFinite(settings.limit)) throw wrong('limit', settings.limit, 'it is a number')
    if (!(settings.stepHours > 0)) throw wrong('stepHours', settings.stepHours, 'it is a number of hours above 0')
    if (!(settings.horizon > 0)) throw wrong('horizon', settings.horizon, 'it is a number of hours above 0')
    this.settings = settings
    this.sign = settings.direction === 'rises' ? 1 : -1
  }

  /** @param hours ascending; a missing value is passed over. @returns whether a step is complete, so that `state` says something new */
  push(hours: number, value: number): boolean {
    if (!Number.isFinite(value)) return false
    const step = Math.floor(hours / this.settings.stepHours)
    const complete = this.count > 0 && step !== this.step
    if (complete) this.take()
    this.step = step
    this.sum += value
    this.count++
    this.now = hours
    return complete
  }

  /** @returns undefined until the healthy level is known */
  state(): TrendState | undefined {
    const { level, smooth, left } = this.healthyLevel
    if (Number.isNaN(this.healthyLevel.deviation)) return undefined
    const limit = this.limitValue()
    const line = left === undefined ? undefined : this.line(left)
    const { horizon } = this.settings
    const survival: Survival = (hours) => {
      if (smooth >= limit) return 0
      if (line === undefined || hours <= 0) return 1
      const reached = (ahead: number) => {
        const { mean, deviation } = line(ahead)
        return normalCdf((mean - limit) / deviation)
      }
      const already = reached(0)
      return already >= 1 ? 0 : 1 - Math.max(0, (reached(Math.min(hours, 4 * horizon)) - already) / (1 - already))
    }
    const back = (value: number) => this.sign * (this.logarithmic === true ? Math.exp(value) : value)
    return {
      level: back(smooth),
      healthy: back(level),
      since: left,
      health: 100 * Math.min(1, Math.max(0, (limit - smooth) / (limit - level))),
      project: (hours) => {
        if (line === undefined) return undefined
        const { mean, deviation } = line(hours)
        const ends = [back(mean - 1.645 * deviation), back(mean + 1.645 * deviation)]
        return { middle: back(mean), low: Math.min(...ends), high: Math.max(...ends) }
      },
      survival,
    }
  }

  private take(): void {
    const mean = (this.sign * this.sum) / this.count
    const hours = (this.step + 0.5) * this.settings.stepHours
    this.sum = this.count = 0
    // Of a signal that rises from above 0 to several times itself, the ratio is what wears on.
    this.logarithmic ??= this.sign > 0 && mean > 0 && this.settings.limit > 2 * mean
    if (this.logarithmic && !(mean > 0)) return
    const value = this.logarithmic ? Math.log(mean) : mean
    const { level, left } = this.healthyLevel
    this.healthyLevel.push(hours, value, Number.isNaN(level) ? 0 : MATTERS * Math.abs(this.limitValue() - level))
    if (this.healthyLevel.left === undefined) this.points.clear()
    else {
      if (left === undefined) this.points.clear()
      this.points.push(hours, value)
    }
  }

  private limitValue(): number {
    const limit = this.sign * this.settings.limit
    return this.logarithmic === true ? Math.log(limit) : limit
  }

  /** Mean and standard deviation of the line ahead; undefined while there are too few steps. */
  private line(since: number): ((ahead: number) => { mean: number; deviation: number }) | undefined {
    const { hours, values } = this.points
    const from = since + (1 - WINDOW) * (this.now - since)
    let first = hours.findIndex((each) => each >= from)
    if (first < 0 || hours.length - first < LEAST_POINTS) first = Math.max(0, hours.length - LEAST_POINTS)
    const n = hours.length - first
    if (n < 3) return undefined
    const whole = lineOf(hours, values, first, hours.length)
    // Before anything was seen: half of all wears cross the whole way within the horizon.
    const way = Math.abs(this.limitValue() - this.healthyLevel.level)
    const priorVariance = (way / (0.3 * this.settings.horizon)) ** 2
    const noise = Math.max(this.healthyLevel.deviation ** 2, whole.scatter / Math.max(1, n - 2), 1e-12 * way * way)
    if (n < 2 * LEAST_HALF) return this.ahead(whole, 0, noise, noise / priorVariance)
    // A wear that speeds up: as far as its later half is steeper than noise makes it, it is taken to get steeper on by as much again.
    const middle = first + (n >> 1)
    const early = lineOf(hours, values, first, middle)
    const late = lineOf(hours, values, middle, hours.length)
    const bend = late.ty / late.tt - early.ty / early.tt
    const chance = noise * (1 / early.tt + 1 / late.tt)
    const steeper = (bend * bend * bend) / (bend * bend + chance)
    return this.ahead(late, steeper / 2, noise, noise / priorVariance)
  }

  /** @param steeper added to the rate, and as uncertain as it is large; @param ridge what draws the rate to 0 while little is known */
  private ahead({ n, t, y, tt, ty }: Line, steeper: number, noise: number, ridge: number) {
    const rate = ty / (tt + ridge) + steeper
    const rateVariance = noise / (tt + ridge) + steeper * steeper
    const { now } = this
    return (ahead: number) => {
      const away = now + ahead - t
      return { mean: y + rate * away, deviation: Math.sqrt(noise / n + rateVariance * away * away + noise) }
    }
  }
}

/** Sums about the means of `from` to `to` - 1, and the squared residuals of the least-squares line through them. */
interface Line {
  readonly n: number
  readonly t: number
  readonly y: number
  readonly tt: number
  readonly ty: number
  readonly scatter: number
}

function lineOf(hours: readonly number[], values: readonly number[], from: number, to: number): Line {
  const n = to - from
  let t = 0
  let y = 0
  for (let at = from; at < to; at++) {
    t += hours[at]! / n
    y += values[at]! / n
  }
  let tt = 0
  let ty = 0
  let yy = 0
  for (let at = from; at < to; at++) {
    tt += (hours[at]! - t) ** 2
    ty += (hours[at]! - t) * (values[at]! - y)
    yy += (values[at]! - y) ** 2
  }
  return { n, t, y, tt, ty, scatter: Math.max(0, yy - (ty * ty) / tt) }
}
