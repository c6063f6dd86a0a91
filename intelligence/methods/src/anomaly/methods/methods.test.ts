import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chiSquareQuantile, gammaP } from '../../distributions/gamma.ts'
import { normalQuantile } from '../../distributions/normal.ts'
import { gaussian, seeded } from '../../learning/random.ts'
import { readModel, writeModel } from '../../model-file/index.ts'
import { type Detector, type RowScorer, type Rows, scoreRows } from '../detector.ts'
import { ewmaOf, mewmaOf } from './ewma.ts'
import { detectors, type MethodName, methodNames } from './index.ts'
import { speLimit } from './pca.ts'

const near = (actual: number, expected: number, share: number, what = '') =>
  assert.ok(Math.abs(actual - expected) <= share * Math.abs(expected), `${what} ${actual} is not near ${expected}`)

function rowsOf(width: number, count: number, value: (row: number, column: number) => number, start = 0): Rows {
  const values = Float64Array.from({ length: width * count }, (_, at) =>
    value(start + Math.floor(at / width), at % width),
  )
  const times = Float64Array.from({ length: count }, (_, row) => (start + row) * 1e6)
  const starts = new Uint8Array(count)
  starts[0] = 1
  return { count, width, values, starts, times, wander: new Float64Array(width) }
}

const noise = (width: number, count: number, seed: number): Rows => {
  const random = seeded(seed)
  return rowsOf(width, count, () => gaussian(random))
}

/** Rows until the score first passes the limit, in the mean over many runs: the average run length. */
function runLength(scorer: RowScorer, width: number, limit: number, shift: number, runs: number): number {
  const random = seeded(9)
  const row = new Float64Array(width)
  const parts = new Float64Array(width)
  let sum = 0
  for (let run = 0; run < runs; run++) {
    scorer.reset()
    for (let time = 1; ; time++) {
      for (let j = 0; j < width; j++) row[j] = gaussian(random) + (j === 0 ? shift : 0)
      if (scorer.score(row, 0, parts, time) <= limit) continue
      sum += time
      break
    }
  }
  return sum / runs
}

const fitted = (detector: Detector, rows: Rows): RowScorer => {
  const model = detector.fit(rows, { seed: 1 })
  assert.ok(model !== undefined)
  return detector.scorer(readModel(writeModel(model)), rows.width)
}

describe('distributions', () => {
  it('have the quantiles of the tables', () => {
    // NIST/SEMATECH e-Handbook 1.3.6.7.4 and 1.3.6.7.1.
    near(chiSquareQuantile(0.95, 1), 3.841, 1e-3)
    near(chiSquareQuantile(0.99, 10), 23.209, 1e-4)
    near(chiSquareQuantile(0.999, 100), 149.449, 1e-4)
    near(normalQuantile(0.975), 1.95996, 1e-5)
    near(gammaP(1, 2), 1 - Math.exp(-2), 1e-12)
  })
})

describe('cusum', () => {
  it('has the run lengths of Montgomery, table 9.3 (h = 5, k = 1/2): 465 without a shift, 10.4 with one of 1, 4.01 of 2', () => {
    const scorer = fitted(detectors.cusum, noise(1, 100_000, 2))
    near(runLength(scorer, 1, 5, 0, 400), 465, 0.12)
    near(runLength(scorer, 1, 5, 1, 2000), 10.4, 0.04)
    near(runLength(scorer, 1, 5, 2, 2000), 4.01, 0.04)
  })
})

describe('page-hinkley', () => {
  it('takes a step for a change, and an offset from the start for none', () => {
    const scorer = fitted(detectors['page-hinkley'], noise(1, 5000, 2))
    const random = seeded(4)
    const offset = rowsOf(1, 400, () => 1 + gaussian(random))
    const step = rowsOf(1, 400, (row) => (row >= 200 ? 2 : 0) + gaussian(random))
    const calm = Math.max(...scoreRows(scorer, offset))
    const found = scoreRows(scorer, step)
    assert.ok(calm < 20 && found[230]! > 30, `${calm} against ${found[230]}`)
  })
})

describe('ewma and mewma', () => {
  it('have, without leaps, the run length of Lucas & Saccucci 1990: 500 for weight 0.1 and limit 2.814', () => {
    const scorer = fitted(ewmaOf(Number.POSITIVE_INFINITY), noise(1, 200_000, 3))
    near(runLength(scorer, 1, 2.814 ** 2, 0, 500), 500, 0.12)
  })

  it('have, without leaps, the run length of Lowry et al. 1992, table 1: 200 for two signals, weight 0.1 and limit 8.66', () => {
    const scorer = fitted(mewmaOf(Number.POSITIVE_INFINITY), noise(2, 200_000, 3))
    near(runLength(scorer, 2, 8.66, 0, 500), 200, 0.12)
  })

  it('come back from a far shift at once', () => {
    const parts = new Float64Array(1)
    const rows = [...new Array(50).fill(0), ...new Array(50).fill(40), ...new Array(10).fill(0)]
    const after = (leap: number) => {
      const scorer = fitted(ewmaOf(leap), noise(1, 5000, 3))
      return rows.map((value) => scorer.score(Float64Array.of(value), 0, parts, 0)).at(-1)!
    }
    assert.ok(after(2) < 0.05 * after(Number.POSITIVE_INFINITY))
  })
})

describe('pca', () => {
  it("has Jackson & Mudholkar's limit; for equal variances that of a chi-square", () => {
    // Ten directions of variance 1 left out: Q is chi-square with 10 degrees of freedom, 99 % at 23.209.
    near(speLimit(new Float64Array(10).fill(1), 0.99), 23.209, 0.01)
    // Jackson & Mudholkar 1979 by hand for variances 2, 1, 0.5: theta 3.5, 5.25, 9.125, h0 = 1 - 2*3.5*9.125 / (3*5.25^2) = 0.2275.
    const inner = (1.644854 * Math.sqrt(2 * 5.25 * 0.22751 ** 2)) / 3.5 + 1 + (5.25 * 0.22751 * (0.22751 - 1)) / 12.25
    near(speLimit([2, 1, 0.5], 0.95), 3.5 * inner ** (1 / 0.22751), 1e-3)
  })

  it('adds up to what T² over its limit and SPE over its limit are by their definition', () => {
    // Two signals on a line: one component along (1, 1)/sqrt 2 of variance 2, and next to nothing across.
    const random = seeded(5)
    const rows = rowsOf(2, 20_000, () => 0)
    for (let row = 0; row < rows.count; row++) {
      const [along, across] = [Math.sqrt(2) * gaussian(random), 0.1 * gaussian(random)]
      rows.values[2 * row] = (along + across) / Math.SQRT2
      rows.values[2 * row + 1] = (along - across) / Math.SQRT2
    }
    const parts = new Float64Array(2)
    const index = fitted(detectors.pca, rows).score(Float64Array.of(1, -1), 0, parts, 0)
    near(index, 2 / (0.01 * chiSquareQuantile(0.99, 1)), 0.05)
    near(parts[0]! + parts[1]!, index, 1e-9)
    near(parts[0]!, parts[1]!, 0.05)
  })
})

describe('kernel regression', () => {
  it('gives back remembered rows and names the signal that has drifted', () => {
    const curve = rowsOf(3, 600, (row, j) => 2 * Math.sin(row / 30) ** (j + 1))
    const scorer = fitted(detectors['kernel-regression'], curve)
    const parts = new Float64Array(3)
    const row = curve.values.slice(300, 303)
    assert.ok(scorer.score(row, 0, parts, 0) < 0.05)
    row[1]! += 1.5
    assert.ok(scorer.score(row, 0, parts, 0) > 0.3)
    assert.equal(parts.indexOf(Math.max(...parts)), 1)
  })
})

describe('autoregression', () => {
  it('leaves of a first order process what was drawn: a chi-square of as many degrees as signals', () => {
    const random = seeded(6)
    const rows = rowsOf(2, 20_000, () => 0)
    for (let row = 1; row < rows.count; row++) {
      rows.values[2 * row] = 0.8 * rows.values[2 * row - 2]! + gaussian(random)
      rows.values[2 * row + 1] = 0.5 * rows.values[2 * row - 2]! + 0.3 * rows.values[2 * row - 1]! + gaussian(random)
    }
    const scores = scoreRows(fitted(detectors.autoregression, rows), rows).filter((score) => !Number.isNaN(score))
    assert.equal(scores.length, rows.count - 3)
    near(scores.reduce((sum, score) => sum + score, 0) / scores.length, 2, 0.02)
    near(scores.filter((score) => score > chiSquareQuantile(0.99, 2)).length / scores.length, 0.01, 0.2)
  })
})

describe('matrix profile', () => {
  it('is the distance to the nearest shape of the history, as a search over all of them gives it', () => {
    const [width, window] = [2, 24]
    const history = noise(width, 200, 7)
    const scorer = fitted(detectors['matrix-profile'], history)
    const live = noise(width, 120, 8)
    const scores = scoreRows(scorer, live)
    assert.ok(scores.subarray(0, window - 1).every((score) => Number.isNaN(score)))
    for (let row = window - 1; row < live.count; row += 7) {
      let least = Number.POSITIVE_INFINITY
      for (let place = 0; place + window <= history.count; place++) {
        let distance = 0
        for (let k = 0; k < window * width; k++)
          distance += (history.values[place * width + k]! - live.values[(row - window + 1) * width + k]!) ** 2
        least = Math.min(least, distance)
      }
      near(scores[row]!, least / (window * width), 1e-9, `row ${row}`)
    }
  })
})

describe('seasonal', () => {
  const day = (row: number) => 3 * Math.sin((2 * Math.PI * row) / 144) + (row % 144 > 100 ? 1 : 0)

  it('finds the length of the season and takes a day without one for strange', () => {
    const random = seeded(10)
    const history = rowsOf(1, 144 * 10, (row) => day(row) + 0.2 * gaussian(random))
    const model = detectors.seasonal.fit(history, { seed: 1 }) as unknown as { period: number }
    near(model.period, 144e6, 0.01)
    const scorer = fitted(detectors.seasonal, history)
    const next = rowsOf(1, 144, (row) => day(row) + 0.2 * gaussian(random), 1440)
    const flat = rowsOf(1, 144, () => 0.2 * gaussian(random), 1440)
    const mean = (scores: Float64Array) => scores.reduce((sum, score) => sum + score, 0) / scores.length
    assert.ok(mean(scoreRows(scorer, next)) < 3 && mean(scoreRows(scorer, flat)) > 20)
  })

  it('learns nothing from noise', () => {
    assert.equal(detectors.seasonal.fit(noise(1, 2000, 11), { seed: 1 }), undefined)
  })
})

describe('every method', () => {
  const random = seeded(12)
  let load = 0
  const history = rowsOf(4, 1600, (_, j) => {
    if (j === 0) load = 0.9 * load + 0.4 * gaussian(random)
    return load * [1, 0.8, -0.6, 0][j]! + 0.3 * gaussian(random)
  })
  const scored = (rows: Rows, name: MethodName): Float64Array =>
    scoreRows(fitted(detectors[name], history), rows).filter((score) => !Number.isNaN(score))

  for (const name of methodNames.filter((each) => each !== 'seasonal'))
    it(`${name} scores a far shift higher than normal rows, names its signal and comes back`, () => {
      const normal = scored(history, name).sort()
      const limit = normal[Math.floor(0.9 * normal.length)]!
      const scorer = fitted(detectors[name], history)
      const parts = new Float64Array(4)
      const row = new Float64Array(4)
      let most = 0
      for (let time = 0; time < 60; time++) {
        for (let j = 0; j < 4; j++) row[j] = history.values[(200 + time) * 4 + j]! + (time >= 30 && j === 2 ? 8 : 0)
        const score = scorer.score(row, 0, parts, time * 1e6)
        assert.ok(parts.every((part) => part >= 0))
        if (time < 32 || !(score > most)) continue
        most = score
        assert.equal(parts.indexOf(Math.max(...parts)), 2)
      }
      assert.ok(most >= limit, `${most} over ${limit}`)
      scorer.reset()
      const first = scorer.score(history.values, 800, parts, 0)
      assert.equal(first, fitted(detectors[name], history).score(history.values, 800, parts, 0))
    })

  for (const name of methodNames)
    it(`${name} refuses a model of other signals`, () => {
      const model = detectors[name].fit(history, { seed: 1 })
      if (model === undefined || name === 'robust') return
      assert.throws(() => detectors[name].scorer(model, 3), /MW-MODEL|no model/)
    })
})
