import { energyErrors } from './errors.ts'

export interface IdleSpan {
  /** Indices of the first step, and after the last. */
  readonly from: number
  readonly to: number
  readonly kWh: number
}

export interface Idle {
  /** kW below which it is off, and at or above which it works. */
  readonly offBelow: number
  readonly worksFrom: number
  /** Hours in each of the three. */
  readonly offHours: number
  readonly idleHours: number
  readonly workHours: number
  /** kWh used while nothing was made, and as a share of all. */
  readonly idleEnergy: number
  readonly idleShare: number
  /** Median kW while idle. */
  readonly idlePower: number
  /** Longest first. */
  readonly spans: readonly IdleSpan[]
  /** Why it is what it is: by the production count, or by the power's own levels. */
  readonly by: 'production' | 'power'
}

/** Fewer steps than this say nothing about levels. */
const LEAST = 24
const KEPT_SPANS = 20

/**
 * Energy used while nothing is made. With a production count, a step without production is idle unless the machine is off; without one, the power's own three
 * levels (off, idle, at work) are found by Otsu's thresholds (IEEE Trans. SMC 9, 1979, in its form for three classes).
 *
 * @param power kW in each step, NaN = missing
 * @param hours of a step
 * @param production pieces in each step, or 1 while it runs; NaN = missing
 * @returns undefined when the power has no levels that could be told apart
 */
export function findIdle(power: Float64Array, hours: number, production?: Float64Array): Idle | undefined {
  if (production !== undefined && production.length !== power.length)
    throw energyErrors.input({ name: 'production', reason: `it has ${production.length} steps, not ${power.length}` })
  const known = power.filter(Number.isFinite)
  if (known.length < LEAST) return undefined
  const made =
    production?.some((value) => value > 0) && production.some((value) => value === 0) ? production : undefined
  const levels = levelsOf(power, made)
  if (levels === undefined) return undefined
  const { offBelow, worksFrom } = levels
  const stateAt = (i: number): 'off' | 'idle' | 'work' | undefined => {
    const kW = power[i]!
    if (!Number.isFinite(kW) || (made !== undefined && !Number.isFinite(made[i]!))) return undefined
    if (kW < offBelow) return 'off'
    return (made === undefined ? kW >= worksFrom : made[i]! > 0) ? 'work' : 'idle'
  }
  const count = { off: 0, idle: 0, work: 0 }
  const spans: { from: number; to: number; kWh: number }[] = []
  const idlePowers: number[] = []
  let total = 0
  let idleEnergy = 0
  for (let i = 0; i < power.length; i++) {
    const state = stateAt(i)
    if (state === undefined) continue
    count[state]++
    total += power[i]! * hours
    if (state !== 'idle') continue
    const kWh = power[i]! * hours
    idleEnergy += kWh
    idlePowers.push(power[i]!)
    const last = spans.at(-1)
    if (last?.to === i) {
      last.to++
      last.kWh += kWh
    } else spans.push({ from: i, to: i + 1, kWh })
  }
  return {
    offBelow,
    worksFrom,
    offHours: count.off * hours,
    idleHours: count.idle * hours,
    workHours: count.work * hours,
    idleEnergy,
    idleShare: total > 0 ? idleEnergy / total : 0,
    idlePower: medianOf(idlePowers),
    spans: spans.sort((a, b) => b.to - b.from - (a.to - a.from)).slice(0, KEPT_SPANS),
    by: made === undefined ? 'power' : 'production',
  }
}

/** A machine that draws less than this share of what it does at work is off. */
const OFF_SHARE = 0.05

function levelsOf(
  power: Float64Array,
  made: Float64Array | undefined,
): { offBelow: number; worksFrom: number } | undefined {
  if (made !== undefined) {
    const working = medianOf(
      [...power.keys()].filter((i) => made[i]! > 0 && Number.isFinite(power[i]!)).map((i) => power[i]!),
    )
    return working > 0 ? { offBelow: OFF_SHARE * working, worksFrom: working } : undefined
  }
  return otsu(power.filter(Number.isFinite))
}

const BINS = 128
/** Share of the variance that three levels must explain, or there are none: thirds of an even spread explain 0.89. */
const EXPLAINED = 0.93

function otsu(values: Float64Array): { offBelow: number; worksFrom: number } | undefined {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  if (!(high > low)) return undefined
  const counts = new Float64Array(BINS)
  for (const value of values) counts[Math.min(BINS - 1, Math.floor(((value - low) / (high - low)) * BINS))]!++
  const weight = new Float64Array(BINS + 1)
  const moment = new Float64Array(BINS + 1)
  let square = 0
  counts.forEach((count, b) => {
    weight[b + 1] = weight[b]! + count
    moment[b + 1] = moment[b]! + count * b
    square += count * b * b
  })
  const between = (from: number, to: number) => {
    const w = weight[to]! - weight[from]!
    return w === 0 ? 0 : (moment[to]! - moment[from]!) ** 2 / w
  }
  let best = { score: -1, first: 0, second: 0 }
  for (let first = 1; first < BINS - 1; first++)
    for (let second = first + 1; second < BINS; second++) {
      const score = between(0, first) + between(first, second) + between(second, BINS)
      if (score > best.score) best = { score, first, second }
    }
  const mean = moment[BINS]! ** 2 / weight[BINS]!
  if (best.score - mean < EXPLAINED * (square - mean)) return undefined
  const at = (bin: number) => low + (bin / BINS) * (high - low)
  return { offBelow: at(best.first), worksFrom: at(best.second) }
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted.length === 0 ? 0 : sorted[sorted.length >> 1]!
}
