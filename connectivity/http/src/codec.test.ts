import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { BOUNDS } from '@millwright/connectivity'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { formatOf, plainBody } from './codec.ts'

describe('HTTP codec', () => {
  it('gives back what was compressed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        assert.deepEqual(await plainBody(gzipSync(bytes), 'gzip'), Buffer.from(bytes))
        assert.deepEqual(await plainBody(Buffer.from(bytes), undefined), Buffer.from(bytes))
      }),
      { numRuns: 50 },
    )
  })

  it('throws nothing but typed errors, whatever claims to be compressed', async () => {
    const whole = gzipSync(Buffer.from('{"values":{"temperature":61.25}}'))
    const mutated = fc.tuple(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length)).map(([at, byte, length]) => {
      const copy = Buffer.from(whole.subarray(0, length))
      copy[Math.min(at, length - 1)] = byte
      return copy
    })
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated), async (bytes) => {
        try {
          assert.ok((await plainBody(Buffer.from(bytes), 'gzip')).length <= BOUNDS.payloadBytes)
        } catch (error) {
          assert.ok(error instanceof MillwrightError, String(error))
        }
      }),
      { numRuns: 200 },
    )
  })

  it('does not unfold a bomb, nor one made of many members', async () => {
    const member = gzipSync(Buffer.alloc(600 * 1024, 0x20))
    await assert.rejects(plainBody(Buffer.concat([member, member]), 'gzip'), { status: 413 })
  })

  it('knows formats by their content type alone', () => {
    assert.equal(formatOf('Application/JSON; charset=utf-8'), 'millwright+json')
    assert.equal(formatOf('application/cbor'), 'senml+cbor')
    for (const type of [undefined, '', 'text/plain', 'application/json+x', ';'])
      assert.throws(() => formatOf(type), { status: 415 })
  })
})
