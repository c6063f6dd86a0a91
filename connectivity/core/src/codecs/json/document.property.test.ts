import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { readAttributesRequest } from '../../thingsboard/attributes.ts'
import { readDeviceName, readGatewayReply, splitByDevice } from '../../thingsboard/gateway-message.ts'
import { readJson } from './document.ts'

describe('documents', () => {
  const value = fc.jsonValue({ maxDepth: 6 }).filter((sent) => {
    const text = JSON.stringify(sent)
    return !/"(__proto__)?":/.test(text) && text.isWellFormed() && !/\\u[0-9a-f]{4}/.test(text)
  })

  it('are read as JSON.parse reads them', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2, '\t'), (sent, space) => {
        const text = JSON.stringify(sent, undefined, space)
        assert.deepEqual(readJson(Buffer.from(text)), JSON.parse(text))
      }),
      { numRuns: 500 },
    )
  })

  it('are cut up by device without a byte lost', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 _-]{0,30}[A-Za-z0-9]$/)
    fc.assert(
      fc.property(
        fc.dictionary(name, value, { noNullPrototype: true }),
        fc.constantFrom(undefined, 1),
        (sent, space) => {
          const parts = splitByDevice(Buffer.from(JSON.stringify(sent, undefined, space)))
          const found = parts.map(({ device, payload }) => [device, JSON.parse(Buffer.from(payload).toString())])
          assert.deepEqual(found, Object.entries(JSON.parse(JSON.stringify(sent)) as object))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('give nothing but typed errors, whatever is sent', () => {
    const seeds = [
      '{"device":"A","id":1,"data":{"x":[1]}}',
      '{"clientKeys":"a,b","sharedKeys":"c"}',
      '{"A":[{"ts":1,"values":{}}],"B":{}}',
    ]
    const mutated = fc
      .tuple(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(60), fc.nat(4), fc.uint8Array({ maxLength: 4 })), { maxLength: 5 }),
      )
      .map(([seed, edits]) =>
        edits.reduce(
          (text, [at, cut, put]) => Buffer.concat([text.subarray(0, at), put, text.subarray(at + cut)]),
          Buffer.from(seed),
        ),
      )
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 100 })), (payload) => {
        for (const read of [readJson, splitByDevice, readDeviceName, readGatewayReply, readAttributesRequest]) {
          try {
            read(payload)
          } catch (error) {
            if (!(error instanceof MillwrightError)) throw error
          }
        }
      }),
      { numRuns: 3000 },
    )
  })
})
