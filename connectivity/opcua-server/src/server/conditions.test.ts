import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Alarm } from '@millwright/contracts'
import fc from 'fast-check'
import { eventId, versionOf } from './conditions.ts'

const alarm = { id: 'alm_01k5zsx0v3m8f3t9q2w7r6y5n4', version: 7 } as Alarm

test('an event id names its alarm and version, and nothing else does', () => {
  assert.equal(versionOf(eventId(alarm), alarm), 7)
  assert.equal(versionOf(eventId({ ...alarm, version: 3 }), alarm), 3)
  assert.equal(versionOf(eventId({ ...alarm, version: 8 }), alarm), undefined)
  assert.equal(versionOf(eventId({ ...alarm, id: 'alm_x' }), alarm), undefined)
  assert.equal(versionOf(null, alarm), undefined)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      assert.equal(versionOf(Buffer.from(bytes), alarm), undefined)
    }),
  )
})
