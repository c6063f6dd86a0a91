import { energyErrors } from './errors.ts'

export interface LeakEstimate {
  /** What flows or is drawn while nothing is made, in the signal's unit: the newest periods' median. */
  readonly baseNow: number
  /** The lowest that it was over a run of periods: what a repaired system can reach again. */
  readonly baseBest: number
  /** baseNow - baseBest; 0 when it is no more than the spread between periods. */
  readonly leak: number
  /** Share of all that is used. */
  readonly share: number
  /** Index of the period that the newest change of the base began with, and the change; absent when there is none. */
  readonly change?: { readonly period: number; readonly by: number }
  readonly periods: number
}

/** Periods that "now" and "best" are medians of. */
const RUN = 3
/** A change is one when it is this many times the spread between neighbouring periods. */
const CLEAR = 4
/** Steps of a period that must be known. */
const LEAST_KNOWN = 0.5

/**
 * Leaks of compressed air, steam, gas or water, and everything that runs for nothing, by the flow that is left when nothing is made
 * (minimum flow; ISO 11011 asks for the leak rate outside of production as the first thing of an assessment). A change is
 * found at the largest cumulative deviation from the mean (Pettitt-like CUSUM).
 *
 * @param flow any rate (m³/h, kW) in each step, NaN = missing
 * @param perPeriod steps of a period: usually a day, so that each holds a pause or a night
 * @param production when given, only steps without it count
 * @returns undefined when fewer than four periods hold a pause
 */
export function estimateLeak(
  flow: Float64Array,
  perPeriod: number,
  production?: Float64Array,
): LeakEstimate | undefined {
  if (!(perPeriod >= 1)) throw energyErrors.input({ name: 'perPeriod', reason: 'a period has at least one step' })
  const bases: number[] = []
  const periodOf: number[] = []
  let sum = 0
  let known = 0
  for (let start = 0; start + perPeriod <= flow.length; start += perPeriod) {
    const steps = Array.from({ length: perPeriod }, (_, i) => start + i).filter((i) => Number.isFinite(flow[i]!))
    for (const i of steps) sum += flow[i]!
    known += steps.length
    if (steps.length < LEAST_KNOWN * perPeriod) continue
    const quiet = production === undefined ? steps : steps.filter((i) => production[i] === 0)
    if (quiet.length === 0) continue
    const sorted = quiet.map((i) => flow[i]!).sort((a, b) => a - b)
    // Without a production count the quietest tenth is the pause; one reading alone may be a glitch.
    bases.push(sorted[Math.floor(sorted.length * (production === undefined ? 0.05 : 0.25))]!)
    periodOf.push(start / perPeriod)
  }
  if (bases.length < 4 || known === 0) return undefined
  const runs = bases.slice(RUN - 1).map((_, i) => medianOf(bases.slice(i, i + RUN)))
  const baseBest = Math.min(...runs)
  const baseNow = runs.at(-1)!
  const spread = medianOf(bases.slice(1).map((base, i) => Math.abs(base - bases[i]!)))
  const leak = baseNow - baseBest > CLEAR * spread ? baseNow - baseBest : 0
  const at = changeAt(bases)
  const by = at === undefined ? 0 : medianOf(bases.slice(at)) - medianOf(bases.slice(0, at))
  const mean = sum / known
  return {
    baseNow,
    baseBest,
    leak,
    share: mean > 0 ? leak / mean : 0,
    ...(at !== undefined && Math.abs(by) > Math.max(CLEAR * spread, 0.02 * Math.abs(mean))
      ? { change: { period: periodOf[at]!, by } }
      : {}),
    periods: bases.length,
  }
}

function changeAt(bases: readonly number[]): number | undefined {
  const mean = bases.reduce((sum, base) => sum + base, 0) / bases.length
  let sum = 0
  let largest = 0
  let at: number | undefined
  for (let i = 0; i < bases.length - 1; i++) {
    sum += bases[i]! - mean
    if (Math.abs(sum) > largest) {
      largest = Math.abs(sum)
      at = i + 1
    }
  }
  return at
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/**
 * Share of a compressor's capacity that leaks, from its load cycle while nothing is made: T / (T + t), T loaded and t unloaded time
 * (Compressed Air Challenge / US DOE, "Improving Compressed Air System Performance", leak tests for start/stop and load/unload controls).
 */
export function leakByLoadCycle(loaded: number, unloaded: number): number {
  if (!(loaded >= 0 && unloaded >= 0 && loaded + unloaded > 0))
    throw energyErrors.input({ name: 'load cycle', reason: 'times are 0 or more, and not both 0' })
  return loaded / (loaded + unloaded)
}
