import type { ServiceReport } from '@millwright/contracts'
import type { Progress } from '@millwright/methods/progress'
import { type PartReport, rankCauses, trainParts, writePartModel } from '@millwright/methods/quality'
import type { Settings, Trained, TrainingData } from '../kind.ts'
import { reportOf } from '../report.ts'
import { partHistory } from './history.ts'
import { layoutOf, qualitySettings } from './settings.ts'

/** Causes that the report keeps. */
const CAUSES = 30

export function train(data: TrainingData, given: Settings, progress: Progress): Trained {
  const settings = qualitySettings(given)
  const { series } = data.machine
  const layout = layoutOf(settings, data.plan)
  if (series.length !== data.plan.inputs.length)
    throw new Error('One of the signals is neither a number nor a state; choose signals of which every reading is one.')
  const { table, results } = partHistory(layout, settings, series)
  const { lower, upper, miss, falseReject, learn } = settings
  progress(0.02, 'aligning signals by part')
  const { model, report } = trainParts(
    table.features,
    { task: learn, results, limits: { lower, upper }, costs: { miss, falseReject } },
    (part, stage) => progress(0.02 + 0.9 * part, stage),
  )
  progress(0.93, 'ranking what drives the result')
  const causes = rankCauses(model, table.features, results).slice(0, CAUSES)
  const { unit } = data.plan.inputs[layout.result]!
  return {
    model: writePartModel(model),
    report: reportOf({
      summary: summaryOf(report, learn),
      used: layout.stations.map(({ name }) => ({ name, rows: report.parts })),
      leftOut: [
        ...(table.incomplete > 0
          ? [{ what: `${table.incomplete} parts`, reason: 'They did not pass all stations within the span.' }]
          : []),
        ...(report.unknown > 0 ? [{ what: `${report.unknown} parts`, reason: 'No result is known of them.' }] : []),
        ...report.table.inputsLeftOut.map((what) => ({ what, reason: 'It is constant or missing throughout.' })),
      ],
      figures: figuresOf(report, unit),
      notes:
        report.trial === undefined
          ? ['There were too few parts to try decisions on some that were not learnt from.']
          : [],
      details: { causes: causes.map(finite), unit, bad: report.bad, threshold: report.threshold },
    }),
  }
}

function summaryOf({ parts, bad, trial }: PartReport, learn: 'value' | 'verdict'): string {
  const from = `Learnt from ${parts} parts, ${bad} of them rejects.`
  if (trial === undefined) return from
  const tried =
    trial.bad === 0
      ? `Among the last ${trial.parts} there was no reject, and ${trial.falseRejects} good parts would have been taken out.`
      : `Of the ${trial.bad} rejects among the last ${trial.parts} it would have caught ${trial.caught}, with ${trial.falseRejects} false rejects.`
  return `${from} ${tried}${learn === 'value' && trial.covered !== undefined ? ` ${Math.round(100 * trial.covered)} % of the values lay within their intervals.` : ''}`
}

function figuresOf({ trial, threshold, table }: PartReport, unit: string): ServiceReport['figures'] {
  const figure = (name: string, value: number | undefined, about: string, its = '1') =>
    value === undefined || !Number.isFinite(value) ? [] : [{ name, value, unit: its, about }]
  const tried = 'On the last quarter of the parts, by a model of the others'
  return [
    ...figure('caught rejects', trial?.caught, `${tried}; of ${trial?.bad ?? 0}`),
    ...figure('false rejects', trial?.falseRejects, tried),
    ...figure('cost', trial?.cost, `${tried}; ${trial?.costWithout ?? 0} without decisions`),
    ...figure('error', trial?.rmse, `Root mean square. ${tried}`, unit),
    ...figure('coverage', trial?.covered, `Share of values within their intervals. ${tried}`),
    ...figure('F1', table.f1, 'Out of fold, folds by time'),
    ...figure('threshold', threshold, 'Probability of a reject at which a part is taken out, by the costs'),
  ]
}

/** No JSON holds NaN. */
const finite = <T extends object>(each: T): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(each).map(([key, value]) => [
      key,
      typeof value === 'number' && !Number.isFinite(value) ? null : value,
    ]),
  )
