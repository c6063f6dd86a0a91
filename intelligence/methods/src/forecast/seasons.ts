import { DAY, type Micros } from '@millwright/foundation'

/** How far the autocorrelation must stand out at a lag, for a day or a week of the calendar, and for any other. */
const CALENDAR = 0.02
const OTHER = 0.1
/** Longer series are judged by their newest values: enough to see any season that a look-back can hold. */
const LOOKED_AT = 30_000
const LONGEST = 1500

/**
 * The periods that a series repeats with, in steps, strongest structure first: at most two (a day, and a week on top of it).
 * A period is a lag at which the autocorrelation stands out over what it is half a period before and after, so that neither a slow
 * drift nor a multiple of the period counts; the second is looked for in what the first leaves over. Days and weeks are believed on
 * less evidence, because people and weather keep them.
 *
 * @param values without gaps longer than a few steps; NaN counts as the mean
 */
export function seasonsOf(values: Float64Array, step: Micros): number[] {
  const flat = detrended(values.subarray(Math.max(0, values.length - LOOKED_AT)))
  const longest = Math.min(LONGEST, Math.floor(flat.length / 3))
  const first = standingOut(
    autocorrelation(flat, longest * 1.5),
    longest,
    (lag) => Math.floor(lag / 2),
    1,
    2,
    DAY / step,
  )
  if (first === undefined) return []
  const rest = autocorrelation(withoutSeason(flat, first), longest + first)
  const second = standingOut(rest, longest, () => first, first, 2 * first, (7 * DAY) / step)
  return second === undefined ? [first] : [first, second]
}

/** The smallest lag that stands out nearly as far as the one that does most. */
function standingOut(
  correlation: Float64Array,
  longest: number,
  reach: (lag: number) => number,
  multipleOf: number,
  from: number,
  calendar: number,
): number | undefined {
  const heights = new Float64Array(longest + 1)
  for (let lag = from; lag <= longest; lag++)
    if (lag % multipleOf === 0)
      heights[lag] = correlation[lag]! - (correlation[lag - reach(lag)]! + correlation[lag + reach(lag)]!) / 2
  const highest = Math.max(...heights)
  const known = heights[calendar] ?? 0
  if (known >= CALENDAR && known >= highest / 2) return calendar
  if (highest < OTHER) return known >= CALENDAR ? calendar : undefined
  const near = heights.findIndex((height) => height >= 0.9 * highest)
  // The lag itself, not the shoulder that is nearly as high.
  let best = near
  for (let lag = near; lag <= Math.min(longest, near * 1.25); lag++) if (heights[lag]! > heights[best]!) best = lag
  return best
}

function autocorrelation(values: Float64Array, longest: number): Float64Array {
  const correlation = new Float64Array(Math.min(values.length, Math.floor(longest) + 2))
  let variance = 0
  for (const value of values) variance += value * value
  if (variance === 0) return correlation
  for (let lag = 0; lag < correlation.length; lag++) {
    let sum = 0
    for (let i = lag; i < values.length; i++) sum += values[i]! * values[i - lag]!
    // Unbiased: else the long season of a short series never counts.
    correlation[lag] = (sum / variance) * (values.length / (values.length - lag))
  }
  return correlation
}

function detrended(values: Float64Array): Float64Array {
  let count = 0
  let meanAt = 0
  let mean = 0
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) continue
    count++
    meanAt += (i - meanAt) / count
    mean += (values[i]! - mean) / count
  }
  let covariance = 0
  let variance = 0
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) continue
    covariance += (i - meanAt) * (values[i]! - mean)
    variance += (i - meanAt) ** 2
  }
  const slope = variance === 0 ? 0 : covariance / variance
  return values.map((value, i) => (Number.isNaN(value) ? 0 : value - mean - slope * (i - meanAt)))
}

function withoutSeason(values: Float64Array, season: number): Float64Array {
  const means = new Float64Array(season)
  const counts = new Float64Array(season)
  values.forEach((value, i) => {
    means[i % season]! += value
    counts[i % season]!++
  })
  return values.map((value, i) => value - means[i % season]! / counts[i % season]!)
}
