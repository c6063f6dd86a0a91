/** Hotelling's T² for parts or times with several readings at once (Montgomery 11.3; Mason & Young 2002). */
import { CholeskyDecomposition, Matrix } from 'ml-matrix'
import { betaQuantile, fisherQuantile } from '../../distributions/beta.ts'
import { columnMoments, completeRows, covariance } from '../../learning/pca/covariance.ts'
import { checkTable, listed, type Table } from '../../learning/table.ts'
import { qualityErrors } from '../errors.ts'

/** What is normal: taken from rows of phase I. */
export interface NormalRows {
  readonly names: readonly string[]
  /** Rows that it was learnt from. */
  readonly rows: number
  readonly mean: Float64Array
  /** Inverse covariance, width × width, row-major. */
  readonly precision: Float64Array
  readonly covariance: Float64Array
}

/** @throws MW-QUALITY-0001, -0002, -0006 */
export function learnNormalRows(table: Table): NormalRows {
  checkTable(table)
  const { names, columns } = table
  const width = names.length
  const rows = completeRows(table)
  const least = Math.max(10, 3 * width)
  if (rows.length < least) throw qualityErrors.tooFew({ count: rows.length, what: 'complete rows', least })
  const { mean, deviation } = columnMoments(columns, rows)
  const still = deviation.indexOf(0)
  if (still >= 0) throw qualityErrors.noSpread({ what: `"${names[still]}"`, value: mean[still]! })
  // On correlations, so that units do not make it look singular.
  const correlations = Matrix.from1DArray(width, width, covariance(columns, rows, mean, deviation))
  const factor = new CholeskyDecomposition(correlations)
  const lower = factor.lowerTriangularMatrix
  const twice = names.filter((_, at) => !(lower.get(at, at) > 1e-5))
  if (!factor.isPositiveDefinite() || twice.length > 0) throw qualityErrors.dependent({ names: listed(twice) })
  const inverse = factor.solve(Matrix.eye(width))
  const scaled = (matrix: Matrix, power: 1 | -1) =>
    Float64Array.from({ length: width * width }, (_, at) => {
      const [i, j] = [Math.floor(at / width), at % width]
      return matrix.get(i, j) * (deviation[i]! * deviation[j]!) ** power
    })
  return {
    names: [...names],
    rows: rows.length,
    mean,
    precision: scaled(inverse, -1),
    covariance: scaled(correlations, 1),
  }
}

/** Limit for the rows that the normal was learnt from (Tracy, Young & Mason 1992, eq. 2.3). @param alarm probability of a false alarm for a row */
export function phaseOneLimit({ rows, names }: Pick<NormalRows, 'rows' | 'names'>, alarm: number): number {
  const width = names.length
  return ((rows - 1) ** 2 / rows) * betaQuantile(1 - alarm, width / 2, (rows - width - 1) / 2)
}

/** Limit for rows that come after (ibid., eq. 2.5). */
export function phaseTwoLimit({ rows, names }: Pick<NormalRows, 'rows' | 'names'>, alarm: number): number {
  const width = names.length
  const scale = (width * (rows + 1) * (rows - 1)) / (rows * rows - rows * width)
  return scale * fisherQuantile(1 - alarm, width, rows - width)
}

/** T² of one row; NaN with a missing value. */
export function tSquare({ mean, precision }: NormalRows, row: ArrayLike<number>): number {
  const width = mean.length
  let square = 0
  for (let i = 0; i < width; i++) {
    let along = 0
    for (let j = 0; j < width; j++) along += precision[i * width + j]! * (row[j]! - mean[j]!)
    square += along * (row[i]! - mean[i]!)
  }
  return square
}

export interface RowContribution {
  readonly name: string
  readonly value: number
  /** What the others lead to expect of it. */
  readonly expected: number
  /** What T² would lose without it: the conditional term of Mason, Young & Tracy 1995. */
  readonly conditional: number
  /** Its own distance from the mean, squared, in standard deviations: the unconditional term. */
  readonly alone: number
}

/** Who makes T² large: strongest first. Large alone: the value is off; large only conditionally: it does not fit the others. */
export function contributions(
  { names, mean, precision, covariance: spread }: NormalRows,
  row: ArrayLike<number>,
): RowContribution[] {
  const width = mean.length
  return names
    .map((name, i) => {
      let along = 0
      for (let j = 0; j < width; j++) along += precision[i * width + j]! * (row[j]! - mean[j]!)
      const own = precision[i * width + i]!
      const value = row[i]!
      return {
        name,
        value,
        expected: value - along / own,
        conditional: (along * along) / own,
        alone: (value - mean[i]!) ** 2 / spread[i * width + i]!,
      }
    })
    .sort((a, b) => b.conditional - a.conditional)
}
