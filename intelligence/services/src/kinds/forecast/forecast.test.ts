import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY, HOUR, MINUTE } from '@millwright/foundation'
import type { Arrivals, Plan, TrainingData } from '../kind.ts'
import { checkedSettings } from '../settings.ts'
import { forecast } from './kind.ts'
import { onSteps } from './on-steps.ts'
import { NO_TROUBLE } from './scorer.ts'
import { forecastWork } from './work.ts'

const START = 1.78e15 - (1.78e15 % DAY)
const HOURS = 24 * 28
const value = (n: number) => 50 + 30 * Math.sin((n / 12) * Math.PI) + ((n * 7919) % 101) / 25
const settings = checkedSettings(forecast, { signal: 'load' })
const plan: Plan = { step: HOUR, inputs: [{ signal: 'sig_1', name: 'load', kind: 'number', unit: 'kW', hold: 3 }] }

const data: TrainingData = {
  from: START,
  to: START + HOURS * HOUR,
  plan,
  machine: {
    id: 'ast_1',
    name: 'Hall',
    grid: {
      times: Float64Array.from({ length: HOURS }, (_, n) => START + (n + 1) * HOUR),
      names: ['load'],
      columns: [Float64Array.from({ length: HOURS }, (_, n) => value(n))],
    },
    series: [],
  },
  others: [],
  labels: [],
}

/** A reading in the middle of each hour. */
const arrivals = (from: number, to: number, of = value): Arrivals => ({
  length: to - from,
  input: new Uint16Array(to - from),
  time: Float64Array.from({ length: to - from }, (_, i) => START + (from + i) * HOUR + 30 * MINUTE),
  value: Float64Array.from({ length: to - from }, (_, i) => of(from + i)),
  wide: [],
  now: START + to * HOUR + MINUTE,
})

describe('a forecast service', () => {
  it('foresees what comes, and is surprised by what it did not foresee', async () => {
    const { model, report } = await forecastWork.train!(data, settings, () => {})
    assert.match(report.summary, /repeat every 24/)
    const scorer = await forecastWork.scorer(model, { plan, settings })
    await scorer.take(arrivals(0, HOURS))
    const { rows } = await scorer.take(arrivals(HOURS, HOURS + 24))
    const told = (output: number) => rows.filter((row) => row.output === output)
    const next = told(0)
    assert.ok(next.length >= 22)
    for (const { time, value: expected } of next) {
      const n = Math.round((time - START) / HOUR)
      assert.ok(Math.abs((expected as number) - value(n)) < 6, `${expected} for ${value(n)} at ${n}`)
    }
    assert.ok(told(4).filter(({ value }) => value === 1).length <= 6)
    // Twice what it should be.
    const strange = await scorer.take(arrivals(HOURS + 24, HOURS + 30, (n) => 2 * value(n) + 40))
    assert.ok(strange.rows.some((row) => row.output === 4 && row.value === 1))
    assert.ok(strange.rows.some((row) => row.output === 5 && row.value !== NO_TROUBLE))
  })

  it('has a place for every step, with or without a reading', () => {
    const times = Float64Array.of(START + HOUR, START + 3 * HOUR)
    const { values, start } = onSteps({ times, names: ['a'], columns: [Float64Array.of(1, 2)] }, HOUR)
    assert.deepEqual([...values], [1, Number.NaN, 2])
    assert.equal(start, START)
  })
})
