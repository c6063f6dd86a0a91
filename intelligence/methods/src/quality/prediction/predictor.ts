import { normalCdf } from '../../distributions/normal.ts'
import { type Contribution, topContributions } from '../../learning/explain/contributions.ts'
import { allNames, type TabularModel } from '../../learning/tabular/model.ts'
import { type TabularPrediction, tabularPredictor } from '../../learning/tabular/predict.ts'
import type { SpecLimits } from '../charts/capability.ts'
import { misfit } from './fit.ts'
import type { PartModel } from './model.ts'

export interface PartReason {
  readonly name: string
  readonly value: number
  /** Where good parts lie, 5 to 95 %. */
  readonly low: number
  readonly high: number
  /** What the other inputs lead to expect, when it does not fit them. */
  readonly expected?: number
  /** Of all that moved the prediction, 0 to 1. */
  readonly share: number
  /** Towards failing: the value is further from the middle of the tolerance, or a failure is more probable. */
  readonly towardsFailing: boolean
}

export interface PartPrediction {
  /** Probability that the part is bad. */
  readonly failing: number
  readonly divert: boolean
  /** Of models of a measured value. */
  readonly value?: number
  readonly interval?: readonly [low: number, high: number]
  /** Above 1: unlike the parts that were learnt from. */
  readonly strange: number
  readonly outside: TabularPrediction['outside']
}

/** Belongs to one thread. */
export interface PartPredictor {
  readonly names: readonly string[]
  /** One part, inputs in the order of `names`. */
  row(values: ArrayLike<number>): PartPrediction
  /** Why, the strongest first. */
  why(values: ArrayLike<number>, count: number): PartReason[]
}

export function partPredictor({
  task,
  tabular,
  limits,
  threshold,
  scatter,
  usualLow,
  usualHigh,
  fit,
}: PartModel): PartPredictor {
  const predictor = tabularPredictor(tabular)
  const all = allNames(tabular)
  return {
    names: tabular.names,
    row(values) {
      const { value, interval, strange, outside } = predictor.row(values)
      const failing = task === 'value' ? failingAt(value, scatter, limits) : value
      const divert = failing >= threshold
      if (task === 'verdict') return { failing, divert, strange, outside }
      return { failing, divert, value, ...(interval === undefined ? {} : { interval }), strange, outside }
    },
    why(values, count) {
      const { value } = predictor.row(values)
      const up = task === 'verdict' || value >= middleOf(limits, value) ? 1 : -1
      const sums = foldedOnInputs(tabular, predictor.explain(values, all.length))
      return topContributions(tabular.names, values, sums, count).map(({ name, value: its, contribution, share }) => {
        const at = tabular.names.indexOf(name)
        const expected = fit === undefined ? undefined : misfit(fit, values, at)
        return {
          name,
          value: its,
          low: usualLow[at]!,
          high: usualHigh[at]!,
          ...(expected === undefined ? {} : { expected }),
          share,
          towardsFailing: contribution * up > 0,
        }
      })
    },
  }
}

/** What a constructed input did goes in halves to the two that it is made of: people know those. */
export function foldedOnInputs(tabular: TabularModel, explained: readonly Contribution[]): Float64Array {
  const { names, constructs } = tabular
  const all = allNames(tabular)
  const sums = new Float64Array(names.length)
  for (const { name, contribution } of explained) {
    const at = all.indexOf(name)
    const made = constructs[at - names.length]
    if (made === undefined) sums[at]! += contribution
    else for (const part of [made.a, made.b]) sums[part]! += contribution / 2
  }
  return sums
}

/** Probability that a value lies outside of the limits, that is predicted with this scatter. */
export function failingAt(value: number, scatter: number, { lower, upper }: SpecLimits): number {
  const above = upper === undefined ? 0 : normalCdf((value - upper) / scatter)
  const below = lower === undefined ? 0 : normalCdf((lower - value) / scatter)
  return Math.min(1, above + below)
}

/** With one limit only, the middle lies on its good side. */
function middleOf({ lower, upper }: SpecLimits, value: number): number {
  if (lower !== undefined && upper !== undefined) return (lower + upper) / 2
  return upper === undefined ? value + 1 : value - 1
}
