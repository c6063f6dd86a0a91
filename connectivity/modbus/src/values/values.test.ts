import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MetricRows, QUALITY, ROW } from '@millwright/connectivity'
import fc from 'fast-check'
import { ORDERS, type Register, TYPES } from '../config.ts'
import { pointOf } from './layout.ts'
import { readerOf } from './read.ts'
import { writtenOf } from './write.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const point = (register: Partial<Register>) => pointOf({ name: 'm', address: 0, ...register }, 'ABCD', 1000)

function read(register: Partial<Register>, data: Uint8Array, at = 0) {
  const rows = new MetricRows()
  readerOf(point(register), at)(data, rows)
  const wide = rows.wide[0]
  return {
    kind: rows.kind[0],
    value: wide?.kind === 'state' ? wide.value : rows.value[0],
    quality: rows.quality[0],
    unit: rows.unit[0],
  }
}
const number = (register: Partial<Register>, data: string) => read(register, hex(data)).value

describe('values of registers', () => {
  it('are read in each type', () => {
    assert.equal(number({ type: 'int16' }, 'FFFE'), -2)
    assert.equal(number({ type: 'uint16' }, 'FFFE'), 65_534)
    assert.equal(number({ type: 'int32' }, 'FFFFFFFE'), -2)
    assert.equal(number({ type: 'uint32' }, 'FFFFFFFE'), 4_294_967_294)
    assert.equal(number({ type: 'int64' }, 'FFFFFFFFFFFFFFFE'), -2)
    assert.equal(number({ type: 'float32' }, '42F6E979'), Math.fround(123.456))
    assert.equal(number({ type: 'float64' }, '405EDD2F1A9FBE77'), 123.456)
    assert.equal(number({ type: 'string', length: 4 }, '50756D70 20310000'), 'Pump 1')
    assert.equal(number({ type: 'string', length: 2, order: 'BADC' }, '7550 706D'), 'Pump')
    assert.equal(number({ type: 'string', length: 2 }, 'B0430000'), '°C', 'Latin-1 when it is not UTF-8')
    assert.deepEqual(read({ type: 'bool', bit: 3 }, hex('0008')), {
      kind: ROW.boolean,
      value: 1,
      quality: 0,
      unit: undefined,
    })
    assert.equal(number({ type: 'uint16', bit: 4, bits: 3 }, '00F0'), 7)
    assert.equal(number({ type: 'uint32', bit: 28, bits: 4 }, 'A0000000'), 10)
    assert.deepEqual(read({ table: 'coil' }, hex('00 02'), 9).value, 1)
  })

  it('are read in each order of bytes and words', () => {
    const value = 0x01020304
    assert.equal(number({ type: 'uint32', order: 'ABCD' }, '01020304'), value)
    assert.equal(number({ type: 'uint32', order: 'CDAB' }, '03040102'), value)
    assert.equal(number({ type: 'uint32', order: 'BADC' }, '02010403'), value)
    assert.equal(number({ type: 'uint32', order: 'DCBA' }, '04030201'), value)
    assert.equal(number({ type: 'uint16', order: 'DCBA' }, '0201'), 0x0102)
    assert.equal(number({ type: 'uint16', order: 'CDAB' }, '0102'), 0x0102)
    assert.equal(number({ type: 'uint64', order: 'CDAB' }, '0004 0003 0002 0001'), 0x0001000200030004)
  })

  it('are scaled to the decimal that was meant, with unit', () => {
    assert.equal(number({ scale: 0.1 }, '007B'), 12.3)
    assert.equal(number({ scale: 0.001, offset: -40 }, 'FFFF'), 65.535 - 40)
    assert.equal(number({ scale: 2.5, type: 'int16' }, 'FFFE'), -5)
    assert.equal(read({ unit: 'Cel' }, hex('0001')).unit, 'Cel')
  })

  it('of 64 bits beyond 2^53 are the nearest number, Uncertain when digits were lost', () => {
    const exact = read({ type: 'uint64' }, hex('0020000000000000'))
    assert.deepEqual([exact.value, exact.quality], [2 ** 53, QUALITY.good])
    const lossy = read({ type: 'uint64' }, hex('0020000000000001'))
    assert.deepEqual([lossy.value, lossy.quality], [2 ** 53, QUALITY.uncertain])
    const huge = read({ type: 'int64' }, hex('8000000000000000'))
    assert.deepEqual([huge.value, huge.quality], [-(2 ** 63), QUALITY.good])
  })

  it('that are none say so: NaN, infinity, and the values the device uses for it', () => {
    const none = { kind: ROW.none, value: Number.NaN, quality: QUALITY.badSensorFailure, unit: undefined }
    assert.deepEqual(read({ type: 'float32' }, hex('7FC00000')), none)
    assert.deepEqual(read({ type: 'float32' }, hex('FF800000')), none)
    assert.deepEqual(read({ type: 'int16', invalid: [-32_768] }, hex('8000')), none)
  })

  it('have names, and one without a name is Uncertain', () => {
    const states = [
      { value: 0, name: 'Stopped' },
      { value: 1, name: 'Running' },
    ]
    assert.deepEqual(read({ states }, hex('0001')), { kind: ROW.state, value: 'Running', quality: 0, unit: undefined })
    assert.deepEqual(read({ states }, hex('0009')), {
      kind: ROW.state,
      value: '9',
      quality: QUALITY.uncertain,
      unit: undefined,
    })
  })

  it('are never more than a row, whatever the bytes', () => {
    const register = fc.record({
      type: fc.constantFrom(...TYPES),
      order: fc.constantFrom(...ORDERS),
      length: fc.integer({ min: 1, max: 20 }),
      scale: fc.double({ noNaN: true }).filter((scale) => scale !== 0),
      offset: fc.double({ noNaN: true }),
    })
    fc.assert(
      fc.property(register, fc.uint8Array({ minLength: 40, maxLength: 40 }), (shape, data) => {
        const rows = new MetricRows()
        readerOf(point(shape), 0)(data, rows)
        assert.equal(rows.length, 1)
        if (rows.kind[0] === ROW.number) assert.ok(Number.isFinite(rows.value[0]))
      }),
    )
  })
})

describe('values of commands', () => {
  const data = (register: Partial<Register>, value: unknown) => {
    const written = writtenOf(point(register), value)
    return written.kind === 'registers' ? Buffer.from(written.data) : written
  }

  it('are refused with what would do', () => {
    const refused = (register: Partial<Register>, value: unknown, what: RegExp) =>
      assert.throws(() => writtenOf(point(register), value), { code: 'MW-MODBUS-0055', message: what })
    refused({ type: 'int16' }, 40_000, /must be between -32768 and 32767; 40000 is not/)
    refused({ type: 'int16', scale: 0.1 }, 3277, /between -3276\.8/)
    refused({ type: 'uint16' }, -1, /between 0 and 65535/)
    refused({ type: 'uint16', minimum: 10, maximum: 20 }, 21, /between 10 and 20/)
    refused({ type: 'uint16' }, 'five', /a number/)
    refused({ type: 'float32' }, 1e39, /fits/)
    refused({ type: 'uint64' }, 2 ** 60, /text with its digits/)
    refused({ type: 'uint64' }, '18446744073709551616', /between 0/)
    refused({ type: 'string', length: 2 }, 'Pumps', /at most 4 bytes/)
    refused({ table: 'coil' }, 2, /true or false/)
    refused({ states: [{ value: 1, name: 'Running' }] }, 'Flying', /one of Running/)
    refused({ type: 'uint16', bit: 2, bits: 2 }, 4, /between 0 and 3/)
    refused({ type: 'float64' }, Number.NaN, /a number/)
  })

  it('keep the bits they do not mean, in the order of the device', () => {
    assert.deepEqual(data({ type: 'uint16', bit: 4, bits: 3 }, 5), { kind: 'bits', mask: 0x70, field: 0x50 })
    assert.deepEqual(data({ type: 'bool', bit: 0, order: 'DCBA' }, true), { kind: 'bits', mask: 0x100, field: 0x100 })
    assert.deepEqual(data({ type: 'uint64' }, '18446744073709551615'), hex('FFFFFFFFFFFFFFFF'))
    assert.deepEqual(data({ table: 'coil' }, true), { kind: 'coil', on: true })
  })

  it('are read back as they were written', () => {
    const cases = fc.record({
      type: fc.constantFrom('int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float64') as fc.Arbitrary<
        Register['type'] & string
      >,
      order: fc.constantFrom(...ORDERS),
      value: fc.integer({ min: 0, max: 32_767 }),
      scale: fc.constantFrom(1, 0.1, 0.01, 0.5, 2),
    })
    fc.assert(
      fc.property(cases, ({ value: raw, ...register }) => {
        const value = number2(raw, register.scale)
        const written = writtenOf(point(register), value)
        assert.equal(written.kind, 'registers')
        assert.equal(read(register, (written as { data: Uint8Array }).data).value, value)
      }),
    )
  })
})

/** The decimal nearest to raw × scale. */
const number2 = (raw: number, scale: number) => (scale < 1 ? raw / Math.round(1 / scale) : raw * scale)
