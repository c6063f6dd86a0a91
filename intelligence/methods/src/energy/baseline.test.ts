import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY, MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { fisherAbove, studentQuantile, studentTwoSided } from '../distributions/beta.ts'
import type { Frame } from '../series/index.ts'
import { avoidedEnergy, expectedEnergy, readBaseline, trainBaseline, writeBaseline } from './index.ts'
import { leastSquares, statisticsOf } from './least-squares.ts'
import { sixtyDays } from './simulated.ts'

const frameOf = (columns: Record<string, ArrayLike<number>>): Frame => {
  const arrays = Object.values(columns).map((column) => Float64Array.from(column))
  return {
    times: Float64Array.from(arrays[0]!, (_, i) => 1.7e15 + i * DAY),
    names: Object.keys(columns),
    columns: arrays,
  }
}
const close = (ours: number, theirs: number, relative: number) =>
  assert.ok(Math.abs(ours - theirs) <= relative * Math.abs(theirs), `${ours} is not ${theirs}`)
const days = frameOf(sixtyDays)
const settings = { energy: 'kWh', drivers: ['pieces'], temperature: 'temperature' }

describe('least squares', () => {
  it('gives the certified values of NIST’s Longley data, made to break such programs', () => {
    // NIST Statistical Reference Datasets, Longley: 16 observations, 7 parameters, "higher" level of difficulty.
    // biome-ignore format: a table
    const rows = [
      [60323, 83.0, 234289, 2356, 1590, 107608, 1947], [61122, 88.5, 259426, 2325, 1456, 108632, 1948],
      [60171, 88.2, 258054, 3682, 1616, 109773, 1949], [61187, 89.5, 284599, 3351, 1650, 110929, 1950],
      [63221, 96.2, 328975, 2099, 3099, 112075, 1951], [63639, 98.1, 346999, 1932, 3594, 113270, 1952],
      [64989, 99.0, 365385, 1870, 3547, 115094, 1953], [63761, 100.0, 363112, 3578, 3350, 116219, 1954],
      [66019, 101.2, 397469, 2904, 3048, 117388, 1955], [67857, 104.6, 419180, 2822, 2857, 118734, 1956],
      [68169, 108.4, 442769, 2936, 2798, 120445, 1957], [66513, 110.8, 444546, 4681, 2637, 121950, 1958],
      [68655, 112.6, 482704, 3813, 2552, 123366, 1959], [69564, 114.2, 502601, 3931, 2514, 125368, 1960],
      [69331, 115.7, 518173, 4806, 2572, 127852, 1961], [70551, 116.9, 554894, 4007, 2827, 130081, 1962],
    ]
    const column = (j: number) => Float64Array.from(rows, (row) => row[j]!)
    const fit = leastSquares([1, 2, 3, 4, 5, 6].map(column), column(0))!
    const { standardErrors, r2, f, rmse } = statisticsOf(fit, column(0))
    const certified = [
      -3482258.63459582, 15.0618722713733, -0.35819179292591e-1, -2.02022980381683, -1.03322686717359,
      -0.511041056535807e-1, 1829.15146461355,
    ]
    const errors = [
      890420.383607373, 84.9149257747669, 0.334910077722432e-1, 0.488399681651699, 0.214274163161675, 0.22607320006937,
      455.478499142212,
    ]
    certified.forEach((value, j) => {
      close(fit.coefficients[j]!, value, 1e-7)
      close(standardErrors[j]!, errors[j]!, 1e-7)
    })
    close(r2, 0.995479004577296, 1e-9)
    close(f, 330.285339234588, 1e-7)
    close(rmse, 304.854073561965, 1e-7)
  })

  it('knows Student’s and Fisher’s distributions', () => {
    // Tables: t(0.975; 10) = 2.228139, t(0.975; 1) = 12.70620, t(0.95; 30) = 1.697261; F(0.95; 1, 10) = 4.964603, F(0.95; 5, 20) = 2.710890.
    close(studentQuantile(0.95, 10), 2.228139, 1e-6)
    close(studentQuantile(0.95, 1), 12.7062, 1e-6)
    close(studentQuantile(0.9, 30), 1.697261, 1e-6)
    close(fisherAbove(4.964603, 1, 10), 0.05, 1e-6)
    close(fisherAbove(2.71089, 5, 20), 0.05, 1e-6)
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 50, noNaN: true }), fc.integer({ min: 1, max: 500 }), (t, freedom) =>
        close(studentTwoSided(t, freedom), fisherAbove(t * t, 1, freedom), 1e-9),
      ),
    )
  })
})

describe('an energy baseline', () => {
  const { model, report } = trainBaseline(days, settings)

  it('finds the change point and the effects that statsmodels finds', () => {
    // statsmodels 0.13.5, OLS at the best point of a grid of 0.01 °C: 14.03; 401.676, 18.5293, 1.19008; SSR 34676.09; R² 0.958131.
    assert.equal(report.shape, '3P heating')
    assert.ok(Math.abs(report.points[0]! - 14.03) < 0.3, `${report.points[0]}`)
    close(report.terms[0]!.coefficient, 401.676, 0.02)
    close(report.terms[1]!.coefficient, 18.5293, 0.03)
    close(report.terms[2]!.coefficient, 1.19008, 0.01)
    close(report.r2, 0.958131, 1e-3)
    close(report.terms[2]!.standardError, 0.03575812, 0.02)
    assert.ok(report.terms.every(({ p }) => p < 1e-9))
    assert.ok(Math.abs(report.nmbe) < 1e-12)
    assert.deepEqual(report.doubts, [])
  })

  it('says what was saved, within its uncertainty, and how sure', () => {
    const after = frameOf({ ...sixtyDays, kWh: sixtyDays.kWh.map((kWh) => kWh * 0.9) })
    const { avoided, uncertainty, significant, expected, outside } = avoidedEnergy(model, after)
    close(avoided, expected - 0.9 * sixtyDays.kWh.reduce((sum, kWh) => sum + kWh, 0), 1e-9)
    assert.ok(uncertainty > 0 && uncertainty < 0.1 * avoided, `${uncertainty} of ${avoided}`)
    assert.ok(significant)
    assert.equal(outside, 0)
  })

  it('has the uncertainty of a sum that statsmodels’ covariance gives', () => {
    // s'Cs + 3σ² = 1941.149 for these three days at 14.03 °C, σ² = 608.352; ours has one degree of freedom less for the searched point.
    const three = frameOf({ temperature: [2, 10, 20], pieces: [300, 400, 450], kWh: [900, 900, 900] })
    const independent = { ...model, autocorrelation: 0 }
    const { uncertainty } = avoidedEnergy(independent, three, 0.9)
    close(uncertainty, studentQuantile(0.9, 56) * Math.sqrt((1941.149 * 57) / 56), 0.01)
  })

  it('finds no saving where there is none, about as often as it says', () => {
    // 200 baselines and reporting periods of the same process: the 90 % interval of avoided energy holds zero.
    let seed = 7
    const uniform = () => {
      seed = (seed * 1103515245 + 12345) % 2147483648
      return seed / 2147483648
    }
    const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
    const period = () => {
      const pieces = Array.from({ length: 40 }, () => 200 + 300 * uniform())
      return frameOf({ pieces, kWh: pieces.map((count) => 300 + 1.1 * count + 20 * normal()) })
    }
    let held = 0
    for (let i = 0; i < 200; i++) {
      const { avoided, uncertainty } = avoidedEnergy(
        trainBaseline(period(), { energy: 'kWh', drivers: ['pieces'] }).model,
        period(),
      )
      if (Math.abs(avoided) <= uncertainty) held++
    }
    assert.ok(held >= 166 && held <= 194, `${held} of 200`)
  })

  it('leaves out drivers that say nothing, repeat another, never change or are missing, and says why', () => {
    const frame = frameOf({
      ...sixtyDays,
      pallets: sixtyDays.pieces.map((count) => count / 48),
      day: sixtyDays.pieces.map((_, i) => (i * 7919) % 13),
      shifts: sixtyDays.pieces.map(() => 2),
      gone: sixtyDays.pieces.map(() => Number.NaN),
    })
    const drivers = ['pieces', 'pallets', 'day', 'shifts', 'gone']
    const { report } = trainBaseline(frame, { ...settings, drivers })
    assert.deepEqual(report.driversLeftOut.map(({ name }) => name).sort(), ['day', 'gone', 'pallets', 'shifts'])
    assert.equal(report.rows, 60)
    assert.match(report.driversLeftOut.find(({ name }) => name === 'pallets')!.reason, /says the same as pieces/)
  })

  it('marks periods whose drivers it never saw', () => {
    const { outside } = expectedEnergy(model, frameOf({ temperature: [10, -25], pieces: [300, 300], kWh: [0, 0] }))
    assert.deepEqual([...outside], [0, 1])
  })

  it('doubts a model that explains nothing', () => {
    const noise = frameOf({ pieces: sixtyDays.pieces, kWh: sixtyDays.pieces.map((_, i) => 100 + ((i * 7919) % 97)) })
    const { report } = trainBaseline(noise, { energy: 'kWh', drivers: ['pieces'] })
    assert.deepEqual(
      report.driversLeftOut.map(({ name }) => name),
      ['pieces'],
    )
    assert.ok(report.doubts.some((doubt) => doubt.includes('plain mean')))
  })

  it('refuses three rows, and a column that is not there, in a sentence', () => {
    const code = (wanted: string) => (error: unknown) => error instanceof MillwrightError && error.code === wanted
    const three = frameOf({ pieces: [1, 2, 3], kWh: [1, 2, 3] })
    assert.throws(() => trainBaseline(three, { energy: 'kWh', drivers: ['pieces'] }), code('MW-ENERGY-0004'))
    assert.throws(() => trainBaseline(three, { energy: 'gas', drivers: [] }), code('MW-ENERGY-0003'))
  })

  it('is the same after a file, and refused when the file is another', () => {
    const again = readBaseline(writeBaseline(model))
    assert.deepEqual(expectedEnergy(again, days), expectedEnergy(model, days))
    const bent = { ...model, coefficients: new Float64Array(2) }
    assert.throws(() => readBaseline(writeBaseline(bent)), /coefficients/)
  })
})
