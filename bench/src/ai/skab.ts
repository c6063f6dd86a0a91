import { anomalyDefaults, anomalyScorer, trainAnomaly } from '@millwright/methods/anomaly'
import type { AiScenario } from './scenario.ts'
import { rowsOf, type SkabRecording, skabRecordings } from './skab/recording.ts'
import { changePointScore, confusion, f1, falseAlarmRate, missedAlarmRate } from './skab/score.ts'

/** Rows of each file that are learned from. */
const TRAIN = 400

export const skab: AiScenario = {
  name: 'skab',
  about: 'water-circulation testbed, anomalies of 8 signals',
  pack: 'skab',
  async run({ data, log }) {
    const files = skabRecordings(data).map((recording) => ({ recording, predicted: predict(recording) }))
    const pooled = pool(files)
    const unseen = pool(files.filter((_, index) => index % 2 === 1))
    const switches = files.map(({ predicted }) =>
      predicted.map((now, row) => (row > 0 && now !== predicted[row - 1] ? 1 : 0)),
    )
    const points = changePointScore(
      files.map(({ recording }) => recording.frame.times.slice(TRAIN)),
      files.map(({ recording }) => recording.changePoint.slice(TRAIN)),
      switches,
    )
    for (const file of files) {
      const own = pool([file])
      log(`${file.recording.name}: F1 ${f1(own).toFixed(2)}, FAR ${falseAlarmRate(own).toFixed(1)} %`)
    }
    const wanted = { f1: { atLeast: 0.8 }, rate: { atMost: 15 } }
    return {
      configuration: anomalyDefaults,
      scores: [
        {
          measure: 'F1, 34 files pooled',
          ours: f1(pooled),
          wanted: wanted.f1,
          others: 'Conv-AE .78, MSET .78, T²+Q .76, isolation forest .29, always alarm .698',
        },
        {
          measure: 'FAR %',
          ours: falseAlarmRate(pooled),
          wanted: wanted.rate,
          others: 'Conv-AE 13.6, MSET 39.7, T²+Q 26.6, isolation forest 2.6',
        },
        {
          measure: 'MAR %',
          ours: missedAlarmRate(pooled),
          others: 'Conv-AE 28.0, MSET 14.1, T²+Q 24.9, isolation forest 82.9',
        },
        { measure: 'F1, 17 files not developed on', ours: f1(unseen) },
        { measure: 'FAR %, 17 files not developed on', ours: falseAlarmRate(unseen) },
        { measure: 'change points, NAB standard', ours: points, others: 'MSCRED 32.4, isolation forest 26.2' },
      ],
      notes: [
        'Each file: fitted to rows 0 to 399 without labels, threshold from the same rows and the alarm budget, then the rest once, row after row.',
        'Methods, smoothing, the leap of the EWMA, the allowance for drift, what makes a signal one that drifts and how it is followed, and the extension of a short history were chosen on steps put into the anomaly-free recording, on the training rows alone (first part against the rest), and on every second file (by name: other/1, 3 … 13, valve1/0, 2 … 14, valve2/0, 2) with its labels: the pooled score is in part one of development. The other 17 files were scored five times, with four earlier configurations (F1 .760, .753, .751, .750; FAR 24.3, 22.2, 23.3, 23.3 %) and with this one; nothing was chosen by them.',
        'Tried on the development files and left out, because none was better both there and on the anomaly-free recording: an autoencoder over windows of 30 rows, kernel regression, residuals of each signal on the others or on its past, charts of variance, tails for each signal of its own, longer confirmation, other smoothing.',
        'A change point is each row at which the alarm comes or goes.',
      ],
    }
  },
}

interface Predicted {
  readonly recording: SkabRecording
  readonly predicted: Uint8Array
}

function predict({ frame }: SkabRecording): Uint8Array {
  const { model } = trainAnomaly(rowsOf(frame, 0, TRAIN))
  const scorer = anomalyScorer(model)
  scorer.score(rowsOf(frame, 0, TRAIN))
  return scorer.score(rowsOf(frame, TRAIN)).alarm
}

const pool = (files: readonly Predicted[]) =>
  confusion(
    files.map(({ recording }) => recording.anomaly.slice(TRAIN)),
    files.map(({ predicted }) => predicted),
  )
