import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { parseNumber } from './numbers.ts'
import { type PlanOptions, planReplay } from './plan.ts'
import type { RowError } from './row-error.ts'
import { type TimedRow, timedRows } from './rows.ts'

let directory: string
let files = 0
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millwright-replay-'))
})
after(() => rm(directory, { recursive: true }))

const NOW = Date.UTC(2026, 0, 1) * 1000
async function file(content: string | Uint8Array): Promise<string> {
  files += 1
  const path = join(directory, `${files}.csv`)
  await writeFile(path, content)
  return path
}
async function rowsOf(
  content: string | Uint8Array,
  options: PlanOptions = {},
): Promise<{ rows: TimedRow[]; bad: RowError[] }> {
  const plan = await planReplay(await file(content), options)
  const rows: TimedRow[] = []
  const bad: RowError[] = []
  for await (const row of timedRows(plan, NOW, (error) => bad.push(error))) rows.push(row)
  return { rows, bad }
}
const values = async (content: string | Uint8Array, options?: PlanOptions) =>
  (await rowsOf(content, options)).rows.map((row) => row.values)

test('a German export: semicolons, decimal commas, thousands, Windows-1252', async () => {
  const text =
    'Zeit;Druck;Zähler;Läuft\r\n09.03.2020 10:14:33;1,5;1.234,25;true\r\n09.03.2020 10:14:34;-0,25;1.235;false\r\n'
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
  const { rows } = await rowsOf(bytes, { timezone: 'Europe/Berlin' })
  assert.deepEqual(
    rows.map((row) => row.values),
    [
      { Druck: 1.5, Zähler: 1234.25, Läuft: true },
      { Druck: -0.25, Zähler: 1235, Läuft: false },
    ],
  )
  assert.equal(rows[0]!.time, Date.UTC(2020, 2, 9, 9, 14, 33) * 1000)
})

test('byte order marks and UTF-16', async () => {
  const text = 'time\tvalue é\n2020-03-09 10:14:33\t1.5\n'
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le')
  for (const bytes of [Buffer.from(`\ufeff${text}`), utf16, Buffer.from(utf16).swap16(), Buffer.from(text)]) {
    assert.deepEqual(await values(bytes), [{ 'value é': 1.5 }])
  }
})

test('tabs, bars, quotes; columns by name and number; no header', async () => {
  assert.deepEqual(await values('time|a|b\n2020-01-01|1|x\n2020-01-02|2|y\n'), [
    { a: 1, b: 'x' },
    { a: 2, b: 'y' },
  ])
  assert.deepEqual(await values('"time","a, really","b"\n"2020-01-01","1.5","2"\n', { columns: ['2'] }), [
    { 'a, really': 1.5 },
  ])
  assert.deepEqual(await values('2020-01-01,1\n2020-01-02,2\n', { timeColumn: '1' }), [
    { column_2: 1 },
    { column_2: 2 },
  ])
})

test('empty cells are no reading, NaN is a reading without a value', async () => {
  assert.deepEqual(await values('time,a,b\n2020-01-01,1,\n2020-01-02,NaN,2\n2020-01-03,,\n'), [
    { a: 1 },
    { a: null, b: 2 },
    {},
  ])
})

test('rows that cannot be read are told with their line and what is wrong', async () => {
  const good = Array.from({ length: 40_000 }, (_, at) => `2020-01-01 00:00:00.${String(at).padStart(6, '0')},${at}`)
  const wrong = [
    '2020-01-01 25:00,1',
    '2020-01-02 00:00,abc',
    '2020-01-02 00:00',
    '2020-01-02 00:00,1,2',
    '1999-01-01,1',
    '2050-01-01,1',
    '2020-01-02 00:00,1e400',
  ]
  const { rows, bad } = await rowsOf(['time,a', ...good, ...wrong].join('\n'))
  assert.equal(rows.length, 40_000)
  assert.deepEqual(
    bad.map((error) => error.line),
    wrong.map((_, at) => 40_002 + at),
  )
  assert.match(bad[0]!.message, /line 40002: “2020-01-01 25:00” in the column time is not a time as year-month-day/)
  assert.match(bad[1]!.message, /“abc” in the column a is not a number/)
  assert.match(bad[2]!.message, /1 cells, but the file has 2 columns/)
  assert.match(bad[5]!.message, /more than a day ahead/)
  assert.match(bad[6]!.message, /“1e400” in the column a is not a number/)
})

test('what cannot be decided is asked for', async () => {
  await assert.rejects(planReplay(join(directory, 'none.csv'), {}), /cannot be read \(ENOENT\)/)
  await assert.rejects(planReplay(await file(''), {}), /is empty/)
  await assert.rejects(planReplay(await file('just text\nwithout columns\n'), {}), /name its delimiter/)
  await assert.rejects(planReplay(await file('a,b\n1,2\n'), {}), /Which column is the time\? .*: a, b/)
  await assert.rejects(
    planReplay(await file('a,b\n1,2\n'), { timeColumn: 'c' }),
    /There is no column “c”; there are: a, b/,
  )
  await assert.rejects(planReplay(await file('a,b\nx,2\n'), { timeColumn: 'a' }), /is no time that is known/)
  await assert.rejects(planReplay(await file('time,b\n01/02/2020,2\n'), {}), /--time-format dmy or mdy/)
  await assert.rejects(planReplay(await file('time,b,b\n2020-01-01,2,3\n'), {}), /two columns are named/)
})

test('property: numbers come back as the very same float64, with points and with commas', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (any) => {
      // Zero is written without its sign.
      const value = any === 0 ? 0 : any
      assert.equal(parseNumber(String(value), '.'), value)
      assert.equal(parseNumber(String(value).replace('.', ','), ','), value)
    }),
  )
})

test('property: any table of numbers is read back, whatever it was written with', async () => {
  const style = fc.constantFrom(
    { delimiter: ',', decimal: '.' },
    { delimiter: ';', decimal: '.' },
    { delimiter: ';', decimal: ',' },
    { delimiter: '\t', decimal: ',' },
    { delimiter: '\t', decimal: '.' },
    { delimiter: '|', decimal: ',' },
  )
  // With a part behind the sign, so that the sign can be told at all.
  const number = fc
    .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 1, max: 99 }))
    .map(([whole, part]) => whole + part / 128)
  const table = fc.array(fc.tuple(number, number, number), { minLength: 3, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(style, table, fc.constantFrom('\n', '\r\n'), async ({ delimiter, decimal }, rows, end) => {
      const lines = rows.map((row, at) =>
        [
          `2024-05-06 07:08:09.${String(at).padStart(6, '0')}`,
          ...row.map((cell) => String(cell).replace('.', decimal)),
        ].join(delimiter),
      )
      const read = await rowsOf([['time', 'a', 'b', 'c'].join(delimiter), ...lines].join(end))
      assert.deepEqual(
        read.rows.map((row) => Object.values(row.values)),
        rows,
      )
      assert.deepEqual(
        read.rows.map((row) => row.time),
        rows.map((_, at) => Date.UTC(2024, 4, 6, 7, 8, 9) * 1000 + at),
      )
    }),
    { numRuns: 60 },
  )
})
