/**
 * The golden curve of a process step (a press-in force, a torque, a temperature over one part) and the band in which good parts stay. Curves
 * are compared after warping, so that one that merely runs a little slower is not called different.
 */
import { conformalQuantile } from '../../learning/conformal.ts'
import { qualityErrors } from '../errors.ts'
import { warp } from './dtw.ts'

export interface GoldenSettings {
  /** Points to which every curve is resampled. */
  readonly points: number
  /** How far curves may be shifted, as a share of their length (Sakoe-Chiba band). */
  readonly band: number
  /** Good curves that are called bad, at most. */
  readonly alarm: number
}

export const goldenDefaults: GoldenSettings = { points: 120, band: 0.1, alarm: 0.01 }

export interface GoldenCurve {
  /** The mean of the good curves, warped onto each other. */
  readonly centre: Float64Array
  readonly lower: Float64Array
  readonly upper: Float64Array
  /** Usual length in time, µs. */
  readonly duration: number
  readonly curves: number
  readonly settings: GoldenSettings
}

/** One part's readings over a step; times in µs. */
export interface Curve {
  readonly times: ArrayLike<number>
  readonly values: ArrayLike<number>
}

const LEAST = 8
const ROUNDS = 3

/**
 * The band is as many local standard deviations wide as keeps the wanted share of good curves within it throughout (conformal, so that it holds
 * for curves like these); with few curves it is what keeps all of them.
 * @throws MW-QUALITY-0001, -0002
 */
export function learnGolden(curves: readonly Curve[], given: Partial<GoldenSettings> = {}): GoldenCurve {
  const settings = { ...goldenDefaults, ...given }
  const usable = curves.filter(({ times, values }) => hasPoints(times, values))
  if (usable.length < LEAST)
    throw qualityErrors.tooFew({ count: usable.length, what: 'curves of good parts', least: LEAST })
  const even = usable.map((curve) => resampled(curve, settings.points))
  let centre = medoid(even, settings.band)
  // DTW barycentre averaging (Petitjean, Ketterlin & Gançarski 2011).
  for (let round = 0; round < ROUNDS; round++) centre = meanOnto(centre, even, settings.band)
  const matched = even.map((curve) => ontoCentre(centre, curve, settings.band))
  const deviation = centre.map((value, at) =>
    Math.sqrt(matched.reduce((sum, curve) => sum + (curve[at]! - value) ** 2, 0) / (matched.length - 1)),
  )
  const usual = deviation.reduce((sum, each) => sum + each, 0) / deviation.length
  const range = Math.max(...centre) - Math.min(...centre)
  const least = Math.max(0.25 * usual, 1e-3 * range)
  if (least === 0) throw qualityErrors.noSpread({ what: 'The curve', value: centre[0]! })
  // Where good curves happen to agree, the band must not be thinner than what measuring allows.
  const scale = smooth(deviation).map((each) => Math.max(each, least))
  const farthest = Float64Array.from(matched, (curve) =>
    curve.reduce((most, value, at) => Math.max(most, Math.abs(value - centre[at]!) / scale[at]!), 0),
  )
  const width = Math.min(conformalQuantile(farthest, 1 - settings.alarm), 1.25 * Math.max(...farthest))
  return {
    centre,
    lower: centre.map((value, at) => value - width * scale[at]!),
    upper: centre.map((value, at) => value + width * scale[at]!),
    duration: median(usable.map(({ times }) => times[times.length - 1]! - times[0]!)),
    curves: usable.length,
    settings,
  }
}

/** A stretch of the golden curve along which a part left the band; shares of its length, 0 to 1. */
export interface Departure {
  readonly from: number
  readonly to: number
  readonly side: 'above' | 'below'
  /** How far beyond the band at most, in widths of the band's half. */
  readonly most: number
}

export interface CurveComparison {
  readonly good: boolean
  /** Distance after warping, in the units of the signal. */
  readonly distance: number
  /** The curve as matched onto the golden one, point by point. */
  readonly matched: Float64Array
  /** Length in time by that of the golden curve. */
  readonly stretch: number
  /** In their order along the curve. */
  readonly departures: readonly Departure[]
}

/** @throws MW-QUALITY-0001 when the curve has hardly any readings */
export function compareCurve(golden: GoldenCurve, curve: Curve): CurveComparison {
  const { centre, lower, upper, settings, duration } = golden
  if (!hasPoints(curve.times, curve.values))
    throw qualityErrors.tooFew({ count: curve.times.length, what: 'readings of the curve', least: 3 })
  const even = resampled(curve, settings.points)
  const { distance } = warp(centre, even, settings.band)
  const matched = ontoCentre(centre, even, settings.band)
  const departures: { from: number; to: number; side: 'above' | 'below'; most: number }[] = []
  let open: (typeof departures)[number] | undefined
  matched.forEach((value, at) => {
    const half = (upper[at]! - lower[at]!) / 2
    const beyond =
      value > upper[at]! ? (value - upper[at]!) / half : value < lower[at]! ? (lower[at]! - value) / half : 0
    const side = value > upper[at]! ? 'above' : 'below'
    if (beyond === 0) open = undefined
    else if (open?.side !== side) {
      open = { from: at / centre.length, to: (at + 1) / centre.length, side, most: beyond }
      departures.push(open)
    } else {
      open.to = (at + 1) / centre.length
      open.most = Math.max(open.most, beyond)
    }
  })
  const { times } = curve
  return {
    good: departures.length === 0,
    distance,
    matched,
    stretch: duration > 0 ? (times[times.length - 1]! - times[0]!) / duration : 1,
    departures,
  }
}

function hasPoints(times: ArrayLike<number>, values: ArrayLike<number>): boolean {
  let count = 0
  for (let at = 0; at < times.length; at++) if (Number.isFinite(values[at]!)) count++
  return count >= 3 && times[times.length - 1]! > times[0]!
}

/** Linear between readings; missing ones are bridged. */
export function resampled({ times, values }: Curve, points: number): Float64Array {
  const known = Array.from({ length: times.length }, (_, at) => at).filter((at) => Number.isFinite(values[at]!))
  const [from, to] = [times[0]!, times[times.length - 1]!]
  let next = 0
  return Float64Array.from({ length: points }, (_, at) => {
    const time = from + ((to - from) * at) / (points - 1)
    while (next < known.length && times[known[next]!]! < time) next++
    const [before, after] = [known[Math.max(0, next - 1)]!, known[Math.min(known.length - 1, next)]!]
    const gap = times[after]! - times[before]!
    const part = gap > 0 ? Math.min(1, Math.max(0, (time - times[before]!) / gap)) : 0
    return values[before]! + part * (values[after]! - values[before]!)
  })
}

/** At each point of the centre, of the points of the curve that it is matched with: the mean. */
function ontoCentre(centre: Float64Array, curve: Float64Array, band: number): Float64Array {
  const { first, last } = warp(centre, curve, band)
  return centre.map((_, at) => {
    let sum = 0
    for (let j = first[at]!; j <= last[at]!; j++) sum += curve[j]!
    return sum / (last[at]! - first[at]! + 1)
  })
}

function meanOnto(centre: Float64Array, curves: readonly Float64Array[], band: number): Float64Array {
  const sums = new Float64Array(centre.length)
  for (const curve of curves)
    ontoCentre(centre, curve, band).forEach((value, at) => {
      sums[at]! += value / curves.length
    })
  return sums
}

/** Curves that are compared with each other at most: all pairs of many would take long. */
const COMPARED = 25

/** The curve that is nearest to the others. */
function medoid(curves: readonly Float64Array[], band: number): Float64Array {
  const step = Math.max(1, Math.ceil(curves.length / COMPARED))
  const some = curves.filter((_, at) => at % step === 0)
  const far = some.map((one) => some.reduce((sum, other) => sum + warp(one, other, band).distance, 0))
  return some[far.indexOf(Math.min(...far))]!
}

/** Mean over five points. */
const smooth = (values: Float64Array): Float64Array =>
  values.map((_, at) => {
    const near = values.subarray(Math.max(0, at - 2), at + 3)
    return near.reduce((sum, value) => sum + value, 0) / near.length
  })

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!
