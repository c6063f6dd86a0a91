import { inverse, Matrix } from 'ml-matrix'

/** Linear discriminant: one centroid for each condition, one precision matrix for all. */
export interface Discriminant {
  readonly mean: Float64Array
  readonly scale: Float64Array
  readonly conditions: readonly string[]
  /** Row by row, standardised. */
  readonly centroids: Float64Array
  /** Row by row: inverse of the pooled covariance within the conditions. */
  readonly precision: Float64Array
}

export interface Neighbour {
  readonly condition: string
  /** Mahalanobis, per square root of a dimension: about 1 within a condition. */
  readonly distance: number
}

/**
 * Regularised discriminant analysis (Friedman, JASA 84, 1989): the pooled covariance, shrunk by `shrinkage` towards a
 * multiple of the identity, for there are seldom more recordings than features squared.
 * @param rows all of one length
 */
export function fitDiscriminant(
  rows: readonly Float64Array[],
  conditions: readonly string[],
  shrinkage: number,
): Discriminant {
  const width = rows[0]!.length
  const mean = new Float64Array(width)
  const scale = new Float64Array(width)
  for (const row of rows) for (let i = 0; i < width; i++) mean[i]! += row[i]! / rows.length
  for (const row of rows) for (let i = 0; i < width; i++) scale[i]! += (row[i]! - mean[i]!) ** 2 / rows.length
  for (let i = 0; i < width; i++) scale[i] = Math.sqrt(scale[i]!) || 1
  const names = [...new Set(conditions)].sort()
  const centroids = new Float64Array(names.length * width)
  const counts = names.map((name) => conditions.filter((each) => each === name).length)
  const standard = rows.map((row) => row.map((x, i) => (x - mean[i]!) / scale[i]!))
  const at = conditions.map((name) => names.indexOf(name))
  standard.forEach((row, n) => {
    for (let i = 0; i < width; i++) centroids[at[n]! * width + i]! += row[i]! / counts[at[n]!]!
  })
  const within = Matrix.zeros(width, width)
  standard.forEach((row, n) => {
    const from = row.map((x, i) => x - centroids[at[n]! * width + i]!)
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++) within.set(i, j, within.get(i, j) + (from[i]! * from[j]!) / rows.length)
  })
  // Never zero, so that rows that are all alike still have an inverse.
  const typical = within.trace() / width + 1e-9
  const shrunk = Matrix.mul(within, 1 - shrinkage).add(Matrix.eye(width).mul(shrinkage * typical))
  return { mean, scale, conditions: names, centroids, precision: Float64Array.from(inverse(shrunk).to1DArray()) }
}

/** All conditions, the nearest first. */
export function neighbours(model: Discriminant, row: Float64Array): Neighbour[] {
  const { mean, scale, conditions, centroids, precision } = model
  const width = mean.length
  const from = new Float64Array(width)
  return conditions
    .map((condition, n) => {
      for (let i = 0; i < width; i++) from[i] = (row[i]! - mean[i]!) / scale[i]! - centroids[n * width + i]!
      let square = 0
      for (let i = 0; i < width; i++)
        for (let j = 0; j < width; j++) square += from[i]! * precision[i * width + j]! * from[j]!
      return { condition, distance: Math.sqrt(Math.max(0, square) / width) }
    })
    .sort((one, other) => one.distance - other.distance)
}
