import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { TrueTime } from './true-time.ts'

test('the time a condition was true is the one counted microsecond by microsecond', () => {
  const steps = fc.array(fc.record({ gap: fc.integer({ min: 0, max: 30 }), isTrue: fc.boolean() }), { maxLength: 60 })
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 100 }), (changes, length) => {
      const counted: boolean[] = []
      const trueTime = new TrueTime(length)
      let isTrue = false
      for (const change of changes) {
        for (let i = 0; i < change.gap; i++) counted.push(isTrue)
        isTrue = change.isTrue
        trueTime.set(counted.length, isTrue)
        assert.equal(trueTime.total(counted.length), counted.slice(-length).filter(Boolean).length)
      }
    }),
  )
})

test('a condition that chatters for ever keeps bounded memory and the right total', () => {
  const trueTime = new TrueTime(1_000_000)
  for (let time = 0; time < 100_000; time++) trueTime.set(time * 2, time % 2 === 0)
  assert.equal(trueTime.total(200_000), 100_000)
})
