import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { project, projectTable, readPca, restore, trainPca, writePca } from '../index.ts'

const refusedAs = (code: string) => (error: unknown) => error instanceof MillwrightError && error.code === code

const tables = fc
  .tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 8, max: 40 }))
  .chain(([inputs, rows]) =>
    fc.array(fc.float64Array({ minLength: rows, maxLength: rows, min: -1e3, max: 1e3, noNaN: true }), {
      minLength: inputs,
      maxLength: inputs,
    }),
  )
  .map((columns) => ({ names: columns.map((_, at) => `x${at}`), columns }))
  .filter(({ columns }) => columns.some((column) => new Set(column).size > 3))

describe('principal components', () => {
  it('of the example in Smith, A tutorial on Principal Components Analysis (2002), are those printed there', () => {
    const table = {
      names: ['x', 'y'],
      columns: [
        Float64Array.of(2.5, 0.5, 2.2, 1.9, 3.1, 2.3, 2, 1, 1.5, 1.1),
        Float64Array.of(2.4, 0.7, 2.9, 2.2, 3.0, 2.7, 1.6, 1.1, 1.6, 0.9),
      ],
    }
    const { model } = trainPca(table, { standardise: false, keep: { components: 2 } })
    const printed = [1.28402771, 0.0490833989]
    model.variances.forEach((variance, at) => void assert.ok(Math.abs(variance - printed[at]!) < 1e-8))
    assert.ok(
      Math.abs(model.components[0]! - 0.677873399) < 1e-8 && Math.abs(model.components[1]! - 0.735178656) < 1e-8,
    )
  })

  it('are at right angles, and all of them together give the row back', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const inputs = table.names.length
        const { model, report } = trainPca(table, { keep: { components: inputs } })
        assert.ok(Math.abs(report.explained - 1) < 1e-9)
        for (let one = 0; one < inputs; one++)
          for (let other = 0; other <= one; other++) {
            let dot = 0
            for (let at = 0; at < inputs; at++)
              dot += model.components[one * inputs + at]! * model.components[other * inputs + at]!
            assert.ok(Math.abs(dot - (one === other ? 1 : 0)) < 1e-9)
          }
        const row = table.columns.map((column) => column[3]!)
        const scores = new Float64Array(inputs)
        const back = new Float64Array(inputs)
        project(model, row, scores)
        projectTable(model, table)
          .subarray(3 * inputs, 4 * inputs)
          .forEach((score, at) => void assert.ok(Math.abs(score - scores[at]!) < 1e-9))
        restore(model, scores, back)
        row.forEach((value, at) => void assert.ok(Math.abs(value - back[at]!) < 1e-6 * (1 + Math.abs(value))))
      }),
    )
  })

  it('leave rows with gaps out, name constant inputs, and survive a file', () => {
    const rows = 20
    const a = Float64Array.from({ length: rows }, (_, row) => Math.sin(row))
    const table = {
      names: ['a', 'stuck', 'c'],
      columns: [a, new Float64Array(rows).fill(5), a.map((v, row) => (row === 4 ? Number.NaN : v * 2 + row))],
    }
    const { model, report } = trainPca(table)
    assert.deepEqual([report.rowsLeftOut, report.constant], [1, ['stuck']])
    assert.deepEqual(readPca(writePca(model)), model)
  })

  it('refuse what has no components', () => {
    const two = { names: ['a'], columns: [Float64Array.of(1, 2)] }
    assert.throws(() => trainPca(two), refusedAs('MW-LEARN-0001'))
    assert.throws(() => trainPca({ names: ['a'], columns: [new Float64Array(9)] }), refusedAs('MW-LEARN-0002'))
    assert.throws(() => readPca(new Uint8Array(40)), refusedAs('MW-MODEL-0001'))
  })
})
