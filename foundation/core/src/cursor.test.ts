import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeCursor, encodeCursor } from './cursor.ts'

const forged = (parts: unknown): string => Buffer.from(JSON.stringify(parts)).toString('base64url')

test('a cursor comes back as it was made; without one the list begins', () => {
  assert.deepEqual(decodeCursor(encodeCursor([3, 'Ünï 🜁']), [0, '']), [3, 'Ünï 🜁'])
  assert.deepEqual(decodeCursor(undefined, [7]), [7])
})

test('one that no list made is refused before a database sees it', () => {
  const shapes = [null, {}, 'a', [], ['a'], [1, 2], [1], [null, 'a'], [[1], 'a'], [{ length: 1 }, 'a']]
  const values = [
    [1.5, 'a'],
    [1e300, 'a'],
    [2 ** 53, 'a'],
    [-(2 ** 63), 'a'],
    [1, 'a\0'],
    [1, '\ud800'],
  ]
  for (const parts of [...shapes, ...values]) {
    assert.throws(() => decodeCursor(forged(parts), [0, '']), { code: 'MW-PAGE-0001', status: 400 })
  }
  for (const text of ['', '%00', 'a'.repeat(500), '../..']) {
    assert.throws(() => decodeCursor(text, [0]), { code: 'MW-PAGE-0001' })
  }
})
