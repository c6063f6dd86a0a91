import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evaluationLoad } from '../testing/load.ts'

test('20 class rules over 1,000 signals at 300,000 points/s take less than 15 % of a core', () => {
  const { points, evaluations, share } = evaluationLoad({ machines: 100, hertz: 300, rulesEach: 20, seconds: 3 })
  assert.ok(points > 290_000 && evaluations > 400_000)
  assert.ok(share < 0.15, `${(share * 100).toFixed(1)} %`)
})

test('a class rule on 10,000 machines at 1 Hz is cheap', () => {
  const { share } = evaluationLoad({ machines: 10_000, hertz: 1, rulesEach: 1, signals: 2, seconds: 3 })
  assert.ok(share < 0.06, `${(share * 100).toFixed(1)} %`)
})

test('signals that no rule reads cost next to nothing', () => {
  const { share } = evaluationLoad({ machines: 100, hertz: 300, rulesEach: 0, seconds: 2 })
  assert.ok(share < 0.02, `${(share * 100).toFixed(1)} %`)
})
