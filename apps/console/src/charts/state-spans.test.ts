import assert from 'node:assert/strict'
import { it } from 'node:test'
import { stateSpans } from './state-spans.ts'

it('lets each state last until the next other one, and the last until the end', () => {
  const readings = [
    { time: 0, value: 'idle', quality: 0 },
    { time: 10, value: 'idle', quality: 0 },
    { time: 20, value: 'running', quality: 0 },
    { time: 30, value: null, quality: 0x80000000 },
    { time: 40, value: 'running', quality: 0x80000000 },
  ]
  assert.deepEqual(stateSpans(readings, 100), [
    { from: 0, to: 20, state: 'idle', bad: false },
    { from: 20, to: 40, state: 'running', bad: false },
    { from: 40, to: 100, state: 'running', bad: true },
  ])
  assert.deepEqual(stateSpans([], 100), [])
})
