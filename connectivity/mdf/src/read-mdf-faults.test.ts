import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { directory, read, records, START, time, written } from '../test/reading.ts'
import { type TestChannel, writeMdf } from './testing/index.ts'

test('reading goes on at any position it gave, with what is left and nothing else', async () => {
  const path = join(directory, 'resumed.mf4')
  const channels = ['a', 'b', 'c'].map(
    (name, index): TestChannel => ({ name, dataType: 0, byteOffset: 8 + index, bitCount: 8 }),
  )
  writeFileSync(
    path,
    writeMdf({
      groups: [{ dataBytes: 11, channels: [time, ...channels] }],
      data: records(30_000, 11, (record, row) => record.writeUIntBE(row, 8, 3)),
    }),
  )
  const whole = await read(path)
  assert.equal(whole.rows.length, 90_000)
  assert.ok(whole.positions.length > 3)
  for (const { position, rows } of whole.positions) {
    const rest = await read(path, undefined, position)
    assert.deepEqual(rest.rows.at(0), whole.rows[rows])
    assert.equal(rest.rows.length, 90_000 - rows)
  }
})

test('a start in local time is of the zone that is configured', async () => {
  const x: TestChannel = { name: 'x', dataType: 0, byteOffset: 8, bitCount: 8 }
  const { rows } = await written({
    timeFlags: 1,
    startNanoseconds: 1_790_000_000_000_000_999n,
    groups: [{ dataBytes: 9, channels: [time, x] }],
    data: records(1, 9, () => undefined),
  })
  assert.equal(rows[0]?.time, START - 3.6e9 + 1)
})

test('a conversion that refers to itself over and over ends soon', async () => {
  const nested = {
    type: 7,
    values: Array.from({ length: 20 }, (_, key) => key),
    references: Array(21).fill('to be itself') as string[],
  }
  const bytes = writeMdf({
    groups: [
      { dataBytes: 9, channels: [time, { name: 'x', dataType: 0, byteOffset: 8, bitCount: 8, conversion: nested }] },
    ],
    data: records(1, 9, () => undefined),
  })
  const at = bytes.indexOf('##CC')
  for (let reference = 0; reference < 21; reference++) bytes.writeBigUInt64LE(BigInt(at), at + 24 + 8 * (4 + reference))
  const path = join(directory, 'itself.mf4')
  writeFileSync(path, bytes)
  assert.equal((await read(path)).rows.length, 1)
})

test('mutated and cut files end in words, never in anything else', async () => {
  const sample = writeMdf({
    storage: 'header-list',
    groups: [
      {
        dataBytes: 12,
        channels: [
          time,
          {
            name: 'x',
            dataType: 0,
            byteOffset: 8,
            bitCount: 8,
            conversion: { type: 7, values: [1], references: ['a', 'b'] },
          },
        ],
      },
    ],
    data: records(200, 12, () => undefined),
  })
  const path = join(directory, 'mutated.mf4')
  const spots = fc.array(fc.tuple(fc.nat(sample.length - 1), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 4,
  })
  await fc.assert(
    fc.asyncProperty(spots, fc.oneof(fc.constant(sample.length), fc.nat(sample.length)), async (changes, length) => {
      const bytes = Buffer.from(sample)
      for (const [at, byte] of changes) bytes[at] = byte
      writeFileSync(path, bytes.subarray(0, length))
      try {
        const { rows } = await read(path)
        assert.ok(rows.length <= 100_000)
      } catch (error) {
        assert.ok(error instanceof MillwrightError, error instanceof Error ? error.stack : String(error))
      }
    }),
    { numRuns: 400 },
  )
})
