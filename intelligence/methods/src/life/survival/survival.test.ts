import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { normalCdf, scaledTail } from '../../distributions/normal.ts'
import { coxSurvival, fitCox } from './cox.ts'
import { kaplanMeier } from './kaplan-meier.ts'
import { fitWeibull, weibayes, weibullRemaining, weibullSurvival } from './weibull.ts'

const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`)
const code = (wanted: string) => (error: unknown) => error instanceof MillwrightError && error.code === wanted
const allFailed = (time: number[]) => ({ time: Float64Array.from(time), failed: new Uint8Array(time.length).fill(1) })

// Freireich et al. 1963, remission of leukemia in weeks, as lifelines' load_leukemia has it: time, status, sex, logWBC, Rx (0 = 6-MP).
const LEUKEMIA: readonly (readonly [number, number, number, number, number])[] = [
  [35, 0, 1, 1.45, 0],
  [34, 0, 1, 1.47, 0],
  [32, 0, 1, 2.2, 0],
  [32, 0, 1, 2.53, 0],
  [25, 0, 1, 1.78, 0],
  [23, 1, 1, 2.57, 0],
  [22, 1, 1, 2.32, 0],
  [20, 0, 1, 2.01, 0],
  [19, 0, 0, 2.05, 0],
  [17, 0, 0, 2.16, 0],
  [16, 1, 1, 3.6, 0],
  [13, 1, 0, 2.88, 0],
  [11, 0, 0, 2.6, 0],
  [10, 0, 0, 2.7, 0],
  [10, 1, 0, 2.96, 0],
  [9, 0, 0, 2.8, 0],
  [7, 1, 0, 4.43, 0],
  [6, 0, 0, 3.2, 0],
  [6, 1, 0, 2.31, 0],
  [6, 1, 1, 4.06, 0],
  [6, 1, 0, 3.28, 0],
  [23, 1, 1, 1.97, 1],
  [22, 1, 0, 2.73, 1],
  [17, 1, 0, 2.95, 1],
  [15, 1, 0, 2.3, 1],
  [12, 1, 0, 1.5, 1],
  [12, 1, 0, 3.06, 1],
  [11, 1, 0, 3.49, 1],
  [11, 1, 0, 2.12, 1],
  [8, 1, 0, 3.52, 1],
  [8, 1, 0, 3.05, 1],
  [8, 1, 0, 2.32, 1],
  [8, 1, 1, 3.26, 1],
  [5, 1, 1, 3.49, 1],
  [5, 1, 0, 3.97, 1],
  [4, 1, 1, 4.36, 1],
  [4, 1, 1, 2.42, 1],
  [3, 1, 1, 4.01, 1],
  [2, 1, 1, 4.91, 1],
  [2, 1, 1, 4.48, 1],
  [1, 1, 1, 2.8, 1],
  [1, 1, 1, 5, 1],
]
const column = (at: number, rows = LEUKEMIA) => Float64Array.from(rows, (row) => row[at]!)
const lifetimes = (rows = LEUKEMIA) => ({ time: column(0, rows), failed: Uint8Array.from(rows, (row) => row[1]) })
const treated = LEUKEMIA.filter((row) => row[4] === 0)

describe('Weibull lifetimes', () => {
  it('finds the published fit of 23 ball bearings (Lieblein and Zelen 1956)', () => {
    const bearings = [
      17.88, 28.92, 33, 41.52, 42.12, 45.6, 48.48, 51.84, 51.96, 54.12, 55.56, 67.8, 68.64, 68.64, 68.88, 84.12, 93.12,
      98.64, 105.12, 105.84, 127.92, 128.04, 173.4,
    ]
    const fit = fitWeibull(allFailed(bearings))
    // Shape 2.102, scale 81.88, log-likelihood -113.691 in the literature; digits and errors by lifelines 0.30.3.
    near(fit.shape, 2.1020588, 1e-5)
    near(fit.scale, 81.8782984, 1e-4)
    near(fit.logLikelihood, -113.6912909, 1e-6)
    near(fit.shapeError, 0.328687, 1e-5)
    near(fit.scaleError, 8.60044, 1e-4)
  })

  it('takes machines that still run into account (values by lifelines 0.30.3)', () => {
    const fit = fitWeibull(lifetimes(treated))
    near(fit.shape, 1.3537316, 1e-5)
    near(fit.scale, 33.7651943, 1e-4)
    near(fit.logLikelihood, -41.6586785, 1e-6)
    near(fit.shapeError, 0.376876, 1e-5)
    near(fit.scaleError, 9.230386, 1e-4)
  })

  it('does not depend on the unit of time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0.1, max: 100, noNaN: true }), fc.boolean()), {
          minLength: 4,
          maxLength: 30,
        }),
        fc.double({ min: 1e-3, max: 1e4, noNaN: true }),
        (rows, factor) => {
          const time = Float64Array.from(rows, ([each]) => each)
          const failed = Uint8Array.from(rows, ([, each], at) => (each || at < 2 ? 1 : 0))
          fc.pre(Math.abs(Math.log(time[0]! / time[1]!)) > 1e-2)
          const hours = fitWeibull({ time, failed })
          const other = fitWeibull({ time: time.map((each) => each * factor), failed })
          near(other.shape / hours.shape, 1, 1e-6)
          near(other.scale / (hours.scale * factor), 1, 1e-6)
        },
      ),
    )
  })

  it('says what it cannot use', () => {
    assert.throws(() => fitWeibull(allFailed([5, 5, 5])), code('MW-LIFE-0007'))
    assert.throws(() => fitWeibull(allFailed([5])), code('MW-LIFE-0006'))
    assert.throws(() => fitWeibull(allFailed([5, -1, 4])), code('MW-LIFE-0006'))
    assert.throws(() => fitWeibull(allFailed([5, Number.NaN, 4])), code('MW-LIFE-0006'))
  })

  it('takes the scale alone for a known shape: at the fitted shape it is the fitted scale', () => {
    near(weibayes(lifetimes(treated), fitWeibull(lifetimes(treated)).shape).scale, 33.7651943, 1e-4)
    // Shape 1 is the exponential distribution: total time over failures.
    near(weibayes({ time: Float64Array.of(100, 300, 200), failed: Uint8Array.of(1, 1, 0) }, 1).scale, 300, 1e-9)
  })

  it('gives what remains at an age', () => {
    const life = { shape: 2, scale: 100 }
    near(weibullRemaining(life, 50, 30), weibullSurvival(life, 80) / weibullSurvival(life, 50), 1e-12)
  })
})

describe('Kaplan and Meier', () => {
  it('gives the textbook curve of the 6-MP group (Klein and Moeschberger 2003, table 4.1B)', () => {
    const steps = kaplanMeier(lifetimes(treated))
    assert.deepEqual(
      steps.map(({ time, atRisk, failures }) => [time, atRisk, failures]),
      [
        [6, 21, 3],
        [7, 17, 1],
        [10, 15, 1],
        [13, 12, 1],
        [16, 11, 1],
        [22, 7, 1],
        [23, 6, 1],
      ],
    )
    const survival = [0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448]
    const errors = [0.076, 0.087, 0.096, 0.107, 0.114, 0.128, 0.135]
    steps.forEach((step, at) => {
      near(step.survival, survival[at]!, 6e-4)
      near(step.error, errors[at]!, 6e-4)
    })
  })
})

describe('proportional hazards', () => {
  it('gives the published hazard ratio, with ties as Breslow and as Efron (R survival: 1.509, 1.572; digits by statsmodels)', () => {
    const breslow = fitCox(lifetimes(), ['Rx'], [column(4)], 'breslow')
    near(breslow.coefficients[0]!, 1.50919141, 1e-6)
    near(breslow.errors[0]!, 0.40956441, 1e-6)
    near(breslow.logLikelihood, -86.37962207, 1e-6)
    const efron = fitCox(lifetimes(), ['Rx'], [column(4)])
    near(efron.coefficients[0]!, 1.57212515, 1e-6)
    near(efron.errors[0]!, 0.41239672, 1e-6)
    near(efron.logLikelihood, -85.00842457, 1e-6)
  })

  it('weighs several covariates at once (values by statsmodels PHReg)', () => {
    const covariates = [column(4), column(3), column(2)]
    const efron = fitCox(lifetimes(), ['Rx', 'logWBC', 'sex'], covariates)
    ;[1.50359121, 1.68194241, 0.31467805].forEach((value, at) => {
      near(efron.coefficients[at]!, value, 1e-6)
    })
    ;[0.46151267, 0.33658355, 0.45451155].forEach((value, at) => {
      near(efron.errors[at]!, value, 1e-6)
    })
    const breslow = fitCox(lifetimes(), ['Rx', 'logWBC', 'sex'], covariates, 'breslow')
    ;[1.39087666, 1.5936188, 0.26317062].forEach((value, at) => {
      near(breslow.coefficients[at]!, value, 1e-6)
    })
  })

  it('a machine with the mean covariates follows the baseline, one at higher risk falls faster', () => {
    const fit = fitCox(lifetimes(), ['Rx'], [column(4)])
    assert.ok(coxSurvival(fit, [1], 10) < coxSurvival(fit, [0], 10))
    assert.equal(coxSurvival(fit, [0], 0.5), 1)
  })

  it('says when a covariate separates, repeats, is constant or missing', () => {
    const four = { time: Float64Array.of(1, 2, 3, 4), failed: Uint8Array.of(1, 1, 0, 0) }
    assert.throws(() => fitCox(four, ['x'], [Float64Array.of(1, 1, 0, 0)]), code('MW-LIFE-0007'))
    assert.throws(() => fitCox(lifetimes(), ['a', 'b'], [column(4), column(4)]), code('MW-LIFE-0007'))
    assert.throws(() => fitCox(four, ['x'], [Float64Array.of(1, 1, 1, 1)]), code('MW-LIFE-0006'))
    assert.throws(() => fitCox(four, ['x'], [Float64Array.of(1, 2, Number.NaN, 1)]), code('MW-LIFE-0006'))
  })
})

describe('the normal distribution', () => {
  it('has the values of the tables (Abramowitz and Stegun, table 26.1; tails by scipy)', () => {
    near(normalCdf(0), 0.5, 1e-15)
    near(normalCdf(1.96), 0.97500210485178, 1e-13)
    near(normalCdf(-1), 0.158655253931457, 1e-13)
    near(normalCdf(-3.5) / 2.3262907903552504e-4, 1, 1e-11)
    near(Math.log(scaledTail(40)), -804.6084420137538 + 800, 1e-11)
    near(scaledTail(1), Math.exp(0.5) * 0.158655253931457, 1e-13)
  })
})
