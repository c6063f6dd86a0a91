/** Charts that remember, for small shifts that last (Montgomery chapter 9). */
import { qualityErrors } from '../errors.ts'
import { type ControlChart, chartOf } from './chart.ts'
import type { ProcessLevel } from './variables.ts'

export interface EwmaSettings {
  /** Weight of the newest point, 0 to 1. */
  readonly weight: number
  /** Limits in standard deviations of the average; the default alarms falsely about every 500 points (Montgomery table 9.11). */
  readonly width: number
}

export const ewmaDefaults: EwmaSettings = { weight: 0.2, width: 2.962 }

/** Exponentially weighted moving average (Roberts 1959) with exact limits for each point; a missing point changes nothing. */
export function ewma(
  values: Float64Array,
  { mean, sigma }: ProcessLevel,
  { weight, width }: EwmaSettings = ewmaDefaults,
): ControlChart {
  if (!(weight > 0 && weight <= 1))
    throw qualityErrors.setting({ name: 'weight', value: weight, reason: 'it lies above 0 and is at most 1' })
  let level = mean
  const points = values.map((value) => {
    if (Number.isFinite(value)) level += weight * (value - level)
    return level
  })
  return chartOf({
    statistic: 'weighted average',
    points,
    centre: () => mean,
    sigma: (at) => sigma * Math.sqrt((weight / (2 - weight)) * (1 - (1 - weight) ** (2 * (at + 1)))),
    width,
  })
}

export interface CusumSettings {
  /** Half of the shift that matters, in standard deviations. */
  readonly allowance: number
  /** The sum that alarms, in standard deviations: with an allowance of 0.5, 5 alarms falsely about every 465 points. */
  readonly decision: number
}

export const cusumDefaults: CusumSettings = { allowance: 0.5, decision: 5 }

export interface CusumCharts {
  /** In the units of the values, above 0 as it piles up. */
  readonly up: ControlChart
  readonly down: ControlChart
  /** Since how many points each sum has been above 0: the shift began there. */
  readonly upSince: Int32Array
  readonly downSince: Int32Array
}

/** Tabular CUSUM (Page 1954; Montgomery 9.1.2). */
export function cusum(
  values: Float64Array,
  { mean, sigma }: ProcessLevel,
  { allowance, decision }: CusumSettings = cusumDefaults,
): CusumCharts {
  const up = sums(values, (value) => value - mean - allowance * sigma)
  const down = sums(values, (value) => mean - value - allowance * sigma)
  return {
    up: sumChart('sum upwards', up.points, decision * sigma),
    down: sumChart('sum downwards', down.points, decision * sigma),
    upSince: up.since,
    downSince: down.since,
  }
}

function sums(values: Float64Array, step: (value: number) => number) {
  const points = new Float64Array(values.length)
  const since = new Int32Array(values.length)
  let [sum, count] = [0, 0]
  values.forEach((value, at) => {
    if (Number.isFinite(value)) {
      sum = Math.max(0, sum + step(value))
      count = sum > 0 ? count + 1 : 0
    }
    points[at] = sum
    since[at] = count
  })
  return { points, since }
}

const sumChart = (statistic: string, points: Float64Array, limit: number): ControlChart => ({
  statistic,
  points,
  centre: new Float64Array(points.length),
  sigma: new Float64Array(points.length).fill(limit / 3),
  lower: new Float64Array(points.length).fill(Number.NEGATIVE_INFINITY),
  upper: new Float64Array(points.length).fill(limit),
})
