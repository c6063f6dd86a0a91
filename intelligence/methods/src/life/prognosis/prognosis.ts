import { quantileOf, type Survival, survivalFromInterval } from '../decision/remaining-life.ts'
import { LifePredictor } from '../learned/predictor.ts'
import { HOUR } from '../run.ts'
import { weibullRemaining } from '../survival/weibull.ts'
import { LimitTrend } from '../trend/limit-trend.ts'
import { beyond } from './lives.ts'
import type { PrognosisModel } from './model.ts'

export type PrognosisState = 'learning' | 'healthy' | 'wearing' | 'failed'

export interface Prognosis {
  readonly state: PrognosisState
  /** 0 to 100. */
  readonly health: number
  /** Remaining useful life: median and interval, hours; at the horizon it means "at least that". */
  readonly hours: number
  readonly low: number
  readonly high: number
  readonly survival: Survival
  /** What the numbers come from: lives learned from (calibrated), the trend towards the limit, age alone, or nothing yet. */
  readonly basis: 'lives' | 'trend' | 'age' | 'nothing'
  /** Since when it wears, µs; only while it does. */
  readonly since: number | undefined
  /** Signals outside of what was learned from; an empty name for conditions. */
  readonly outside: readonly string[]
  /** The limit's signal, smoothed, and where it stands when healthy. */
  readonly level: number | undefined
  readonly healthy: number | undefined
}

/** Of a health that was learned: below it, it wears. */
const WEARS_BELOW = 75

/** Follows one machine over its lives and says after each row what remains of this one. */
export class PrognosisFollower {
  private readonly model: PrognosisModel
  private readonly limitColumn: number
  private predictor: LifePredictor | undefined
  private trend: LimitTrend | undefined
  private failed = false
  private began: number | undefined
  private wornSince: number | undefined
  private predicted = false
  private now = 0

  /** @param began when this life began, µs, if that is known from before the first row */
  constructor(model: PrognosisModel, began?: number) {
    this.model = model
    this.limitColumn = model.limit === undefined ? -1 : model.names.indexOf(model.limit.signal)
    this.renew()
    this.began = began
  }

  /** @param time µs, ascending; @param row a value for each of the model's signals, NaN for missing */
  push(time: number, row: ArrayLike<number>): void {
    const { limit } = this.model
    this.now = time
    if (limit !== undefined) {
      const reading = row[this.limitColumn]!
      const over = beyond(limit, reading)
      if (this.failed && !over && !Number.isNaN(reading)) this.renew()
      this.failed = over || (this.failed && Number.isNaN(reading))
      if (this.failed) return
      this.trend?.push(time / HOUR, reading)
    }
    this.began ??= time
    if (this.predictor?.push(time, row) === true) this.predicted = true
  }

  prognosis(): Prognosis {
    const { horizon, coverage, learned, ageing } = this.model
    const trend = this.trend?.state()
    const common = { level: trend?.level, healthy: trend?.healthy, outside: [] as readonly string[] }
    if (this.failed)
      return {
        ...common,
        state: 'failed',
        health: 0,
        hours: 0,
        low: 0,
        high: 0,
        survival: (ahead) => (ahead > 0 ? 0 : 1),
        basis: 'trend',
        since: undefined,
      }
    const age = this.began === undefined ? 0 : (this.now - this.began) / HOUR
    if (this.predictor !== undefined && learned !== undefined && this.predicted) {
      const { hours, low, high, health, outside } = this.predictor.predict()
      if (outside.length === 0 || trend === undefined) {
        // An upper end at the horizon is an open one: as far above as the lower lies below.
        const open = high >= horizon * 0.999 ? Math.max(high, 2 * hours - low) : high
        const wearing = health < WEARS_BELOW
        if (!wearing) this.wornSince = undefined
        else this.wornSince ??= this.now
        const survival = survivalFromInterval(hours, low, open, learned.interval.coverage)
        const state = wearing ? 'wearing' : 'healthy'
        return { ...common, state, health, hours, low, high, survival, basis: 'lives', since: this.wornSince, outside }
      }
      common.outside = outside
    }
    if (trend === undefined && ageing === undefined)
      return {
        ...common,
        state: 'learning',
        health: Number.NaN,
        hours: horizon,
        low: 0,
        high: horizon,
        survival: () => 1,
        basis: 'nothing',
        since: undefined,
      }
    const survival: Survival = (ahead) =>
      (trend?.survival(ahead) ?? 1) * (ageing === undefined ? 1 : weibullRemaining(ageing, age, Math.max(0, ahead)))
    const tail = (1 - coverage) / 2
    return {
      ...common,
      state: trend === undefined ? 'learning' : trend.since === undefined ? 'healthy' : 'wearing',
      health: trend?.health ?? 100 * survival(horizon),
      hours: quantileOf(survival, 0.5, horizon),
      low: quantileOf(survival, tail, horizon),
      high: quantileOf(survival, 1 - tail, horizon),
      survival,
      basis: trend?.since === undefined ? (ageing === undefined ? 'nothing' : 'age') : 'trend',
      since: trend?.since === undefined ? undefined : trend.since * HOUR,
    }
  }

  /** A new life: after a repair, what was followed before tells nothing any more. */
  private renew(): void {
    const { limit, learned, horizon, stepHours } = this.model
    this.predictor = learned === undefined ? undefined : new LifePredictor(learned)
    this.trend =
      limit === undefined
        ? undefined
        : new LimitTrend({ limit: limit.value, direction: limit.direction, stepHours, horizon })
    this.began = undefined
    this.wornSince = undefined
    this.predicted = false
  }
}
