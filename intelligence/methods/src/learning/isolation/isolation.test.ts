import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import { gaussian, isolationScorer, readIsolation, seeded, trainIsolation, writeIsolation } from '../index.ts'

const refusedAs = (code: string) => (error: unknown) => error instanceof MillwrightError && error.code === code

function cloud(rows: number, seed: number) {
  const random = seeded(seed)
  return { names: ['a', 'b'], columns: [0, 1].map(() => Float64Array.from({ length: rows }, () => gaussian(random))) }
}

describe('an isolation forest', () => {
  const table = cloud(2000, 1)
  const { model } = trainIsolation(table)
  const scorer = isolationScorer(model)

  it('scores about .5 in the mean, and what lies far out higher than all', () => {
    const scores = scorer.table(table)
    const mean = scores.reduce((sum, each) => sum + each, 0) / scores.length
    assert.ok(mean > 0.4 && mean < 0.52, `mean ${mean}`)
    assert.ok(scorer.row([6, -6]) > Math.max(...scores) - 1e-12)
    assert.ok(scorer.row([0, 0]) < mean)
  })

  it('is the same from the same seed, row by row as by table, and after a file', () => {
    assert.deepEqual(trainIsolation(table).model, model)
    const again = isolationScorer(readIsolation(writeIsolation(model)))
    const scores = scorer.table(table)
    for (let row = 0; row < 50; row++) assert.equal(again.row(table.columns.map((column) => column[row]!)), scores[row])
  })

  it('scores rows with a missing value between 0 and 1', () => {
    const score = scorer.row([Number.NaN, 0])
    assert.ok(score > 0 && score < 0.7)
  })

  it('names what says nothing, and refuses when nothing else is there', () => {
    const stuck = { names: ['a', 'stuck'], columns: [table.columns[0]!, new Float64Array(2000).fill(3)] }
    assert.deepEqual(trainIsolation(stuck).report.inputsLeftOut, ['stuck'])
    assert.throws(() => trainIsolation({ names: ['s'], columns: [new Float64Array(9)] }), refusedAs('MW-LEARN-0002'))
    assert.throws(() => trainIsolation({ names: ['s'], columns: [new Float64Array(1)] }), refusedAs('MW-LEARN-0001'))
    assert.throws(() => trainIsolation(table, { trees: 0 }), refusedAs('MW-LEARN-0007'))
  })
})
