import { modelFileErrors } from '../../model-file/errors.ts'
import { type ModelData, readModel, writeModel } from '../../model-file/index.ts'
import type { TreeNodes } from './nodes.ts'
import type { TreeTask } from './settings.ts'

export interface TreeModel {
  readonly kind: 'trees'
  readonly task: TreeTask
  readonly names: readonly string[]
  /** What each output starts from: one for regression and two classes, else one for each class. */
  readonly base: Float64Array
  /** Tree t adds to the raw score of the output `t % base.length`. */
  readonly nodes: TreeNodes
}

export const writeTrees = (model: TreeModel): Uint8Array => writeModel(model as unknown as ModelData)

/** @throws MW-MODEL-0001 when the bytes are damaged or of another kind of model */
export function readTrees(bytes: Uint8Array): TreeModel {
  return checkTrees(readModel(bytes))
}

/** For models that hold trees within. @throws MW-MODEL-0001 when a walk through them could leave them or never end */
export function checkTrees(data: unknown): TreeModel {
  const model = data as TreeModel | null
  if (model?.kind !== 'trees') throw modelFileErrors.unreadable({ reason: 'it holds no trees' })
  const outputs = model.task?.kind === 'multiclass' ? model.task.classes : 1
  const known = ['squared', 'quantile', 'binary', 'multiclass'].includes(model.task?.kind)
  if (!known || !(model.base instanceof Float64Array) || model.base.length !== outputs || !Array.isArray(model.names))
    throw modelFileErrors.unreadable({ reason: 'its trees are not whole' })
  checkNodes(model.nodes, model.names.length)
  return model
}

/** @throws MW-MODEL-0001 when a walk through the nodes could leave them or never end */
export function checkNodes(nodes: TreeNodes | undefined, inputs: number): void {
  const size = nodes?.input?.length ?? 0
  const typed =
    nodes?.roots instanceof Int32Array &&
    nodes.input instanceof Int32Array &&
    nodes.left instanceof Int32Array &&
    nodes.missingLeft instanceof Uint8Array &&
    [nodes.threshold, nodes.value, nodes.cover].every((part) => part instanceof Float64Array && part.length === size) &&
    [nodes.left, nodes.missingLeft].every((part) => part.length === size)
  // A child stands behind its parent, so that every walk ends.
  const sound =
    typed &&
    nodes.roots.every((root) => root >= 0 && root < size) &&
    nodes.input.every(
      (input, node) =>
        input === -1 || (input >= 0 && input < inputs && nodes.left[node]! > node && nodes.left[node]! + 1 < size),
    )
  if (!sound) throw modelFileErrors.unreadable({ reason: 'its trees are not whole' })
}
