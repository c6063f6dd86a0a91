import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type NabProfile, nabCount, nabScaled, nabScore, scaledSigmoid } from './scorer.ts'

const STANDARD: NabProfile = { tpWeight: 1, fpWeight: 0.11, fnWeight: 1 }
const ROWS = 1000
/** One window of 100 rows; alarms at the rows given, with falling scores. */
const stream = {
  name: 'a/b',
  family: 'a',
  times: new Float64Array(ROWS),
  values: new Float64Array(ROWS),
  windows: [[500, 599] as const],
}
const alarms = (...rows: number[]) => {
  const scores = new Float64Array(ROWS)
  rows.forEach((row, at) => {
    scores[row] = 1 - 0.1 * at
  })
  return scores
}
const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 5e-6, `${a} is not ${b}`)

describe('the NAB scorer', () => {
  it('weighs a place relative to a window as the scaled sigmoid of the paper', () => {
    // 2 / (1 + exp(5 y)) - 1, by hand
    near(scaledSigmoid(-1), 0.986614)
    near(scaledSigmoid(-0.5), 0.848284)
    near(scaledSigmoid(0), 0)
    near(scaledSigmoid(1), -0.986614)
    assert.equal(scaledSigmoid(3.01), -1)
  })

  it('gives 100 for an alarm at the left edge alone, 0 for none, and the earliest alarm of a window counts', () => {
    near(nabScore([stream], [alarms(500)], STANDARD).score, 100)
    assert.equal(nabScore([stream], [alarms()], STANDARD).score, 0)
    near(nabScore([stream], [alarms(580, 500, 590)], STANDARD).score, 100)
  })

  it('takes the threshold that scores best, and does not judge the probation', () => {
    const early = alarms(500, 300, 310, 320)
    near(nabScore([stream], [early], STANDARD).score, 100)
    assert.equal(nabScore([stream], [early], STANDARD).threshold, 1)
    const { raw, windows, found, falseAlarms } = nabCount([stream], [early], STANDARD, 0.75)
    near(raw, 1 - 2 * 0.11)
    assert.deepEqual([windows, found, falseAlarms], [1, 1, 2])
    near(nabScaled(raw, windows, STANDARD), 89)
    assert.equal(nabCount([stream], [alarms(0, 149)], STANDARD, 0.5).falseAlarms, 0)
    assert.equal(nabCount([stream], [alarms(150)], STANDARD, 0.5).falseAlarms, 1)
  })

  it('charges less for an alarm shortly behind a window', () => {
    near(nabCount([stream], [alarms(609)], STANDARD, 0.5).raw, -1 + 0.11 * scaledSigmoid(10 / 99))
    near(nabCount([stream], [alarms(999)], STANDARD, 0.5).raw, -1 - 0.11)
  })
})
