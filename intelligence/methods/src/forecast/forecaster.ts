import type { Micros } from '@millwright/foundation'
import { fillGaps } from './gaps.ts'
import { memberOf } from './members.ts'
import type { ForecastModel } from './model.ts'

export interface Forecast {
  /** One value for each step of the horizon. */
  readonly mean: Float64Array
  readonly low: Float64Array
  readonly high: Float64Array
  /** Why the forecast is worth less than its validation says, in a sentence; absent when nothing speaks against it. */
  readonly outside?: string
}

export interface Forecaster {
  /** Newest values that it wants; fewer give no forecast. */
  readonly context: number
  /**
   * @param values the newest values on the model's steps, NaN = missing, the last one being the step before `time`
   * @param time start of the first step to forecast
   * @returns undefined when there are too few values, or too many of them are missing
   */
  forecast(values: Float64Array, time: Micros): Forecast | undefined
}

/** More of the context missing than this, and a forecast would be made of fillings. */
const MOST_MISSING = 0.3
/** A value this share of the trained range beyond it is something the model has not seen. */
const BEYOND = 0.1

export function createForecaster(model: ForecastModel): Forecaster {
  const { horizon, centre, scale, below, above, range } = model
  const members = model.members.map((member) => memberOf(member, horizon))
  const context = Math.max(1, ...members.map((member) => member.context))
  const each = new Float64Array(horizon)
  const season = model.seasons[0] ?? 1
  return {
    context,
    forecast(values, time) {
      if (values.length < context) return undefined
      const window = values.slice(values.length - context)
      const missing = window.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0)
      if (missing > MOST_MISSING * context) return undefined
      const scaled = fillGaps(window, season, context).map((value) => (value - centre) / scale)
      const mean = new Float64Array(horizon)
      members.forEach((member, m) => {
        member.predict(scaled, context, time, each)
        for (let h = 0; h < horizon; h++) mean[h]! += weightAt(model, h, m) * each[h]!
      })
      // What never was below zero (an energy, a count) will not be.
      const floor = range[0] >= 0 ? 0 : Number.NEGATIVE_INFINITY
      for (let h = 0; h < horizon; h++) mean[h] = Math.max(floor, centre + scale * mean[h]!)
      const outside = outsideOf(window, range, missing / context)
      return {
        mean,
        low: mean.map((value, h) => Math.max(floor, value + below[h]!)),
        high: mean.map((value, h) => value + above[h]!),
        ...(outside === undefined ? {} : { outside }),
      }
    },
  }
}

export function weightAt(
  { bands, members, weights }: Pick<ForecastModel, 'bands' | 'members' | 'weights'>,
  h: number,
  member: number,
): number {
  let band = bands.length - 1
  while (band > 0 && h + 1 < bands[band]!) band--
  return weights[band * members.length + member]!
}

function outsideOf(window: Float64Array, [low, high]: readonly [number, number], missing: number): string | undefined {
  const newest = window.subarray(Math.floor(window.length * 0.9))
  const margin = BEYOND * (high - low)
  const far = newest.find((value) => value < low - margin || value > high + margin)
  if (far !== undefined)
    return `A recent value, ${far.toPrecision(4)}, lies outside of what the model was trained on (${low.toPrecision(4)} to ${high.toPrecision(4)}).`
  if (newest.length > 20 && newest.every((value) => value === newest[0]) && low !== high)
    return 'The newest values are all the same: the sensor may be stuck.'
  if (missing > 0.1) return `${Math.round(missing * 100)} % of the recent values are missing.`
  return undefined
}
