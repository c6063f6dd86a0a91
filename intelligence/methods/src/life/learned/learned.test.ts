import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HOUR, type Run } from '../run.ts'
import { readLife, writeLife } from './file.ts'
import type { LifeModel } from './model.ts'
import { LifePredictor } from './predictor.ts'
import { simulatedRuns } from './simulated.ts'
import { trainLife } from './train.ts'

const runs = simulatedRuns(30, 1)
const settings = { conditions: ['load'], models: 1 }
const { model, report } = trainLife(runs, settings)

function followed(of: LifeModel, { frame }: Run, to = frame.times.length): LifePredictor {
  const predictor = new LifePredictor(of)
  for (let row = 0; row < to; row++)
    predictor.push(
      frame.times[row]!,
      frame.columns.map((column) => column[row]!),
    )
  predictor.flush()
  return predictor
}
const altered = (run: Run, name: string, change: (value: number, row: number) => number): Run => ({
  ...run,
  frame: {
    ...run.frame,
    columns: run.frame.columns.map((each, at) => (run.frame.names[at] === name ? each.map(change) : each)),
  },
})

describe('remaining life learned from lives that ended', () => {
  it('is right about machines that it has not seen, as often as its interval says', () => {
    const errors: number[] = []
    let covered = 0
    for (const run of simulatedRuns(40, 2)) {
      const rows = run.frame.times.length
      for (const share of [0.5, 0.7, 0.85, 0.95]) {
        const to = Math.floor(share * rows)
        const truth = Math.min(rows - to, report.horizon)
        const { hours, low, high } = followed(model, run, to).predict()
        errors.push(hours - truth)
        if (truth >= low && truth <= high) covered++
      }
    }
    const rmse = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length)
    assert.ok(rmse < 0.12 * report.horizon, `RMSE ${rmse} of ${report.horizon}`)
    assert.ok(covered / errors.length > 0.8 && covered / errors.length < 0.98, `covers ${covered / errors.length}`)
  })

  it('says what it used and left out, how it was validated, and what drives it', () => {
    assert.equal(report.modes, 2)
    assert.equal(report.failures, 30)
    assert.ok(report.signals.includes('vibration') && report.signals.includes('temperature'))
    assert.deepEqual(
      report.signalsLeftOut.filter((name) => name === 'setting'),
      ['setting'],
    )
    assert.equal(report.validation.split, 'by unit')
    assert.ok(report.validation.coverage > 0.85 && report.validation.coverage < 0.97)
    assert.ok(Math.abs(report.drivers.reduce((sum, each) => sum + each.share, 0) - 1) < 1e-9)
  })

  it('health falls from about 100 to about 0 over a life', () => {
    const [run] = simulatedRuns(1, 3) as [Run]
    assert.ok(followed(model, run, 40).predict().health > 80)
    assert.ok(followed(model, run).predict().health < 25)
  })

  it('learns the early part of lives that did not end', () => {
    const mixed = [...runs.slice(0, 12), ...simulatedRuns(10, 4, 'stopped')]
    const { report: with22 } = trainLife(mixed, settings)
    assert.equal(with22.runs, 22)
    assert.equal(with22.failures, 12)
  })

  it('is the same after being written and read, and for the same seed', () => {
    const read = readLife(writeLife(model))
    const expected = followed(model, runs[0]!, 90).predict()
    assert.deepEqual(followed(read, runs[0]!, 90).predict(), expected)
    assert.deepEqual(followed(trainLife(runs, settings).model, runs[0]!, 90).predict(), expected)
  })

  it('refuses a file whose parts do not go together', () => {
    const broken = [
      { ...model, horizon: 0 },
      { ...model, lowest: new Float64Array(1) },
      { ...model, trees: [] },
      { ...model, pipeline: { ...model.pipeline, kept: [99] } },
      { ...model, interval: { ...model.interval, below: new Float64Array(2) } },
    ]
    for (const each of broken) assert.throws(() => readLife(writeLife(each)), { code: 'MW-MODEL-0001' })
  })

  it('takes readings that come faster than its steps', () => {
    const [slow] = simulatedRuns(1, 5) as [Run]
    const times = Float64Array.from({ length: 400 }, (_, row) => (row * HOUR) / 4)
    const fast = {
      ...slow,
      frame: {
        ...slow.frame,
        times,
        columns: slow.frame.columns.map((each) => times.map((_, row) => each[Math.floor(row / 4)]!)),
      },
    }
    const a = followed(model, slow, 100).predict()
    const b = followed(model, fast).predict()
    assert.ok(Math.abs(a.hours - b.hours) < 0.1 * report.horizon, `${a.hours} and ${b.hours}`)
  })
})

describe('bad input', () => {
  const [run] = simulatedRuns(1, 6) as [Run]

  it('tells of wrong units, swapped sensors and conditions that were never seen', () => {
    assert.deepEqual(followed(model, run, 60).predict().outside, [])
    assert.deepEqual(
      followed(
        model,
        altered(run, 'temperature', (value) => value * 1.8 + 32),
        60,
      ).predict().outside,
      ['temperature'],
    )
    const { columns } = run.frame
    const swapped = {
      ...run,
      frame: { ...run.frame, columns: [columns[0]!, columns[2]!, columns[1]!, columns[3]!, columns[4]!] },
    }
    assert.ok(followed(model, swapped, 60).predict().outside.includes('vibration'))
    assert.ok(
      followed(
        model,
        altered(run, 'load', () => 50),
        60,
      )
        .predict()
        .outside.includes(''),
    )
  })

  it('goes on with missing readings, and predicts numbers only', () => {
    for (const name of run.frame.names) {
      const { hours, low, high, health } = followed(
        model,
        altered(run, name, () => Number.NaN),
        60,
      ).predict()
      assert.ok(
        [hours, low, high, health].every((each) => Number.isFinite(each)) && low <= hours && hours <= high,
        name,
      )
    }
  })

  it('is refused in training with what to do about it', () => {
    const reject = (given: readonly Run[], code: string, options = {}) =>
      assert.throws(() => trainLife(given, { ...settings, ...options }), { code })
    reject(runs.slice(0, 3), 'MW-LIFE-0003')
    reject(simulatedRuns(20, 7, 'stopped'), 'MW-LIFE-0003')
    reject(
      [...runs, { ...runs[0]!, frame: { ...runs[0]!.frame, names: ['load', 'a', 'b', 'c', 'd'] } }],
      'MW-LIFE-0002',
    )
    reject(
      [{ ...runs[0]!, frame: { ...runs[0]!.frame, times: runs[0]!.frame.times.slice().reverse() } }, ...runs],
      'MW-LIFE-0001',
    )
    reject(runs, 'MW-LIFE-0005', { conditions: ['speed'] })
    reject(runs, 'MW-LIFE-0005', { horizon: -1 })
    const dull = runs.map((each) => ({
      ...each,
      frame: { ...each.frame, columns: each.frame.columns.map((column) => column.map(() => 4)) },
    }))
    reject(dull, 'MW-LIFE-0004')
    const gone = runs.map((each) => ({
      ...each,
      frame: { ...each.frame, columns: each.frame.columns.map((column) => column.map(() => Number.NaN)) },
    }))
    reject(gone, 'MW-LIFE-0004')
  })
})
