import { modelFileErrors } from '../../model-file/errors.ts'
import { type ModelData, readModel, writeModel } from '../../model-file/index.ts'
import { checkInputs, rowCount, type Table } from '../table.ts'

/** intercept + Σ weight × input, in the units of the inputs; with the link `logistic` the probability of class 1. */
export interface LinearModel {
  readonly kind: 'linear'
  readonly link: 'identity' | 'logistic'
  readonly names: readonly string[]
  readonly weights: Float64Array
  readonly intercept: number
}

/** NaN in, NaN out. No allocation. */
export function predictLinear({ weights, intercept, link }: LinearModel, values: ArrayLike<number>): number {
  let sum = intercept
  for (let input = 0; input < weights.length; input++) sum += weights[input]! * values[input]!
  return link === 'logistic' ? 1 / (1 + Math.exp(-sum)) : sum
}

/** A value or probability for each row. @throws MW-LEARN-0006 for other inputs than those it was trained on */
export function predictLinearTable({ names, weights, intercept, link }: LinearModel, table: Table): Float64Array {
  checkInputs(names, table)
  const sums = new Float64Array(rowCount(table)).fill(intercept)
  table.columns.forEach((column, input) => {
    const weight = weights[input]!
    for (let row = 0; row < sums.length; row++) sums[row]! += weight * column[row]!
  })
  return link === 'logistic' ? sums.map((sum) => 1 / (1 + Math.exp(-sum))) : sums
}

export const writeLinear = (model: LinearModel): Uint8Array => writeModel(model as unknown as ModelData)

/** @throws MW-MODEL-0001 when the bytes are damaged or of another kind of model */
export const readLinear = (bytes: Uint8Array): LinearModel => checkLinear(readModel(bytes))

/** For models that hold one within. */
export function checkLinear(data: unknown): LinearModel {
  const model = data as LinearModel | null
  const whole =
    model?.kind === 'linear' &&
    ['identity', 'logistic'].includes(model.link) &&
    Array.isArray(model.names) &&
    model.weights instanceof Float64Array &&
    model.weights.length === model.names.length &&
    typeof model.intercept === 'number'
  if (!whole) throw modelFileErrors.unreadable({ reason: 'it is no linear model' })
  return model
}
