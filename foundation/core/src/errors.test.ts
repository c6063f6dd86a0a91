import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorCatalogue, MillwrightError } from './errors.ts'

const errors = errorCatalogue('TEST', {
  tooBig: { number: 7, status: 413, text: '{name} is {size} bytes; {limit} are allowed.' },
})

test('an error has its code, status, sentence, path and cause', () => {
  const cause = new Error('inner')
  const error = errors.tooBig({ name: 'file', size: 12, limit: 10, path: '/files/0', cause })
  assert.ok(error instanceof MillwrightError)
  assert.deepEqual(
    [error.code, error.status, error.message, error.path, error.cause],
    ['MW-TEST-0007', 413, 'file is 12 bytes; 10 are allowed.', '/files/0', cause],
  )
})

test('what came from outside is shown on one line, bounded', () => {
  const { message } = errors.tooBig({ name: `a\n\u0007b${'x'.repeat(1000)}`, size: { deep: [1] } })
  assert.ok(!message.includes('\n') && !message.includes('\u0007'))
  assert.ok(message.length < 400)
  assert.match(message, /^a b.*… is \{"deep":\[1\]\} bytes; undefined are/)
})

test('a number stands once in its area', () => {
  const kind = { number: 1, status: 400, text: '' }
  assert.throws(() => errorCatalogue('TWICE', { a: kind, b: kind }), /stands twice/)
})
