import type { Micros } from '@millwright/foundation'
import type { Progress } from '../progress.ts'
import { candidates } from './candidates.ts'
import type { Fitted } from './context.ts'
import { forecastErrors } from './errors.ts'
import { fillGaps } from './gaps.ts'
import type { Series } from './grid.ts'
import { memberOf } from './members.ts'
import type { ForecastModel } from './model.ts'
import { seasonsOf } from './seasons.ts'
import { checkForecastSettings, type ForecastSettings, forecastDefaults } from './settings.ts'
import { type Validation, validate } from './validate.ts'

export interface ForecastReport {
  readonly steps: number
  readonly step: Micros
  /** Share of the steps without a reading. */
  readonly missing: number
  /** Periods found, in steps. */
  readonly seasons: readonly number[]
  readonly trainedFrom: Micros
  readonly validatedFrom: Micros
  readonly validatedTo: Micros
  readonly origins: number
  /** Root mean squared error over all leads on the validation part, with the mean weight in the ensemble. */
  readonly members: readonly { readonly name: string; readonly rmse: number; readonly weight: number }[]
  readonly rmse: number
  /** Error as a share of that of the seasonal naive forecast: above 1 it is not worth its name. */
  readonly againstNaive: number
  readonly leftOut: readonly string[]
  readonly refitted: boolean
}

/** Whatever brings less than this in every band of leads is dropped. */
const LEAST_WEIGHT = 0.02

/**
 * An ensemble of naive, smoothing, linear and tree forecasts, weighted by lead on the newest part of the history, with a conformal
 * interval for each lead.
 *
 * @throws MW-FORECAST-0002 when there is too little history, -0003 when the signal never changes, -0005 for wrong settings
 */
export function trainForecast(
  series: Series,
  given: Partial<ForecastSettings> = {},
  progress: Progress = () => {},
): { readonly model: ForecastModel; readonly report: ForecastReport } {
  const settings = { ...forecastDefaults, ...given }
  checkForecastSettings(settings)
  const { values, step, start } = series
  const { horizon } = settings
  const known = values.filter((value) => !Number.isNaN(value))
  const needed = Math.max(20, 3 * horizon)
  if (known.length < needed) throw forecastErrors.tooFew({ count: known.length, horizon, needed })
  const range = extremes(known)
  if (range[0] === range[1]) throw forecastErrors.constant({ value: range[0] })

  const cut = values.length - Math.max(Math.round(values.length * settings.validationShare), horizon + 8)
  const centre = mean(known)
  const scale = Math.sqrt(mean(known.map((value) => (value - centre) ** 2)))
  const scaled = values.map((value) => (value - centre) / scale)
  const seasons = seasonsOf(fillGaps(scaled.subarray(0, cut), 1, 3), step)
  const filled = fillGaps(scaled, seasons[0] ?? 1, 2 * (seasons[0] ?? 12))
  const context = { ...settings, seasons, step, start, raw: scaled, filled }

  const fitted = candidates(context, cut, (done, stage) => progress(done * 0.6, stage))
  const validation = validate(context, fitted, cut, (done) => progress(0.6 + done * 0.2, 'validation'))
  const kept = fitted
    .map((_, m) => m)
    .filter((m) => validation.bands.some((_, b) => validation.weights[b * fitted.length + m]! >= LEAST_WEIGHT))
  const chosen = kept.map((m) => fitted[m]!)
  const members = settings.refit
    ? chosen.map(({ refit }, i) => {
        progress(0.8 + (0.2 * i) / chosen.length, 'fit on all of the history')
        return refit(values.length)
      })
    : chosen.map(({ model }) => model)
  const model: ForecastModel = {
    kind: 'forecast',
    step,
    horizon,
    seasons,
    centre,
    scale,
    range,
    members,
    bands: validation.bands,
    weights: keptWeights(validation, fitted.length, kept),
    below: validation.below.map((value) => value * scale),
    above: validation.above.map((value) => value * scale),
    coverage: settings.coverage,
  }
  const naive = Math.min(...fitted.flatMap(({ model: { kind } }, m) => (kind === 'naive' ? [validation.rmse[m]!] : [])))
  return {
    model,
    report: {
      steps: values.length,
      step,
      missing: 1 - known.length / values.length,
      seasons,
      trainedFrom: start,
      validatedFrom: start + cut * step,
      validatedTo: start + values.length * step,
      origins: validation.origins,
      members: fitted.map((each, m) => ({
        name: memberOf(each.model, horizon).name,
        rmse: validation.rmse[m]! * scale,
        weight: mean(Float64Array.from(validation.bands, (_, b) => validation.weights[b * fitted.length + m]!)),
      })),
      rmse: validation.combined * scale,
      againstNaive: naive === 0 ? 1 : validation.combined / naive,
      leftOut: leftOut(settings, fitted),
      refitted: settings.refit,
    },
  }
}

function keptWeights({ bands, weights }: Validation, k: number, kept: readonly number[]): Float64Array {
  return Float64Array.from(
    bands.flatMap((_, b) => {
      const row = kept.map((m) => weights[b * k + m]!)
      const sum = row.reduce((total, weight) => total + weight, 0)
      return row.map((weight) => weight / sum)
    }),
  )
}

function leftOut({ lookBacks, trees }: ForecastSettings, fitted: readonly Fitted[]): string[] {
  const has = (lookBack: number) => fitted.some(({ model }) => model.kind === 'linear' && model.lookBack === lookBack)
  return [
    ...lookBacks
      .filter((lookBack) => !has(lookBack))
      .map((lookBack) => `linear on ${lookBack}: the history is too short for it`),
    ...(trees && !fitted.some(({ model }) => model.kind === 'trees') ? ['boosted trees: too few rows'] : []),
  ]
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

function extremes(values: Float64Array): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return [low, high]
}
