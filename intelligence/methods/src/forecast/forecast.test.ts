import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY, HOUR, MINUTE, MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { createForecaster, readForecastModel, stepOf, toSeries, trainForecast, writeForecastModel } from './index.ts'
import { fitLinear } from './linear.ts'
import { seasonsOf } from './seasons.ts'
import { extendSmoothing, smooth } from './smoothing.ts'
import { windowMoments } from './windows.ts'

const START = 1.7e15 - (1.7e15 % DAY)
/** A repeatable wobble, even between -1 and 1. */
const wobble = (i: number) => {
  const x = Math.sin(i * 12.9898) * 43758.5453
  return 2 * (x - Math.floor(x)) - 1
}
/** A plant's load by hours: two shifts on weekdays, noise, a slow drift. */
const load = (hours: number) =>
  Float64Array.from({ length: hours }, (_, i) => {
    const weekday = Math.floor(i / 24) % 7 < 5
    const shift = i % 24 >= 6 && i % 24 < 22
    return 40 + (weekday && shift ? 100 : 0) + 8 * wobble(i) + i / 200
  })
const series = (values: Float64Array) => ({ start: START, step: HOUR, values })
const code = (wanted: string) => (error: unknown) => error instanceof MillwrightError && error.code === wanted

describe('a forecast', () => {
  const values = load(24 * 7 * 16)
  const cut = values.length - 24 * 14
  const { model, report } = trainForecast(series(values.slice(0, cut)), { horizon: 48 })
  const forecaster = createForecaster(model)
  const origins = Array.from({ length: 24 * 12 }, (_, i) => cut + i)
  const forecasts = origins.map((end) => forecaster.forecast(values.subarray(0, end), START + end * HOUR)!)
  const eachError = (f: (error: number, i: number, h: number) => void) =>
    forecasts.forEach(({ mean }, i) => {
      mean.forEach((value, h) => {
        f(values[origins[i]! + h]! - value, i, h)
      })
    })

  it('sees the week coming, close to the noise that nobody can know', () => {
    let squares = 0
    eachError((error) => {
      squares += error * error
    })
    // Even noise of ±8 has a standard deviation of 4.62; last week's value would miss by √2 of that at least.
    const rmse = Math.sqrt(squares / (origins.length * 48))
    assert.ok(rmse < 6, `${rmse}`)
    assert.deepEqual(report.seasons, [24, 168])
    assert.ok(report.againstNaive < 0.9, `${report.againstNaive}`)
  })

  it('holds the truth in its band about as often as it says', () => {
    let held = 0
    forecasts.forEach(({ low, high }, i) => {
      low.forEach((value, h) => {
        const truth = values[origins[i]! + h]!
        if (truth >= value && truth <= high[h]!) held++
      })
    })
    const share = held / (origins.length * 48)
    assert.ok(share > 0.84 && share < 0.97, `${share}`)
  })

  it('says what it was made of and how it was judged: the newest part, never random rows', () => {
    assert.ok(report.validatedFrom > report.trainedFrom && report.validatedTo === START + cut * HOUR)
    assert.ok(report.members.length >= 6)
    const weights = report.members.reduce((sum, { weight }) => sum + weight, 0)
    assert.ok(Math.abs(weights - 1) < 1e-9)
    assert.ok(report.rmse <= Math.min(...report.members.map(({ rmse }) => rmse)) * 1.02)
  })

  it('is the same after a file', () => {
    const again = createForecaster(readForecastModel(writeForecastModel(model)))
    assert.deepEqual(again.forecast(values.subarray(0, cut), START + cut * HOUR), forecasts[0])
  })

  it('lives with gaps, and gives none when most of the context is missing', () => {
    const holed = values.slice(0, cut)
    for (let i = cut - 300; i < cut; i += 7) holed[i] = Number.NaN
    const { mean } = forecaster.forecast(holed, START + cut * HOUR)!
    assert.ok(mean.every((value, h) => Math.abs(value - forecasts[0]!.mean[h]!) < 25))
    assert.equal(forecaster.forecast(values.slice(0, cut).fill(Number.NaN, cut - 400), START + cut * HOUR), undefined)
    assert.equal(forecaster.forecast(values.subarray(0, 20), START + 20 * HOUR), undefined)
  })

  it('says when it is outside of what it was trained on, and when the sensor seems stuck', () => {
    const wrongUnit = values.slice(0, cut)
    for (let i = cut - 12; i < cut; i++) wrongUnit[i]! *= 1000
    assert.match(
      forecaster.forecast(wrongUnit, START + cut * HOUR)!.outside!,
      /outside of what the model was trained on/,
    )
    assert.match(forecaster.forecast(values.slice(0, cut).fill(60, cut - 90), START + cut * HOUR)!.outside!, /stuck/)
    assert.equal(forecasts[0]!.outside, undefined)
  })

  it('learns from a history with gaps', () => {
    const holed = values.map((value, i) => (i % 11 === 0 || (i > 500 && i < 800) ? Number.NaN : value))
    const { report } = trainForecast(series(holed), { horizon: 24, trees: false })
    assert.ok(report.missing > 0.1 && report.againstNaive < 1)
  })

  it('never forecasts a count below zero', () => {
    const pieces = values.map((_, i) => (i % 24 >= 8 && i % 24 < 16 ? Math.round(10 + 8 * wobble(i)) : 0))
    const { model } = trainForecast(series(pieces), { horizon: 24, trees: false })
    const { mean, low } = createForecaster(model).forecast(pieces, START + pieces.length * HOUR)!
    assert.ok([...mean, ...low].every((value) => value >= 0))
  })

  it('repeats what repeats exactly, and extends what rises', () => {
    const exact = Float64Array.from({ length: 600 }, (_, i) => i % 12)
    const repeated = createForecaster(trainForecast(series(exact), { horizon: 12 }).model)
    repeated.forecast(exact, START + 600 * HOUR)!.mean.forEach((value, h) => {
      assert.ok(Math.abs(value - (h % 12)) < 0.2, `${value} at ${h}`)
    })
    const rising = Float64Array.from({ length: 400 }, (_, i) => 5 + i + wobble(i))
    const { mean } = createForecaster(trainForecast(series(rising), { horizon: 10 }).model).forecast(
      rising,
      START + 400 * HOUR,
    )!
    assert.ok(Math.abs(mean[9]! - 414) < 5, `${mean[9]}`)
  })

  it('refuses three rows, a constant, nothing at all, shuffled time, impossible settings, each in a sentence', () => {
    assert.throws(() => trainForecast(series(Float64Array.of(1, 2, 3))), code('MW-FORECAST-0002'))
    assert.throws(() => trainForecast(series(new Float64Array(500).fill(Number.NaN))), code('MW-FORECAST-0002'))
    assert.throws(() => trainForecast(series(new Float64Array(500).fill(7))), code('MW-FORECAST-0003'))
    assert.throws(() => toSeries(Float64Array.of(3, 2, 1), Float64Array.of(1, 1, 1)), code('MW-FORECAST-0001'))
    assert.throws(() => toSeries(Float64Array.of(0, 1e15), Float64Array.of(1, 1), MINUTE), code('MW-FORECAST-0004'))
    assert.throws(() => trainForecast(series(values), { horizon: 5000 }), code('MW-FORECAST-0005'))
    assert.throws(
      () => readForecastModel(writeForecastModel({ ...model, below: new Float64Array(3) })),
      code('MW-FORECAST-0006'),
    )
  })

  it('trains or says why not, on whatever numbers there are', () => {
    const cell = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(Number.NaN), fc.constant(0))
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 120 }), (cells) => {
        try {
          const { model } = trainForecast(series(Float64Array.from(cells)), { horizon: 4 })
          const forecast = createForecaster(model).forecast(Float64Array.from(cells), START)
          assert.ok(forecast === undefined || forecast.mean.every(Number.isFinite))
        } catch (error) {
          assert.ok(error instanceof MillwrightError, String(error))
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('its parts', () => {
  it('smooth as statsmodels does', () => {
    // statsmodels 0.13.5, ExponentialSmoothing (additive, damped), the same first state: α .3, β .05, γ .2, φ .95.
    // biome-ignore format: a table
    const y = Float64Array.of(30, 21, 29, 31, 40, 48, 53, 47, 37, 39, 31, 29, 17, 9, 20, 24, 27, 35, 41, 38, 27, 31, 27, 26, 21, 13, 21, 18, 33, 35, 40, 36, 22, 24, 21, 20, 17, 14, 17, 19, 26, 29, 40, 31, 20, 24, 18, 26, 17, 9, 17, 21, 28, 32, 46, 33, 23, 28, 22, 27, 18, 8, 17, 21, 31, 34, 44, 38, 31, 30, 26, 32)
    const settings = { season: 12, alpha: 0.3, beta: 0.05, gamma: 0.2, phi: 0.95 }
    const run = smooth(settings, y)
    assert.ok(Math.abs(run.error - 491.7601026977) < 1e-6, `${run.error}`)
    const out = new Float64Array(14)
    extendSmoothing(settings, run, out)
    // biome-ignore format: a table
    const theirs = [21.79816717, 13.94376559, 22.25617714, 25.23331291, 33.49248988, 38.55672604, 47.59300533, 40.77308358, 31.01921186, 33.74549863, 28.84154192, 30.43835372, 23.20827936, 15.28337218]
    theirs.forEach((value, h) => {
      // At exactly one season ahead 0.13.5 takes the season from before the last value updated it.
      const theirSeason = h === 11 ? 0.2 * 4.35139272 : 0
      assert.ok(Math.abs(out[h]! - theirSeason - value) < 1e-6, `${out[h]} is not ${value}`)
    })
  })

  it('take the same normal equations from the Hankel structure as from every window', () => {
    const segment = fc.float64Array({ min: -3, max: 3, noNaN: true, noDefaultInfinity: true, maxLength: 40 })
    fc.assert(
      fc.property(
        fc.array(segment, { maxLength: 3 }),
        fc.integer({ min: 2, max: 6 }),
        fc.integer({ min: 1, max: 5 }),
        (segments, L, H) => {
          const { xx, yx, windows } = windowMoments(segments, L, H)
          const plain = { xx: new Float64Array(L * L), yx: new Float64Array(H * L), windows: 0 }
          for (const z of segments)
            for (let t = 0; t + L + H <= z.length; t++) {
              plain.windows++
              const mean = z.subarray(t, t + L).reduce((sum, value) => sum + value, 0) / L
              for (let i = 0; i < L; i++) {
                for (let j = 0; j < L; j++) plain.xx[i * L + j]! += (z[t + i]! - mean) * (z[t + j]! - mean)
                for (let h = 0; h < H; h++) plain.yx[h * L + i]! += (z[t + L + h]! - mean) * (z[t + i]! - mean)
              }
            }
          assert.equal(windows, plain.windows)
          xx.forEach((value, i) => {
            assert.ok(Math.abs(value - plain.xx[i]!) < 1e-8)
          })
          yx.forEach((value, i) => {
            assert.ok(Math.abs(value - plain.yx[i]!) < 1e-8)
          })
        },
      ),
    )
  })

  it('find the recurrence of a series without noise', () => {
    // Every series a·sin(ωt + p) + c follows x(t+1) = 2cos(ω)·x(t) - x(t-1) + const: three values say the fourth.
    const wave = Float64Array.from({ length: 300 }, (_, i) => Math.sin(i * 0.7))
    const { weights } = fitLinear(windowMoments([wave], 3, 1), 0)
    const t = 1000
    const x = [t, t + 1, t + 2].map((i) => Math.sin(i * 0.7))
    const mean = (x[0]! + x[1]! + x[2]!) / 3
    const next = mean + x.reduce((sum, value, i) => sum + weights[i]! * (value - mean), 0)
    assert.ok(Math.abs(next - Math.sin((t + 3) * 0.7)) < 1e-6)
  })

  it('find the day and the week, a machine’s own cycle, and none in noise or a drift', () => {
    assert.deepEqual(seasonsOf(load(24 * 7 * 8), HOUR), [24, 168])
    const cycle = Float64Array.from({ length: 900 }, (_, i) => Math.sin((i / 37) * 2 * Math.PI) + 0.3 * wobble(i))
    assert.deepEqual(seasonsOf(cycle, MINUTE), [37])
    const noise = Float64Array.from({ length: 3000 }, (_, i) => wobble(i))
    assert.deepEqual(seasonsOf(noise, MINUTE), [])
    assert.deepEqual(
      seasonsOf(
        noise.map((value, i) => i / 10 + value),
        MINUTE,
      ),
      [],
    )
  })

  it('find the step of irregular readings and take the mean of each', () => {
    const times = Float64Array.from({ length: 50 }, (_, i) => START + i * 5 * MINUTE + 20e6 * wobble(i)).sort()
    assert.equal(stepOf(times), 5 * MINUTE)
    const { values, start } = toSeries(
      Float64Array.of(START, START + 1, START + 3 * HOUR),
      Float64Array.of(1, 3, 5),
      HOUR,
    )
    assert.deepEqual([...values], [2, Number.NaN, Number.NaN, 5])
    assert.equal(start, START)
  })
})
