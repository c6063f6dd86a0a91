/** Shewhart charts of measured values (Montgomery chapter 6; ISO 7870-2 clause 6). */
import { qualityErrors } from '../errors.ts'
import { type ControlChart, chartOf, type Stretch } from './chart.ts'
import { c4, d2, d3 } from './constants.ts'
import type { Subgroup } from './subgroups.ts'

/** What phase I found: the level of the process and the spread within subgroups. */
export interface ProcessLevel {
  readonly mean: number
  readonly sigma: number
}

export interface VariableCharts extends ProcessLevel {
  readonly location: ControlChart
  readonly spread: ControlChart
}

/** Fewer points make limits that mean nothing; 20 to 25 are usual. */
export const LEAST_POINTS = 5

/** X-bar and R: for subgroups of up to about 10. @throws MW-QUALITY-0001, -0002, -0003 */
export function xbarR(groups: readonly Subgroup[], phaseOne?: Stretch, known?: ProcessLevel): VariableCharts {
  const ranges = Float64Array.from(groups, ({ values }) => rangeOf(values))
  const { mean, sigma } = known ?? levelOf(groups, phaseOne, (at, n) => ranges[at]! / d2(n))
  const spread = chartOf({
    statistic: 'range',
    points: ranges,
    centre: (at) => d2(sizeAt(groups, at)) * sigma,
    sigma: (at) => d3(sizeAt(groups, at)) * sigma,
    least: 0,
  })
  return { mean, sigma, location: means(groups, mean, sigma), spread }
}

/** X-bar and s: for any size, and sizes that change. @throws MW-QUALITY-0001, -0002, -0003 */
export function xbarS(groups: readonly Subgroup[], phaseOne?: Stretch, known?: ProcessLevel): VariableCharts {
  const deviations = Float64Array.from(groups, ({ values }) => deviationOf(values))
  const { mean, sigma } = known ?? levelOf(groups, phaseOne, (at, n) => deviations[at]! / c4(n))
  const spread = chartOf({
    statistic: 'standard deviation',
    points: deviations,
    centre: (at) => c4(sizeAt(groups, at)) * sigma,
    sigma: (at) => Math.sqrt(1 - c4(sizeAt(groups, at)) ** 2) * sigma,
    least: 0,
  })
  return { mean, sigma, location: means(groups, mean, sigma), spread }
}

/** Individual readings and their moving range of two; a missing reading breaks the range. @throws MW-QUALITY-0001, -0002 */
export function individuals(values: Float64Array, phaseOne?: Stretch, known?: ProcessLevel): VariableCharts {
  const moving = values.map((value, at) => (at === 0 ? Number.NaN : Math.abs(value - values[at - 1]!)))
  const { mean, sigma } = known ?? individualLevel(values, moving, phaseOne)
  return {
    mean,
    sigma,
    location: chartOf({ statistic: 'value', points: values, centre: () => mean, sigma: () => sigma }),
    spread: chartOf({
      statistic: 'moving range',
      points: moving,
      centre: () => d2(2) * sigma,
      sigma: () => d3(2) * sigma,
      least: 0,
    }),
  }
}

const means = (groups: readonly Subgroup[], mean: number, sigma: number): ControlChart =>
  chartOf({
    statistic: 'mean',
    points: Float64Array.from(groups, ({ values }) => meanOf(values)),
    centre: () => mean,
    sigma: (at) => sigma / Math.sqrt(sizeAt(groups, at)),
  })

/** Grand mean, weighted by size, and the mean of what each subgroup says of sigma. */
function levelOf(
  groups: readonly Subgroup[],
  phaseOne: Stretch | undefined,
  sigmaOf: (at: number, n: number) => number,
): ProcessLevel {
  const { from, to } = within(phaseOne, groups.length)
  const small = groups.findIndex(({ values }) => values.length < 2)
  if (small >= 0) throw qualityErrors.shape({ reason: `subgroup ${small + 1} has fewer than two readings` })
  let [sum, count, sigma] = [0, 0, 0]
  for (let at = from; at < to; at++) {
    const { values } = groups[at]!
    sum += meanOf(values) * values.length
    count += values.length
    sigma += sigmaOf(at, values.length) / (to - from)
  }
  return spreadOf('The spread within the subgroups', sum / count, sigma)
}

function individualLevel(values: Float64Array, moving: Float64Array, phaseOne: Stretch | undefined): ProcessLevel {
  const { from, to } = within(phaseOne, values.length)
  const taken = values.subarray(from, to).filter(Number.isFinite)
  const ranges = moving.subarray(from + 1, to).filter(Number.isFinite)
  if (ranges.length < LEAST_POINTS - 1)
    throw qualityErrors.tooFew({ count: taken.length, what: 'readings', least: LEAST_POINTS })
  return spreadOf('The signal', meanOf(taken), meanOf(ranges) / d2(2))
}

function spreadOf(what: string, mean: number, sigma: number): ProcessLevel {
  if (!(sigma > 1e-12 * Math.max(1e-300, Math.abs(mean)))) throw qualityErrors.noSpread({ what, value: mean })
  return { mean, sigma }
}

export function within(stretch: Stretch | undefined, points: number): Stretch {
  const from = Math.max(0, stretch?.from ?? 0)
  const to = Math.min(points, stretch?.to ?? points)
  if (to - from < LEAST_POINTS)
    throw qualityErrors.tooFew({
      count: Math.max(0, to - from),
      what: 'points to take the limits from',
      least: LEAST_POINTS,
    })
  return { from, to }
}

const sizeAt = (groups: readonly Subgroup[], at: number): number => groups[at]!.values.length

export const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

export function deviationOf(values: Float64Array): number {
  const mean = meanOf(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
}

function rangeOf(values: Float64Array): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return high - low
}
