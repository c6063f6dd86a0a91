import { type AnomalyLabel, anomalyScorer, readAnomaly, trainAnomaly, writeAnomaly } from '@millwright/methods/anomaly'
import type { Progress } from '@millwright/methods/progress'
import { GridRows } from '../../scoring/grid-rows.ts'
import type { KindWork, Plan, Scorer, Settings, Trained, TrainingData, TrainingLabel } from '../kind.ts'
import { anomalyReport } from './report.ts'
import { AnomalyRows } from './rows.ts'
import { anomalySettings } from './settings.ts'

export const anomalyWork: KindWork = { train, scorer: (model, { plan }) => scorerOf(model, plan) }

/** Of the whole, looking at the history with the new model. */
const LOOKING = 0.1

function train(data: TrainingData, settings: Settings, progress: Progress): Trained {
  const { alarmsPerWeek, operating, smoothing } = anomalySettings(settings)
  const { model, report } = trainAnomaly(
    data.machine.grid,
    { alarmsPerWeek, operating: [...operating], smoothing },
    data.labels.flatMap(labelOf),
    (fraction, stage) => progress(fraction * (1 - LOOKING), stage),
  )
  progress(1 - LOOKING, 'looking at the history with it')
  return { model: writeAnomaly(model), report: anomalyReport(data, model, report) }
}

/** What a person called wrong was normal after all; what it was instead is no less unusual. */
const labelOf = ({ from, to, verdict, what }: TrainingLabel): AnomalyLabel[] => [
  { from, to, verdict: verdict === 'wrong' ? 'normal' : 'anomaly', ...(what === '' ? {} : { what }) },
]

function scorerOf(bytes: Uint8Array, plan: Plan): Scorer {
  const model = readAnomaly(bytes)
  const scorer = anomalyScorer(model)
  const grid = new GridRows(plan)
  const rows = new AnomalyRows(model, plan)
  return {
    take(arrivals) {
      const frame = grid.take(arrivals)
      return frame.times.length === 0 ? { rows: [], episodes: [] } : rows.take(scorer.score(frame), frame)
    },
  }
}
