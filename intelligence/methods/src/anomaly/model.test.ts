import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { readModel, writeModel } from '../model-file/index.ts'
import { anomalyScorer, methodNames, readAnomaly, trainAnomaly, writeAnomaly } from './index.ts'
import { simulatedPump } from './simulated.ts'

const history = simulatedPump(600, 1)
const { model } = trainAnomaly(history, { methods: methodNames })
const bytes = writeAnomaly(model)
const later = simulatedPump(40, 2, history.times.at(-1)! + 1e6)
const refused = (error: unknown) => error instanceof MillwrightError && error.code === 'MW-MODEL-0001'

describe('the file of an anomaly model', () => {
  it('gives back the model, with every method in it', () => {
    assert.deepEqual(readAnomaly(bytes), model)
    assert.equal(model.members.length, methodNames.length - 1, 'all but the seasonal one: the pump has no season')
  })

  it('is refused when it is that of something else, or its parts do not go together', () => {
    assert.throws(() => readAnomaly(writeModel({ kind: 'forecast' })), refused)
    const parts = readModel(bytes) as unknown as Record<string, unknown> & typeof model
    const bent = (change: object) => writeModel({ ...parts, ...change } as never)
    assert.throws(() => readAnomaly(bent({ signals: ['one'] })), refused)
    assert.throws(() => readAnomaly(bent({ members: [] })), refused)
    assert.throws(() => readAnomaly(bent({ threshold: { on: 0, off: 0 } })), refused)
    assert.throws(() => readAnomaly(bent({ smoothing: 0 })), refused)
    assert.throws(() => readAnomaly(bent({ extra: 1 })), refused)
    assert.throws(
      () => readAnomaly(bent({ preparation: { ...model.preparation, scale: new Float64Array(2) } })),
      refused,
    )
  })

  it('is read or refused whatever its bytes, and what is read scores without a crash', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const bent = bytes.slice()
        bent[at] = value
        try {
          anomalyScorer(readAnomaly(bent)).score(later)
        } catch (error) {
          assert.ok(error instanceof MillwrightError, String(error))
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('settings', () => {
  it('out of range are refused with the name of the setting', () => {
    for (const wrong of [
      { smoothing: 0 },
      { modes: 1.5 },
      { minimumRows: -1 },
      { alarmsPerWeek: Number.NaN },
      { methods: [] },
    ])
      assert.throws(
        () => trainAnomaly(history, wrong),
        (error) =>
          error instanceof MillwrightError && error.code === 'MW-ANOMALY-0008' && error.path === Object.keys(wrong)[0],
      )
  })

  it('with operating signals score within the mode', () => {
    const two = simulatedPump(3000, 3)
    const fast = (row: number) => Math.floor(row / 200) % 2
    const switched = {
      ...two,
      columns: two.columns.map((column, j) => column.map((value, row) => value + fast(row) * [400, 12, 5, 8, 0][j]!)),
    }
    const trained = trainAnomaly(switched, { operating: ['speed'] })
    assert.equal(trained.report.modes, 2)
    const next = simulatedPump(200, 4, two.times.at(-1)! + 1e6)
    // Slow in speed but with the flow of the fast mode: usual each by itself.
    const odd = {
      ...next,
      columns: next.columns.map((column, j) => (j === 1 ? column.map((value) => value + 12) : column)),
    }
    const alarms = (frame: typeof next) =>
      anomalyScorer(trained.model)
        .score(frame)
        .alarm.reduce((sum, each) => sum + each, 0)
    assert.equal(alarms(next), 0)
    assert.ok(alarms(odd) > 150)
  })
})
