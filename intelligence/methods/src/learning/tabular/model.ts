import { modelFileErrors } from '../../model-file/errors.ts'
import { type ModelData, readModel, writeModel } from '../../model-file/index.ts'
import { checkDomain, type Domain } from '../domain/domain.ts'
import { checkTrees, type TreeModel } from '../trees/model.ts'
import { type Construct, constructName } from './construct.ts'

export type TabularTask =
  | { readonly kind: 'regression' }
  /** Class 1 is what is looked for. */
  | { readonly kind: 'binary' }
  | { readonly kind: 'multiclass'; readonly classes: number }

export interface TabularModel {
  readonly kind: 'tabular'
  readonly task: TabularTask
  readonly names: readonly string[]
  readonly constructs: readonly Construct[]
  /** One for each fold, over the inputs and the constructed ones; a prediction is their mean. */
  readonly models: readonly TreeModel[]
  readonly domain: Domain
  /** Two classes: at and above this probability a row is of class 1; above 1 when nothing was found that reaches what was wanted. */
  readonly threshold: number
  /** Regression: half the width of the interval; negative when there were too few rows to promise one. */
  readonly margin: number
}

export const writeTabular = (model: TabularModel): Uint8Array => writeModel(model as unknown as ModelData)

/** @throws MW-MODEL-0001 when the bytes are damaged or of another kind of model */
export function readTabular(bytes: Uint8Array): TabularModel {
  const model = readModel(bytes) as unknown as TabularModel | null
  const lists = Array.isArray(model?.names) && Array.isArray(model.constructs) && Array.isArray(model.models)
  const numbers = typeof model?.threshold === 'number' && typeof model.margin === 'number'
  if (model?.kind !== 'tabular' || !lists || !numbers || model.models.length === 0)
    throw modelFileErrors.unreadable({ reason: 'it is no model of a table' })
  const inputs = model.names.length
  const sound = model.constructs.every(
    ({ kind, a, b }) =>
      ['product', 'ratio', 'difference'].includes(kind) &&
      [a, b].every((at) => Number.isInteger(at) && at >= 0 && at < inputs),
  )
  const columns = inputs + model.constructs.length
  if (!sound || !['regression', 'binary', 'multiclass'].includes(model.task?.kind))
    throw modelFileErrors.unreadable({ reason: 'its inputs are not whole' })
  const outputs = checkTrees(model.models[0]).base.length
  for (const each of model.models)
    if (checkTrees(each).names.length !== columns || each.base.length !== outputs)
      throw modelFileErrors.unreadable({ reason: 'its parts do not fit' })
  if (
    outputs !== (model.task.kind === 'multiclass' ? model.task.classes : 1) ||
    checkDomain(model.domain).names.length !== inputs
  )
    throw modelFileErrors.unreadable({ reason: 'its parts do not fit' })
  return model
}

export const allNames = ({ names, constructs }: TabularModel): string[] => [
  ...names,
  ...constructs.map((each) => constructName(each, names)),
]
