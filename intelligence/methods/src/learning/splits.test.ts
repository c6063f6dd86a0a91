import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { blockFolds, type Fold, groupedFolds, groupFolds, lastPart, stratifiedFolds } from './index.ts'

const parts = (folds: readonly Fold[], rows: number) => {
  const tested = folds.flatMap(({ test }) => [...test]).sort((a, b) => a - b)
  assert.deepEqual(
    tested,
    Array.from({ length: rows }, (_, row) => row),
  )
  for (const { train, test } of folds) assert.equal(new Set([...train, ...test]).size, train.length + test.length)
}

describe('splits', () => {
  it('by class test each row once, and each class evenly', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 10, maxLength: 80 }),
        fc.integer({ min: 2, max: 5 }),
        (classes, count) => {
          const folds = stratifiedFolds(classes, count, 4)
          parts(folds, classes.length)
          for (const of of new Set(classes)) {
            const sizes = folds.map(({ test }) => [...test].filter((row) => classes[row] === of).length)
            assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1)
          }
        },
      ),
    )
  })

  it('by machine never train on a machine that they test', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('p1', 'p2', 'p3', 'p4'), { minLength: 8, maxLength: 60 }), (groups) => {
        for (const folds of [groupFolds(groups), groupedFolds(groups, 2)]) {
          parts(folds, groups.length)
          for (const { train, test } of folds) {
            const known = new Set([...train].map((row) => groups[row]))
            assert.ok([...test].every((row) => !known.has(groups[row]!)))
          }
        }
      }),
    )
  })

  it('by time keep their distance', () => {
    const folds = blockFolds(100, 4, 5)
    parts(folds, 100)
    for (const { train, test } of folds)
      for (const row of train) assert.ok(row < test[0]! - 5 || row >= test.at(-1)! + 1 + 5)
    const { train, test } = lastPart(100, 0.2, 10)
    assert.deepEqual([train.length, train.at(-1), test[0], test.length], [70, 69, 80, 20])
  })
})
