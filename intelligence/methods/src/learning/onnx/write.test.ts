import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  gaussian,
  isolationScorer,
  networkRunner,
  predictLinear,
  project,
  restore,
  seeded,
  type Table,
  type TreeTask,
  tabularPredictor,
  trainIsolation,
  trainLogistic,
  trainNetwork,
  trainPca,
  trainRidge,
  trainTabular,
  trainTrees,
  treePredictor,
} from '../index.ts'
import { openOwnOnnx } from './session.ts'
import { isolationToOnnx, linearToOnnx, networkToOnnx, pcaToOnnx, tabularToOnnx, treesToOnnx } from './write.ts'

const ROWS = 150

function made(seed: number, gaps: number) {
  const random = seeded(seed)
  const columns = [0, 1, 2].map((at) =>
    Float64Array.from({ length: ROWS }, () => (random() < gaps ? Number.NaN : 10 ** at * gaussian(random))),
  )
  const table: Table = { names: ['a', 'b', 'c'], columns }
  const clean = Float64Array.from(
    { length: ROWS },
    (_, row) => (columns[0]![row]! || 0) * (columns[1]![row]! || 1) + 1e4,
  )
  return {
    table,
    target: clean,
    classes: clean.map((value) => (value > 1e4 ? 1 : 0)),
    kinds: clean.map((value) => Math.abs(Math.round(value)) % 3),
  }
}

/** Row-major. */
const flat = ({ columns }: Table) =>
  Float64Array.from(
    { length: ROWS * columns.length },
    (_, at) => columns[at % columns.length]![Math.floor(at / columns.length)]!,
  )

const rowsOf = ({ columns }: Table) => Array.from({ length: ROWS }, (_, row) => columns.map((column) => column[row]!))

/** To 1e-6 of the size of the numbers: ONNX Runtime gives sums of trees as float. */
function same(exported: Float64Array | undefined, own: Float64Array): void {
  assert.equal(exported?.length, own.length)
  own.forEach((value, at) => {
    const given = exported![at]!
    assert.ok(Math.abs(given - value) <= 1e-6 * Math.max(1, Math.abs(value)), `${given} for ${value} at ${at}`)
  })
}

async function exported(bytes: Uint8Array, table: Table, output: string): Promise<Float64Array | undefined> {
  return (await (await openOwnOnnx(bytes)).run(flat(table), ROWS))[output]
}

const runs = { numRuns: 6 }
const seeds = fc.nat(1e6)

describe('a model as ONNX, run by ONNX Runtime, gives what it gives here', () => {
  it('boosted trees of every kind, with missing values', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const { table, target, classes, kinds } = made(seed, 0.1)
        const tasks: [TreeTask, Float64Array, string][] = [
          [{ kind: 'squared' }, target, 'value'],
          [{ kind: 'quantile', level: 0.9 }, target, 'value'],
          [{ kind: 'binary' }, classes, 'probability'],
          [{ kind: 'multiclass', classes: 3 }, kinds, 'probability'],
        ]
        for (const [task, wanted, output] of tasks) {
          const { model } = trainTrees(table, wanted, task, { rounds: 15, leafRows: 3, exact: seed % 2 === 0 })
          same(await exported(treesToOnnx(model), table, output), treePredictor(model).table(table))
        }
      }),
      runs,
    )
  })

  it('an isolation forest', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const { table } = made(seed, 0.05)
        const { model } = trainIsolation(table, { trees: 20, seed })
        same(await exported(isolationToOnnx(model), table, 'score'), isolationScorer(model).table(table))
      }),
      runs,
    )
  })

  it('ridge, logistic regression, principal components and a network', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const { table, target, classes } = made(seed, 0)
        const rows = rowsOf(table)
        const ridge = trainRidge(table, target).model
        same(
          await exported(linearToOnnx(ridge), table, 'value'),
          Float64Array.from(rows, (row) => predictLinear(ridge, row)),
        )
        const logistic = trainLogistic(table, classes).model
        same(
          await exported(linearToOnnx(logistic), table, 'probability'),
          Float64Array.from(rows, (row) => predictLinear(logistic, row)),
        )
        const pca = trainPca(table, { keep: { components: 2 } }).model
        const results = await (await openOwnOnnx(pcaToOnnx(pca))).run(flat(table), ROWS)
        const [scores, back] = [new Float64Array(2 * ROWS), new Float64Array(3 * ROWS)]
        rows.forEach((row, at) => {
          project(pca, row, scores.subarray(2 * at, 2 * at + 2))
          restore(pca, scores.subarray(2 * at, 2 * at + 2), back.subarray(3 * at, 3 * at + 3))
        })
        same(results['scores'], scores)
        same(results['restored'], back)
        for (const activation of ['relu', 'tanh'] as const) {
          const network = trainNetwork(table, table, { hidden: [5, 2], epochs: 3, activation, seed }).model
          const run = networkRunner(network)
          const own = new Float64Array(3 * ROWS)
          rows.forEach((row, at) => void run(row, own.subarray(3 * at, 3 * at + 3)))
          same(await exported(networkToOnnx(network), table, 'value'), own)
        }
      }),
      runs,
    )
  })

  it('a model of a table with constructed inputs', async () => {
    const { table, target, classes } = made(3, 0.05)
    const zeros = {
      ...table,
      columns: [table.columns[0]!, table.columns[1]!.map((v, row) => (row % 9 ? v : 0)), table.columns[2]!],
    }
    for (const [task, wanted, output] of [
      ['regression', target, 'value'],
      ['binary', classes, 'probability'],
    ] as const) {
      const { model } = trainTabular(zeros, wanted, { kind: task }, { by: 'class' }, { folds: 3 })
      assert.ok(model.constructs.length > 0)
      same(await exported(tabularToOnnx(model), zeros, output), tabularPredictor(model).table(zeros))
    }
  })
})
