import { CholeskyDecomposition, Matrix } from 'ml-matrix'
import { learningErrors } from '../errors.ts'
import { columnMoments, completeRows, covariance } from '../pca/covariance.ts'
import { checkTable, listed, type Table } from '../table.ts'
import type { LinearModel } from './model.ts'

export interface LinearReport {
  readonly rows: number
  /** Rows in which an input or the target was missing. */
  readonly rowsLeftOut: number
  /** Constant inputs: their coefficients are 0. */
  readonly constant: readonly string[]
}

/**
 * Ridge regression (Hoerl and Kennard 1970) on standardised inputs: `penalty` counts as that many rows of pure noise, so that it means the same
 * whatever the units and the number of inputs. The intercept is not penalised.
 * @throws MW-LEARN-0001, -0002, -0004, -0005, -0007
 */
export function trainRidge(
  table: Table,
  target: Float64Array,
  { penalty = 1 }: { readonly penalty?: number } = {},
): { readonly model: LinearModel; readonly report: LinearReport } {
  if (!(penalty >= 0 && penalty < Number.POSITIVE_INFINITY))
    throw learningErrors.setting({ name: 'penalty', value: penalty, reason: 'it is a number from 0' })
  checkTable(table, target)
  const inputs = table.columns.length
  const columns = [...table.columns, target]
  const rows = completeRows({ names: [], columns })
  if (rows.length < 3) throw learningErrors.tooFewRows({ rows: rows.length, least: 3 })
  const { mean, deviation } = columnMoments(columns, rows)
  const constant = table.names.filter((_, at) => deviation[at] === 0)
  if (constant.length === inputs) throw learningErrors.nothingVaries({ inputs: listed(table.names) })
  if (deviation[inputs] === 0) throw learningErrors.constantTarget({ value: mean[inputs]! })
  const scale = deviation.map((each) => each || 1)
  const products = covariance(columns, rows, mean, scale)
  const used = Int32Array.from(table.names.keys()).filter((at) => deviation[at]! > 0)
  const at = (one: number, other: number) => products[one * (inputs + 1) + other]!
  // Without a penalty, inputs that are copies of one another still need a way to share their coefficient.
  const added = penalty / (rows.length - 1) + 1e-10
  const gram = new Matrix(
    Array.from(used, (one) => Array.from(used, (other) => at(one, other) + (one === other ? added : 0))),
  )
  const right = Matrix.columnVector(Array.from(used, (one) => at(one, inputs)))
  const solved = new CholeskyDecomposition(gram).solve(right)
  const weights = new Float64Array(inputs)
  used.forEach((input, place) => {
    weights[input] = (solved.get(place, 0) * scale[inputs]!) / scale[input]!
  })
  let intercept = mean[inputs]!
  for (let input = 0; input < inputs; input++) intercept -= weights[input]! * mean[input]!
  const model: LinearModel = { kind: 'linear', link: 'identity', names: [...table.names], weights, intercept }
  return { model, report: { rows: rows.length, rowsLeftOut: target.length - rows.length, constant } }
}
