import { normalCdf } from '../../distributions/normal.ts'
import type { Survival } from '../decision/remaining-life.ts'
import { lifeErrors } from '../errors.ts'
import { HealthyLevel } from './healthy.ts'
import { type Projection, projected } from './line.ts'
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
  readonly survival: Survival
}

const MOST_POINTS = 400
/** Share of the time since the wear began that the trend is taken from: wear speeds up, so older steps mislead. */
const WINDOW = 0.5
const LEAST_POINTS = 6
/** Of the way from healthy to the limit: what is less is no wear. */
const MATTERS = 0.02

/**
 * Remaining life of a machine with nothing known of earlier failures but the value at which it fails: once the signal leaves its healthy level,
 * its recent steps are followed to the limit in two ways that count the same: as a line (of the logarithm, when the limit is far above the
 * healthy level), and as what stands above the healthy level growing by a constant factor (Gebraeel 2005, its phi the healthy level). Wear
 * goes in between as a rule, and where the two differ the interval is wide. It comes from the trend alone and is not calibrated on failures.
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
    const ways = left === undefined ? [] : this.ways(left)
    const { horizon } = this.settings
    const survival: Survival = (hours) => {
      if (smooth >= limit) return 0
      if (ways.length === 0 || hours <= 0) return 1
      const reached = (ahead: number) =>
        ways.reduce((sum, { along, limit: its }) => {
          const { mean, deviation } = along(ahead)
          return sum + normalCdf((mean - its) / deviation) / ways.length
        }, 0)
      const already = reached(0)
      return already >= 1 ? 0 : 1 - Math.max(0, (reached(Math.min(hours, 4 * horizon)) - already) / (1 - already))
    }
    const back = (value: number) => this.sign * (this.logarithmic === true ? Math.exp(value) : value)
    return {
      level: back(smooth),
      healthy: back(level),
      since: left,
      health: 100 * Math.min(1, Math.max(0, (limit - smooth) / (limit - level))),
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

  /** The ways on that are thought possible: the line itself, and its way above healthy growing by a factor. */
  private ways(since: number): Projected[] {
    const { hours, values } = this.points
    const from = since + (1 - WINDOW) * (this.now - since)
    let first = hours.findIndex((each) => each >= from)
    if (first < 0 || hours.length - first < LEAST_POINTS) first = Math.max(0, hours.length - LEAST_POINTS)
    const { level, deviation } = this.healthyLevel
    const limit = this.limitValue()
    const way = Math.abs(limit - level)
    const { horizon } = this.settings
    const straight = projected(
      hours.slice(first),
      values.slice(first),
      // Before anything was seen: half of all wears cross the whole way within the horizon.
      (way / (0.3 * horizon)) ** 2,
      Math.max(deviation ** 2, 1e-12 * way * way),
      this.now,
    )
    const plain = (value: number) => (this.logarithmic === true ? Math.exp(value) : value)
    const floor = plain(level)
    const noise = plain(level + deviation) - floor
    // What does not stand out of the noise has no logarithm worth following.
    const clear = [...hours.keys()].slice(first).filter((at) => plain(values[at]!) - floor > 2 * noise)
    const growing =
      clear.length < LEAST_POINTS
        ? undefined
        : projected(
            clear.map((at) => hours[at]!),
            clear.map((at) => Math.log(plain(values[at]!) - floor)),
            (Math.log((plain(limit) - floor) / Math.max(noise, 1e-6 * (plain(limit) - floor))) / (0.3 * horizon)) ** 2,
            1e-6,
            this.now,
          )
    return [
      ...(straight === undefined ? [] : [{ along: straight, limit }]),
      ...(growing === undefined ? [] : [{ along: growing, limit: Math.log(plain(limit) - floor) }]),
    ]
  }
}

interface Projected {
  readonly along: Projection
  /** On its scale. */
  readonly limit: number
}
