import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { seeded, type TreeModel, topContributions, trainTrees, treeExplainer, treePredictor } from '../index.ts'

const INPUTS = 4

function made(seed: number, classes: number): { model: TreeModel; rows: Float64Array[]; columns: Float64Array[] } {
  const random = seeded(seed)
  const rows = 120
  const columns = Array.from({ length: INPUTS }, () =>
    Float64Array.from({ length: rows }, () => (random() < 0.1 ? Number.NaN : Math.round(10 * random()))),
  )
  const of = (row: number) => (columns[0]![row]! || 0) * (columns[1]![row]! > 5 ? 1 : -1) + (columns[2]![row]! || 4)
  const target = Float64Array.from({ length: rows }, (_, row) =>
    classes === 1 ? of(row) : Math.abs(Math.round(of(row))) % classes,
  )
  const names = ['a', 'b', 'c', 'd']
  const task = classes === 1 ? ({ kind: 'squared' } as const) : ({ kind: 'multiclass', classes } as const)
  const { model } = trainTrees({ names, columns }, target, task, {
    rounds: 4,
    leaves: 9,
    leafRows: 3,
    learningRate: 0.7,
  })
  return {
    model,
    columns,
    rows: Array.from({ length: 8 }, (_, row) => Float64Array.from(columns, (column) => column[row]!)),
  }
}

/** The mean of a model when only the inputs in `known` are given: by the definition, through both children where the input is not. */
function conditional({ nodes, base }: TreeModel, row: Float64Array, known: number, output: number): number {
  const mean = (node: number): number => {
    const input = nodes.input[node]!
    if (input < 0) return nodes.value[node]!
    const [a, b] = [nodes.left[node]!, nodes.left[node]! + 1]
    const value = row[input]!
    if ((known >> input) & 1)
      return mean(value <= nodes.threshold[node]! || (Number.isNaN(value) && nodes.missingLeft[node] === 1) ? a : b)
    return (nodes.cover[a]! * mean(a) + nodes.cover[b]! * mean(b)) / (nodes.cover[a]! + nodes.cover[b]!)
  }
  let sum = base[output]!
  nodes.roots.forEach((root, tree) => {
    if (tree % base.length === output) sum += mean(root)
  })
  return sum
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
const bits = (set: number): number => set.toString(2).replaceAll('0', '').length

function shapley(model: TreeModel, row: Float64Array, input: number, output: number): number {
  let sum = 0
  for (let set = 0; set < 1 << INPUTS; set++) {
    if ((set >> input) & 1) continue
    const weight = (factorial(bits(set)) * factorial(INPUTS - bits(set) - 1)) / factorial(INPUTS)
    sum += weight * (conditional(model, row, set | (1 << input), output) - conditional(model, row, set, output))
  }
  return sum
}

describe('TreeSHAP', () => {
  it('gives the Shapley values of the definition, summed over all subsets', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.constantFrom(1, 3), (seed, classes) => {
        const { model, rows } = made(seed, classes)
        const explainer = treeExplainer(model)
        const into = new Float64Array(classes * INPUTS)
        for (const row of rows) {
          explainer.row(row, into)
          for (let output = 0; output < classes; output++)
            for (let input = 0; input < INPUTS; input++)
              assert.ok(Math.abs(into[output * INPUTS + input]! - shapley(model, row, input, output)) < 1e-9)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('adds up to the raw score', () => {
    const { model, columns } = made(5, 3)
    const explainer = treeExplainer(model)
    const raw = treePredictor(model).raw({ names: model.names, columns })
    const into = new Float64Array(3 * INPUTS)
    for (let row = 0; row < 120; row++) {
      explainer.row(
        columns.map((column) => column[row]!),
        into,
      )
      for (let output = 0; output < 3; output++) {
        const sum = into.subarray(output * INPUTS, (output + 1) * INPUTS).reduce((total, each) => total + each, 0)
        assert.ok(Math.abs(explainer.expected[output]! + sum - raw[row * 3 + output]!) < 1e-9)
      }
    }
  })

  it('is told as the inputs that moved the score most', () => {
    const told = topContributions(['speed', 'load', 'ambient'], [3, 7, 1], [0.5, -1.5, 0], 5)
    assert.deepEqual(told, [
      { name: 'load', value: 7, contribution: -1.5, share: 0.75 },
      { name: 'speed', value: 3, contribution: 0.5, share: 0.25 },
    ])
  })
})
