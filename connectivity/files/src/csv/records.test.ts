import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { Records } from './records.ts'

function all(text: string, delimiter = ',', last = true) {
  const records = new Records(text, delimiter, 1, last)
  const found: { line: number; cells: string[]; problem: string | undefined }[] = []
  for (let record = records.next(); record !== undefined; record = records.next())
    found.push({ line: record.line, cells: [...record.cells], problem: record.problem })
  return { found, at: records.at, line: records.line }
}

test('takes records as csv-parse does', () => {
  const cell = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'ab1.;,"\n é'), maxLength: 6 }).map((text) => ({ text, quoted: true })),
    fc.string({ unit: fc.constantFrom(...'ab1.é '), maxLength: 6 }).map((text) => ({ text, quoted: false })),
  )
  const written = ({ text, quoted }: { text: string; quoted: boolean }) =>
    quoted ? `"${text.replaceAll('"', '""')}"` : text
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
      fc.constantFrom('\n', '\r\n'),
      (rows, end) => {
        const text = rows.map((cells) => cells.map(written).join(',')).join(end) + end
        const expected = parse(text, { relax_column_count: true, record_delimiter: ['\n', '\r\n'] }) as string[][]
        assert.deepEqual(
          all(text).found.map(({ cells }) => cells),
          expected,
        )
      },
    ),
    { numRuns: 300 },
  )
})

test('in pieces it finds the same as in one, wherever it is cut', () => {
  const text = 'a,b\n1,"x\ny"\n"q""q",2\r\n\n3,4\n'
  const whole = all(text).found
  for (let cut = 0; cut <= text.length; cut++) {
    const first = all(text.slice(0, cut), ',', false)
    const rest = new Records(text.slice(first.at), ',', first.line, true)
    const found = [...first.found]
    for (let record = rest.next(); record !== undefined; record = rest.next())
      found.push({ line: record.line, cells: [...record.cells], problem: record.problem })
    assert.deepEqual(found, whole, `cut at ${cut}`)
  }
})

test('a quote that is never closed costs its line alone', () => {
  const { found } = all(`a,b\n1,"open\n${'2,x\n'.repeat(200)}`)
  assert.equal(found[1]?.problem, 'a quote is not closed')
  assert.deepEqual(
    all('a,"open\n1,2\n"x",3\n').found.map(({ problem, cells }) => problem ?? cells),
    ['a quote is not closed, or stands within a cell that is not quoted', ['1', '2'], ['x', '3']],
  )
  assert.equal(found.filter(({ problem }) => problem === undefined).length, 201)
  assert.deepEqual([found.at(-1)?.line, found.at(-1)?.cells], [202, ['2', 'x']])
})

test('arbitrary text ends, every character is done with, and lines are counted', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'a,"\n\r;'), maxLength: 100 }), (text) => {
      const { at, line, found } = all(text)
      assert.equal(at, text.length)
      assert.ok(line >= text.split('\n').length - 1)
      assert.ok(found.length <= text.split('\n').length)
    }),
    { numRuns: 1000 },
  )
})
