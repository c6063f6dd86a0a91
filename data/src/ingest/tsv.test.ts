import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { TsvWriter } from './tsv.ts'

const written = (fill: (out: TsvWriter) => void) => {
  const out = new TsvWriter(16)
  fill(out)
  return Buffer.from(out.written())
}
const float = (value: number) => written((out) => out.float(value)).toString()

describe('TSV rows', () => {
  it('writes every float64 so that it reads back as the same bits', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) =>
        Object.is(Number(float(value)), value),
      ),
      { numRuns: 20_000 },
    )
  })

  it('writes decimals as sensors send them without loss', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), fc.integer({ min: 0, max: 9 }), (digits, places) => {
        const value = digits / 10 ** places
        return Object.is(Number(float(value)), value)
      }),
      { numRuns: 20_000 },
    )
  })

  it('writes a minus zero, subnormals and the largest numbers', () => {
    for (const value of [-0, 5e-324, -5e-324, Number.MAX_VALUE, 999999999.999999, 1e9, 1e21]) {
      assert.ok(Object.is(Number(float(value)), value), float(value))
    }
    assert.deepEqual([float(Number.NaN), float(Infinity), float(-Infinity)], ['nan', 'inf', '-inf'])
  })

  it('writes integers up to 2^53', () => {
    fc.assert(fc.property(fc.maxSafeNat(), (value) => written((out) => out.uint(value)).toString() === String(value)))
  })

  it('escapes what would end a field or a row', () => {
    assert.equal(written((out) => out.text('a\tb\nc\\d\re')).toString(), 'a\\tb\\nc\\\\d\\re')
  })
})
