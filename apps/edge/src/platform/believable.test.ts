import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BlockEncoder, decodeBlock, MetricRows, ROW } from '@millwright/connectivity'
import { DAY } from '@millwright/foundation'
import { readMessage } from '../readings/refusals.ts'
import { believableOnly, isBelievable } from './believable.ts'

const NOW = Date.UTC(2026, 10, 1) * 1000

describe('a block with times of a wrong clock', () => {
  it('is sent without them; they become a dead letter', () => {
    const rows = new MetricRows()
    for (const [value, time] of [NOW, NOW + 400 * DAY, NOW - DAY].entries()) {
      rows.push('t', ROW.number, value, 0)
      rows.time[value] = time
    }
    const encoder = new BlockEncoder()
    encoder.add({ connection: 'cnx_a', device: 'Unit 7', source: 's' }, rows)
    const { block, letters } = believableOnly(encoder.finish(), NOW)
    const left: number[] = []
    decodeBlock(block!, NOW, (_, { value, length }) => left.push(...value.subarray(0, length)))
    assert.deepEqual(left, [0, 2])
    assert.equal(letters.length, 1)
    const { topic, body } = readMessage(letters[0]!)
    assert.equal(topic, 'mw/v1/agent/refused')
    const letter = JSON.parse(body.toString())
    assert.equal(letter.connection, 'cnx_a')
    assert.match(letter.reason, /2027-12/)
    assert.match(Buffer.from(letter.payload, 'base64').toString(), /^t 2027-12-\S+ 1$/)
  })

  it('is believed by the platform’s clock', () => {
    assert.ok(isBelievable(NOW - 3000 * DAY, NOW + DAY / 2, NOW))
    assert.ok(!isBelievable(NOW, NOW + DAY, NOW))
    assert.ok(!isBelievable(1, NOW, NOW))
  })
})
