import type { ServiceReport } from '@millwright/contracts'
import { type AnomalyLabel, anomalyScorer, readAnomaly, trainAnomaly, writeAnomaly } from '@millwright/methods/anomaly'
import type { Progress } from '@millwright/methods/progress'
import { GridRows } from '../../scoring/grid-rows.ts'
import type { KindWork, Scorer, Settings, Trained, TrainingData, TrainingLabel } from '../kind.ts'
import { reportOf } from '../report.ts'
import { AnomalyRows } from './rows.ts'
import { anomalySettings } from './settings.ts'

export const anomalyWork: KindWork = { train, scorer: (model, { plan }) => scorerOf(model, new GridRows(plan)) }

function train(data: TrainingData, settings: Settings, progress: Progress): Trained {
  const { alarmsPerWeek, operating, smoothing } = anomalySettings(settings)
  const { model, report } = trainAnomaly(
    data.machine.grid,
    { alarmsPerWeek, operating: [...operating], smoothing },
    data.labels.flatMap(labelOf),
    progress,
  )
  const left = new Set(data.machine.grid.names).difference(new Set(report.signals))
  const days = (report.to - report.from) / 86_400e6
  return {
    model: writeAnomaly(model),
    report: reportOf({
      summary: `Learnt how ${data.machine.name} runs from ${report.rows} steps over ${days.toPrecision(2)} days, in ${report.modes} operating ${report.modes === 1 ? 'mode' : 'modes'}.`,
      used: report.signals.map((name) => ({ name, rows: rowsOf(data, name) })),
      leftOut: [...left].map((what) => ({
        what,
        reason: report.findings.find(({ text }) => text.includes(what))?.text ?? 'It has nothing to learn from.',
      })),
      validation: { split: report.validation, figures: [] },
      figures: [
        {
          name: 'threshold',
          value: report.threshold.on,
          unit: '1',
          about: 'Decimal digits of rarity from which it is an alarm',
        },
        { name: 'operating modes', value: report.modes, unit: '1' },
      ],
      notes: report.findings.map(({ text }) => text),
      details: { members: report.members, threshold: report.threshold } as ServiceReport['details'],
    }),
  }
}

/** What a person called wrong was normal after all; what it was instead is no less unusual. */
const labelOf = ({ from, to, verdict, what }: TrainingLabel): AnomalyLabel[] => [
  { from, to, verdict: verdict === 'wrong' ? 'normal' : 'anomaly', ...(what === '' ? {} : { what }) },
]

function rowsOf({ machine }: TrainingData, name: string): number {
  const column = machine.grid.columns[machine.grid.names.indexOf(name)]
  return column?.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0) ?? 0
}

function scorerOf(bytes: Uint8Array, grid: GridRows): Scorer {
  const scorer = anomalyScorer(readAnomaly(bytes))
  const rows = new AnomalyRows(scorer.signals)
  return {
    take(arrivals) {
      const frame = grid.take(arrivals)
      return frame.times.length === 0 ? { rows: [], episodes: [] } : rows.take(scorer.score(frame), frame)
    },
  }
}
