import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MetricRows, ROW } from '@millwright/connectivity'
import { isUnit, MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import type { DataValue } from 'node-opcua-client'
import { coerce } from './coerce.ts'
import { type Meaning, pushValue } from './convert.ts'
import { toPlain } from './plain.ts'
import { microsOf } from './time.ts'
import { TYPE, wide64 } from './types.ts'
import { COMMON_CODES, ucumOf, ucumOfSymbol } from './units.ts'

const NOW = Date.UTC(2026, 10, 20) * 1000
const meaning: Meaning = { metric: 'm', unit: 'Cel', states: undefined, sampleRate: undefined }

function push(
  value: unknown,
  dataType: number,
  more: Partial<DataValue> = {},
  how: Partial<Meaning> = {},
  arrayType = 0,
) {
  const rows = new MetricRows()
  const odd = { badTimes: 0, tooLarge: 0 }
  const given = {
    value: { dataType, arrayType, value },
    statusCode: { value: 0 },
    sourceTimestamp: new Date(NOW / 1000),
    sourcePicoseconds: 0,
    serverTimestamp: null,
    serverPicoseconds: 0,
    ...more,
  } as unknown as DataValue
  pushValue(rows, { ...meaning, ...how }, given, NOW, odd)
  assert.equal(rows.length, 1)
  return {
    kind: rows.kind[0],
    value: rows.value[0],
    wide: rows.wide[0],
    quality: rows.quality[0]!,
    time: rows.time[0],
    odd,
    unit: rows.unit[0],
  }
}

test('100 ns ticks become microseconds, whatever stands in the picoseconds', () => {
  assert.equal(microsOf(new Date(5), 123_456_700), 5123)
  assert.equal(microsOf(new Date(5), 0), 5000)
  assert.equal(microsOf(new Date(5), 999_999_999), 5999)
  assert.equal(microsOf(new Date(5), 5e9), 5000)
  assert.equal(microsOf(new Date(Number.NaN), 0), undefined)
  assert.equal(microsOf(null, 0), undefined)
})

test('a time that cannot be believed is now, and the value is uncertain', () => {
  for (const sourceTimestamp of [new Date(0), new Date(NOW / 1000 + 90_000_000), new Date(Date.UTC(1601, 0))]) {
    const { time, quality, odd } = push(1, TYPE.double, { sourceTimestamp })
    assert.deepEqual([time, quality, odd.badTimes], [NOW, 0x4000_0000, 1])
  }
  const server = push(1, TYPE.double, { sourceTimestamp: null, serverTimestamp: new Date(NOW / 1000 - 5) })
  assert.deepEqual([server.time, server.quality], [NOW - 5000, 0])
})

test('status codes are kept with their information bits; bad without a value is none, bad with one keeps it', () => {
  const status = (value: number) => ({ statusCode: { value } }) as never
  assert.deepEqual(
    [push(1, TYPE.double, status(0x480)).quality, push(1, TYPE.double, status(0x480)).kind],
    [0x480, ROW.number],
  )
  const none = push(null, TYPE.null, status(-2138308608))
  assert.deepEqual([none.kind, none.quality], [ROW.none, 0x808c_0000])
  const kept = push(7, TYPE.int32, status(0x808c_0000))
  assert.deepEqual([kept.kind, kept.value, kept.quality], [ROW.number, 7, 0x808c_0000])
  assert.equal(push(Number.NaN, TYPE.double).quality, 0x8000_0000)
})

test('64-bit integers are exact as far as a double is', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
      const { value: halves } = coerce(String(value), {
        name: 'n',
        builtIn: TYPE.int64,
        valueRank: -1,
        states: undefined,
      })
      assert.equal(wide64(halves, true), Number(value))
    }),
  )
})

test('what is too large is said to be, not cut', () => {
  const { kind, quality, odd } = push('x'.repeat(70_000), TYPE.string)
  assert.deepEqual([kind, quality, odd.tooLarge], [ROW.none, 0x8008_0000, 1])
  assert.equal(push(Buffer.alloc(400_000), TYPE.byteString).kind, ROW.none)
  const endless: { inner?: unknown; schema: object } = {
    schema: { name: 'Endless', fields: [{ name: 'inner', fieldType: 'Endless' }] },
  }
  endless.inner = endless
  assert.equal(push(endless, TYPE.extensionObject).kind, ROW.none)
  assert.equal(push(new Array(50_000).fill(1), TYPE.double, {}, {}, 1).kind, ROW.none)
})

test('text that a database cannot hold is made so that it can', () => {
  assert.deepEqual(push('a\0b\ud800', TYPE.string).wide, { kind: 'state', value: 'a\uFFFDb\uFFFD' })
})

test('any variant of any type is one row, and its document is JSON', () => {
  const type = fc.integer({ min: 0, max: 30 })
  const value = fc.oneof(
    fc.anything({ withTypedArray: true, withDate: true, withBigInt: true }),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  )
  fc.assert(
    fc.property(type, value, fc.integer({ min: 0, max: 2 }), fc.boolean(), (dataType, given, shape, rate) => {
      const list = shape !== 0 && !Array.isArray(given) ? [given] : given
      const { wide } = push(list, dataType, {}, rate ? { sampleRate: 10 } : {}, shape)
      if (wide?.kind === 'document') assert.doesNotThrow(() => JSON.stringify(wide.value))
      if (wide?.kind === 'state') assert.ok(wide.value.isWellFormed())
    }),
    { numRuns: 500 },
  )
})

test('what is written fits its type or is refused with words', () => {
  const types = Object.values(TYPE)
  fc.assert(
    fc.property(
      fc.anything(),
      fc.constantFrom(...types),
      fc.integer({ min: -3, max: 2 }),
      (value, builtIn, valueRank) => {
        try {
          const { dataType } = coerce(value, { name: 'n', builtIn, valueRank, states: undefined })
          assert.equal(dataType, builtIn)
        } catch (error) {
          assert.ok(error instanceof MillwrightError, String(error))
        }
      },
    ),
    { numRuns: 500 },
  )
  const into = (value: unknown, builtIn: number, valueRank = -1) =>
    coerce(value, { name: 'n', builtIn, valueRank, states: undefined }).value
  assert.deepEqual(into([1, 2], TYPE.int16, 1), [1, 2])
  assert.deepEqual(into({ values: [1, 2] }, TYPE.double, 0), [1, 2])
  assert.deepEqual(into('2026-01-02T03:04:05Z', TYPE.dateTime), new Date(Date.UTC(2026, 0, 2, 3, 4, 5)))
  assert.throws(() => into(1.5, TYPE.int32), /whole number/)
  assert.throws(() => into(1, TYPE.int32, 1), /takes a list/)
  assert.throws(() => into('x', TYPE.byteString), /base64/)
})

test('units come from common codes and from what people write', () => {
  for (const [code, unit] of Object.entries(COMMON_CODES)) assert.ok(isUnit(unit), `${code}: ${unit}`)
  const unece = 'http://www.opcfoundation.org/UA/units/un/cefact'
  assert.equal(ucumOf({ namespaceUri: unece, unitId: 4_408_652, symbol: '?' }), 'Cel')
  assert.equal(ucumOf({ namespaceUri: unece, unitId: 4_342_098, symbol: '?' }), 'bar')
  assert.equal(ucumOf({ namespaceUri: 'urn:own', unitId: 4_408_652, symbol: 'm³/h' }), 'm3/h')
  assert.deepEqual(['°C', 'rpm', 'kWh', 'mm/s²', '%', '', 'furlong'].map(ucumOfSymbol), [
    'Cel',
    '/min',
    'kW.h',
    'mm/s2',
    '%',
    undefined,
    undefined,
  ])
})

test('plain values of structures keep their fields and say null for what JSON cannot', () => {
  const point = {
    schema: {
      name: 'P',
      fields: [
        { name: 'x', originalName: 'X', fieldType: 'Double' },
        { name: 'n', originalName: 'N', fieldType: 'Int64' },
      ],
    },
    x: Number.POSITIVE_INFINITY,
    n: [0, 5],
  }
  assert.deepEqual(toPlain(point, TYPE.extensionObject, false), { X: null, N: 5 })
})
