import { aNumber, f64s, fits, record } from '../../model-file/shape.ts'
import type { Detector, RowScorer, Rows } from '../detector.ts'

/** Phases of a season. */
const PHASES = 96
/** A season has been seen as often as this before it is believed. */
const LEAST_SEASONS = 3
/** Autocorrelation at the season's length from which there is one. */
const LEAST_CORRELATION = 0.3
/** Points the history is averaged to when the season is looked for. */
const POINTS = 2000

/** `period` in microseconds; `profile` is PHASES x width; `scale` the deviation of what the season leaves. */
const shape = record({ period: aNumber, origin: aNumber, profile: f64s, scale: f64s })

/**
 * Seasonal decomposition in the manner of STL (Cleveland, Cleveland, McRae & Terpenning, J. Off. Stat. 6 (1990) 3): the season is the smoothed mean
 * of each phase of what a moving mean over one season leaves; a row is strange when it lies off the season. The length is the highest
 * peak of the autocorrelation. Undefined when there is no season.
 */
export const seasonal: Detector = {
  source: 'Cleveland, Cleveland, McRae & Terpenning 1990',
  least: () => 200,
  fit(rows) {
    const period = seasonLength(rows)
    if (period === undefined) return undefined
    const { width, count, values, times } = rows
    const origin = times[0]!
    const profile = seasonProfile(rows, period, origin)
    const scale = new Float64Array(width)
    for (let row = 0; row < count; row++) {
      const phase = phaseOf(times[row]!, origin, period)
      for (let j = 0; j < width; j++) scale[j]! += (values[row * width + j]! - profile[phase * width + j]!) ** 2 / count
    }
    return { period, origin, profile, scale: scale.map((variance) => Math.max(Math.sqrt(variance), 1e-3)) }
  },
  scorer(data, width): RowScorer {
    const { period, origin, profile, scale } = shape(data, 'seasonal')
    const fit = period > 0 && profile.length === PHASES * width && scale.length === width
    fits(fit && scale.every((each) => each > 0), 'seasonal', `for ${width} signals`)
    return {
      score(values, at, parts, time) {
        const phase = phaseOf(time, origin, period)
        let sum = 0
        for (let j = 0; j < width; j++) {
          parts[j] = ((values[at + j]! - profile[phase * width + j]!) / scale[j]!) ** 2
          sum += parts[j]!
        }
        return sum / width
      },
      reset() {},
    }
  },
}

function phaseOf(time: number, origin: number, period: number): number {
  const turns = (time - origin) / period
  return Math.min(PHASES - 1, Math.floor((turns - Math.floor(turns)) * PHASES))
}

/** Microseconds of the season with the highest autocorrelation over all signals; undefined when there is none. */
export function seasonLength({ count, width, values, times }: Rows): number | undefined {
  const span = times[count - 1]! - times[0]!
  const points = Math.min(POINTS, count)
  const step = span / points
  const means = new Float64Array(points * width)
  const counts = new Float64Array(points)
  for (let row = 0; row < count; row++) {
    const point = Math.min(points - 1, Math.floor((times[row]! - times[0]!) / step))
    counts[point]!++
    for (let j = 0; j < width; j++) means[point * width + j]! += values[row * width + j]!
  }
  for (let i = 0; i < points * width; i++) means[i]! /= counts[Math.floor(i / width)]! || 1
  const most = Math.floor(points / LEAST_SEASONS)
  const correlation = new Float64Array(most + 1)
  for (let lag = 0; lag <= most; lag++) {
    let sum = 0
    for (let i = 0; i + lag * width < points * width; i++) sum += means[i]! * means[i + lag * width]!
    correlation[lag] = sum / (points - lag)
  }
  let best = 0
  for (let lag = 4, fallen = false; lag < most; lag++) {
    // Neighbours are alike: a season is where it rises again after it has fallen.
    if (correlation[lag]! < 0.5 * LEAST_CORRELATION * correlation[0]!) fallen = true
    const peak = correlation[lag]! > correlation[lag - 1]! && correlation[lag]! >= correlation[lag + 1]!
    if (fallen && peak && correlation[lag]! > (correlation[best]! || 0) * (best === 0 ? 0 : 1.05)) best = lag
  }
  if (best === 0 || correlation[best]! < LEAST_CORRELATION * correlation[0]!) return undefined
  return best * step
}

function seasonProfile({ count, width, values, times }: Rows, period: number, origin: number): Float64Array {
  const sums = new Float64Array(PHASES * width)
  const counts = new Float64Array(PHASES)
  const trend = movingMeans({ count, width, values, times }, period)
  for (let row = 0; row < count; row++) {
    const phase = phaseOf(times[row]!, origin, period)
    counts[phase]!++
    for (let j = 0; j < width; j++) sums[phase * width + j]! += values[row * width + j]! - trend[row * width + j]!
  }
  const profile = new Float64Array(PHASES * width)
  // Neighbouring phases count half: the loess of STL in its smallest form, which also fills phases without rows.
  for (let phase = 0; phase < PHASES; phase++)
    for (let j = 0; j < width; j++) {
      let sum = 0
      let weight = 0
      for (const [off, share] of [
        [-1, 0.5],
        [0, 1],
        [1, 0.5],
      ] as const) {
        const other = (phase + off + PHASES) % PHASES
        sum += share * sums[other * width + j]!
        weight += share * counts[other]!
      }
      profile[phase * width + j] = weight > 0 ? sum / weight : 0
    }
  return profile
}

/** Centred means over one season: count x width. At the ends over what there is of it. */
function movingMeans(
  { count, width, values, times }: Pick<Rows, 'count' | 'width' | 'values' | 'times'>,
  period: number,
): Float64Array {
  const means = new Float64Array(count * width)
  const sum = new Float64Array(width)
  let first = 0
  let end = 0
  for (let row = 0; row < count; row++) {
    while (end < count && times[end]! <= times[row]! + period / 2) {
      for (let j = 0; j < width; j++) sum[j]! += values[end * width + j]!
      end++
    }
    while (times[first]! < times[row]! - period / 2) {
      for (let j = 0; j < width; j++) sum[j]! -= values[first * width + j]!
      first++
    }
    for (let j = 0; j < width; j++) means[row * width + j] = sum[j]! / (end - first)
  }
  return means
}
