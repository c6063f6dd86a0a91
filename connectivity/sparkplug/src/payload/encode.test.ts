import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sparkplugPayload from 'sparkplug-payload'
import { encodePayload, type OutMetric } from './encode.ts'
import { TYPE } from './types.ts'
import { valueFor } from './value-for.ts'

const theirs = sparkplugPayload.get('spBv1.0')!
const NOW = Date.UTC(2026, 0, 1) * 1000

/** As sparkplug-payload reads it: 64-bit numbers are its Long. */
const read = (type: number, given: unknown) => {
  const made = valueFor(type, given)
  assert.ok('value' in made, 'problem' in made ? made.problem : '')
  const metric: OutMetric = { name: 'm', time: NOW, type, value: made.value }
  const [decoded] = theirs.decodePayload(encodePayload(NOW, 9, [metric])).metrics!
  const value: unknown = decoded!.value
  if (typeof value !== 'object' || value === null || !('low' in value)) return value
  // Version 1.0.3 forgets the sign of an Int64.
  return type === TYPE.Int64 ? String(BigInt.asIntN(64, BigInt(String(value)))) : String(value)
}

describe('what we write', () => {
  it('is read by sparkplug-payload', () => {
    for (const [type, given, expected] of [
      [TYPE.Int8, -128, -128],
      [TYPE.Int16, -300, -300],
      [TYPE.Int32, -2_147_483_648, -2_147_483_648],
      [TYPE.Int64, '-9223372036854775808', '-9223372036854775808'],
      [TYPE.UInt8, 255, 255],
      [TYPE.UInt16, 65_535, 65_535],
      [TYPE.UInt64, '18446744073709551615', '18446744073709551615'],
      [TYPE.Float, 1.5, 1.5],
      [TYPE.Double, -Math.PI, -Math.PI],
      [TYPE.Boolean, false, false],
      [TYPE.String, 'Zähler', 'Zähler'],
      [TYPE.DateTime, '2026-01-01T00:00:00Z', '1767225600000'],
      [TYPE.UUID, '123e4567-e89b-12d3-a456-426614174000', '123e4567-e89b-12d3-a456-426614174000'],
      [TYPE.Double, null, null],
    ] as const) {
      assert.equal(read(type, given), expected, `${type}`)
    }
    assert.deepEqual([...(read(TYPE.Bytes, 'AQL/') as Uint8Array)], [1, 2, 255])
    const table = {
      columns: ['n', 'who'],
      types: ['Double', 'String'],
      rows: [
        [1.5, 'a'],
        [-2, 'b'],
      ],
    }
    const { columns, rows, types } = read(TYPE.DataSet, table) as typeof table
    assert.deepEqual({ columns, types, rows }, table)
  })

  it('is refused when it does not fit', () => {
    for (const [type, given] of [
      [TYPE.Int8, 128],
      [TYPE.UInt8, -1],
      [TYPE.Int32, 1.5],
      [TYPE.UInt64, '18446744073709551616'],
      [TYPE.Float, 1e300],
      [TYPE.Double, '1'],
      [TYPE.Boolean, 'on'],
      [TYPE.UUID, 'x'],
      [TYPE.DateTime, 'yesterday'],
      [TYPE.Bytes, 'ä'],
      [TYPE.DataSet, { columns: ['a'], types: ['Template'], rows: [] }],
      [TYPE.DataSet, { columns: ['a'], types: ['Double'], rows: [[1, 2]] }],
      [TYPE.Int16Array, [40_000]],
      [TYPE.Template, {}],
    ] as const) {
      assert.ok('problem' in valueFor(type, given), `${type} ${JSON.stringify(given)}`)
    }
  })
})
