import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { pack } from '../testing/index.ts'
import { unpackSnappy } from './snappy.ts'

const LIMIT = 1 << 20

test('unpacks what another implementation packed', () => {
  const repeating = fc
    .array(fc.constantFrom('label', 'value', 'node_cpu_seconds_total', 'aaaaaaaaaaaa', '\u0000'), { maxLength: 3000 })
    .map((parts) => Buffer.from(parts.join('')))
  fc.assert(
    fc.property(
      fc.oneof(
        repeating,
        fc.uint8Array({ maxLength: 5000 }).map((bytes) => Buffer.from(bytes)),
      ),
      (bytes) => {
        assert.ok(unpackSnappy(pack(bytes), LIMIT).equals(bytes))
      },
    ),
  )
})

test('refuses bombs and lies at once', () => {
  const refused = (hex: string) =>
    assert.throws(() => unpackSnappy(Buffer.from(hex, 'hex'), LIMIT), MillwrightError, hex)
  for (const hex of [
    '', // nothing
    'ffffffff7f', // announces too much
    '80808004', // more than its bytes can hold
    '0400', // a literal without its byte
    '040461', // a literal cut off
    '0401 01'.replace(' ', ''), // a copy from before the beginning
    '08 0061 fc ffffffff'.replaceAll(' ', ''), // a literal of 4 GB
    '04 0061 0d'.replaceAll(' ', ''), // an offset cut off
    '01 0461 62'.replaceAll(' ', ''), // more than announced
    '0200 61'.replace(' ', ''), // less than announced
    '0a006100 0000'.replace(' ', ''),
  ])
    refused(hex)
})

test('arbitrary and mutated bytes end in an error that says so', () => {
  const whole = pack(Buffer.from('node_cpu_seconds_total node_cpu_seconds_total instance instance'.repeat(20)))
  const mutated = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })).map(([at, byte]) => {
    const copy = Buffer.from(whole)
    copy[at] = byte
    return copy
  })
  const arbitrary = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))
  fc.assert(
    fc.property(fc.oneof(mutated, arbitrary), (bytes) => {
      try {
        assert.ok(unpackSnappy(bytes, LIMIT).length <= LIMIT)
      } catch (error) {
        assert.ok(error instanceof MillwrightError, String(error))
      }
    }),
    { numRuns: 3000 },
  )
})
