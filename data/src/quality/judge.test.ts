import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { QUALITY, ReadingBatch } from '@millwright/connectivity'
import { MINUTE, SECOND } from '@millwright/foundation'
import { PlainSignals, START } from '../historian/testing.ts'
import type { SignalFacts } from '../signals/catalogue.ts'
import { QualityJudge } from './judge.ts'

type Row = readonly [time: number, value: number, quality?: number]

function judging(facts: Partial<SignalFacts>) {
  const signals = new PlainSignals()
  const signal = signals.add(facts)
  const judge = new QualityJudge(signals)
  const window = (rows: readonly Row[]) => {
    const batch = new ReadingBatch(4)
    for (const [time, value, quality] of rows) batch.push(signal.key, START + time * SECOND, value, quality ?? 0)
    return batch
  }
  const judged = (rows: readonly Row[], now = START) => {
    const batch = window(rows)
    judge.judge(batch, now)
    return [...batch.quality.subarray(0, batch.length)]
  }
  return { judge, judged, window }
}

describe('the quality of readings', () => {
  it('is Uncertain outside the range, and Bad for what is not a number', () => {
    const { judged } = judging({ min: 0, max: 10 })
    const { uncertainRange, bad, badSensorFailure } = QUALITY
    assert.deepEqual(
      judged([
        [0, 5],
        [1, -1],
        [2, 11],
        [3, Number.NaN],
        [4, Number.NaN, badSensorFailure],
      ]),
      [0, uncertainRange, uncertainRange, bad, badSensorFailure],
    )
  })

  it('is Uncertain for a change faster than is believable, per second and across windows', () => {
    const { judged } = judging({ maxRate: 2 })
    assert.deepEqual(
      judged([
        [0, 0],
        [1, 2],
        [2, 4.5],
      ]),
      [0, 0, QUALITY.uncertainSensor],
    )
    assert.deepEqual(
      judged([
        [4, 8.5],
        [5, 20],
      ]),
      [0, QUALITY.uncertainSensor],
    )
  })

  it('is Uncertain once a value has not moved for as long as it may', () => {
    const { judged } = judging({ flatAfter: 10 * SECOND })
    const flat = QUALITY.uncertainLastUsable
    assert.deepEqual(
      judged([
        [0, 1],
        [5, 1],
        [10, 1],
        [11, 1],
        [12, 2],
        [13, 2],
      ]),
      [0, 0, flat, flat, 0, 0],
    )
  })

  it('is Uncertain for a time more than a minute ahead, which does not make what follows late', () => {
    const { judged, judge } = judging({})
    assert.deepEqual(
      judged([
        [0, 1],
        [3600, 1],
        [1, 1],
      ]),
      [0, QUALITY.uncertain, 0],
    )
    assert.deepEqual([judge.counts.ahead, judge.counts.outOfOrder], [1, 0])
    assert.deepEqual(judged([[50, 1]], START - MINUTE / 2), [QUALITY.uncertain])
  })

  it('is judged by range alone when out of order', () => {
    const { judged, judge } = judging({ maxRate: 1, max: 100 })
    assert.deepEqual(
      judged([
        [10, 0],
        [5, 50],
        [6, 101],
        [11, 1],
      ]),
      [0, 0, QUALITY.uncertainRange, 0],
    )
    assert.equal(judge.counts.outOfOrder, 2)
  })

  it('never makes better what the sender called worse', () => {
    const { judged } = judging({ max: 1 })
    assert.deepEqual(
      judged([
        [0, 5, QUALITY.badSensorFailure],
        [1, 5, QUALITY.uncertainSensor],
      ]),
      [QUALITY.badSensorFailure, QUALITY.uncertainSensor],
    )
  })

  it('is the same when the newest reading is sent again', () => {
    const { judged } = judging({ maxRate: 1 })
    assert.deepEqual(
      judged([
        [0, 0],
        [1, 9],
      ]),
      [0, QUALITY.uncertainSensor],
    )
    assert.deepEqual(judged([[1, 9]]), [QUALITY.uncertainSensor])
  })

  it('starts anew after a window that could not be stored', () => {
    const { judge, judged, window } = judging({ maxRate: 1 })
    judged([[0, 0]])
    const lost = window([[1, 0.5]])
    judge.judge(lost, START)
    judge.forget(lost)
    assert.deepEqual(judged([[1, 0.5]]), [0])
  })
})
