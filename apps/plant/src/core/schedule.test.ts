import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Schedule } from './schedule.ts'

const RARE = ['a', 'b', 'c', 'd'].map((fault, at) => ({ machine: 'M', fault, lasts: 30 + 20 * at }))
const FIRST = { machine: 'M', fault: 'first', from: 5, until: 20 }

test('property: planned and rare faults come one at a time, and each goes again after its time', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const schedule = new Schedule(seed, [FIRST], RARE, [60, 180])
      const since = new Map<string, number>()
      const seen = new Set<string>()
      for (let second = 1; second < 5_000; second++) {
        for (const { fault, action } of schedule.step(1)) {
          if (action === 'inject') since.set(fault, second)
          else {
            const lasts = RARE.find((one) => one.fault === fault)?.lasts ?? 15
            assert.equal(second - since.get(fault)!, lasts)
            since.delete(fault)
          }
          seen.add(fault)
        }
        assert.ok(since.size <= 1)
      }
      assert.ok(seen.has('first') && seen.size >= 4)
    }),
    { numRuns: 30 },
  )
})

test('what a person took over is left alone; what is planned counts from now', () => {
  const schedule = new Schedule(1, [FIRST], [], [60, 180])
  const run = (seconds: number) =>
    Array.from({ length: seconds }, () => schedule.step(1))
      .flat()
      .map(({ action }) => action)
  assert.deepEqual(run(10), ['inject'])
  schedule.forget('M', 'first')
  assert.deepEqual(run(100), [])
  schedule.plan(FIRST)
  assert.deepEqual(run(4), [])
  assert.deepEqual(run(16), ['inject', 'clear'])
})

test('property: saved and restored it goes on alike', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(2_000), (seed, seconds) => {
      const one = new Schedule(seed, [FIRST], RARE, [60, 180])
      for (let i = 0; i < seconds; i++) one.step(1)
      const other = new Schedule(0, [], RARE, [60, 180])
      other.restore(JSON.parse(JSON.stringify(one.save())))
      for (let i = 0; i < 500; i++) assert.deepEqual(other.step(1), one.step(1))
    }),
    { numRuns: 20 },
  )
})
