import { CholeskyDecomposition, Matrix } from 'ml-matrix'
import { fisherAbove, studentTwoSided } from '../distributions/beta.ts'

export interface Fit {
  /** Intercept first, then one for each column. */
  readonly coefficients: Float64Array
  /** (XᵀX)⁻¹, row-major, intercept first. */
  readonly inverse: Float64Array
  readonly residuals: Float64Array
  /** Sum of squared residuals. */
  readonly squares: number
  readonly freedom: number
}

export interface FitStatistics {
  readonly standardErrors: readonly number[]
  readonly t: readonly number[]
  /** Probability of so large a |t| if the term had no effect. */
  readonly p: readonly number[]
  readonly r2: number
  readonly adjustedR2: number
  readonly f: number
  readonly fP: number
  /** Coefficient of variation of the root mean square error, ASHRAE Guideline 14: √(SSE / (n - p)) / mean. */
  readonly cvRmse: number
  /** Normalised mean bias error, ASHRAE Guideline 14: Σ (y - ŷ) / ((n - p) mean). */
  readonly nmbe: number
  readonly rmse: number
}

/** Ordinary least squares with an intercept; undefined when a column repeats others, or there are no more rows than terms. */
export function leastSquares(columns: readonly Float64Array[], y: Float64Array): Fit | undefined {
  const n = y.length
  const terms = columns.length + 1
  if (n <= terms) return undefined
  // Columns are centred and scaled, so that a temperature beside a count of thousands does not spoil the equations.
  const means = columns.map(meanOf)
  const scales = columns.map((column, j) => Math.sqrt(column.reduce((sum, v) => sum + (v - means[j]!) ** 2, 0)))
  if (scales.some((scale) => !(scale > 0))) return undefined
  const yMean = meanOf(y)
  const cross = new Matrix(columns.length, columns.length)
  const right = new Matrix(columns.length, 1)
  for (let j = 0; j < columns.length; j++) {
    for (let k = 0; k <= j; k++) {
      let sum = 0
      for (let i = 0; i < n; i++) sum += (columns[j]![i]! - means[j]!) * (columns[k]![i]! - means[k]!)
      cross.set(j, k, sum / scales[j]! / scales[k]!)
      cross.set(k, j, cross.get(j, k))
    }
    let sum = 0
    for (let i = 0; i < n; i++) sum += (columns[j]![i]! - means[j]!) * (y[i]! - yMean)
    right.set(j, 0, sum / scales[j]!)
  }
  let scaled = new Matrix(0, 0)
  const coefficients = new Float64Array(terms)
  if (columns.length > 0) {
    const factor = new CholeskyDecomposition(cross)
    if (!factor.isPositiveDefinite() || factor.lowerTriangularMatrix.diagonal().some((d) => d < 1e-6)) return undefined
    scaled = factor.solve(Matrix.eye(columns.length))
    const solved = scaled.mmul(right)
    for (let j = 0; j < columns.length; j++) coefficients[j + 1] = solved.get(j, 0) / scales[j]!
  }
  coefficients[0] = yMean - means.reduce((sum, mean, j) => sum + mean * coefficients[j + 1]!, 0)
  const residuals = y.map(
    (value, i) => value - columns.reduce((sum, c, j) => sum + coefficients[j + 1]! * c[i]!, coefficients[0]!),
  )
  const inverse = (j: number, k: number) => scaled.get(j, k) / scales[j]! / scales[k]!
  const full = new Float64Array(terms * terms)
  full[0] = 1 / n
  for (let j = 1; j < terms; j++) {
    let withMean = 0
    for (let k = 1; k < terms; k++) {
      full[j * terms + k] = inverse(j - 1, k - 1)
      withMean += inverse(j - 1, k - 1) * means[k - 1]!
    }
    full[j * terms] = -withMean
    full[j] = -withMean
    full[0] += means[j - 1]! * withMean
  }
  return {
    coefficients,
    inverse: full,
    residuals,
    squares: residuals.reduce((sum, value) => sum + value * value, 0),
    freedom: n - terms,
  }
}

/** @param searched parameters that a search found (change points): they cost degrees of freedom as well */
export function statisticsOf(fit: Fit, y: Float64Array, searched = 0): FitStatistics {
  const n = y.length
  const terms = fit.coefficients.length
  const freedom = Math.max(1, fit.freedom - searched)
  const variance = fit.squares / freedom
  const mean = meanOf(y)
  const total = y.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const standardErrors = Array.from(fit.coefficients, (_, j) => Math.sqrt(variance * fit.inverse[j * terms + j]!))
  const t = standardErrors.map((error, j) => fit.coefficients[j]! / error)
  const explaining = terms - 1 + searched
  const f = explaining === 0 ? 0 : Math.min(1e12, (total - fit.squares) / explaining / Math.max(variance, 1e-300))
  return {
    standardErrors,
    t,
    p: t.map((value) => studentTwoSided(value, freedom)),
    r2: 1 - fit.squares / total,
    adjustedR2: 1 - (fit.squares / freedom / total) * (n - 1),
    f,
    fP: explaining === 0 ? 1 : fisherAbove(f, explaining, freedom),
    cvRmse: Math.sqrt(variance) / Math.abs(mean),
    nmbe: fit.residuals.reduce((sum, value) => sum + value, 0) / freedom / mean,
    rmse: Math.sqrt(variance),
  }
}

/** Correlation of each residual with the one before: what makes 8,760 hours say less than 8,760 independent rows. */
export function lagOne(residuals: Float64Array): number {
  let products = 0
  let squares = 0
  for (let i = 0; i < residuals.length; i++) {
    squares += residuals[i]! ** 2
    if (i > 0) products += residuals[i]! * residuals[i - 1]!
  }
  return squares === 0 ? 0 : products / squares
}

export const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length
