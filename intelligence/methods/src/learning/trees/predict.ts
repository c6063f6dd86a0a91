import { checkInputs, rowCount, type Table } from '../table.ts'
import type { TreeModel } from './model.ts'
import { walker } from './walk.ts'

/** A model made ready: keeps its own scratch space, so one belongs to one thread. */
export interface TreePredictor {
  /** Numbers that a row gives: 1 for regression (the value) and two classes (probability of class 1), else one for each class. */
  readonly outputs: number
  /** Row-major, `outputs` a row: values, or probabilities. @throws MW-LEARN-0006 for other inputs than those it was trained on */
  table(table: Table): Float64Array
  /** One row, inputs in the order of the model's names; fills `into`. No allocation. */
  row(values: ArrayLike<number>, into: Float64Array): void
  /** As `table`, before the sigmoid or softmax. */
  raw(table: Table): Float64Array
}

export function treePredictor(model: TreeModel): TreePredictor {
  const { base, names, task } = model
  const outputs = base.length
  const walk = walker(model.nodes, names.length, outputs)
  const link = task.kind === 'binary' ? sigmoid : task.kind === 'multiclass' ? softmax : undefined
  const raw = (table: Table) => {
    checkInputs(names, table)
    const rows = rowCount(table)
    const sums = new Float64Array(rows * outputs)
    for (let at = 0; at < sums.length; at++) sums[at] = base[outputs === 1 ? 0 : at % outputs]!
    walk.columns(table.columns, 0, rows, sums)
    return sums
  }
  return {
    outputs,
    raw,
    table(table) {
      const sums = raw(table)
      if (link !== undefined) for (let at = 0; at < sums.length; at += outputs) link(sums, at, outputs)
      return sums
    },
    row(values, into) {
      for (let output = 0; output < outputs; output++) into[output] = base[output]!
      walk.row(values, into)
      link?.(into, 0, outputs)
    },
  }
}

function sigmoid(scores: Float64Array, at: number): void {
  scores[at] = 1 / (1 + Math.exp(-scores[at]!))
}

function softmax(scores: Float64Array, at: number, count: number): void {
  let highest = Number.NEGATIVE_INFINITY
  for (let place = at; place < at + count; place++) highest = Math.max(highest, scores[place]!)
  let sum = 0
  for (let place = at; place < at + count; place++) sum += scores[place] = Math.exp(scores[place]! - highest)
  for (let place = at; place < at + count; place++) scores[place]! /= sum
}
