import type { ServiceReport } from '@millwright/contracts'
import { DAY, HOUR, MillwrightError, parseTime } from '@millwright/foundation'
import { looksLikeCounter, type Measure, toPeriods, trainBaseline } from '@millwright/methods/energy'
import { trainForecast } from '@millwright/methods/forecast'
import type { Progress } from '@millwright/methods/progress'
import type { KindWork, Settings, Trained, TrainingData } from '../kind.ts'
import { reportOf } from '../report.ts'
import { utcOffsetAt } from './local-time.ts'
import {
  columnNames,
  type EnergyModel,
  energyGrid,
  energyMeasure,
  inputOf,
  readEnergyModel,
  writeEnergyModel,
} from './model.ts'
import { rowsUntil } from './rows.ts'
import { EnergyScorer } from './scorer.ts'
import { ENERGY_STEP, energyInputs, energySettings } from './settings.ts'

export const energyWork: KindWork = {
  train,
  scorer: (model, { plan, settings }) => new EnergyScorer(readEnergyModel(model), plan, settings),
}

const DRAWN = 400

function train(data: TrainingData, settings: Settings, progress: Progress): Trained {
  const { period: kind, timeZone, baselineUntil } = energySettings(settings)
  const { plan, machine } = data
  const period = kind === 'hour' ? HOUR : DAY
  const utcOffset = utcOffsetAt(timeZone, data.to)
  const { measure, factor } = energyMeasure(plan)
  const grid = energyGrid(machine.grid, plan, factor)
  const temperature = inputOf(settings, 'temperature')
  const flow = inputOf(settings, 'flow')
  const measures = grid.columns.map((column, i): Measure => {
    if (i === 0) return measure
    return i !== temperature && looksLikeCounter(column) ? 'counter' : 'mean'
  })
  const table = toPeriods(grid, measures, ENERGY_STEP, period, utcOffset)
  const until = Math.min(data.to, parseTime(baselineUntil) ?? data.to)
  const before = rowsUntil(table, until)
  const names = columnNames(plan)
  const drivers = energyInputs(settings).flatMap(({ roles }, i) =>
    roles.some((role) => role === 'production' || role === 'driver') ? [names[i]!] : [],
  )
  progress(0.1, 'baseline')
  const { model: baseline, report } = trainBaseline(before, {
    energy: names[0]!,
    drivers,
    ...(temperature === undefined ? {} : { temperature: names[temperature]! }),
  })
  const forecast = forecastOf(table, period, utcOffset, (fraction) => progress(0.2 + 0.8 * fraction, 'load forecast'))
  const rows = evenly(before.times.length)
  const model: EnergyModel = {
    kind: 'energy',
    baseline,
    report,
    from: data.from,
    to: until,
    period,
    utcOffset,
    measures,
    factor,
    drawn: {
      energy: Float64Array.from(rows, (i) => finite(before.columns[0]![i]!)),
      drivers: drawnNames(baseline).map((name) =>
        Float64Array.from(rows, (i) => finite(before.columns[names.indexOf(name)]![i]!)),
      ),
    },
    forecast: forecast?.model,
  }
  return { model: writeEnergyModel(model), report: reportFor(data, model, flow, forecast?.report) }
}

/** Of the drivers that stayed, the temperature first. */
export const drawnNames = ({ temperature, shape, drivers }: EnergyModel['baseline']): string[] => [
  ...(temperature === undefined || shape === 'none' ? [] : [temperature]),
  ...drivers,
]

/** A model file holds no NaN in numbers, but arrays may; the eye needs points only where both are known. */
const finite = (value: number): number => (Number.isFinite(value) ? value : Number.NaN)

function evenly(count: number): number[] {
  const stride = Math.max(1, count / DRAWN)
  return Array.from({ length: Math.min(count, DRAWN) }, (_, i) => Math.floor(i * stride))
}

function forecastOf(
  table: { times: Float64Array; columns: readonly Float64Array[] },
  period: number,
  utcOffset: number,
  progress: (fraction: number) => void,
) {
  const start = (table.times[0] ?? 0) - period
  try {
    return trainForecast(
      { start, step: period, values: table.columns[0]!.slice() },
      { horizon: period === HOUR ? 48 : 14, utcOffset },
      progress,
    )
  } catch (error) {
    // Too little history for a forecast is no reason to have no baseline.
    if (error instanceof MillwrightError) return undefined
    throw error
  }
}

function reportFor(
  { machine, plan }: TrainingData,
  { report, period }: EnergyModel,
  flow: number | undefined,
  forecast: { readonly rmse: number; readonly againstNaive: number } | undefined,
): ServiceReport {
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`
  const each = period === HOUR ? 'hours' : 'days'
  const effects = report.terms
    .slice(1)
    .map(({ name, coefficient }) => `${Number(coefficient.toPrecision(3))} kWh for each ${name}`)
  const names = columnNames(plan)
  const rows = (i: number) =>
    machine.grid.columns[i]!.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0)
  const left = new Map(report.driversLeftOut.map(({ name, reason }) => [name, reason]))
  return reportOf({
    summary: `Learnt what ${machine.name} uses from ${report.rows} ${each}: ${Number(report.terms[0]!.coefficient.toPrecision(3))} kWh of base load${effects.length === 0 ? '' : `, and ${effects.join(', ')}`}. It explains ${percent(Math.max(0, report.r2))} of the variation.`,
    used: names.flatMap((name, i) =>
      left.has(name) ? [] : [{ name, rows: rows(i), ...(i === flow ? { note: 'for leaks only' } : {}) }],
    ),
    leftOut: report.driversLeftOut.map(({ name, reason }) => ({ what: name, reason })),
    validation:
      forecast === undefined
        ? null
        : {
            split: 'load forecast: the newest quarter of the span',
            figures: [
              { name: 'RMSE', value: forecast.rmse, unit: 'kW.h' },
              { name: 'against the same period of the day before', value: forecast.againstNaive, unit: '1' },
            ],
          },
    figures: [
      { name: 'R²', value: report.r2, unit: '1', about: 'Share of the variation that the drivers explain' },
      {
        name: 'CV(RMSE)',
        value: report.cvRmse,
        unit: '1',
        about: 'Error of a period as a share of the mean (ASHRAE Guideline 14)',
      },
      { name: 'F', value: report.f, unit: '1', about: 'Of all drivers together' },
      {
        name: 'autocorrelation',
        value: report.autocorrelation,
        unit: '1',
        about: 'Of neighbouring errors; it widens the uncertainty of sums',
      },
    ],
    notes: [
      ...report.doubts,
      ...(report.rowsLeftOut > 0 ? [`${report.rowsLeftOut} ${each} had gaps and were left out.`] : []),
      ...(forecast === undefined ? ['The history is too short for a load forecast.'] : []),
    ],
    details: { terms: [...report.terms], shape: report.shape, points: [...report.points] },
  })
}
