import { CholeskyDecomposition, Matrix } from 'ml-matrix'
import { learningErrors } from '../errors.ts'
import { columnMoments, completeRows } from '../pca/covariance.ts'
import { checkTable, listed, type Table } from '../table.ts'
import type { LinearModel } from './model.ts'
import type { LinearReport } from './ridge.ts'

const STEPS = 100

/**
 * Logistic regression of two classes (0 and 1), ridge-penalised on standardised inputs, by Newton's steps (iteratively reweighted least squares, Hastie 2009,
 * section 4.4.1), each halved until it helps. `penalty` is that of ½ ‖weights‖².
 * @throws MW-LEARN-0001 to -0003, -0005, -0007, -0008
 */
export function trainLogistic(
  table: Table,
  target: Float64Array,
  { penalty = 1, weights: given }: { readonly penalty?: number; readonly weights?: Float64Array } = {},
): { readonly model: LinearModel; readonly report: LinearReport } {
  if (!(penalty >= 0 && penalty < Number.POSITIVE_INFINITY))
    throw learningErrors.setting({ name: 'penalty', value: penalty, reason: 'it is a number from 0' })
  checkTable(table, target)
  const rows = completeRows({ names: [], columns: [...table.columns, target] })
  if (rows.length < 3) throw learningErrors.tooFewRows({ rows: rows.length, least: 3 })
  const odd = rows.find((row) => target[row] !== 0 && target[row] !== 1)
  if (odd !== undefined) throw learningErrors.classIndex({ last: 1, row: odd, value: target[odd]! })
  if (rows.every((row) => target[row] === target[rows[0]!])) throw learningErrors.oneClass({})
  const { mean, deviation } = columnMoments(table.columns, rows)
  const constant = table.names.filter((_, at) => deviation[at] === 0)
  if (constant.length === table.names.length) throw learningErrors.nothingVaries({ inputs: listed(table.names) })
  const used = Int32Array.from(table.names.keys()).filter((at) => deviation[at]! > 0)
  const design = [
    new Float64Array(rows.length).fill(1),
    ...Array.from(used, (at) =>
      Float64Array.from(rows, (row) => (table.columns[at]![row]! - mean[at]!) / deviation[at]!),
    ),
  ]
  const truth = Float64Array.from(rows, (row) => target[row]!)
  const weight = Float64Array.from(rows, (row) => given?.[row] ?? 1)
  const solved = newton(design, truth, weight, penalty)
  const weights = new Float64Array(table.names.length)
  let intercept = solved[0]!
  used.forEach((input, place) => {
    weights[input] = solved[place + 1]! / deviation[input]!
    intercept -= weights[input]! * mean[input]!
  })
  const model: LinearModel = { kind: 'linear', link: 'logistic', names: [...table.names], weights, intercept }
  return { model, report: { rows: rows.length, rowsLeftOut: target.length - rows.length, constant } }
}

function newton(
  design: readonly Float64Array[],
  truth: Float64Array,
  weight: Float64Array,
  penalty: number,
): Float64Array {
  let solution = new Float64Array(design.length)
  let score = scores(design, solution)
  let loss = lossOf(score, truth, weight, solution, penalty)
  for (let step = 0; step < STEPS; step++) {
    const move = direction(design, truth, weight, solution, score, penalty)
    let share = 1
    let next = solution
    let after = loss
    for (; share > 1e-6; share /= 2) {
      next = solution.map((value, at) => value - share * move[at]!)
      score = scores(design, next)
      after = lossOf(score, truth, weight, next, penalty)
      if (after <= loss) break
    }
    if (after > loss) break
    const gained = loss - after
    solution = next
    loss = after
    if (gained <= 1e-10 * (1 + Math.abs(loss))) break
  }
  return solution
}

function direction(
  design: readonly Float64Array[],
  truth: Float64Array,
  weight: Float64Array,
  solution: Float64Array,
  score: Float64Array,
  penalty: number,
): Float64Array {
  const size = design.length
  const probability = score.map((each) => 1 / (1 + Math.exp(-each)))
  const curvature = probability.map((each, row) => weight[row]! * each * (1 - each))
  const gradient = new Matrix(size, 1)
  const hessian = new Matrix(size, size)
  for (let one = 0; one < size; one++) {
    const ridge = one === 0 ? 0 : penalty
    let sum = ridge * solution[one]!
    for (let row = 0; row < truth.length; row++)
      sum += weight[row]! * (probability[row]! - truth[row]!) * design[one]![row]!
    gradient.set(one, 0, sum)
    for (let other = one; other < size; other++) {
      let product = one === other ? ridge + 1e-9 : 0
      for (let row = 0; row < truth.length; row++)
        product += curvature[row]! * design[one]![row]! * design[other]![row]!
      hessian.set(one, other, product)
      hessian.set(other, one, product)
    }
  }
  return Float64Array.from(new CholeskyDecomposition(hessian).solve(gradient).getColumn(0))
}

function scores(design: readonly Float64Array[], solution: Float64Array): Float64Array {
  const sums = new Float64Array(design[0]!.length)
  design.forEach((column, at) => {
    for (let row = 0; row < sums.length; row++) sums[row]! += solution[at]! * column[row]!
  })
  return sums
}

function lossOf(
  score: Float64Array,
  truth: Float64Array,
  weight: Float64Array,
  solution: Float64Array,
  penalty: number,
): number {
  let loss = 0
  for (let at = 1; at < solution.length; at++) loss += (penalty * solution[at]! ** 2) / 2
  for (let row = 0; row < score.length; row++) {
    const margin = truth[row] === 1 ? score[row]! : -score[row]!
    loss += weight[row]! * (margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin)
  }
  return loss
}
