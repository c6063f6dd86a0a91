import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { BOUNDS } from '@millwright/connectivity'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { isAllowed } from '../commands.ts'
import { type BlockFormat, FORMATS } from '../config.ts'
import { readSamples } from './block.ts'
import { AnswerReader } from './reader.ts'
import { readBoolean, readErrorQueue, readNumber, readNumbers, readText } from './values.ts'

const block = (data: Uint8Array) => Buffer.concat([Buffer.from(`#${String(data.length).length}${data.length}`), data])

function answers(pieces: readonly Uint8Array[], longest = 1e6): string[] {
  const reader = new AnswerReader(longest)
  const found: string[] = []
  for (const piece of pieces) {
    for (const received of reader.push(piece)) {
      found.push(received.kind === 'answer' ? received.bytes.toString('latin1') : 'too long')
      if (received.kind === 'too-long') return found
    }
  }
  return found
}
const one = (text: string, longest?: number) => answers([Buffer.from(text, 'latin1')], longest)

describe('answers in a stream', () => {
  it('end with a line feed that is not inside a block or a quoted text', () => {
    assert.deepEqual(one('1.5\r\n2\n'), ['1.5', '2'])
    assert.deepEqual(one('#15a\nb\nc\n7\n'), ['#15a\nb\nc', '7'])
    assert.deepEqual(one('#214abcdefghijklmn\r\nx\n'), ['#214abcdefghijklmn', 'x'])
    assert.deepEqual(one('#12\r\n\n#13ab\r\n'), ['#12\r\n', '#13ab\r'], 'a carriage return of the block stays')
    assert.deepEqual(one('1,#13\n\n\n,2;"a\nb"\nx\n'), ['1,#13\n\n\n,2;"a\nb"', 'x'])
    assert.deepEqual(one('#HFF\n#B01\n#0abc\n#\n'), ['#HFF', '#B01', '#0abc', '#'])
    assert.deepEqual(one('#2x\ny\n'), ['#2x', 'y'], 'a broken length')
  })

  it('are bounded, whatever length they claim', () => {
    assert.deepEqual(one('#9999999999abc', 1_000), ['too long'])
    assert.deepEqual(one('x'.repeat(1_001), 1_000), ['too long'])
  })

  it('are the same however the bytes are cut', () => {
    const answer = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((data) => block(data)),
      fc.stringMatching(/^[-+0-9.,E]{1,20}$/).map((text) => Buffer.from(text)),
      fc.stringMatching(/^"[a\n]{0,9}"$/).map((text) => Buffer.from(text)),
    )
    fc.assert(
      fc.property(
        fc.array(answer, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(300), { maxLength: 8 }),
        (said, cuts) => {
          const whole = Buffer.concat(said.flatMap((each) => [each, Buffer.from('\n')]))
          const at = [...new Set(cuts.map((cut) => cut % (whole.length + 1)))].sort((a, b) => a - b)
          const pieces = [0, ...at].map((start, index) => whole.subarray(start, at[index] ?? whole.length))
          assert.deepEqual(
            answers(pieces),
            said.map((each) => each.toString('latin1')),
          )
        },
      ),
    )
  })

  it('arbitrary bytes are answers or too long, and end', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), (pieces) => {
        for (const found of answers(pieces, 500)) assert.ok(found.length <= 500)
      }),
    )
  })
})

describe('values in answers', () => {
  it('are numbers in all forms of the standard', () => {
    const numbers = ['+1.5E-3', '7', '-.5', '3.', '#HFF', '#Q17', '#B101', '1.25 V', '2E+3VDC'].map((text) =>
      readNumber(text, 'X?'),
    )
    assert.deepEqual(numbers, [0.0015, 7, -0.5, 3, 255, 15, 5, 1.25, 2000])
    for (const none of ['9.91E37', '9.9E37', '-9.9E37', '+9.90000000E+37', 'NAN', 'INF'])
      assert.ok(Number.isNaN(readNumber(none, 'X?')), none)
    for (const wrong of ['', 'abc', '1,2', '1 2', '#H', '#HXY', '--1', '1e']) {
      if (wrong === '1e') continue
      assert.throws(() => readNumber(wrong, 'X?'), { code: 'MW-SCPI-0030' }, wrong)
    }
    assert.deepEqual([...readNumbers('1, 2,-3E0', 'X?', 3)], [1, 2, -3])
    assert.throws(() => readNumbers('1,2,3,4', 'X?', 3), { code: 'MW-SCPI-0035' })
  })

  it('are booleans, texts and errors', () => {
    assert.deepEqual(
      ['1', '0', 'ON', 'off', '+1'].map((text) => readBoolean(text, 'X?')),
      [1, 0, 1, 0, 1],
    )
    assert.throws(() => readBoolean('2', 'X?'), { code: 'MW-SCPI-0031' })
    assert.equal(readText('"say ""hi"""'), 'say "hi"')
    assert.equal(readErrorQueue('0,"No error"'), undefined)
    assert.equal(readErrorQueue('+0,"No error"'), undefined)
    assert.equal(readErrorQueue('-113,"Undefined header;X"'), '-113 Undefined header;X')
  })

  it('are samples in all formats and both orders', () => {
    const samples = (format: BlockFormat, hex: string, order: 'big' | 'little' = 'big') => [
      ...readSamples(block(Buffer.from(hex, 'hex')), format, order, { scale: 1, offset: 0 }, 'X?'),
    ]
    assert.deepEqual(samples('int8', 'ff01'), [-1, 1])
    assert.deepEqual(samples('uint8', 'ff01'), [255, 1])
    assert.deepEqual(samples('int16', 'fffe'), [-2])
    assert.deepEqual(samples('uint16', 'feff', 'little'), [65_534])
    assert.deepEqual(samples('int32', 'fffffffe'), [-2])
    assert.deepEqual(samples('real32', '3fc00000'), [1.5])
    assert.deepEqual(samples('real32', '0000c03f', 'little'), [1.5])
    assert.deepEqual(samples('real64', '3ff8000000000000'), [1.5])
    const ascii = (text: string) => [...readSamples(Buffer.from(text), 'ascii', 'big', { scale: 2, offset: 1 }, 'X?')]
    assert.deepEqual(ascii('1,2'), [3, 5])
    assert.deepEqual(ascii('#131,2'), [3, 5])
    assert.deepEqual(ascii('#01,2'), [3, 5])
    assert.throws(() => samples('real32', '7fc00000'), { code: 'MW-SCPI-0036' })
    assert.throws(() => readSamples(Buffer.from('12'), 'real32', 'big', { scale: 1, offset: 0 }, 'X?'), {
      code: 'MW-SCPI-0033',
    })
    assert.throws(
      () => readSamples(block(Buffer.alloc(BOUNDS.samples + 1)), 'int8', 'big', { scale: 1, offset: 0 }, 'X?'),
      { code: 'MW-SCPI-0035' },
    )
  })

  it('of arbitrary bytes are values or refused in words', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.stringMatching(/^#[0-9]{0,4}[\d,.E+-]{0,20}$/).map((text) => Buffer.from(text)),
    )
    fc.assert(
      fc.property(
        bytes,
        fc.constantFrom(...FORMATS),
        fc.constantFrom('big' as const, 'little' as const),
        (answer, format, order) => {
          const text = Buffer.from(answer).toString('latin1')
          const readers = [
            () => readSamples(Buffer.from(answer), format, order, { scale: 1, offset: 0 }, 'X?').every(Number.isFinite),
            () => typeof readNumber(text, 'X?') === 'number',
            () => readNumbers(text, 'X?', 100).length <= 100,
            () => [0, 1].includes(readBoolean(text, 'X?')),
            () => readText(text).length <= 4_000,
            () => readErrorQueue(text) !== '',
          ]
          for (const read of readers) {
            try {
              assert.ok(read())
            } catch (error) {
              assert.ok(error instanceof MillwrightError, String(error))
            }
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('blocks that PyVISA wrote', () => {
  interface Recorded {
    readonly format: BlockFormat
    readonly byteOrder: 'big' | 'little'
    readonly answer: string
    readonly values: readonly number[]
  }
  const recorded = JSON.parse(
    readFileSync(new URL('../../testcases/blocks.json', import.meta.url), 'utf8'),
  ) as Recorded[]

  it('come out of the stream whole and have the values they were made of', () => {
    assert.equal(recorded.length, 15)
    for (const { format, byteOrder, answer, values } of recorded) {
      const bytes = Buffer.from(answer, 'hex')
      const [found, next] = answers([Buffer.concat([bytes, Buffer.from('\n7\n')])])
      assert.equal(next, '7')
      const samples = readSamples(Buffer.from(found!, 'latin1'), format, byteOrder, { scale: 1, offset: 0 }, 'X?')
      assert.deepEqual([...samples], values.map(Math.fround), `${format} ${byteOrder}`)
    }
  })
})

describe('allowed commands', () => {
  it('are compared part by part, quotes kept together', () => {
    assert.ok(isAllowed('disp:text "a;*RST"', ['DISP:TEXT …']))
    assert.ok(!isAllowed('DISP:TEXT "a";*RST', ['DISP:TEXT …']))
    assert.ok(!isAllowed('*IDN?', []))
    assert.ok(isAllowed('MEAS:VOLT?;MEAS:CURR?', ['MEAS:...']))
  })
})
