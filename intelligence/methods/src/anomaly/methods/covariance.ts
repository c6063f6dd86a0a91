import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import type { Rows } from '../detector.ts'

/** Mean (width) and covariance (width x width, row-major, divided by count - 1). */
export interface Moments {
  readonly mean: Float64Array
  readonly covariance: Float64Array
}

export function moments({ count, width, values }: Pick<Rows, 'count' | 'width' | 'values'>): Moments {
  const mean = new Float64Array(width)
  for (let row = 0; row < count; row++)
    for (let column = 0; column < width; column++) mean[column]! += values[row * width + column]! / count
  const covariance = new Float64Array(width * width)
  const centred = new Float64Array(width)
  const share = 1 / Math.max(1, count - 1)
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < width; column++) centred[column] = values[row * width + column]! - mean[column]!
    for (let i = 0; i < width; i++) {
      const scaled = centred[i]! * share
      for (let j = i; j < width; j++) covariance[i * width + j]! += scaled * centred[j]!
    }
  }
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) covariance[i * width + j] = covariance[j * width + i]!
  return { mean, covariance }
}

/** The covariance with the variance that slow drift may add to each signal. */
export function withWander(covariance: Float64Array, { width, wander }: Rows): Float64Array {
  return covariance.map((value, at) => (at % (width + 1) === 0 ? value + wander[at / (width + 1)]! : value))
}

/** Eigenvalues descending (not negative), eigenvectors width x width row-major: vector k is the row k. */
export interface Spectrum {
  readonly values: Float64Array
  readonly vectors: Float64Array
}

export function symmetricSpectrum(matrix: Float64Array, width: number): Spectrum {
  const decomposition = new EigenvalueDecomposition(Matrix.from1DArray(width, width, matrix), {
    assumeSymmetric: true,
  })
  const order = decomposition.realEigenvalues
    .map((value, index) => ({ value, index }))
    .sort((a, b) => b.value - a.value)
  const values = Float64Array.from(order, ({ value }) => Math.max(0, value))
  const vectors = new Float64Array(width * width)
  order.forEach(({ index }, k) => {
    for (let j = 0; j < width; j++) vectors[k * width + j] = decomposition.eigenvectorMatrix.get(j, index)
  })
  return { values, vectors }
}

/** Smallest variance a direction is given, of the mean variance: beyond it is rounding, not knowledge. */
const FLOOR = 1e-3

/**
 * The symmetric root of the inverse of a covariance matrix, so that |Wx|² is the squared Mahalanobis distance and the squares of Wx are
 * what each signal adds to it (Garthwaite et al., Biometrika 99 (2012) 765).
 */
export function whitening(covariance: Float64Array, width: number): Float64Array {
  const { values, vectors } = symmetricSpectrum(covariance, width)
  const floor = Math.max(1e-12, (FLOOR * values.reduce((sum, value) => sum + value, 0)) / width)
  const root = new Float64Array(width * width)
  for (let k = 0; k < width; k++) {
    const weight = 1 / Math.sqrt(Math.max(values[k]!, floor))
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++) root[i * width + j]! += weight * vectors[k * width + i]! * vectors[k * width + j]!
  }
  return root
}
