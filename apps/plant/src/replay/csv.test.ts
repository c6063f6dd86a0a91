import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CsvParser, type CsvRow } from './csv.ts'
import { RowError } from './row-error.ts'

const parse = (text: string, delimiter = ',', pieces: readonly number[] = []): CsvRow[] => {
  const parser = new CsvParser(delimiter)
  const rows: CsvRow[] = []
  let at = 0
  for (const length of pieces) {
    rows.push(...parser.push(text.slice(at, at + length)))
    at += length
  }
  return [...rows, ...parser.push(text.slice(at)), ...parser.end()]
}
const cells = (text: string, delimiter = ',') => parse(text, delimiter).map((row) => row.cells)

test('quotes, line ends of all kinds, empty cells and lines', () => {
  assert.deepEqual(cells('a,b\r\n1,2\r\n'), [
    ['a', 'b'],
    ['1', '2'],
  ])
  assert.deepEqual(cells('a,b\n1,2'), [
    ['a', 'b'],
    ['1', '2'],
  ])
  assert.deepEqual(cells('a,b\r1,2\r'), [
    ['a', 'b'],
    ['1', '2'],
  ])
  assert.deepEqual(cells('"a ""x""","b,\nc"\n,\n\n1,2\n'), [
    ['a "x"', 'b,\nc'],
    ['', ''],
    ['1', '2'],
  ])
  assert.deepEqual(cells('5"x,6\n'), [['5"x', '6']])
  assert.deepEqual(cells('a;"b;c";d', ';'), [['a', 'b;c', 'd']])
})

test('lines are counted as an editor does, also after quoted line ends', () => {
  assert.deepEqual(
    parse('h,i\r\n"a\nb",1\r\n\r\n2,3').map((row) => row.line),
    [1, 2, 5],
  )
})

test('a quote that is never closed is told with its line', () => {
  assert.throws(
    () => parse('a,b\n1,"2\n3,4\n'),
    (error: unknown) => error instanceof RowError && error.line === 2,
  )
  assert.throws(() => parse(`a,b\n1,"${'x'.repeat(1_100_000)}`), /line 2: a cell here is longer/)
})

test('property: what is written by the book is read back, in whatever pieces it comes', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '1', ',', ';', '"', '\n', '\r', ' ', 'é', '漢', '\t') })
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 })
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
  fc.assert(
    fc.property(
      table,
      fc.constantFrom(',', ';', '\t', '|'),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.array(fc.nat(7)),
      (rows, delimiter, end, pieces) => {
        const text = rows.map((row) => row.map(quoted).join(delimiter)).join(end)
        assert.deepEqual(
          parse(text, delimiter, pieces).map((row) => row.cells),
          rows,
        )
      },
    ),
  )
})
