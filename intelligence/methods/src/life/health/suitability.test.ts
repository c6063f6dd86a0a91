import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { simulatedRuns } from '../learned/simulated.ts'
import { HOUR, type Run } from '../run.ts'
import { suitability } from './suitability.ts'

const run = (unit: string, ...columns: number[][]): Run => ({
  unit,
  ended: 'failure',
  frame: {
    times: Float64Array.from(columns[0]!, (_, at) => at * HOUR),
    names: columns.map((_, at) => `s${at}`),
    columns: columns.map((each) => Float64Array.from(each)),
  },
})

describe('how well a signal serves to tell remaining life', () => {
  it('is 1 in all three for a signal that rises to the same end in each run', () => {
    const [one] = suitability([run('a', [0, 1, 2, 3, 4]), run('b', [0, 2, 3, 4])])
    assert.deepEqual(one, { name: 's0', monotonicity: 1, trendability: 1, prognosability: 1 })
  })

  it('follows the definitions by hand', () => {
    const [one] = suitability([run('a', [0, 1, 0, 1, 2]), run('b', [0, 1, 2, 3, 4])])
    // Steps +1 -1 +1 +1: |3 - 1| / 4; ends 2 and 4 scatter by 1 around 3, the mean way is (2 + 4) / 2 = 3.
    assert.equal(one!.monotonicity, (0.5 + 1) / 2)
    assert.ok(Math.abs(one!.prognosability - Math.exp(-1 / 3)) < 1e-12)
  })

  it('sees that a signal goes up in one run and down in another', () => {
    assert.equal(suitability([run('a', [0, 1, 2, 3]), run('b', [3, 2, 1, 0])])[0]!.trendability, 0)
  })

  it('ranks what wears above what does not, and nothing above all that is constant or missing', () => {
    const found = new Map(suitability(simulatedRuns(10, 1)).map((each) => [each.name, each]))
    assert.ok(found.get('vibration')!.prognosability > found.get('power')!.prognosability)
    assert.deepEqual(found.get('setting'), { name: 'setting', monotonicity: 0, trendability: 0, prognosability: 0 })
    const gone = suitability([run('a', [Number.NaN, Number.NaN, Number.NaN])])
    assert.deepEqual(gone[0], { name: 's0', monotonicity: 0, trendability: 0, prognosability: 0 })
  })
})
