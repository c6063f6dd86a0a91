import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { following, Sequence } from './sequence.ts'

test('numbers follow each other, over the end too', () => {
  const sequence = new Sequence()
  assert.equal(sequence.arrived(4_294_967_294).kind, 'next')
  assert.equal(sequence.arrived(4_294_967_295).kind, 'next')
  assert.equal(sequence.arrived(1).kind, 'next')
  assert.equal(sequence.arrived(1).kind, 'again')
  assert.equal(sequence.arrived(4_294_967_290).kind, 'again')
  assert.deepEqual(sequence.arrived(4), { kind: 'gap', missing: [2, 3] })
  assert.equal(sequence.expected, 5)
})

test('a keep-alive says what will come, and so what did not', () => {
  const sequence = new Sequence()
  assert.equal(sequence.kept(1).kind, 'next')
  assert.equal(sequence.arrived(1).kind, 'next')
  assert.equal(sequence.kept(2).kind, 'next')
  assert.deepEqual(sequence.kept(4), { kind: 'gap', missing: [2, 3] })
  assert.equal(sequence.arrived(4).kind, 'next')
})

test('whatever numbers a server makes up, a gap stays bounded', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer({ min: -5, max: 30 }), fc.integer(), fc.double())), (numbers) => {
      const sequence = new Sequence()
      for (const number of numbers) {
        const arrival = sequence.arrived(number)
        if (arrival.kind === 'gap') assert.ok(arrival.missing.length <= 10_000)
        if (arrival.kind === 'next') assert.equal(sequence.expected, following(number))
      }
    }),
  )
})
