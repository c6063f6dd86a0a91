import { Matrix, solve } from 'ml-matrix'
import { f64s, fits, record } from '../../model-file/shape.ts'
import type { Detector, RowScorer, Rows } from '../detector.ts'
import { moments, whitening } from './covariance.ts'

/** Earlier rows that the forecast is made from. */
const LAGS = 3
/** Ridge: variance added to each regressor, of one scaled signal's. */
const RIDGE = 0.01

const shape = record({ weights: f64s, mean: f64s, whitening: f64s })

/**
 * Residuals of a one-step forecast: a vector autoregression (Luetkepohl, New Introduction to Multiple Time Series Analysis, 2005, ch. 3)
 * with a ridge (Hoerl & Kennard, Technometrics 12 (1970) 55), scored by the Mahalanobis distance of what it did not foresee.
 * `weights` is width x (LAGS * width + 1), the last the constant.
 */
export const autoregression: Detector = {
  source: 'Luetkepohl 2005; Hoerl & Kennard 1970',
  least: (width) => Math.max(80, 5 * LAGS * width),
  fit(rows) {
    const weights = regression(rows)
    const { residuals, count } = residualsOf(rows, weights)
    const { mean, covariance } = moments({ count, width: rows.width, values: residuals })
    return { weights, mean, whitening: whitening(covariance, rows.width) }
  },
  scorer(data, width): RowScorer {
    const { weights, mean, whitening: root } = shape(data, 'autoregression')
    const fit = weights.length === width * (LAGS * width + 1) && mean.length === width && root.length === width * width
    fits(fit, 'autoregression', `for ${width} signals`)
    const past = new Float64Array(LAGS * width)
    const residual = new Float64Array(width)
    let known = 0
    return {
      score(values, at, parts) {
        let square = Number.NaN
        parts.fill(0)
        if (known >= LAGS) {
          for (let j = 0; j < width; j++) residual[j] = values[at + j]! - foreseen(weights, past, j) - mean[j]!
          square = 0
          for (let i = 0; i < width; i++) {
            let along = 0
            for (let j = 0; j < width; j++) along += root[i * width + j]! * residual[j]!
            parts[i] = along * along
            square += along * along
          }
        }
        past.copyWithin(width, 0, (LAGS - 1) * width)
        for (let j = 0; j < width; j++) past[j] = values[at + j]!
        known++
        return square
      },
      reset() {
        known = 0
      },
    }
  },
}

/** @param past the newest row first */
function foreseen(weights: Float64Array, past: Float64Array, signal: number): number {
  const base = signal * (past.length + 1)
  let sum = weights[base + past.length]!
  for (let k = 0; k < past.length; k++) sum += weights[base + k]! * past[k]!
  return sum
}

/** Calls with the earlier rows (newest first) of each row that has enough of them in its run. */
function eachForecast({ count, width, values, starts }: Rows, use: (past: Float64Array, at: number) => void): void {
  const past = new Float64Array(LAGS * width)
  let known = 0
  for (let row = 0; row < count; row++) {
    if (starts[row] === 1) known = 0
    const at = row * width
    if (known >= LAGS) use(past, at)
    past.copyWithin(width, 0, (LAGS - 1) * width)
    past.set(values.subarray(at, at + width))
    known++
  }
}

function regression(rows: Rows): Float64Array {
  const { width, values } = rows
  const size = LAGS * width + 1
  const gram = new Float64Array(size * size)
  const cross = new Float64Array(size * width)
  let count = 0
  eachForecast(rows, (past, at) => {
    count++
    for (let a = 0; a < size; a++) {
      const left = a === size - 1 ? 1 : past[a]!
      for (let b = a; b < size; b++) gram[a * size + b]! += left * (b === size - 1 ? 1 : past[b]!)
      for (let j = 0; j < width; j++) cross[a * width + j]! += left * values[at + j]!
    }
  })
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < a; b++) gram[a * size + b] = gram[b * size + a]!
    // A little on the constant too: a run that is too short for one row leaves it at 0.
    gram[a * size + a]! += a === size - 1 ? 1e-9 : RIDGE * Math.max(1, count)
  }
  const solution = solve(Matrix.from1DArray(size, size, gram), Matrix.from1DArray(size, width, cross))
  return Float64Array.from(solution.transpose().to1DArray())
}

function residualsOf(rows: Rows, weights: Float64Array): { residuals: Float64Array; count: number } {
  const { width, values } = rows
  const residuals = new Float64Array(values.length)
  let count = 0
  eachForecast(rows, (past, at) => {
    for (let j = 0; j < width; j++) residuals[count * width + j] = values[at + j]! - foreseen(weights, past, j)
    count++
  })
  return { residuals, count }
}
