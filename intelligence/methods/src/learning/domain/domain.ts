import { CholeskyDecomposition, Matrix } from 'ml-matrix'
import { modelFileErrors } from '../../model-file/errors.ts'
import { columnMoments, completeRows, covariance } from '../pca/covariance.ts'
import { checkTable, type Table } from '../table.ts'

/** Where a model knows its way: the range of each input in training, and how far rows lay from the middle with all inputs together. */
export interface Domain {
  readonly kind: 'domain'
  readonly names: readonly string[]
  /** NaN for an input that was missing throughout. */
  readonly low: Float64Array
  readonly high: Float64Array
  readonly mean: Float64Array
  /** 1 for a constant input. */
  readonly scale: Float64Array
  /** Inverse of the lower Cholesky factor of the shrunk correlations, row-major: it makes inputs that move together independent. */
  readonly whitening: Float64Array
  /** Distance above which a row lies outside. */
  readonly limit: number
}

/** What an input may lie outside of its range in training, as a share of it: by chance alone, new rows exceed old ones a little. */
const MARGIN = 0.05
/** Rows that the joint limit is drawn from at most. */
const ROWS = 20_000

/**
 * The joint measure is the Mahalanobis distance with correlations shrunk by a hundredth, its limit 1.25 times what 99.9 % of the training rows keep. It finds
 * what ranges cannot: two signals that have always moved together and now part, or have been swapped.
 */
export function learnDomain(table: Table): Domain {
  checkTable(table)
  const inputs = table.columns.length
  const low = new Float64Array(inputs).fill(Number.NaN)
  const high = new Float64Array(inputs).fill(Number.NaN)
  table.columns.forEach((column, at) => {
    for (const value of column) {
      if (!Number.isFinite(value)) continue
      if (!(value >= low[at]!)) low[at] = value
      if (!(value <= high[at]!)) high[at] = value
    }
  })
  const filled = table.columns.map((column, at) => withoutGaps(column, low[at]!))
  const all = completeRows({ names: table.names, columns: filled })
  const step = Math.max(1, Math.ceil(all.length / ROWS))
  const rows = all.filter((_, at) => at % step === 0)
  const { mean, deviation } = columnMoments(filled, rows)
  const scale = deviation.map((each) => each || 1)
  const whitening = whiten(covariance(filled, rows, mean, scale), deviation)
  const open: Domain = { kind: 'domain', names: [...table.names], low, high, mean, scale, whitening, limit: 1 }
  const measure = domainMeasure(open)
  const values = new Float64Array(inputs)
  const distances = Float64Array.from(rows, (row) => {
    for (let at = 0; at < inputs; at++) values[at] = table.columns[at]![row]!
    return measure.joint(values)
  }).sort()
  const reached = distances[Math.min(distances.length - 1, Math.floor(0.999 * distances.length))] ?? 0
  return { ...open, limit: Math.max(1.25 * reached, 1e-9) }
}

export interface OutsideInput {
  readonly name: string
  readonly value: number
  readonly low: number
  readonly high: number
}

export interface DomainMeasure {
  /** 0 within; above 1 outside: by the input that is farthest out, or all together. No allocation. */
  row(values: ArrayLike<number>): number
  /** Distance of all inputs together by the limit; missing ones count as in the middle. */
  joint(values: ArrayLike<number>): number
  /** The inputs that lie outside of their range. */
  outside(values: ArrayLike<number>): OutsideInput[]
}

export function domainMeasure({ names, low, high, mean, scale, whitening, limit }: Domain): DomainMeasure {
  const inputs = names.length
  const centred = new Float64Array(inputs)
  const excess = (value: number, at: number): number => {
    const room = MARGIN * (high[at]! - low[at]!) || 1e-9 * Math.abs(high[at]!) || 1e-12
    return value > high[at]! ? (value - high[at]!) / room : value < low[at]! ? (low[at]! - value) / room : 0
  }
  const joint = (values: ArrayLike<number>): number => {
    for (let at = 0; at < inputs; at++) {
      const value = (values[at]! - mean[at]!) / scale[at]!
      centred[at] = Number.isNaN(value) ? 0 : value
    }
    let sum = 0
    for (let one = 0; one < inputs; one++) {
      let part = 0
      for (let other = 0; other <= one; other++) part += whitening[one * inputs + other]! * centred[other]!
      sum += part * part
    }
    return Math.sqrt(sum) / limit
  }
  return {
    joint,
    row(values) {
      let most = joint(values)
      for (let at = 0; at < inputs; at++) most = Math.max(most, excess(values[at]!, at))
      return most
    },
    outside: (values) =>
      names
        .map((name, at) => ({ name, value: values[at]!, low: low[at]!, high: high[at]! }))
        .filter(({ value }, at) => excess(value, at) > 1),
  }
}

/** For models that hold one within. @throws MW-MODEL-0001 */
export function checkDomain(data: unknown): Domain {
  const domain = data as Domain | null
  const inputs = Array.isArray(domain?.names) ? domain.names.length : -1
  const whole =
    domain?.kind === 'domain' &&
    [domain.low, domain.high, domain.mean, domain.scale].every(
      (part) => part instanceof Float64Array && part.length === inputs,
    ) &&
    domain.whitening instanceof Float64Array &&
    domain.whitening.length === inputs * inputs &&
    domain.limit > 0
  if (!whole) throw modelFileErrors.unreadable({ reason: 'what it was trained on is not whole' })
  return domain
}

/** Gaps become the mean of the column, so that a row with one gap still tells of the others. */
function withoutGaps(column: Float64Array, low: number): Float64Array {
  if (Number.isNaN(low)) return new Float64Array(column.length)
  let [sum, count] = [0, 0]
  for (const value of column)
    if (Number.isFinite(value)) {
      sum += value
      count++
    }
  return count === column.length ? column : column.map((value) => (Number.isFinite(value) ? value : sum / count))
}

function whiten(correlations: Float64Array, deviation: Float64Array): Float64Array {
  const inputs = deviation.length
  const shrunk = Matrix.zeros(inputs, inputs)
  for (let one = 0; one < inputs; one++)
    for (let other = 0; other < inputs; other++)
      shrunk.set(
        one,
        other,
        one === other ? 1 : deviation[one]! * deviation[other]! > 0 ? 0.99 * correlations[one * inputs + other]! : 0,
      )
  const lower = new CholeskyDecomposition(shrunk).lowerTriangularMatrix
  const inverse = new Float64Array(inputs * inputs)
  for (let column = 0; column < inputs; column++)
    for (let row = column; row < inputs; row++) {
      let sum = row === column ? 1 : 0
      for (let at = column; at < row; at++) sum -= lower.get(row, at) * inverse[at * inputs + column]!
      inverse[row * inputs + column] = sum / lower.get(row, row)
    }
  return inverse
}
