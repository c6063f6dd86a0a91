import type { ServiceReport } from '@millwright/contracts'
import { type PrognosisReport, trainPrognosis, weibullMean, writePrognosis } from '@millwright/methods/life'
import type { Progress } from '@millwright/methods/progress'
import type { MachineHistory, Settings, Trained, TrainingData } from '../kind.ts'
import { reportOf } from '../report.ts'
import { type LifeSettings, lifeSettings, limitOf } from './settings.ts'
import { spanUnit } from './words.ts'

/** A label tells of a wear: its end is the end of a life. What was called wrong was none. */
const endsOf = ({ labels }: TrainingData): number[] =>
  labels.flatMap(({ to, verdict }) => (verdict === 'wrong' ? [] : [to]))

export function trainLifeService(data: TrainingData, given: Settings, progress: Progress): Trained {
  const settings = lifeSettings(given)
  const limit = limitOf(settings)
  const { names } = data.machine.grid
  const same = ({ grid }: MachineHistory) => names.every((name) => grid.names.includes(name)) && grid.times.length > 0
  const sisters = data.others.filter(same)
  const used = (time: number) => time * settings.acceleration
  /** With the signals in one order, and on the axis of use instead of the clock. */
  const inUse = (grid: MachineHistory['grid'], wanted: readonly string[]) => ({
    times: grid.times.map(used),
    names: wanted,
    columns: wanted.map((name) => grid.columns[grid.names.indexOf(name)]!),
  })
  const { model, report } = trainPrognosis(
    [
      { unit: data.machine.id, frame: inUse(data.machine.grid, names), ends: endsOf(data).map(used) },
      ...sisters.map(({ id, grid }) => ({ unit: id, frame: inUse(grid, names), ends: [] })),
    ],
    {
      conditions: settings.conditions,
      ...(limit === undefined ? {} : { limit }),
      ...(settings.horizon > 0 ? { horizon: settings.horizon } : {}),
    },
    progress,
  )
  return { model: writePrognosis(model), report: reportFor(data, settings, sisters, report) }
}

function reportFor(
  data: TrainingData,
  settings: LifeSettings,
  sisters: readonly MachineHistory[],
  { lives, failures, horizon, rowsFailed, ageing, learned, notLearned }: PrognosisReport,
): ServiceReport {
  const { machine, others } = data
  const limit = limitOf(settings)
  const span = (hours: number) => {
    const of = spanUnit(hours)
    return `${Number((hours / of.hours).toPrecision(2))} ${of.name}`
  }
  const left = learned?.signalsLeftOut ?? []
  return reportOf({
    summary:
      learned === undefined
        ? `${machine.name} is followed by the trend of ${limit?.signal ?? 'its age'}${limit === undefined ? '' : ` towards ${limit.value}`}; its interval comes from the trend and is not calibrated on failures yet.`
        : `Learnt from ${failures} failures; on machines or lives held out it was wrong by ${span(learned.validation.meanAbsoluteHours)} on average.`,
    used: machine.grid.names
      .filter((name) => !left.includes(name))
      .map((name) => ({ name, rows: present(machine, name) })),
    leftOut: [
      ...left.map((what) => ({ what, reason: 'It does not change towards the failures.' })),
      ...others
        .filter((other) => !sisters.includes(other))
        .map(({ name }) => ({ what: name, reason: 'It has no signals of the same names with readings in this span.' })),
      ...(rowsFailed > 0
        ? [{ what: `${rowsFailed} steps beyond the limit`, reason: 'What is broken has no remaining life.' }]
        : []),
    ],
    validation:
      learned === undefined
        ? null
        : {
            split: `each machine held out once, in ${learned.validation.folds} folds`,
            figures: [
              { name: 'root mean square error', value: learned.validation.rmseHours, unit: 'h' },
              { name: 'mean error', value: learned.validation.meanAbsoluteHours, unit: 'h' },
              {
                name: 'truths in the interval',
                value: 100 * learned.validation.coverage,
                unit: '%',
                about: 'Wanted: 90 %',
              },
            ],
          },
    figures: [
      { name: 'lives', value: lives, unit: '1', about: 'Pieces of history between repairs' },
      { name: 'failures', value: failures, unit: '1' },
      { name: 'look-ahead', value: horizon, unit: 'h' },
      ...(ageing === undefined
        ? []
        : [
            { name: 'mean life', value: weibullMean(ageing), unit: 'h', about: 'By age alone' },
            {
              name: 'Weibull shape',
              value: ageing.shape,
              unit: '1',
              about: ageing.by === 'fit' ? 'Above 1: it wears' : 'Assumed: there are too few failures to fit it',
            },
          ]),
    ],
    charts: learned === undefined ? [] : [driversChart(learned.drivers)],
    notes: notLearned === undefined ? [] : [notLearned],
    details: { horizon, usualLife: ageing === undefined ? null : weibullMean(ageing), drivers: learned?.drivers ?? [] },
  })
}

const driversChart = (
  drivers: readonly { readonly name: string; readonly share: number }[],
): ServiceReport['charts'][number] => ({
  title: 'What the prediction rests on',
  style: 'bars',
  overTime: false,
  xName: 'signal',
  yName: 'share',
  x: drivers.slice(0, 12).map(({ name }) => name),
  lines: [{ name: 'share', y: drivers.slice(0, 12).map(({ share }) => share) }],
})

function present({ grid }: MachineHistory, name: string): number {
  let count = 0
  for (const value of grid.columns[grid.names.indexOf(name)] ?? []) if (!Number.isNaN(value)) count++
  return count
}
