import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { records, START, time, written } from '../test/reading.ts'
import type { TestChannel } from './testing/index.ts'

for (const storage of ['plain', 'list', 'compressed', 'transposed', 'header-list'] as const)
  test(`reads records that are stored ${storage}, with exact times`, async () => {
    const force: TestChannel = {
      name: 'force',
      unit: 'kN',
      dataType: 4,
      byteOffset: 8,
      bitCount: 32,
      conversion: { type: 1, values: [10, 2] },
    }
    const result = await written({
      storage,
      groups: [{ dataBytes: 12, channels: [time, force] }],
      data: records(500, 12, (record, row) => record.writeFloatLE(row / 2, 8)),
    })
    assert.equal(result.rows.length, 500)
    assert.deepEqual(result.rows[3], {
      metric: 'force',
      device: undefined,
      time: START + 750_000,
      value: 13,
      quality: 0,
      unit: 'kN',
    })
    assert.deepEqual(
      result.values('force'),
      Array.from({ length: 500 }, (_, row) => 10 + row),
    )
  })

test('integers of any place, length and byte order are what their bits say', async () => {
  const layout = fc
    .record({
      bitOffset: fc.nat(7),
      byteOffset: fc.integer({ min: 8, max: 15 }),
      bitCount: fc.integer({ min: 1, max: 64 }),
      dataType: fc.constantFrom(0, 1, 2, 3),
    })
    .filter(({ bitOffset, byteOffset, bitCount }) => byteOffset + Math.ceil((bitOffset + bitCount) / 8) <= 24)
  await fc.assert(
    fc.asyncProperty(layout, fc.uint8Array({ minLength: 16, maxLength: 16 }), async (place, bytes) => {
      const { values } = await written({
        groups: [{ dataBytes: 24, channels: [time, { name: 'x', ...place }] }],
        data: records(1, 24, (record) => record.set(bytes, 8)),
      })
      const count = Math.ceil((place.bitOffset + place.bitCount) / 8)
      const part = [...bytes.subarray(place.byteOffset - 8, place.byteOffset - 8 + count)]
      if (place.dataType % 2 === 0) part.reverse()
      const bits = part.reduce((whole, byte) => (whole << 8n) | BigInt(byte), 0n) >> BigInt(place.bitOffset)
      const expected = place.dataType >= 2 ? BigInt.asIntN(place.bitCount, bits) : BigInt.asUintN(place.bitCount, bits)
      assert.deepEqual(values('x'), [Number(expected)])
    }),
    { numRuns: 300 },
  )
})

test('conversions: tables, ranges, texts, ratios; what is no value', async () => {
  const channel = (name: string, type: number, values: number[], references?: (string | null)[]): TestChannel => ({
    ...{ name, dataType: 0, byteOffset: 8, bitCount: 8 },
    conversion: { type, values, ...(references === undefined ? {} : { references }) },
  })
  const channels = [
    channel('rational', 2, [0, 2, 1, 0, 0, 4]),
    channel('interpolated', 4, [0, 100, 2, 110, 4, 200]),
    channel('nearest', 5, [0, 100, 2, 110, 4, 200]),
    channel('ranges', 6, [0, 1, 10, 2, 3, 20, -1]),
    channel('texts', 7, [0, 1], ['off', 'on', 'what?']),
    channel('numbers', 7, [5], ['not there', null]),
    channel('rangeTexts', 8, [0, 1, 2, 5], ['low', 'high', null]),
    channel('formula', 3, [], ['2 * X + 1']),
    channel('program', 3, [], ['require(X)']),
    {
      ...channel('mixed', 7, [5], []),
      conversion: { type: 7, values: [5], references: ['broken', { type: 1, values: [0, 10] }] },
    },
  ]
  const { values, refused } = await written({
    groups: [{ dataBytes: 9, channels: [time, ...channels] }],
    data: records(7, 9, (record, row) => record.writeUInt8(row, 8)),
  })
  assert.deepEqual(values('rational'), [0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3.25])
  assert.deepEqual(values('interpolated'), [100, 105, 110, 155, 200, 200, 200])
  assert.deepEqual(values('nearest'), [100, 110, 110, 200, 200, 200, 200])
  assert.deepEqual(values('ranges'), [10, 10, 20, 20, -1, -1, -1])
  assert.deepEqual(values('texts'), ['off', 'on', 'what?', 'what?', 'what?', 'what?', 'what?'])
  assert.deepEqual(values('rangeTexts'), ['low', 'low', 'high', 'high', 'high', 'high', '6'])
  assert.deepEqual(values('mixed'), [0, 10, 20, 30, 40, null, 60])
  assert.deepEqual(values('formula'), [1, 3, 5, 7, 9, 11, 13])
  assert.deepEqual(values('program'), [])
  assert.deepEqual(
    refused.map((text) => text.replace(/\d+\.mf4/, 'X')),
    ['Of X were left out: program (a formula that cannot be read).'],
  )
})

test('invalidation bits are Bad, each by itself; floats of all sizes, big-endian too', async () => {
  const channels: TestChannel[] = [
    { name: 'a', dataType: 5, byteOffset: 8, bitCount: 64, flags: 2, invalidationBit: 1 },
    { name: 'b', dataType: 4, byteOffset: 16, bitCount: 16, flags: 2, invalidationBit: 9 },
    { name: 'never', dataType: 0, byteOffset: 8, bitCount: 8, flags: 1 },
  ]
  const { of, values } = await written({
    groups: [{ dataBytes: 18, invalidationBytes: 2, channels: [time, ...channels] }],
    data: records(4, 20, (record, row) => {
      record.writeDoubleBE(row + 0.5, 8)
      record.writeUInt16LE(0x3c00 + row * 0x100, 16)
      record[18] = row === 1 ? 2 : 0
      record[19] = row === 2 ? 2 : 0
    }),
  })
  assert.deepEqual(values('a'), [0.5, null, 2.5, 3.5])
  assert.deepEqual(values('b'), [1, 1.25, null, 1.75])
  assert.deepEqual(values('never'), [null, null, null, null])
  assert.equal(of('a')[1]?.quality, 0x80000000)
})

test('texts: fixed, in a block of their own, and in records of their own', async () => {
  const sd = Buffer.concat(
    ['läuft', 'steht'].map((text) => Buffer.concat([u32(Buffer.byteLength(text)), Buffer.from(text)])),
  )
  const channels: TestChannel[] = [
    { name: 'fixed', dataType: 6, byteOffset: 8, bitCount: 32 },
    { name: 'wide', dataType: 8, byteOffset: 8, bitCount: 32 },
    { name: 'elsewhere', type: 1, dataType: 7, byteOffset: 12, bitCount: 64, signalData: sd },
  ]
  const result = await written({
    groups: [{ dataBytes: 20, channels: [time, ...channels] }],
    data: records(3, 20, (record, row) => {
      record.write(row === 0 ? '\xd6l\0x' : 'A\0B\0', 8, 'latin1')
      record.writeUInt32LE([0, 4 + 6, 77][row]!, 12)
    }),
  })
  assert.deepEqual(result.values('fixed'), ['Öl', 'A', 'A'])
  assert.deepEqual(result.values('wide').slice(1), ['AB', 'AB'])
  assert.deepEqual(result.values('elsewhere'), ['läuft', 'steht', null])

  // Unsorted: the value comes behind its record, and two groups take turns.
  const parts: Buffer[] = []
  for (let row = 0; row < 300; row++) {
    const record = Buffer.alloc(16)
    record.writeDoubleLE(row, 0)
    record.writeUInt32LE(row * (4 + 7), 8)
    const other = Buffer.alloc(9)
    other.writeDoubleLE(row, 0)
    other[8] = row
    parts.push(
      Buffer.from([1]),
      record,
      Buffer.from([3]),
      other,
      Buffer.from([2]),
      u32(7),
      Buffer.from(`text${String(row).padStart(3, '0')}`),
    )
  }
  const unsorted = await written({
    recordIdBytes: 1,
    unfinished: true,
    groups: [
      {
        recordId: 1,
        dataBytes: 16,
        channels: [time, { name: 'text', type: 1, dataType: 7, byteOffset: 8, bitCount: 64, signalGroup: 2 }],
      },
      { recordId: 3, dataBytes: 9, channels: [time, { name: 'count', dataType: 0, byteOffset: 8, bitCount: 8 }] },
      { recordId: 2, isVariable: true, dataBytes: 0, channels: [] },
    ],
    // The last record was being written when the power went.
    data: Buffer.concat([...parts, Buffer.from([1, 0, 0, 0])]),
  })
  assert.deepEqual(unsorted.values('text').slice(-1), ['text299'])
  assert.equal(unsorted.values('text').length, 300)
  assert.deepEqual(unsorted.values('count').slice(0, 3), [0, 1, 2])
  assert.deepEqual(unsorted.refused, [])
})

test('the same name in two groups is told apart; a group without time is left out', async () => {
  const angle: TestChannel = { ...time, name: 'angle', sync: 2 }
  const x: TestChannel = { name: 'x', dataType: 0, byteOffset: 8, bitCount: 8 }
  const group = (recordId: number, name: string, master: TestChannel) => ({
    recordId,
    name,
    dataBytes: 9,
    channels: [master, x],
  })
  const record = (id: number) => Buffer.concat([Buffer.from([id]), records(1, 9, (bytes) => bytes.writeUInt8(id, 8))])
  const { rows, refused } = await written({
    recordIdBytes: 1,
    groups: [group(1, 'fast', time), group(2, 'slow', time), group(3, 'crank', angle)],
    data: Buffer.concat([1, 2, 3, 1].map(record)),
  })
  assert.deepEqual(
    rows.map(({ metric, value }) => [metric, value]),
    [
      ['x (fast)', 1],
      ['x (slow)', 2],
      ['x (fast)', 1],
    ],
  )
  assert.match(refused[0]!, /group crank, which has no time/)
})

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
