import type { Micros } from '@millwright/foundation'
import { type TreeModel, treePredictor } from '../learning/index.ts'
import { applyLinear, type LinearMap } from './linear.ts'
import { extendSmoothing, type Smoothing, smooth } from './smoothing.ts'
import { fillTreeRow, levelBefore, type TreeInputs, treeContext, treeInputNames } from './tree-inputs.ts'

/** What an ensemble is made of; all on the scaled series. */
export type MemberModel =
  /** The mean of the same moment in the last `count` seasons; a season of 1 repeats the last value. */
  | { readonly kind: 'naive'; readonly season: number; readonly count: number }
  | ({ readonly kind: 'smoothing'; readonly context: number } & Smoothing)
  | ({ readonly kind: 'linear' } & LinearMap)
  | ({ readonly kind: 'trees'; readonly trees: TreeModel } & TreeInputs)

export interface Member {
  readonly name: string
  /** Steps of the past that it looks at. */
  readonly context: number
  /** @param end index after the last known value; @param time start of the step `end`; @param out the forecast */
  predict(values: Float64Array, end: number, time: Micros, out: Float64Array): void
}

/** Smoothing begins this many seasons back: what lies before has faded. */
const SMOOTHED_SEASONS = 10
const SMOOTHED_LEAST = 60

export const smoothingContext = (season: number): number => Math.max(SMOOTHED_LEAST, SMOOTHED_SEASONS * season)

export function memberOf(model: MemberModel, horizon: number): Member {
  switch (model.kind) {
    case 'naive': {
      const { season, count } = model
      const name =
        season === 1 ? 'last value' : count === 1 ? `same as ${season} before` : `mean of ${count} × ${season}`
      return {
        name,
        context: season * count,
        predict(values, end, _, out) {
          for (let h = 0; h < out.length; h++) {
            let sum = 0
            for (let k = 1; k <= count; k++) sum += values[end - k * season + (h % season)]!
            out[h] = sum / count
          }
        },
      }
    }
    case 'smoothing': {
      const { context } = model
      return {
        name: 'exponential smoothing',
        context,
        predict: (values, end, _, out) =>
          extendSmoothing(model, smooth(model, values.subarray(end - context, end)), out),
      }
    }
    case 'linear':
      return {
        name: `linear on ${model.lookBack}`,
        context: model.lookBack,
        predict: (values, end, _, out) => applyLinear(model, values, end, out),
      }
    case 'trees':
      return treesMember(model, model.trees, horizon)
  }
}

function treesMember(inputs: TreeInputs, trees: TreeModel, horizon: number): Member {
  const predictor = treePredictor(trees)
  const row = new Float64Array(treeInputNames(inputs).length)
  const one = new Float64Array(1)
  return {
    name: 'boosted trees',
    context: treeContext(inputs, horizon),
    predict(values, end, time, out) {
      const level = levelBefore(inputs, values, end)
      for (let h = 0; h < out.length; h++) {
        fillTreeRow(inputs, values, end, h + 1, time + h * inputs.step, level, row)
        predictor.row(row, one)
        out[h] = level + one[0]!
      }
    },
  }
}
