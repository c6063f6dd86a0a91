import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { estimateLeak, findIdle, leakByLoadCycle } from './index.ts'

const close = (ours: number, wanted: number, by: number) =>
  assert.ok(Math.abs(ours - wanted) <= by, `${ours} is not ${wanted}`)
/** A repeatable wobble of ±1. */
const wobble = (i: number) => ((i * 7919) % 101) / 50 - 1

describe('idle energy', () => {
  // Ten days by quarters of an hour: at work 6 to 14 and 15 to 22, idling in the hour between, off at night.
  const hour = (i: number) => (i / 4) % 24
  const works = (i: number) => (hour(i) >= 6 && hour(i) < 14) || (hour(i) >= 15 && hour(i) < 22)
  const idles = (i: number) => hour(i) >= 14 && hour(i) < 15
  const power = Float64Array.from({ length: 960 }, (_, i) =>
    works(i) ? 40 + wobble(i) : idles(i) ? 15 + wobble(i) / 4 : 0.2,
  )

  it('is found by the production count', () => {
    const idle = findIdle(
      power,
      0.25,
      power.map((_, i) => (works(i) ? 12 : 0)),
    )!
    assert.equal(idle.by, 'production')
    assert.equal(idle.idleHours, 10)
    close(idle.idleEnergy, 150, 2)
    close(idle.idlePower, 15, 0.3)
    assert.equal(idle.spans[0]!.to - idle.spans[0]!.from, 4)
  })

  it('is found by the levels of the power alone', () => {
    const idle = findIdle(power, 0.25)!
    assert.equal(idle.by, 'power')
    assert.equal(idle.idleHours, 10)
    assert.ok(idle.offBelow > 0.2 && idle.offBelow <= 14.7 && idle.worksFrom > 15.3 && idle.worksFrom <= 39)
  })

  it('is not made up where there are no levels', () => {
    assert.equal(findIdle(new Float64Array(100).fill(7), 1), undefined)
    assert.equal(findIdle(new Float64Array(100).fill(Number.NaN), 1), undefined)
    assert.equal(findIdle(Float64Array.of(1, 2, 3), 1), undefined)
    assert.equal(
      findIdle(
        Float64Array.from({ length: 1000 }, (_, i) => i),
        1,
      ),
      undefined,
    )
  })
})

describe('a leak', () => {
  // Twenty days by hours: 300 m³/h in two shifts, nights at 40, from the eleventh day at 75.
  const flow = Float64Array.from({ length: 480 }, (_, i) => {
    const leak = i < 240 ? 40 : 75
    return (i % 24 >= 6 && i % 24 < 22 ? 300 + 20 * wobble(i) : 0) + leak + 2 * wobble(i * 3)
  })
  const made = flow.map((_, i) => (i % 24 >= 6 && i % 24 < 22 ? 100 : 0))

  it('is what flows at rest beyond what flowed at best, from the day it began', () => {
    for (const production of [made, undefined]) {
      const estimate = estimateLeak(flow, 24, production)!
      close(estimate.leak, 35, 2)
      assert.equal(estimate.change!.period, 10)
      close(estimate.change!.by, 35, 2)
      assert.equal(estimate.periods, 20)
    }
  })

  it('is none where the nights stay as they are', () => {
    const estimate = estimateLeak(flow.subarray(0, 240), 24, made.subarray(0, 240))!
    assert.equal(estimate.leak, 0)
    assert.equal(estimate.change, undefined)
  })

  it('is not judged without pauses', () => {
    assert.equal(estimateLeak(flow, 24, new Float64Array(480).fill(1)), undefined)
    assert.equal(estimateLeak(new Float64Array(480).fill(Number.NaN), 24), undefined)
  })

  it('is the loaded share of a compressor’s cycle at rest', () => {
    // Loaded 90 s, unloaded 210 s: 30 %.
    close(leakByLoadCycle(90, 210), 0.3, 1e-12)
    assert.throws(() => leakByLoadCycle(0, 0))
  })
})
