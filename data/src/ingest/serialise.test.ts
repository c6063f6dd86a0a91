import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { QUALITY, ReadingBatch } from '@millwright/connectivity'
import { writeNumbers } from './serialise.ts'
import type { StorageClasses } from './storage-classes.ts'
import { TsvWriter } from './tsv.ts'

/** Signals below 10 are `standard` and never changed. */
const classes = {
  classOf: (key: number) => (key < 10 ? 2 : 3),
  generationOf: (key: number) => (key < 20 ? 0 : 1),
} as StorageClasses

function written(rows: readonly (readonly [key: number, quality?: number])[], picked?: number[]) {
  const batch = new ReadingBatch(4)
  for (const [key, quality] of rows) batch.push(key, 1000, 0.5, quality ?? QUALITY.good)
  const out = new TsvWriter(64)
  const columns = writeNumbers(out, batch, classes, picked)
  return [columns.join(' '), Buffer.from(out.written()).toString()]
}

describe('a window as rows', () => {
  it('leaves out what has its default in every row', () => {
    assert.deepEqual(written([[1], [2]]), ['signal time value', '1\t1000\t0.5\n2\t1000\t0.5\n'])
  })

  it('sends a column for all rows when one row needs it', () => {
    assert.deepEqual(written([[1], [2, QUALITY.uncertain]]), [
      'signal time value quality',
      `1\t1000\t0.5\t0\n2\t1000\t0.5\t${QUALITY.uncertain}\n`,
    ])
    assert.deepEqual(written([[1], [12]]), ['signal time value class', '1\t1000\t0.5\t2\n12\t1000\t0.5\t3\n'])
    assert.deepEqual(written([[1], [21, QUALITY.bad]], [1]), [
      'signal time value class quality generation',
      `21\t1000\t0.5\t3\t${QUALITY.bad}\t1\n`,
    ])
  })
})
