import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { kindOf } from '@millwright/connectivity'
import fc from 'fast-check'
import { LineReader } from './lines.ts'
import { type Precision, precisionOf } from './precision.ts'
import { type Mapping, SeriesTable } from './series.ts'

const NOW = 1_790_000_100_000_000
const mapping: Mapping = { deviceTags: ['host'], ignoredTags: ['name'], metric: 'measurement.field' }

function read(text: string, precision: Precision = 'ns', how: Mapping = mapping) {
  const table = new SeriesTable(how)
  const reader = new LineReader(text, precision, table, NOW)
  while (reader.read(100));
  const rows = [...table.devices].flatMap(({ device, rows }) =>
    Array.from({ length: rows.length }, (_, row) => {
      const wide = rows.wide[row]
      const value = wide?.kind === 'state' ? wide.value : rows.value[row]
      return { device, metric: rows.name[row], kind: kindOf(rows.kind[row]!), time: rows.time[row], value }
    }),
  )
  return { rows, reader }
}
const file = (name: string) => readFileSync(new URL(`../../testcases/${name}`, import.meta.url), 'utf8')
const wrong = (reader: LineReader) => reader.errors.map(({ line, error }) => `${line}: ${error.code}`)

test('reads what Telegraf writes', () => {
  const { rows, reader } = read(file('telegraf-1.x.lp'))
  assert.deepEqual(wrong(reader), [])
  assert.equal(rows.length, 16)
  const time = 1_790_000_000_000_000
  const of = (metric: string) => rows.find((row) => row.metric === metric)
  assert.deepEqual(of('cpu.usage_idle{cpu=cpu0}'), {
    device: 'gateway-1',
    metric: 'cpu.usage_idle{cpu=cpu0}',
    kind: 'number',
    time,
    value: 84.25,
  })
  assert.equal(of('mem.total')?.value, 16_777_216_000)
  assert.deepEqual([of('system.uptime_format')?.kind, of('system.uptime_format')?.value], ['state', '1 day,  0:00'])
  assert.deepEqual([of('modbus.running{slave_id=3}')?.kind, of('modbus.running{slave_id=3}')?.value], ['boolean', 1])
  assert.equal(of('modbus.strokes{slave_id=3}')?.value, 2 ** 64)
  assert.equal(of('modbus.temperature{slave_id=3}')?.device, 'gateway-2')
})

test('undoes escapes, and lets strings run over lines', () => {
  const { rows, reader } = read(file('escapes.lp'), 'us')
  assert.deepEqual(wrong(reader), [])
  assert.deepEqual(
    rows.map(({ metric, value, time }) => [metric, value, time]),
    [
      ['my Measurement.fieldKey 1{tag Key1=tag Value1,tag=Key2=a,b}', 'say "hi" \\o/', 1_790_000_000_000_000],
      ['my Measurement.plain{tag Key1=tag Value1,tag=Key2=a,b}', 1000, 1_790_000_000_000_000],
      ['wea,ther.temperature{loc=z\\\\}', -0.5, 1_790_000_000_000_001],
      ['wea,ther.note{loc=z\\\\}', 'two\nlines', 1_790_000_000_000_001],
    ],
  )
})

test('names each line that is wrong, and takes the others', () => {
  const { rows, reader } = read(file('broken.lp'), 's')
  assert.deepEqual(
    rows.map(({ value }) => value),
    [1, 2, 3, 4, 5, 6, 7],
  )
  assert.deepEqual(
    reader.errors.map(({ line }) => line),
    [2, 4, 6, 8, 10, 12, 14],
  )
  assert.equal(reader.errorCount, 7)
})

test('times are exact to the microsecond in every precision; lines without one are of now', () => {
  const at = (text: string, precision: string) => read(`m f=1 ${text}`, precisionOf(precision)).rows[0]?.time
  assert.equal(at('1790000000123456789', 'n'), 1_790_000_000_123_456)
  assert.equal(at('1790000000123456', 'u'), 1_790_000_000_123_456)
  assert.equal(at('1790000000123', 'ms'), 1_790_000_000_123_000)
  assert.equal(at('1790000000', 's'), 1_790_000_000_000_000)
  assert.equal(at('29833333', 'm'), 1_789_999_980_000_000)
  assert.equal(at('497222', 'h'), 1_789_999_200_000_000)
  assert.equal(read('m f=1').rows[0]?.time, NOW)
  assert.equal(read('m f=1  \r\n').rows[0]?.time, NOW)
  for (const [text, precision] of [
    ['1790000000', 'ns'],
    ['1790000000000000000', 's'],
    ['-5', 's'],
    ['1.5', 's'],
    ['1790000000x', 's'],
  ] as const)
    assert.deepEqual(wrong(read(`m f=1 ${text}`, precision).reader), ['1: MW-INFLUX-0006'], text)
  assert.throws(() => precisionOf('toString'), { code: 'MW-INFLUX-0011' })
})

test('numbers and strings keep their bounds', () => {
  for (const value of ['', '.', '-', '1e', 'e5', '0x10', 'NaN', 'inf', '1e400', '1_0', '--1', '+', '1i2', '-1u', 'i'])
    assert.equal(read(`m f=${value}`).reader.errorCount, 1, value)
  const value = (text: string) => read(`m f=${text}`).rows[0]?.value
  assert.equal(value('-9223372036854775808i'), -(2 ** 63))
  assert.equal(value('18446744073709551615u'), 2 ** 64)
  assert.equal(value('.5'), 0.5)
  assert.equal(value('5.'), 5)
  assert.equal(value('TRUE'), 1)
  assert.deepEqual(wrong(read(`m f="${'x'.repeat(70_000)}"\nm f=1`).reader), ['1: MW-INFLUX-0005'])
  assert.deepEqual(wrong(read(`${'m'.repeat(40_000)} f=1`).reader), ['1: MW-INFLUX-0007'])
  assert.deepEqual(wrong(read(`m ${'f'.repeat(300)}=1`).reader), ['1: MW-INFLUX-0007'])
  assert.deepEqual(wrong(read(`m ${Array(6000).fill('f=1').join(',')}`).reader), ['1: MW-INFLUX-0007'])
})

test('tags name the device only when all of them are there', () => {
  const how: Mapping = { deviceTags: ['site', 'host'], ignoredTags: [], metric: 'field' }
  const device = (text: string) => read(text, 'ns', how).rows[0]
  assert.equal(device('m,site=a,host=b f=1')?.device, 'a/b')
  assert.equal(device('m,host=b,site=a f=1')?.device, 'a/b')
  assert.equal(device('m,host=b f=1')?.device, undefined)
  assert.equal(device('m,host=b f=1')?.metric, 'f')
})

test('a number is read as JavaScript reads it', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      assert.equal(read(`m f=${Object.is(number, -0) ? '-0' : number}`).rows[0]?.value, number)
    }),
  )
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (number) => {
      assert.equal(read(`m f=${number}i`).rows[0]?.value, Number(number))
    }),
  )
  fc.assert(
    fc.property(fc.bigInt({ min: 946_684_800_000_000_000n, max: 1_790_000_000_999_999_999n }), (ns) => {
      assert.equal(read(`m f=1 ${ns}`).rows[0]?.time, Number(ns / 1000n))
    }),
  )
})

test('any names and strings come back as they were written', () => {
  const name = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !/[\p{Cc}\\]/u.test(text))
  const escaped = (text: string) => text.replace(/[,= ]/g, '\\$&')
  fc.assert(
    fc.property(name, name, name, fc.string({ maxLength: 50 }), (measurement, tag, field, value) => {
      fc.pre(!measurement.startsWith('#') && tag !== 'host' && tag !== 'name')
      const line = `${escaped(measurement)},${escaped(tag)}=v ${escaped(field)}="${value.replace(/["\\]/g, '\\$&')}" 1790000000000000000`
      const { rows, reader } = read(line)
      assert.deepEqual(wrong(reader), [])
      assert.deepEqual([rows[0]?.metric, rows[0]?.value], [`${measurement}.${field}{${tag}=v}`, value])
    }),
  )
})

test('arbitrary and mutated text never throws, and ends', () => {
  const alphabet = fc.constantFrom(...'ab1-. ,="\\#\nietu\r\0é')
  fc.assert(
    fc.property(fc.array(alphabet, { maxLength: 200 }), (letters) => {
      read(letters.join(''))
    }),
    { numRuns: 2000 },
  )
  const sample = file('telegraf-1.x.lp')
  fc.assert(
    fc.property(fc.nat(sample.length), fc.nat(5), fc.string({ maxLength: 5 }), (at, cut, put) => {
      const { reader } = read(sample.slice(0, at) + put + sample.slice(at + cut))
      assert.ok(reader.errorCount <= 6)
    }),
  )
})
