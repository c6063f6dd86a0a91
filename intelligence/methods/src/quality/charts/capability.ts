/** How well a process fits its tolerance (ISO 22514-2; Montgomery chapter 8). */
import { chiSquareQuantile } from '../../distributions/gamma.ts'
import { normalCdf, normalQuantile } from '../../distributions/normal.ts'
import { qualityErrors } from '../errors.ts'
import { andersonDarling } from './normality.ts'
import { deviationOf, meanOf } from './variables.ts'

export interface SpecLimits {
  /** Undefined: none on that side. */
  readonly lower?: number | undefined
  readonly upper?: number | undefined
}

/** An index with the limits that hold it with the confidence asked for. */
export interface Index {
  readonly value: number
  readonly low: number
  readonly high: number
}

export interface Capability {
  readonly readings: number
  readonly mean: number
  /** Of all readings: what the customer gets (Pp, Ppk). */
  readonly overall: number
  /** Within subgroups: what the process could do (Cp, Cpk). */
  readonly within: number
  /** Undefined with one limit only. */
  readonly cp?: Index
  readonly cpk: Index
  readonly pp?: Index
  readonly ppk: Index
  /** Share outside of the limits: found, and to be expected of a normal process. */
  readonly outside: number
  readonly expectedOutside: number
  /** Anderson-Darling: below 0.05 the readings are not normal. */
  readonly normality: number
  /** In words, where the figures must be taken with care. */
  readonly warnings: readonly string[]
}

const LEAST = 10
const SOUND = 50

/**
 * @param within standard deviation within subgroups, by a control chart's phase I
 * @param freedom degrees of freedom of `within`; default: those of all readings
 * @throws MW-QUALITY-0001 to -0004
 */
export function capability(
  readings: Float64Array,
  limits: SpecLimits,
  within: number,
  { freedom, confidence = 0.95 }: { readonly freedom?: number; readonly confidence?: number } = {},
): Capability {
  const { lower, upper } = limits
  if (lower === undefined && upper === undefined)
    throw qualityErrors.setting({ name: 'specification limits', value: 'empty', reason: 'at least one is needed' })
  if (lower !== undefined && upper !== undefined && !(lower < upper))
    throw qualityErrors.setting({ name: 'lower limit', value: lower, reason: `it lies below the upper one, ${upper}` })
  const values = readings.filter(Number.isFinite)
  if (values.length < LEAST) throw qualityErrors.tooFew({ count: values.length, what: 'readings', least: LEAST })
  const mean = meanOf(values)
  const overall = deviationOf(values)
  if (!(overall > 0 && within > 0)) throw qualityErrors.noSpread({ what: 'The signal', value: mean })
  const n = values.length
  const degrees = freedom ?? n - 1
  const both = lower !== undefined && upper !== undefined
  const width = both ? upper - lower : 0
  const nearest = Math.min(
    upper === undefined ? Number.POSITIVE_INFINITY : upper - mean,
    lower === undefined ? Number.POSITIVE_INFINITY : mean - lower,
  )
  const normality = andersonDarling(values)
  const beyond = values.filter((value) => value > (upper ?? Infinity) || value < (lower ?? -Infinity)).length
  return {
    readings: n,
    mean,
    overall,
    within,
    ...(both
      ? { cp: ratio(width / (6 * within), degrees, confidence), pp: ratio(width / (6 * overall), n - 1, confidence) }
      : {}),
    cpk: nearer(nearest / (3 * within), n, degrees, confidence),
    ppk: nearer(nearest / (3 * overall), n, n - 1, confidence),
    outside: beyond / n,
    expectedOutside:
      (upper === undefined ? 0 : normalCdf((mean - upper) / overall)) +
      (lower === undefined ? 0 : normalCdf((lower - mean) / overall)),
    normality,
    warnings: warnings(n, normality, within, overall),
  }
}

/** Cp by the chi-square distribution of the variance (Montgomery eq. 8.19). */
function ratio(value: number, freedom: number, confidence: number): Index {
  const tail = (1 - confidence) / 2
  return {
    value,
    low: value * Math.sqrt(chiSquareQuantile(tail, freedom) / freedom),
    high: value * Math.sqrt(chiSquareQuantile(1 - tail, freedom) / freedom),
  }
}

/** Cpk: Bissell, Applied Statistics 39 (1990) 331 (Montgomery eq. 8.21). */
function nearer(value: number, n: number, freedom: number, confidence: number): Index {
  const margin = normalQuantile(1 - (1 - confidence) / 2) * Math.sqrt(1 / (9 * n) + (value * value) / (2 * freedom))
  return { value, low: value - margin, high: value + margin }
}

function warnings(n: number, normality: number, within: number, overall: number): string[] {
  const said: string[] = []
  if (n < SOUND) said.push(`There are only ${n} readings: the confidence limits tell how little that says.`)
  if (normality < 0.05)
    said.push(
      'The readings are not normally distributed: the indices say little about the share outside of the limits; look at the histogram.',
    )
  if (overall > 1.5 * within)
    said.push(
      'The process wanders between subgroups: bring it into control first, Cpk tells what it could do and Ppk what it does.',
    )
  return said
}
