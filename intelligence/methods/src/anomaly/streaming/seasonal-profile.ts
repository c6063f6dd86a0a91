import { aCount, aNumber, f64s, fits, record, type Shape } from '../../model-file/shape.ts'
import { MOST_READINGS } from './value-memory.ts'

/**
 * What a signal usually is at this time of the day or week, learnt as it goes: an exponentially weighted mean for each
 * slot of the period, each visit of a slot counting once. It says itself how much of the signal it explains, so that a
 * signal without such a rhythm is left alone.
 */
export type SeasonalProfile = {
  readonly mean: Float64Array
  /** Visits of each slot that went into its mean. */
  readonly visits: Float64Array
  /** Of the visit under way: slot (-1 before the first) and cycle, sum and number of its readings. */
  slot: number
  cycle: number
  sum: number
  readings: number
  /** Plain mean of the signal and the readings in it. */
  level: number
  levelled: number
  /** Mean distances of the readings to that level and to the profile, and the readings in them. */
  apart: number
  left: number
  judged: number
}

export interface Season {
  /** Length in µs, counted from Monday 1969-12-29T00:00Z, so that a week begins on Monday. */
  readonly period: number
  readonly slots: number
}

const EPOCH = -3 * 86_400_000_000
/** Weight of a slot's latest visit once it has had several. */
const LEARNING = 0.3
/** Visits before a slot's mean is worth comparing with, and readings compared before the rhythm is believed. */
const VISITS = 2
const JUDGED = 200
/**
 * Mean distances from the profile by which a visit may move it at most: one strange day is not taken for the new usual.
 */
const OUTLIER = 4
/** Readings that the level and the explained part look back on, about. */
const LOOK_BACK = 2000

export const seasonalProfile = ({ slots }: Season): SeasonalProfile => ({
  mean: new Float64Array(slots),
  visits: new Float64Array(slots),
  slot: -1,
  cycle: 0,
  sum: 0,
  readings: 0,
  level: 0,
  levelled: 0,
  apart: 0,
  left: 0,
  judged: 0,
})

/** Signed distance of a value to what is usual at its time, and learns it; NaN while the slot is not known. */
export function residual(profile: SeasonalProfile, { period, slots }: Season, time: number, value: number): number {
  const cycle = Math.floor((time - EPOCH) / period)
  const within = Math.min(Math.max(time - EPOCH - cycle * period, 0), period - 1)
  const slot = Math.floor((within * slots) / period)
  if (slot !== profile.slot || cycle !== profile.cycle) turn(profile, slot, cycle)
  profile.sum += value
  profile.readings = Math.min(profile.readings + 1, MOST_READINGS)
  profile.levelled = Math.min(profile.levelled + 1, LOOK_BACK)
  profile.level += (value - profile.level) / profile.levelled
  if (profile.visits[slot]! < VISITS) return Number.NaN
  const left = value - profile.mean[slot]!
  profile.judged = Math.min(profile.judged + 1, LOOK_BACK)
  profile.apart += (Math.abs(value - profile.level) - profile.apart) / profile.judged
  profile.left += (Math.abs(left) - profile.left) / profile.judged
  return left
}

/**
 * Part of the signal's mean deviation that the profile explains: 1 all of it, 0 or below none; 0 before it is known.
 */
export const explained = ({ judged, apart, left }: SeasonalProfile): number =>
  judged < JUDGED || apart <= 0 ? 0 : 1 - left / apart

/** The visit of a slot is over: its mean goes into the profile. */
function turn(profile: SeasonalProfile, slot: number, cycle: number): void {
  const over = profile.slot
  if (over >= 0) {
    profile.visits[over] = Math.min(profile.visits[over]! + 1, MOST_READINGS)
    const weight = Math.max(LEARNING, 1 / profile.visits[over]!)
    const most = profile.judged < JUDGED ? Number.POSITIVE_INFINITY : OUTLIER * profile.left
    const step = profile.sum / profile.readings - profile.mean[over]!
    profile.mean[over]! += Math.min(Math.max(step, -most), most) * weight
  }
  profile.slot = slot
  profile.cycle = cycle
  profile.sum = 0
  profile.readings = 0
}

const shape = record({
  mean: f64s,
  visits: f64s,
  slot: aNumber,
  cycle: aNumber,
  sum: aNumber,
  readings: aCount(MOST_READINGS),
  level: aNumber,
  levelled: aCount(LOOK_BACK),
  apart: aNumber,
  left: aNumber,
  judged: aCount(LOOK_BACK),
})

/** @throws MW-MODEL-0001 when it is no profile of this season */
export const seasonalProfileShape =
  ({ slots }: Season): Shape<SeasonalProfile> =>
  (data, path) => {
    const profile = shape(data, path)
    const { mean, visits, slot, readings } = profile
    fits(mean.length === slots && mean.every(Number.isFinite), path, `${slots} finite means`)
    fits(visits.length === slots && visits.every((each) => each >= 0), path, `${slots} numbers of visits`)
    fits(slot === -1 || (Number.isInteger(slot) && slot >= 0 && slot < slots && readings > 0), path, 'a visit')
    return profile
  }
