import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { idPattern, newId } from './ids.ts'

test('ids match their pattern, sort by the time they were made, and do not repeat', () => {
  const pattern = new RegExp(idPattern('dev'))
  assert.match(newId('dev'), pattern)
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 47 }),
      fc.uint8Array({ minLength: 10, maxLength: 10 }),
      (now, random) => {
        const id = newId('dev', now, random)
        assert.match(id, pattern)
        assert.ok(id < newId('dev', now + 1, new Uint8Array(10)))
      },
    ),
  )
  assert.equal(new Set(Array.from({ length: 1000 }, () => newId('sig'))).size, 1000)
})

test('a cursor brings its parts back, and a foreign one is refused', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer(), (text, number) => {
      assert.deepEqual(decodeCursor(encodeCursor([text, number]), ['', 0]), [text, number])
    }),
  )
  assert.deepEqual(decodeCursor(undefined, ['z', 9]), ['z', 9])
  for (const cursor of ['', 'nonsense', encodeCursor([1]), encodeCursor([1, 'a']), encodeCursor(['a', 1, 2])]) {
    assert.throws(() => decodeCursor(cursor, ['', 0]), { code: 'MW-PAGE-0001', path: 'cursor' })
  }
})
