import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import { gaussian, readTabular, seeded, type Table, tabularPredictor, trainTabular, writeTabular } from '../index.ts'

const refusedAs = (code: string) => (error: unknown) => error instanceof MillwrightError && error.code === code

const ROWS = 900
const random = seeded(4)
const [torque, speed, room] = [
  Float64Array.from({ length: ROWS }, () => 40 + 10 * gaussian(random)),
  Float64Array.from({ length: ROWS }, () => 1500 + 200 * gaussian(random)),
  Float64Array.from({ length: ROWS }, () => 20 + gaussian(random)),
]
const table: Table = { names: ['torque', 'speed', 'room'], columns: [torque!, speed!, room!] }
const power = torque!.map((value, row) => value * speed![row]!)
const overloaded = power.map((value) => (value > 75_000 ? 1 : 0))
/** Small enough that a test stays quick. */
const quick = { folds: 3, models: 2 }

describe('a model of a table', () => {
  const { model, report } = trainTabular(table, overloaded, { kind: 'binary' }, { by: 'time', gap: 5 }, quick)
  const predictor = tabularPredictor(model)

  it('makes the input itself that the classes part by, and tells of rows it has not seen', () => {
    assert.ok(report.constructed.includes('torque × speed'))
    assert.equal(report.importance[0]?.name, 'torque × speed')
    assert.ok(report.f1! > 0.95, `F1 ${report.f1} out of fold`)
    assert.deepEqual([report.split, report.folds], ['time', 3])
    assert.deepEqual([predictor.row([60, 1500, 20]).said, predictor.row([40, 1500, 20]).said], [1, 0])
  })

  it('explains a prediction by the inputs that moved it', () => {
    assert.equal(predictor.explain([60, 1500, 20], 2)[0]?.name, 'torque × speed')
  })

  it('says when a row lies outside of what it was trained on, and by which input', () => {
    const usual = predictor.row([40, 1500, 20])
    assert.ok(usual.strange < 1 && usual.outside.length === 0)
    const swapped = predictor.row([1500, 40, 20])
    assert.ok(swapped.strange > 1)
    assert.deepEqual(
      swapped.outside.map(({ name }) => name),
      ['torque', 'speed'],
    )
  })

  it('gives the same after a file, by row and by table', () => {
    const again = tabularPredictor(readTabular(writeTabular(model)))
    const scores = again.table(table)
    for (let row = 0; row < 40; row++) {
      const { value } = predictor.row(table.columns.map((column) => column[row]!))
      assert.ok(Math.abs(value - scores[row]!) < 1e-12)
    }
    assert.throws(() => readTabular(new Uint8Array(99)), refusedAs('MW-MODEL-0001'))
  })

  it('gives intervals that hold about what they say on rows it has not seen', () => {
    const noisy = power.map((value) => value / 1000 + 5 * gaussian(random))
    const first = { names: table.names, columns: table.columns.map((column) => column.slice(0, 600)) }
    const { model } = trainTabular(first, noisy.slice(0, 600), { kind: 'regression' }, { by: 'class' }, quick)
    const regression = tabularPredictor(model)
    let held = 0
    for (let row = 600; row < ROWS; row++) {
      const [low, high] = regression.row(table.columns.map((column) => column[row]!)).interval!
      if (noisy[row]! >= low && noisy[row]! <= high) held++
    }
    assert.ok(held / 300 > 0.84 && held / 300 < 0.97, `${held / 300}`)
  })

  it('never judges a machine by itself, and says so when there is but one', () => {
    const groups = Array.from({ length: ROWS }, () => 'pump 1')
    assert.throws(
      () => trainTabular(table, overloaded, { kind: 'binary' }, { by: 'group', groups }, quick),
      refusedAs('MW-LEARN-0005'),
    )
  })

  it('refuses in a sentence what it cannot learn from', () => {
    const short = { names: ['a'], columns: [Float64Array.of(1, 2, 3)] }
    assert.throws(
      () => trainTabular(short, Float64Array.of(0, 1, 0), { kind: 'binary' }, { by: 'class' }),
      refusedAs('MW-LEARN-0001'),
    )
    assert.throws(
      () => trainTabular(table, new Float64Array(ROWS), { kind: 'binary' }, { by: 'class' }),
      refusedAs('MW-LEARN-0003'),
    )
    const nothing = { names: ['a'], columns: [new Float64Array(ROWS).fill(Number.NaN)] }
    assert.throws(
      () => trainTabular(nothing, overloaded, { kind: 'binary' }, { by: 'class' }),
      refusedAs('MW-LEARN-0002'),
    )
  })
})
