import { join } from 'node:path'
import {
  coverage,
  RecentErrors,
  regressionMeasures,
  type Table,
  tabularDefaults,
  tabularPredictor,
  takeRows,
  trainTabular,
} from '@millwright/methods/learning'
import type { AiContext, AiResult, AiScenario } from '../scenario.ts'
import { numbers, readColumns } from './read-table.ts'

const YEARS = [2011, 2012, 2013, 2014, 2015]
const TARGETS = ['CO', 'NOX', 'TEY'] as const
const LEAST_SQUARES = { CO: 0.23, NOX: 0.059, TEY: 0.95 }
/** Hours of a month, by which drift is judged; the rolling model is trained anew every third. */
const MONTH = 720
const REFIT_MONTHS = 3
/** Hours whose errors correct the next hour. */
const WEEK = 168

export const gasTurbine: AiScenario = {
  name: 'gas-turbine',
  about: 'gas turbine emissions and energy yield, hourly: trained on 2011-13, tested on 2014-15',
  pack: 'gas_turbine',
  run,
}

async function run({ data, log }: AiContext): Promise<AiResult> {
  const years = YEARS.map((year) => readColumns(join(data, 'gas_turbine', `gt_${year}.csv`)))
  const column = (name: string) => Float64Array.from(years.flatMap((each) => Array.from(numbers(each.get(name)!))))
  const inputs = [...years[0]!.keys()].filter((name) => !TARGETS.includes(name as 'CO'))
  const table: Table = { names: inputs, columns: inputs.map(column) }
  const trained = years.slice(0, 3).reduce((sum, each) => sum + each.get('CO')!.length, 0)
  const scores = []
  const notes = [
    'No target is an input of another. Folds are blocks of time within the training rows, a day left out between.',
    `Rolling: trained anew each ${REFIT_MONTHS * MONTH} test rows on all rows before them, by the same configuration.`,
    `Corrected: the truth of an hour is known when the next is predicted; the mean error of the last ${WEEK} hours is taken off.`,
  ]
  for (const name of TARGETS) {
    const { fixed, rolling, corrected, found, covered, coveredFixed } = follow(table, column(name), trained)
    log(
      `${name}: R² fixed ${fixed.r2.toFixed(3)}, rolling ${rolling.r2.toFixed(3)}, corrected ${corrected.r2.toFixed(3)}`,
    )
    const others = `least squares ${LEAST_SQUARES[name]}`
    scores.push(
      { measure: `${name}: R², model of 2011-13`, ours: fixed.r2, others },
      { measure: `${name}: R², rolling`, ours: rolling.r2 },
      { measure: `${name}: R², rolling, corrected by the errors of the last week`, ours: corrected.r2 },
      { measure: `${name}: RMSE gain by both, %`, ours: 100 * (1 - corrected.rmse / fixed.rmse) },
      { measure: `${name}: share that 90 % intervals hold, model of 2011-13`, ours: coveredFixed },
      { measure: `${name}: share that 90 % intervals hold, by the errors of the last month`, ours: covered },
    )
    notes.push(
      `${name}: drift ${found === undefined ? 'not found' : `found ${found} hours into the test`} (mean of a month's errors outside of four standard errors of the out-of-fold errors' monthly means).`,
    )
  }
  return {
    configuration: { ...tabularDefaults, refitRows: REFIT_MONTHS * MONTH, correctedBy: WEEK, intervalBy: MONTH },
    scores,
    notes,
  }
}

function follow(table: Table, target: Float64Array, trained: number) {
  const rows = target.length
  const fixed = new Float64Array(rows - trained)
  const rolling = new Float64Array(rows - trained)
  const corrected = new Float64Array(rows - trained)
  const margins = new Float64Array(rows - trained)
  const recent = new RecentErrors(MONTH, WEEK)
  const first = fit(table, target, trained)
  let now = first
  let found: number | undefined
  for (let from = trained; from < rows; from += MONTH) {
    const to = Math.min(rows, from + MONTH)
    const months = (from - trained) / MONTH
    if (months > 0 && months % REFIT_MONTHS === 0) now = fit(table, target, from)
    const test = Int32Array.from({ length: to - from }, (_, at) => from + at)
    const part = takeRows(table, test)
    const [old, fresh] = [first.predictor.table(part), now.predictor.table(part)]
    fixed.set(old, from - trained)
    rolling.set(fresh, from - trained)
    fresh.forEach((value, at) => {
      const place = from - trained + at
      const margin = recent.margin(0.9)
      corrected[place] = value + recent.offset
      margins[place] = Number.isFinite(margin) ? margin : first.margin
      recent.add(target[from + at]!, value)
    })
    const bias = old.reduce((sum, value, at) => sum + value - target[from + at]!, 0) / test.length
    if (found === undefined && test.length === MONTH && Math.abs(bias) > first.usual) found = to - trained
  }
  const truth = target.subarray(trained)
  const covers = (predicted: Float64Array, margin: (at: number) => number) =>
    coverage(
      truth,
      predicted.map((value, at) => value - margin(at)),
      predicted.map((value, at) => value + margin(at)),
    )
  return {
    fixed: regressionMeasures(truth, fixed),
    rolling: regressionMeasures(truth, rolling),
    corrected: regressionMeasures(truth, corrected),
    coveredFixed: covers(fixed, () => first.margin),
    covered: covers(corrected, (at) => margins[at]!),
    found,
  }
}

function fit(table: Table, target: Float64Array, rows: number) {
  const past = Int32Array.from({ length: rows }, (_, row) => row)
  const { model, report } = trainTabular(
    takeRows(table, past),
    target.slice(0, rows),
    { kind: 'regression' },
    { by: 'time', gap: 24 },
  )
  // Hours resemble their neighbours: a month is worth about as many independent errors as it has days.
  const usual = (4 * report.regression!.rmse) / Math.sqrt(MONTH / 24)
  return { predictor: tabularPredictor(model), margin: model.margin, usual }
}
