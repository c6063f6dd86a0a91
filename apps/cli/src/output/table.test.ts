import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { chart, spanBar } from './chart.ts'
import { clean, safeJson } from './clean.ts'
import { type Column, tableLines } from './table.ts'
import { shownAge, shownSpan } from './times.ts'
import { cut, cutStart, widthOf } from './width.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '泵房',
    '👩‍👩‍👧‍👦 family',
    'é'.normalize('NFD'),
    '\u001b[31mred\u001b[0m',
    '\u009b2J',
    'a\tb\nc',
    '\u202eabc',
  ),
)
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
const OBEYED = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/

const columns: readonly Column<readonly string[]>[] = [
  { title: 'Id', value: (row) => row[0]!.slice(0, 6), whole: true },
  { title: 'Name', value: (row) => row[0]! },
  { title: 'Value', value: (row) => row[1]!, align: 'right' },
  { title: 'Path', value: (row) => row[2]!, keepEnd: true, drop: 1 },
  { title: 'More', value: (row) => row[1]!, drop: 2 },
]

test('a table fits any terminal that has room for its whole columns, whatever is in it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyText, anyText, anyText), { maxLength: 12 }),
      fc.integer({ min: 40, max: 200 }),
      (rows, width) => {
        const lines = tableLines(columns, rows, width)
        assert.equal(lines.length, rows.length + 1)
        for (const line of lines) {
          assert.ok(widthOf(line) <= width, `${widthOf(line)} > ${width}: ${line}`)
          assert.doesNotMatch(line, OBEYED)
        }
      },
    ),
  )
})

test('columns stand below each other, also after wide characters', () => {
  const two: readonly Column<string>[] = [
    { title: 'Name', value: (name) => name },
    { title: 'X', value: () => 'x', whole: true },
  ]
  const lines = tableLines(two, ['泵房', 'pump', '👩‍👩‍👧‍👦'], 80)
  const places = lines.slice(1).map((line) => widthOf(line.slice(0, line.indexOf('x'))))
  assert.deepEqual(places, [6, 6, 6])
})

test('without a terminal nothing is cut and nothing is left out', () => {
  const long = 'x'.repeat(500)
  const [, line] = tableLines(columns, [[long, long, long]], Number.POSITIVE_INFINITY)
  assert.equal(line!.split(long).length, 5)
})

test('columns that would only be ruins are left out before the others are', () => {
  const row = ['a name of some length', 'a value of some length', 'a/path/of/some/length'] as const
  const [titles] = tableLines(columns, [row], 60)
  assert.match(titles!, /Path/)
  assert.doesNotMatch(titles!, /More/)
})

test('cutting never goes over, never tears a character', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 0, max: 30 }), (given, width) => {
      const text = clean(given)
      for (const shorter of [cut(text, width), cutStart(text, width)]) {
        assert.ok(widthOf(shorter) <= width)
        assert.ok(shorter.isWellFormed())
      }
    }),
  )
  assert.equal(cut('temperature', 5), 'temp…')
  assert.equal(cutStart('North/P-101', 6), '…P-101')
})

test('nothing that a terminal obeys is left, and JSON still says the same', () => {
  fc.assert(
    fc.property(anyText, (given) => {
      assert.doesNotMatch(clean(given), OBEYED)
      const json = safeJson({ [given]: given })
      assert.doesNotMatch(json, OBEYED)
      assert.deepEqual(JSON.parse(json), { [given]: given })
    }),
  )
})

test('a chart keeps its size, shows gaps as gaps, and takes one value or none', () => {
  const span = { from: 0, to: 1000 }
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(fc.integer({ min: 0, max: 999 }), fc.option(fc.double({ noNaN: true, min: -1e12, max: 1e12 }))),
        { maxLength: 50 },
      ),
      (points) => {
        const lines = chart(
          { ...span, time: points.map(([at]) => at), value: points.map(([, value]) => value) },
          80,
          'utc',
        )
        for (const line of lines) assert.ok(widthOf(line) <= 80, line)
      },
    ),
  )
  const flat = chart({ ...span, time: [0, 900], value: [5, 5] }, 80, 'utc')
  assert.equal(flat.length, 11)
  assert.equal(spanBar([{ from: 0, to: 500 }], span, 10), '█████·····')
  assert.equal(spanBar([{ from: 999, to: null }], span, 10), '·········█')
})

test('spans and ages are short', () => {
  assert.equal(shownSpan(254_000_000), '4 min 14 s')
  assert.equal(shownSpan(1_500), '1 ms')
  assert.equal(shownSpan(12), '12 µs')
  assert.equal(shownSpan(90 * 3_600_000_000), '3 d 18 h')
  assert.equal(shownAge(0, 59_999_999), '59 s')
  assert.equal(shownAge(10, 0), '0 s')
})
