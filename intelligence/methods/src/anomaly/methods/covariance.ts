import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import type { Rows } from '../detector.ts'

/** Mean (width) and covariance (width x width, row-major, divided by count - 1). */
export interface Moments {
  readonly mean: Float64Array
  readonly covariance: Float64Array
}

export function moments({ count, width, values }: Rows): Moments {
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
