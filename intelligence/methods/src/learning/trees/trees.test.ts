import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import {
  gaussian,
  readTrees,
  seeded,
  type Table,
  type TreeSettings,
  type TreeTask,
  takeRows,
  takeValues,
  trainTrees,
  treePredictor,
  writeTrees,
} from '../index.ts'

const refusedAs = (code: string) => (error: unknown) => error instanceof MillwrightError && error.code === code

/** y = 3 a + (b > 0.5 ? 2 : 0) + noise; c says nothing. */
function made(rows: number, seed: number, noise = 0.1): { table: Table; target: Float64Array } {
  const random = seeded(seed)
  const columns = Array.from({ length: 3 }, () => Float64Array.from({ length: rows }, random))
  const target = Float64Array.from(
    { length: rows },
    (_, row) => 3 * columns[0]![row]! + (columns[1]![row]! > 0.5 ? 2 : 0) + noise * gaussian(random),
  )
  return { table: { names: ['a', 'b', 'c'], columns }, target }
}

const mean = (values: Float64Array) => values.reduce((sum, each) => sum + each, 0) / values.length
const rmse = (a: Float64Array, b: Float64Array) => Math.sqrt(mean(a.map((value, row) => (value - b[row]!) ** 2)))

describe('boosted trees', () => {
  it('learn a function with a step to about its noise, on rows they have not seen', () => {
    const { table, target } = made(4000, 1)
    const fresh = made(2000, 2)
    const { model, report } = trainTrees(table, target, { kind: 'squared' })
    const error = rmse(treePredictor(model).table(fresh.table), fresh.target)
    assert.ok(error < 0.15, `RMSE ${error} where the noise is 0.1`)
    assert.ok(report.importance[2]! < 0.02 && report.importance[0]! > 0.3 && report.importance[1]! > 0.3)
  })

  it('of one split are the two means, found by hand', () => {
    const table = { names: ['x'], columns: [Float64Array.of(1, 2, 3, 10, 11, 12)] }
    const target = Float64Array.of(1, 2, 3, 20, 21, 22)
    const { model } = trainTrees(
      table,
      target,
      { kind: 'squared' },
      { rounds: 1, learningRate: 1, leaves: 2, leafRows: 1 },
    )
    assert.deepEqual([...treePredictor(model).table(table)], [2, 2, 2, 21, 21, 21])
    assert.equal(model.nodes.threshold[0], 6.5)
  })

  it('of one leaf after another reach any target when leaves may be of one row', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -9, max: 9 })), {
      minLength: 2,
      maxLength: 30,
    })
    fc.assert(
      fc.property(rows, (pairs) => {
        const known = new Map(pairs)
        const target = Float64Array.from(known.values())
        fc.pre(new Set(target).size > 1)
        const table = { names: ['x'], columns: [Float64Array.from(known.keys())] }
        const settings = { rounds: 1, learningRate: 1, leaves: 64, leafRows: 1 }
        const { model } = trainTrees(table, target, { kind: 'squared' }, settings)
        // A split that gains nothing is not made, so that the error need not be 0; it must not be above that of the mean.
        const error = rmse(treePredictor(model).table(table), target)
        assert.ok(
          error <=
            rmse(
              target.map(() => mean(target)),
              target,
            ) +
              1e-9,
        )
      }),
    )
  })

  it('send missing values to the side where they belong', () => {
    const { table, target } = made(2000, 3)
    const hidden = table.columns[1]!.map((value) => (value > 0.5 ? Number.NaN : value))
    const gappy = { ...table, columns: [table.columns[0]!, hidden, table.columns[2]!] }
    const { model } = trainTrees(gappy, target, { kind: 'squared' })
    assert.ok(rmse(treePredictor(model).table(gappy), target) < 0.13)
  })

  it('give quantiles that hold their share of fresh rows', () => {
    const { table, target } = made(4000, 4, 0.5)
    const fresh = made(4000, 5, 0.5)
    for (const level of [0.1, 0.5, 0.9]) {
      const { model } = trainTrees(table, target, { kind: 'quantile', level }, { rounds: 60, leaves: 8, leafRows: 50 })
      const predicted = treePredictor(model).table(fresh.table)
      const below = mean(fresh.target.map((value, row) => (value <= predicted[row]! ? 1 : 0)))
      assert.ok(Math.abs(below - level) < 0.04, `${below} of the rows lie below the quantile ${level}`)
    }
  })

  it('give probabilities that are right on the whole, of two classes and of more', () => {
    const random = seeded(6)
    const x = Float64Array.from({ length: 6000 }, random)
    const table = { names: ['x'], columns: [x] }
    const two = x.map((value) => (random() < value ? 1 : 0))
    const binary = treePredictor(trainTrees(table, two, { kind: 'binary' }, { rounds: 30, leaves: 8 }).model)
    const probability = binary.table(table)
    assert.ok(rmse(probability, x) < 0.08)
    const three = x.map((value) => (random() < value ? 2 : random() < 0.5 ? 1 : 0))
    const task: TreeTask = { kind: 'multiclass', classes: 3 }
    const all = treePredictor(trainTrees(table, three, task, { rounds: 30, leaves: 8 }).model).table(table)
    for (let row = 0; row < x.length; row++) {
      const sum = all[row * 3]! + all[row * 3 + 1]! + all[row * 3 + 2]!
      assert.ok(Math.abs(sum - 1) < 1e-12)
    }
    assert.ok(
      rmse(
        x.map((_, row) => all[row * 3 + 2]!),
        x,
      ) < 0.08,
    )
  })

  it('stop when the validation rows no longer gain, and keep the best round', () => {
    const { table, target } = made(600, 7, 1)
    const validation = Int32Array.from({ length: 200 }, (_, at) => 400 + at)
    const settings: Partial<TreeSettings> = { rounds: 500, patience: 10, leafRows: 5 }
    const { model, report } = trainTrees(table, target, { kind: 'squared' }, settings, { validation })
    assert.ok(report.rounds < 200, `${report.rounds} rounds`)
    assert.equal(model.nodes.roots.length, report.rounds)
    const held = takeRows(table, validation)
    const error = rmse(treePredictor(model).table(held), target.slice(400))
    assert.ok(Math.abs(error ** 2 - report.validationLoss!) < 1e-9)
  })

  it('are the same from the same seed, row by row as by table, and after a file', () => {
    const { table, target } = made(500, 8)
    const gappy = {
      ...table,
      columns: table.columns.map((column, at) => column.map((v, row) => (row % 7 === at ? Number.NaN : v))),
    }
    const settings = { rounds: 20, rowShare: 0.7, columnShare: 0.7, seed: 5 }
    const [one, other] = [0, 1].map(() => trainTrees(gappy, target, { kind: 'squared' }, settings).model)
    assert.deepEqual(one, other)
    const again = treePredictor(readTrees(writeTrees(one!)))
    const whole = again.table(gappy)
    const into = new Float64Array(1)
    for (let row = 0; row < 500; row++) {
      again.row(
        gappy.columns.map((column) => column[row]!),
        into,
      )
      assert.equal(into[0], whole[row])
    }
  })

  it('weigh rows: a weight of 2 is the row twice', () => {
    // Fewer rows than bins, so that the bins of both are the same.
    const { table, target } = made(200, 9)
    const twice = Int32Array.from({ length: 300 }, (_, at) => at % 200)
    const weights = Float64Array.from({ length: 200 }, (_, row) => (row < 100 ? 2 : 1))
    const settings = { rounds: 5, leaves: 4, leafRows: 1 }
    const weighted = trainTrees(table, target, { kind: 'squared' }, settings, { weights }).model
    const repeated = trainTrees(takeRows(table, twice), takeValues(target, twice), { kind: 'squared' }, settings).model
    const [a, b] = [weighted, repeated].map((model) => treePredictor(model).table(table))
    assert.ok(rmse(a!, b!) < 1e-9)
  })

  it('put a split where two values part, and not only two bins, when they are to be exact', () => {
    const x = Float64Array.from({ length: 5000 }, (_, row) => (row * 7919) % 5000)
    const table = { names: ['x'], columns: [x] }
    const target = x.map((value) => (value > 2345 ? 1 : 0))
    const settings = { rounds: 1, leaves: 2, learningRate: 1, exact: true }
    const { model } = trainTrees(table, target, { kind: 'squared' }, settings)
    assert.equal(model.nodes.threshold[0], 2345.5)
    assert.ok(rmse(treePredictor(model).table(table), target) < 1e-12)
    const coarse = trainTrees(table, target, { kind: 'squared' }, { ...settings, exact: false }).model
    assert.notEqual(coarse.nodes.threshold[0], 2345.5)
  })

  it('tell of progress that only grows', () => {
    const { table, target } = made(100, 10)
    const told: number[] = []
    trainTrees(table, target, { kind: 'squared' }, { rounds: 10 }, { progress: (fraction) => told.push(fraction) })
    assert.equal(told.at(-1), 1)
    assert.deepEqual(
      told,
      told.toSorted((a, b) => a - b),
    )
  })
})

describe('what boosted trees cannot learn from', () => {
  const { table, target } = made(50, 11)
  const squared: TreeTask = { kind: 'squared' }

  it('is refused in a sentence', () => {
    const constant = { names: ['a'], columns: [new Float64Array(50).fill(4)] }
    const nothing = { names: ['a'], columns: [new Float64Array(50).fill(Number.NaN)] }
    assert.throws(() => trainTrees(constant, target, squared), refusedAs('MW-LEARN-0002'))
    assert.throws(() => trainTrees(nothing, target, squared), refusedAs('MW-LEARN-0002'))
    assert.throws(() => trainTrees(table, new Float64Array(50).fill(7), squared), refusedAs('MW-LEARN-0004'))
    assert.throws(() => trainTrees(table, new Float64Array(50), { kind: 'binary' }), refusedAs('MW-LEARN-0003'))
    assert.throws(() => trainTrees(table, target, { kind: 'binary' }), refusedAs('MW-LEARN-0008'))
    assert.throws(() => trainTrees(table, new Float64Array(50).fill(Number.NaN), squared), refusedAs('MW-LEARN-0001'))
    assert.throws(() => trainTrees(table, target.slice(1), squared), refusedAs('MW-LEARN-0005'))
    assert.throws(() => trainTrees(table, target, squared, { bins: 256 }), refusedAs('MW-LEARN-0007'))
    const { model } = trainTrees(table, target, squared)
    const swapped = { names: ['b', 'a', 'c'], columns: table.columns }
    assert.throws(() => treePredictor(model).table(swapped), refusedAs('MW-LEARN-0006'))
  })

  it('is left out and named where the rest can be learned from', () => {
    const stuck = {
      names: ['a', 'stuck', 'dead'],
      columns: [table.columns[0]!, new Float64Array(50).fill(1), new Float64Array(50).fill(Number.NaN)],
    }
    const holes = target.map((value, row) => (row < 5 ? Number.NaN : value))
    const { report } = trainTrees(stuck, holes, squared)
    assert.deepEqual(report.inputsLeftOut, ['stuck', 'dead'])
    assert.equal(report.rowsLeftOut, 5)
  })

  it('as a file is refused, whatever is bent in it', () => {
    const bytes = writeTrees(trainTrees(table, target, squared, { rounds: 3, leafRows: 5 }).model)
    const values = table.columns.map((column) => column[0]!)
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const bent = bytes.slice()
        bent[at] = value
        try {
          treePredictor(readTrees(bent)).row(values, new Float64Array(1))
        } catch (error) {
          assert.ok(refusedAs('MW-MODEL-0001')(error), String(error))
        }
      }),
      { numRuns: 500 },
    )
  })
})
