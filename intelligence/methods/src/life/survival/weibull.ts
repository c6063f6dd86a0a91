import { gamma } from '../../distributions/gamma.ts'
import { lifeErrors } from '../errors.ts'
import { checkLifetimes, type Lifetimes } from './lifetimes.ts'

/** P(T > t) = exp(-(t/scale)^shape): shape below 1 is early failure, 1 chance, above 1 wear. */
export interface Weibull {
  readonly shape: number
  readonly scale: number
}

export interface WeibullFit extends Weibull {
  readonly logLikelihood: number
  /** Standard errors from the observed information. */
  readonly shapeError: number
  readonly scaleError: number
}

/**
 * Maximum likelihood with right censoring (Cohen, Technometrics 7, 1965; Meeker and Escobar, Statistical Methods for Reliability Data,
 * section 8.2): the shape from its one-dimensional profile equation, the scale from the shape.
 * @throws MW-LIFE-0006 with fewer than two failures, -0007 when all failed at the same time
 */
export function fitWeibull(lifetimes: Lifetimes): WeibullFit {
  checkLifetimes(lifetimes, 2)
  const { time, failed } = lifetimes
  const largest = Math.max(...time)
  const logs = time.map((each) => Math.log(each / largest))
  const failures = failed.reduce((sum, each) => sum + each, 0)
  const meanLog = logs.reduce((sum, each, at) => sum + failed[at]! * each, 0) / failures
  if (
    logs.every((each, at) => failed[at] === 0 || Math.abs(each - meanLog) < 1e-12) &&
    logs.every((each) => each <= meanLog + 1e-12)
  )
    throw lifeErrors.noConvergence({ reason: 'all failures came at the same time' })
  const sums = (shape: number) => {
    let power = 0
    let weighted = 0
    let squared = 0
    for (const log of logs) {
      const term = Math.exp(shape * log)
      power += term
      weighted += term * log
      squared += term * log * log
    }
    return { power, weighted, squared }
  }
  // The profile equation rises with the shape, so that halving always finds its root.
  const profile = (shape: number) => {
    const { power, weighted } = sums(shape)
    return weighted / power - 1 / shape - meanLog
  }
  let low = 1e-3
  let high = 1
  while (profile(high) < 0 && high < 1e6) high *= 2
  for (let round = 0; round < 200 && high - low > 1e-14 * high; round++) {
    const middle = (low + high) / 2
    if (profile(middle) < 0) low = middle
    else high = middle
  }
  const shape = (low + high) / 2
  const { power, weighted, squared } = sums(shape)
  const scale = (power / failures) ** (1 / shape)
  const logScale = Math.log(scale)
  // Second derivatives in (ln scale, shape); at the maximum the terms (t/scale)^shape add up to the number of failures.
  const first = weighted / scale ** shape - failures * logScale
  const second = (squared - 2 * logScale * weighted) / scale ** shape + failures * logScale ** 2
  const a = failures * shape * shape
  const b = -shape * first
  const c = failures / shape ** 2 + second
  const determinant = a * c - b * b
  const logLikelihood =
    failures *
      (Math.log(shape) - shape * (logScale + Math.log(largest)) + (shape - 1) * (meanLog + Math.log(largest))) -
    failures
  return {
    shape,
    scale: scale * largest,
    logLikelihood,
    shapeError: Math.sqrt(a / determinant),
    scaleError: scale * largest * Math.sqrt(c / determinant),
  }
}

/**
 * The scale alone, for a shape that is known of machines of the kind (Weibayes: Abernethy, The New Weibull Handbook, chapter 6): with fewer
 * than five failures a fitted shape would say more than they do. Rolling bearings: 1.5 (ISO 281), gears and seals about 2.
 * @throws MW-LIFE-0006 without a failure
 */
export function weibayes(lifetimes: Lifetimes, shape: number): Weibull {
  checkLifetimes(lifetimes, 1)
  const { time, failed } = lifetimes
  const failures = failed.reduce((sum, each) => sum + each, 0)
  const largest = Math.max(...time)
  const power = time.reduce((sum, each) => sum + (each / largest) ** shape, 0)
  return { shape, scale: largest * (power / failures) ** (1 / shape) }
}

export const weibullSurvival = ({ shape, scale }: Weibull, time: number): number =>
  time <= 0 ? 1 : Math.exp(-((time / scale) ** shape))

/** Survival for `hours` more of a machine that reached `age`. */
export const weibullRemaining = ({ shape, scale }: Weibull, age: number, hours: number): number =>
  Math.exp((Math.max(0, age) / scale) ** shape - (Math.max(0, age + hours) / scale) ** shape)

/** Hours that a machine lasts on average. */
export const weibullMean = ({ shape, scale }: Weibull): number => scale * gamma(1 + 1 / shape)
