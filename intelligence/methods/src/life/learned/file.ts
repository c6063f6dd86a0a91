import { checkTrees } from '../../learning/trees/model.ts'
import { type ModelData, readModel, writeModel } from '../../model-file/index.ts'
import { aCount, aNumber, anything, aText, f64s, fits, listOf, oneOf, record } from '../../model-file/shape.ts'
import { featureNames } from './features.ts'
import type { LifeModel } from './model.ts'

const MOST = 20_000

const shape = record({
  kind: oneOf(['life']),
  horizon: aNumber,
  pipeline: record({
    names: listOf(aText),
    kept: listOf(aCount(MOST)),
    normaliser: record({
      modes: record({ count: aCount(1000), scale: f64s, centres: f64s, reach: aNumber }),
      conditions: listOf(aCount(MOST)),
      mean: f64s,
      deviation: f64s,
    }),
    fusion: record({ signals: aCount(MOST), weights: f64s }),
    stepHours: aNumber,
  }),
  trees: listOf(anything),
  interval: record({ coverage: aNumber, at: f64s, below: f64s, above: f64s, widening: aNumber }),
  healthy: aNumber,
  failed: aNumber,
  lowest: f64s,
  highest: f64s,
})

export const writeLife = (model: LifeModel): Uint8Array => writeModel(model as unknown as ModelData)

/** @throws MW-MODEL-0001 when the bytes are no model of remaining life, or its parts do not go together */
export const readLife = (bytes: Uint8Array): LifeModel => lifeOf(readModel(bytes))

/** For models that hold one within. @throws MW-MODEL-0001 when its parts do not go together */
export function lifeOf(data: ModelData): LifeModel {
  const model = shape(data, '')
  const { names, kept, normaliser, fusion, stepHours } = model.pipeline
  const { modes, conditions } = normaliser
  const within = (list: readonly number[]) => list.every((at) => at < names.length)
  fits(
    names.length <= MOST && kept.length > 0 && within(kept) && within(conditions),
    'pipeline',
    'about its own signals',
  )
  fits(
    modes.count > 0 &&
      modes.scale.length === conditions.length &&
      modes.centres.length === modes.count * conditions.length,
    'pipeline/normaliser/modes',
    'whole',
  )
  fits(
    [normaliser.mean, normaliser.deviation].every((each) => each.length === modes.count * names.length),
    'pipeline/normaliser',
    'for its modes and signals',
  )
  fits(
    fusion.signals === kept.length && fusion.weights.length === modes.count * (kept.length + 1),
    'pipeline/fusion',
    'for its modes and signals',
  )
  fits(model.horizon > 0 && stepHours > 0 && model.healthy > model.failed, 'horizon', 'in order with its scales')
  const { at, below, above } = model.interval
  fits(at.length > 0 && below.length === at.length && above.length === at.length, 'interval', 'whole')
  fits(
    [model.lowest, model.highest].every((each) => each.length === kept.length),
    'lowest',
    'for its signals',
  )
  const inputs = featureNames(kept.map((index) => names[index]!))
  const trees = model.trees.map(checkTrees)
  fits(
    trees.length > 0 && trees.every((tree) => tree.names.join('\n') === inputs.join('\n') && tree.base.length === 1),
    'trees',
    'for these signals',
  )
  return { ...model, trees }
}
