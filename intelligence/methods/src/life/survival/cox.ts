import { CholeskyDecomposition, Matrix } from 'ml-matrix'
import { lifeErrors } from '../errors.ts'
import { checkLifetimes, type Lifetimes } from './lifetimes.ts'

export interface CoxFit {
  readonly names: readonly string[]
  /** Logarithm of the hazard ratio of one unit of each covariate. */
  readonly coefficients: Float64Array
  readonly errors: Float64Array
  readonly logLikelihood: number
  /** Means of the covariates: the baseline is a machine with these. */
  readonly means: Float64Array
  /** Cumulative baseline hazard (Breslow 1974) from each time of a failure on. */
  readonly baseline: readonly { readonly time: number; readonly hazard: number }[]
}

const ROUNDS = 50
/** A hazard ratio of e^20 is no estimate but a covariate that separates failures from the rest. */
const LARGEST = 20

/**
 * Proportional hazards (Cox 1972) by Newton's method on the partial likelihood; ties as Efron (JASA 72, 1977) or as Breslow (1974).
 * @throws MW-LIFE-0006 for lifetimes or covariates that cannot be used, -0007 when a covariate separates or repeats others
 */
export function fitCox(
  lifetimes: Lifetimes,
  names: readonly string[],
  covariates: readonly Float64Array[],
  ties: 'efron' | 'breslow' = 'efron',
): CoxFit {
  checkLifetimes(lifetimes, 1)
  const rows = lifetimes.time.length
  if (names.length === 0 || names.length !== covariates.length || covariates.some((each) => each.length !== rows))
    throw lifeErrors.survival({ reason: 'names, covariates and times do not go together' })
  const odd = covariates.findIndex((each) => !each.every(Number.isFinite))
  if (odd >= 0) throw lifeErrors.survival({ reason: `"${names[odd]}" has missing values` })
  const means = Float64Array.from(covariates, (each) => each.reduce((sum, value) => sum + value, 0) / rows)
  const scales = Float64Array.from(covariates, (each, at) =>
    Math.sqrt(each.reduce((sum, value) => sum + (value - means[at]!) ** 2, 0) / rows),
  )
  const constant = scales.findIndex((scale, at) => !(scale > 1e-12 * Math.abs(means[at]!)))
  if (constant >= 0) throw lifeErrors.survival({ reason: `"${names[constant]}" is the same for all` })
  // Newton on standardised covariates, so that hours and revolutions do not lose each other's digits.
  const x = covariates.map((each, at) => each.map((value) => (value - means[at]!) / scales[at]!))
  const order = Int32Array.from(lifetimes.time.keys()).sort((a, b) => lifetimes.time[b]! - lifetimes.time[a]!)
  let beta = new Float64Array(names.length)
  let here = partial(lifetimes, x, order, beta, ties)
  for (let round = 0; ; round++) {
    if (round === ROUNDS)
      throw lifeErrors.noConvergence({ reason: 'the covariates tell the failures apart without any doubt' })
    const step = solve(here.information, here.gradient, names)
    let next = here
    let share = 1
    for (; share > 1e-6; share /= 2) {
      const tried = beta.map((value, at) => value + share * step[at]!)
      next = partial(lifetimes, x, order, tried, ties)
      if (next.logLikelihood >= here.logLikelihood - 1e-12) {
        beta = tried
        break
      }
    }
    const gained = next.logLikelihood - here.logLikelihood
    here = next
    const wild = beta.findIndex((value) => Math.abs(value) > LARGEST)
    if (wild >= 0) throw lifeErrors.noConvergence({ reason: `"${names[wild]}" alone tells the failures apart` })
    if (Math.abs(gained) < 1e-11 && step.every((value) => Math.abs(value) < 1e-7)) break
  }
  const covariance = new CholeskyDecomposition(here.information).solve(Matrix.eye(names.length))
  return {
    names,
    coefficients: beta.map((value, at) => value / scales[at]!),
    errors: beta.map((_, at) => Math.sqrt(covariance.get(at, at)) / scales[at]!),
    logLikelihood: here.logLikelihood,
    means,
    baseline: baseline(lifetimes, x, order, beta),
  }
}

/** P(T > time) of a machine with these covariates, in the order of the fit's names. */
export function coxSurvival(fit: CoxFit, covariates: ArrayLike<number>, time: number): number {
  let score = 0
  for (let at = 0; at < fit.coefficients.length; at++)
    score += fit.coefficients[at]! * (covariates[at]! - fit.means[at]!)
  let hazard = 0
  for (const step of fit.baseline) {
    if (step.time > time) break
    hazard = step.hazard
  }
  return Math.exp(-hazard * Math.exp(score))
}

function solve(information: Matrix, gradient: Float64Array, names: readonly string[]): number[] {
  const cholesky = new CholeskyDecomposition(information)
  if (!cholesky.isPositiveDefinite())
    throw lifeErrors.noConvergence({ reason: `of ${names.join(', ')}, one says the same as the others together` })
  return cholesky.solve(Matrix.columnVector(gradient)).to1DArray()
}

/** Log partial likelihood with its gradient and information; `order` runs from the longest life to the shortest. */
function partial(
  { time, failed }: Lifetimes,
  x: readonly Float64Array[],
  order: Int32Array,
  beta: Float64Array,
  ties: 'efron' | 'breslow',
) {
  const n = beta.length
  const gradient = new Float64Array(n)
  const information = Matrix.zeros(n, n)
  const risk = sums(n)
  let logLikelihood = 0
  for (let at = 0; at < order.length; ) {
    const now = time[order[at]!]!
    const tied = sums(n)
    let failures = 0
    for (; at < order.length && time[order[at]!] === now; at++) {
      const row = order[at]!
      let score = 0
      for (let i = 0; i < n; i++) score += beta[i]! * x[i]![row]!
      add(risk, x, row, Math.exp(score))
      if (failed[row] === 0) continue
      failures++
      add(tied, x, row, Math.exp(score))
      logLikelihood += score
      for (let i = 0; i < n; i++) gradient[i]! += x[i]![row]!
    }
    for (let event = 0; event < failures; event++) {
      const share = ties === 'efron' ? event / failures : 0
      const total = risk.zero - share * tied.zero
      logLikelihood -= Math.log(total)
      for (let i = 0; i < n; i++) {
        const first = (risk.one[i]! - share * tied.one[i]!) / total
        gradient[i]! -= first
        for (let j = 0; j <= i; j++) {
          const other = (risk.one[j]! - share * tied.one[j]!) / total
          const second = (risk.two[i * n + j]! - share * tied.two[i * n + j]!) / total
          information.set(i, j, information.get(i, j) + second - first * other)
          information.set(j, i, information.get(i, j))
        }
      }
    }
  }
  return { logLikelihood, gradient, information }
}

const sums = (n: number) => ({ zero: 0, one: new Float64Array(n), two: new Float64Array(n * n) })

function add(into: ReturnType<typeof sums>, x: readonly Float64Array[], row: number, weight: number): void {
  const n = into.one.length
  into.zero += weight
  for (let i = 0; i < n; i++) {
    into.one[i]! += weight * x[i]![row]!
    for (let j = 0; j < n; j++) into.two[i * n + j]! += weight * x[i]![row]! * x[j]![row]!
  }
}

function baseline({ time, failed }: Lifetimes, x: readonly Float64Array[], order: Int32Array, beta: Float64Array) {
  const jumps: { time: number; hazard: number }[] = []
  let risk = 0
  for (let at = 0; at < order.length; ) {
    const now = time[order[at]!]!
    let failures = 0
    for (; at < order.length && time[order[at]!] === now; at++) {
      const row = order[at]!
      risk += Math.exp(beta.reduce((sum, value, i) => sum + value * x[i]![row]!, 0))
      failures += failed[row]!
    }
    if (failures > 0) jumps.push({ time: now, hazard: failures / risk })
  }
  let hazard = 0
  return jumps.reverse().map((jump) => {
    hazard += jump.hazard
    return { time: jump.time, hazard }
  })
}
