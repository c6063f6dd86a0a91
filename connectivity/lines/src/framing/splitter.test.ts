import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { controlText } from './escapes.ts'
import { createSplitter } from './splitter.ts'

function split(delimiter: Uint8Array | number, longest: number, pieces: readonly Uint8Array[]) {
  const lines: string[] = []
  const tooLong: number[] = []
  const splitter = createSplitter(delimiter, longest, {
    line: (bytes) => void lines.push(bytes.toString('latin1')),
    tooLong: (head) => void tooLong.push(head.length),
  })
  for (const piece of pieces) splitter.push(piece)
  splitter.end()
  return { lines, tooLong }
}
const bytes = (text: string) => Buffer.from(text, 'latin1')

describe('splitting bytes into lines', () => {
  it('ends lines with line feeds, other characters, or after so many bytes', () => {
    assert.deepEqual(split(bytes('\n'), 100, [bytes('a\r\nb\n\nc')]).lines, ['a', 'b', 'c'])
    assert.deepEqual(split(bytes('\r\x03'), 100, [bytes('a\r'), bytes('\x03b\rc\r\x03')]).lines, ['a', 'b\rc'])
    assert.deepEqual(split(3, 100, [bytes('ab'), bytes('cde'), bytes('fgh')]).lines, ['abc', 'def'])
  })

  it('leaves out what is too long, says so once, and goes on with the next', () => {
    const flood = Array.from({ length: 50 }, () => bytes('x'.repeat(1000)))
    const { lines, tooLong } = split(bytes('\n'), 100, [bytes('a\n'), ...flood, bytes('yy\nb\n')])
    assert.deepEqual(lines, ['a', 'b'])
    assert.deepEqual(tooLong, [100])
    assert.deepEqual(split(bytes('\n'), 16, [bytes(`${'x'.repeat(17)}\nb\n`)]), { lines: ['b'], tooLong: [16] })
  })

  it('gives the same lines however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[ab\r]{0,30}$/), { maxLength: 20 }),
        fc.array(fc.nat(600), { maxLength: 10 }),
        fc.constantFrom('\n', ';;', '\r\n'),
        (texts, cuts, end) => {
          const whole = bytes(texts.map((text) => text + end).join(''))
          const at = [...new Set(cuts.map((cut) => cut % (whole.length + 1)))].sort((a, b) => a - b)
          const pieces = [0, ...at].map((start, index) => whole.subarray(start, at[index] ?? whole.length))
          assert.deepEqual(split(bytes(end), 20, pieces).lines, split(bytes(end), 20, [whole]).lines)
        },
      ),
    )
  })

  it('knows control characters by their escapes', () => {
    assert.equal(controlText('a\\r\\n\\x02\\\\', '/t'), 'a\r\n\x02\\')
    assert.throws(() => controlText('\\q', '/t'), { code: 'MW-LINES-0001', path: '/t' })
  })
})
