import { modelFileErrors } from '../../model-file/errors.ts'
import { type ModelData, readModel, writeModel } from '../../model-file/index.ts'
import { checkInputs, rowCount, type Table } from '../table.ts'
import { checkNodes } from '../trees/model.ts'
import type { TreeNodes } from '../trees/nodes.ts'
import { walker } from '../trees/walk.ts'
import { meanDepth } from './mean-depth.ts'

export interface IsolationModel {
  readonly kind: 'isolation'
  readonly names: readonly string[]
  /** Rows that each tree was grown from. */
  readonly sample: number
  /** A leaf's value is the depth at which a row is isolated there. */
  readonly nodes: TreeNodes
}

export const writeIsolation = (model: IsolationModel): Uint8Array => writeModel(model as unknown as ModelData)

/** @throws MW-MODEL-0001 when the bytes are damaged or of another kind of model */
export function readIsolation(bytes: Uint8Array): IsolationModel {
  const model = readModel(bytes) as unknown as IsolationModel | null
  if (model?.kind !== 'isolation' || !Array.isArray(model.names) || !(model.sample >= 2))
    throw modelFileErrors.unreadable({ reason: 'it is no isolation forest' })
  checkNodes(model.nodes, model.names.length)
  return model
}

/** Scores as in the paper, eq. 2: near 1 is odd, .5 is as rows are in the mean, below is normal. One scorer belongs to one thread. */
export interface IsolationScorer {
  /** A score for each row. @throws MW-LEARN-0006 for other inputs than those it was trained on */
  table(table: Table): Float64Array
  /** One row, inputs in the order of the model's names. No allocation. */
  row(values: ArrayLike<number>): number
}

export function isolationScorer({ names, nodes, sample }: IsolationModel): IsolationScorer {
  const walk = walker(nodes, names.length, 1)
  const factor = -1 / (nodes.roots.length * meanDepth(sample))
  const one = new Float64Array(1)
  return {
    table(table) {
      checkInputs(names, table)
      const scores = new Float64Array(rowCount(table))
      walk.columns(table.columns, 0, scores.length, scores)
      for (let row = 0; row < scores.length; row++) scores[row] = 2 ** (scores[row]! * factor)
      return scores
    },
    row(values) {
      one[0] = 0
      walk.row(values, one)
      return 2 ** (one[0] * factor)
    },
  }
}
