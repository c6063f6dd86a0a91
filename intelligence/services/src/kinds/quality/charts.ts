import type { BodyOf, ControlCharts, qualityOperations } from '@millwright/contracts'
import type { SignalFacts } from '@millwright/data'
import {
  byTime,
  type ControlChart,
  capability,
  cChart,
  consecutive,
  cusum,
  ewma,
  firedRules,
  individuals,
  nelsonRules,
  npChart,
  outside,
  type ProcessLevel,
  pChart,
  type RunRule,
  type Stretch,
  type Subgroup,
  standardised,
  uChart,
  westernElectricRules,
  xbarR,
  xbarS,
} from '@millwright/methods/quality'
import type { ReadSignal } from './read.ts'
import { chartSentence } from './words.ts'

export type ChartQuery = BodyOf<typeof qualityOperations.queryControlChart>

interface Drawn {
  readonly charts: readonly ControlChart[]
  /** Time of each point. */
  readonly times: Float64Array
  readonly level: ProcessLevel | null
}

/** Only limits are looked at on charts whose points follow on each other. */
const RULES: Readonly<Record<NonNullable<ChartQuery['rules']>, readonly RunRule[]>> = {
  nelson: nelsonRules,
  'western-electric': westernElectricRules,
}
const BINS = 24
/** Points that a page can show. */
const MOST_POINTS = 20_000

export function controlCharts(
  facts: SignalFacts,
  equipmentName: string,
  { times, values }: ReadSignal,
  query: ChartQuery,
): ControlCharts {
  const chart = query.chart ?? 'individuals'
  const usable = Int32Array.from(values.keys()).filter((at) => Number.isFinite(values[at]!))
  const kept = usable.subarray(Math.max(0, usable.length - MOST_POINTS))
  const [at, readings] = [Float64Array.from(kept, (i) => times[i]!), Float64Array.from(kept, (i) => values[i]!)]
  const drawn = draw(chart, at, readings, query)
  const remembers = chart === 'ewma' || chart === 'cusum'
  const fired = drawn.charts.flatMap((each, index) => firedOn(each, index, drawn.times, query, remembers || index > 0))
  fired.sort((a, b) => a.to - b.to)
  const last = drawn.times.length - 1
  const standing = fired.filter((each) => each.last === last)
  const since = standing.length === 0 ? null : Math.min(...standing.map(({ from }) => from))
  const { lower, upper } = query
  const able =
    (lower === undefined && upper === undefined) || drawn.level === null
      ? null
      : capability(readings, { lower, upper }, drawn.level.sigma)
  const shown: Omit<ControlCharts, 'sentence'> = {
    signal: facts.id,
    name: facts.name,
    unit: facts.unit,
    equipment: facts.equipment,
    equipmentName,
    simulated: facts.simulated,
    chart,
    readings: readings.length,
    charts: drawn.charts.map((each) => ({
      statistic: each.statistic,
      time: Array.from(drawn.times),
      points: gapped(each.points),
      centre: Array.from(each.centre),
      lower: gapped(each.lower),
      upper: gapped(each.upper),
      sigma: Array.from(each.sigma),
    })),
    fired,
    inControl: standing.length === 0,
    since,
    level: drawn.level === null ? null : { mean: drawn.level.mean, sigma: drawn.level.sigma },
    capability:
      able === null ? null : { ...able, cp: able.cp ?? null, pp: able.pp ?? null, warnings: [...able.warnings] },
    histogram: histogramOf(readings, lower, upper),
  }
  return { ...shown, sentence: chartSentence(shown, standing) }
}

function draw(
  chart: NonNullable<ChartQuery['chart']>,
  times: Float64Array,
  values: Float64Array,
  query: ChartQuery,
): Drawn {
  switch (chart) {
    case 'individuals': {
      const { location, spread, mean, sigma } = individuals(values, stretchOf(times, query))
      return { charts: [location, spread], times, level: { mean, sigma } }
    }
    case 'xbar-r':
    case 'xbar-s': {
      const groups = groupsOf(times, values, query)
      const starts = startsOf(times, groups)
      const make = chart === 'xbar-r' ? xbarR : xbarS
      const { location, spread, mean, sigma } = make(groups, stretchOf(starts, query))
      return { charts: [location, spread], times: starts, level: { mean, sigma } }
    }
    case 'ewma':
    case 'cusum': {
      const level = individuals(values, stretchOf(times, query))
      if (chart === 'ewma') return { charts: [ewma(values, level)], times, level }
      const { up, down } = cusum(values, level)
      return { charts: [up, down], times, level }
    }
    case 'c':
      return { charts: [cChart(values, stretchOf(times, query))], times, level: null }
    default: {
      const groups = groupsOf(times, values, query)
      const starts = startsOf(times, groups)
      const sizes = Float64Array.from(groups, (group) => group.values.length)
      const counts = Float64Array.from(groups, (group) =>
        // What is 0 was bad: results are 1 for a good part, and so are truths.
        chart === 'u'
          ? group.values.reduce((sum, value) => sum + value, 0)
          : group.values.reduce((sum, value) => sum + (value === 0 ? 1 : 0), 0),
      )
      const stretch = stretchOf(starts, query)
      const made =
        chart === 'p'
          ? pChart(counts, sizes, stretch)
          : chart === 'np'
            ? npChart(counts, query.subgroup ?? 5, stretch)
            : uChart(counts, sizes, stretch)
      return { charts: [made], times: starts, level: null }
    }
  }
}

const groupsOf = (times: Float64Array, values: Float64Array, { subgroup = 5, every }: ChartQuery): Subgroup[] =>
  every === undefined ? consecutive(values, subgroup) : byTime(times, values, every)

const startsOf = (times: Float64Array, groups: readonly Subgroup[]): Float64Array =>
  Float64Array.from(groups, ({ at }) => times[at]!)

function stretchOf(times: Float64Array, { phaseOne }: ChartQuery): Stretch | undefined {
  if (phaseOne === undefined) return undefined
  const from = times.findIndex((time) => time >= phaseOne.from)
  const to = times.findIndex((time) => time >= phaseOne.to)
  return { from: from < 0 ? times.length : from, to: to < 0 ? times.length : to }
}

/** On charts that remember, and of spread, patterns of points mean nothing: only the limits count. */
function firedOn(
  chart: ControlChart,
  index: number,
  times: Float64Array,
  { rules = 'nelson' }: ChartQuery,
  limitsOnly: boolean,
): ControlCharts['fired'] {
  const beyond = outside(chart)
  const runs = limitsOnly
    ? firedRules(chart.points, [{ id: 'limits', says: 'a point beyond its limits', span: 1, fires: () => beyond }])
    : firedRules(standardised(chart), RULES[rules])
  return runs.map(({ rule, says, from, to }) => ({
    rule,
    says,
    chart: index,
    first: Math.max(0, from),
    last: to,
    from: times[Math.max(0, from)]!,
    to: times[to]!,
  }))
}

const gapped = (values: Float64Array): (number | null)[] =>
  Array.from(values, (value) => (Number.isFinite(value) ? value : null))

function histogramOf(values: Float64Array, lower: number | undefined, upper: number | undefined) {
  const all = [...[lower, upper].filter((each) => each !== undefined)]
  let [low, high] = [Math.min(...all, values[0] ?? 0), Math.max(...all, values[0] ?? 0)]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  if (low === high) high = low + 1
  const width = (high - low) / BINS
  const counts = new Array<number>(BINS).fill(0)
  for (const value of values) counts[Math.min(BINS - 1, Math.floor((value - low) / width))]!++
  return { edges: Array.from({ length: BINS + 1 }, (_, at) => low + at * width), counts }
}
