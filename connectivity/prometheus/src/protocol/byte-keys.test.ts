import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ByteKeys } from './byte-keys.ts'

test('knows what it keeps, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 12 }), { maxLength: 300 }), fc.nat(7), (all, shift) => {
      const keys = new ByteKeys()
      const known = new Map<string, number>()
      for (const bytes of all) {
        const padded = Buffer.concat([Buffer.alloc(shift, 1), bytes, Buffer.alloc(3, 2)])
        const view = new DataView(padded.buffer, padded.byteOffset, padded.length)
        const key = Buffer.from(bytes).toString('hex')
        const found = keys.find(view, shift, shift + bytes.length)
        assert.equal(found, known.get(key) ?? -1)
        if (found < 0) known.set(key, keys.add(view, shift, shift + bytes.length))
      }
      assert.equal(keys.size, known.size)
    }),
  )
})

test('grows, and is empty once cleared', () => {
  const keys = new ByteKeys()
  const view = new DataView(new ArrayBuffer(8))
  for (let key = 0; key < 50_000; key++) {
    view.setUint32(0, key)
    const index = keys.add(view, 0, 8)
    assert.ok(index >= 0)
  }
  for (let key = 0; key < 50_000; key++) {
    view.setUint32(0, key)
    assert.equal(keys.find(view, 0, 8), key)
  }
  keys.clear()
  assert.equal(keys.find(view, 0, 8), -1)
})
