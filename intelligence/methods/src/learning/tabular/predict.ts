import { domainMeasure, type OutsideInput } from '../domain/domain.ts'
import { type Contribution, topContributions } from '../explain/contributions.ts'
import { treeExplainer } from '../explain/tree-shap.ts'
import { checkInputs, rowCount, type Table } from '../table.ts'
import { treePredictor } from '../trees/predict.ts'
import { construct, withConstructs } from './construct.ts'
import { allNames, type TabularModel } from './model.ts'

export interface TabularPrediction {
  /** Regression: the value; two classes: the probability of class 1; more: that of the likeliest class. */
  readonly value: number
  /** The class that is said; only for classes. */
  readonly said?: number
  /** Probability of each class, of more than two. */
  readonly probabilities?: readonly number[]
  /** Regression: holds the truth as often as the model's coverage says, for rows like those it was trained on. */
  readonly interval?: readonly [low: number, high: number]
  /** Above 1: outside of what the model was trained on. */
  readonly strange: number
  readonly outside: readonly OutsideInput[]
}

/** Belongs to one thread. */
export interface TabularPredictor {
  readonly outputs: number
  /** One row, inputs in the order of the model's names. */
  row(values: ArrayLike<number>): TabularPrediction
  /** Row-major, one number for each output and row: values or probabilities, without what goes beside them. @throws MW-LEARN-0006 */
  table(table: Table): Float64Array
  /** The class said for each row of what `table` gives. */
  said(scores: Float64Array): Float64Array
  /** What moved the prediction of a row most, in units of the raw score (log-odds for classes). */
  explain(values: ArrayLike<number>, count: number, output?: number): Contribution[]
}

export function tabularPredictor(model: TabularModel): TabularPredictor {
  const { task, names, constructs, models, threshold, margin } = model
  const predictors = models.map(treePredictor)
  const explainers = models.map(treeExplainer)
  const domain = domainMeasure(model.domain)
  const { outputs } = predictors[0]!
  const inputs = new Float64Array(names.length + constructs.length)
  const one = new Float64Array(outputs)
  const mean = new Float64Array(outputs)

  function fill(values: ArrayLike<number>): void {
    for (let at = 0; at < names.length; at++) inputs[at] = values[at]!
    constructs.forEach((each, at) => {
      inputs[names.length + at] = construct(each, values)
    })
  }
  const saidOf = (scores: Float64Array, at: number): number => {
    if (outputs === 1) return scores[at]! >= threshold ? 1 : 0
    let best = 0
    for (let of = 1; of < outputs; of++) if (scores[at + of]! > scores[at + best]!) best = of
    return best
  }

  return {
    outputs,
    row(values) {
      fill(values)
      mean.fill(0)
      for (const predictor of predictors) {
        predictor.row(inputs, one)
        for (let of = 0; of < outputs; of++) mean[of]! += one[of]! / predictors.length
      }
      const beside = { strange: domain.row(values), outside: domain.outside(values) }
      const value = mean[0]!
      if (task.kind === 'regression')
        return { value, ...(margin >= 0 ? { interval: [value - margin, value + margin] as const } : {}), ...beside }
      const said = saidOf(mean, 0)
      return outputs === 1
        ? { value, said, ...beside }
        : { value: mean[said]!, said, probabilities: Array.from(mean), ...beside }
    },
    table(table) {
      checkInputs(names, table)
      const whole = withConstructs(table, constructs)
      const sums = new Float64Array(rowCount(table) * outputs)
      for (const predictor of predictors) {
        const its = predictor.table(whole)
        for (let at = 0; at < sums.length; at++) sums[at]! += its[at]! / predictors.length
      }
      return sums
    },
    said: (scores) => Float64Array.from({ length: scores.length / outputs }, (_, row) => saidOf(scores, row * outputs)),
    explain(values, count, output = 0) {
      fill(values)
      const all = new Float64Array(outputs * inputs.length)
      const sums = new Float64Array(inputs.length)
      for (const explainer of explainers) {
        explainer.row(inputs, all)
        for (let at = 0; at < inputs.length; at++) sums[at]! += all[output * inputs.length + at]! / explainers.length
      }
      return topContributions(allNames(model), inputs, sums, count)
    },
  }
}
