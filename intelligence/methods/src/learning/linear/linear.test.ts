import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import {
  predictLinear,
  predictLinearTable,
  readLinear,
  type Table,
  trainLogistic,
  trainRidge,
  writeLinear,
} from '../index.ts'

const refusedAs = (code: string) => (error: unknown) => error instanceof MillwrightError && error.code === code
const near = (value: number, wanted: number, within = 1e-6) =>
  assert.ok(Math.abs(value - wanted) < within, `${value} for ${wanted}`)

const rows = Float64Array.from({ length: 40 }, (_, row) => row)
const table: Table = { names: ['a', 'b'], columns: [rows.map(Math.sin), rows.map((row) => Math.cos(3 * row) * 2 + 5)] }
const noise = rows.map((row) => 0.3 * Math.sin(7 * row))
const target = rows.map((row) => 2 * table.columns[0]![row]! - table.columns[1]![row]! + noise[row]!)
const classes = rows.map((row) => (Math.sin(row) + 0.5 * Math.cos(3 * row) + noise[row]! > 0 ? 1 : 0))

describe('linear models', () => {
  it('are those of scikit-learn 1.2 on the same standardised inputs (Ridge alpha 5, LogisticRegression C 1)', () => {
    const ridge = trainRidge(table, target, { penalty: 5 }).model
    ;[1.759490964, -0.891813301].forEach((wanted, at) => void near(ridge.weights[at]!, wanted))
    near(ridge.intercept, -0.513921233)
    const logistic = trainLogistic(table, classes, { penalty: 1 }).model
    ;[3.649936, 0.473807].forEach((wanted, at) => void near(logistic.weights[at]!, wanted, 1e-4))
    near(logistic.intercept, -2.301846, 1e-4)
  })

  it('give the same row by row, by table and after a file', () => {
    const { model } = trainLogistic(table, classes)
    const again = readLinear(writeLinear(model))
    predictLinearTable(again, table).forEach((value, row) => {
      near(value, predictLinear(model, [table.columns[0]![row]!, table.columns[1]![row]!]), 1e-12)
    })
  })

  it('find an exact line, with an input twice and one that is stuck', () => {
    const doubled = { names: ['a', 'again', 'stuck'], columns: [rows, rows, rows.map(() => 4)] }
    const { model, report } = trainRidge(
      doubled,
      rows.map((row) => 3 * row + 1),
      { penalty: 0 },
    )
    near(predictLinear(model, [100, 100, 4]), 301, 1e-3)
    assert.deepEqual(report.constant, ['stuck'])
  })

  it('stay finite when the classes part without an error', () => {
    const { model } = trainLogistic(
      { names: ['x'], columns: [rows] },
      rows.map((row) => (row > 20 ? 1 : 0)),
      { penalty: 0.1 },
    )
    assert.ok(predictLinear(model, [0]) < 0.01 && predictLinear(model, [39]) > 0.99)
  })

  it('refuse in a sentence what they cannot learn from', () => {
    assert.throws(() => trainLogistic(table, new Float64Array(40)), refusedAs('MW-LEARN-0003'))
    assert.throws(() => trainLogistic(table, target), refusedAs('MW-LEARN-0008'))
    assert.throws(() => trainRidge(table, new Float64Array(40)), refusedAs('MW-LEARN-0004'))
    assert.throws(() => trainRidge(table, new Float64Array(40).fill(Number.NaN)), refusedAs('MW-LEARN-0001'))
    assert.throws(
      () => trainRidge({ names: ['x'], columns: [new Float64Array(40)] }, target),
      refusedAs('MW-LEARN-0002'),
    )
    assert.throws(() => trainRidge(table, target, { penalty: -1 }), refusedAs('MW-LEARN-0007'))
  })
})
