import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseFormula } from './formula.ts'

test('computes as it is written', () => {
  const at3 = (text: string) => parseFormula(text)?.(3)
  assert.equal(at3('X+4'), 7)
  assert.equal(at3('2*X^2 - X/6'), 17.5)
  assert.equal(at3('-X^2'), -9)
  assert.equal(at3('2^-1'), 0.5)
  assert.equal(at3('2^3^2'), 512)
  assert.equal(at3('10-4-3'), 3)
  assert.equal(at3('sqrt(X1 + 1.0e0) * pow(X, 2)'), 18)
  assert.equal(at3(' ( ( X ) ) '), 3)
  assert.equal(at3('atan2(0, -1)'), Math.PI)
})

test('what it does not know is no formula', () => {
  for (const text of [
    '',
    'X+',
    'Y',
    'X;1',
    'constructor(1)',
    'sqrt',
    'sqrt(1,2)',
    'pow(1)',
    '(X',
    'X)',
    '2X',
    'process.exit()',
    '('.repeat(100),
  ])
    assert.equal(parseFormula(text), undefined, text)
  assert.equal(parseFormula(`${'-'.repeat(900)}X`), undefined)
})

test('agrees with JavaScript on sums and products', () => {
  const { formula } = fc.letrec((tie) => ({
    formula: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('X', '2', '0.5', '7'),
      fc
        .tuple(tie('formula'), fc.constantFrom('+', '-', '*', '/'), tie('formula'))
        .map(([a, sign, b]) => `(${a}${sign}${b})`),
      tie('formula').map((inner) => `-(${inner})`),
    ),
  }))
  fc.assert(
    fc.property(formula, (text) => {
      fc.pre(String(text).length < 900)
      const expected = new Function('X', `return ${String(text).replaceAll('--', '- -')}`)(1.25)
      assert.equal(parseFormula(String(text))?.(1.25), expected)
    }),
  )
})

test('arbitrary texts are a formula or none', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'X12.e+-*/^(), sqrt'), maxLength: 60 }), (text) => {
      const value = parseFormula(text)?.(2)
      assert.ok(value === undefined || typeof value === 'number')
    }),
    { numRuns: 2000 },
  )
})
