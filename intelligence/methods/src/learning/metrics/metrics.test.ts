import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  accuracy,
  chooseThreshold,
  classMeasures,
  confusion,
  coverage,
  macroF1,
  pinballLoss,
  regressionMeasures,
  rocArea,
} from '../index.ts'

const near = (value: number, wanted: number) => assert.ok(Math.abs(value - wanted) < 1e-9, `${value} for ${wanted}`)

describe('measures', () => {
  it('of classes are those worked out by hand', () => {
    const counts = confusion([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 2, 2], 3)
    assert.deepEqual([...counts], [2, 1, 0, 0, 1, 1, 0, 0, 1])
    near(accuracy(counts), 4 / 6)
    assert.deepEqual(classMeasures(counts, 0), { precision: 1, recall: 2 / 3, f1: 0.8, rows: 3 })
    near(macroF1(counts), (0.8 + 0.5 + 2 / 3) / 3)
  })

  it('of regression are those worked out by hand, rows without a truth left out', () => {
    const measures = regressionMeasures([1e6 + 1, 1e6 + 2, 1e6 + 3, Number.NaN], [1e6 + 1, 1e6 + 3, 1e6 + 2, 0])
    near(measures.rmse, Math.sqrt(2 / 3))
    assert.deepEqual([measures.rows, measures.mae, measures.bias, measures.r2], [3, 2 / 3, 0, 0])
    near(pinballLoss([1, 1], [0, 2], 0.9), (0.9 + 0.1) / 2)
    near(coverage([1, 2, 3], [0, 0, 0], [1, 1, 9]), 2 / 3)
  })

  it('of the ROC area: 1 in order, 0 upside down, half of the ties', () => {
    near(rocArea([0, 0, 1, 1], [1, 2, 3, 4]), 1)
    near(rocArea([1, 1, 0, 0], [1, 2, 3, 4]), 0)
    near(rocArea([0, 1, 0, 1], [5, 5, 5, 5]), 0.5)
  })
})

describe('a threshold', () => {
  it('has the best F1 of all that could be chosen, and says it truly', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 9 })), {
      minLength: 2,
      maxLength: 40,
    })
    fc.assert(
      fc.property(rows, (pairs) => {
        const [truth, score] = [pairs.map(([is]) => is), pairs.map(([, said]) => said / 10)]
        fc.pre(truth.includes(1))
        const f1At = (value: number) =>
          classMeasures(
            confusion(
              truth,
              score.map((each) => (each >= value ? 1 : 0)),
              2,
            ),
            1,
          ).f1
        const chosen = chooseThreshold(truth, score, { measure: 'f1' })
        near(f1At(chosen.value), chosen.f1)
        for (const value of score) assert.ok(f1At(value) <= chosen.f1 + 1e-12)
      }),
    )
  })

  it('costs least, and says nothing when every alarm costs more than it saves', () => {
    const [truth, score] = [
      [1, 0, 1, 0, 0, 1],
      [0.9, 0.8, 0.7, 0.6, 0.5, 0.4],
    ]
    const cost = (miss: number, falseAlarm: number) =>
      chooseThreshold(truth, score, { measure: 'cost', miss, falseAlarm }).value
    assert.ok(cost(10, 1) <= 0.4, 'all three are caught')
    assert.ok(cost(1, 10) > 0.8 && cost(1, 10) <= 0.9, 'only the sure one')
    assert.ok(chooseThreshold([0, 1], [0.9, 0.1], { measure: 'cost', miss: 1, falseAlarm: 2 }).value > 1)
  })

  it('holds a precision or a recall, or says that none does', () => {
    const [truth, score] = [
      [0, 1, 0, 1, 1],
      [0.1, 0.4, 0.5, 0.6, 0.9],
    ]
    assert.equal(chooseThreshold(truth, score, { measure: 'precision', least: 1 }).value, 0.55)
    assert.equal(chooseThreshold(truth, score, { measure: 'recall', least: 1 }).value, 0.25)
    assert.equal(
      chooseThreshold([1, 0], [0.1, 0.9], { measure: 'precision', least: 0.9 }).value,
      Number.POSITIVE_INFINITY,
    )
  })
})
