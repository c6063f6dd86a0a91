import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { anomalyDefaults, anomalyScorer, methodNames, trainAnomaly } from '@millwright/methods/anomaly'
import { rocArea } from '@millwright/methods/learning'
import type { Frame } from '@millwright/methods/series'
import type { AiScenario, Score } from './scenario.ts'
import { rowsOf } from './skab/recording.ts'
import { confusion, f1, falseAlarmRate } from './skab/score.ts'

const RUNS = ['standard', 'optimized'] as const

/** A high-storage rack that moves parcels: learned from normal runs, scored on runs with faults. */
export const hrss: AiScenario = {
  name: 'hrss',
  about: 'high-storage system, 18 signals, faults of its drives',
  pack: 'hrss',
  async run({ data, log }) {
    const scores: Score[] = []
    for (const run of RUNS) {
      const normal = read(join(data, 'hrss', `HRSS_normal_${run}.csv`))
      const faulty = read(join(data, 'hrss', `HRSS_anomalous_${run}.csv`))
      const learned = Math.floor(LEARNED * normal.frame.times.length)
      const { model, report } = trainAnomaly(rowsOf(normal.frame, 0, learned), SETTINGS)
      const usual = anomalyScorer(model).score(rowsOf(normal.frame, learned)).raw.sort()
      const { alarm, raw } = anomalyScorer(model).score(faulty.frame)
      const counts = confusion([faulty.labels], [alarm])
      log(`${run}: ${report.members.map(({ method, weight }) => `${method} ${weight.toFixed(2)}`).join(', ')}`)
      for (const { text } of report.findings) log(`  ${text}`)
      const always = (2 * share(faulty.labels)) / (1 + share(faulty.labels))
      scores.push(
        { measure: `${run}: area under ROC`, ours: rocArea(faulty.labels, raw), others: 'chance .5' },
        { measure: `${run}: F1`, ours: f1(counts), others: `always alarm ${always.toFixed(3)}` },
        { measure: `${run}: FAR %`, ours: falseAlarmRate(counts) },
      )
      for (const limit of LIMITS) {
        const from = usual[Math.floor(limit * usual.length)]!
        const passed = confusion([faulty.labels], [Uint8Array.from(raw, (score) => (score > from ? 1 : 0))])
        const name = `${run}, rows over the ${100 * limit} % limit`
        scores.push(
          { measure: `${name}: F1`, ours: f1(passed) },
          { measure: `${name}: FAR %`, ours: falseAlarmRate(passed) },
        )
      }
    }
    return {
      configuration: { ...anomalyDefaults, ...SETTINGS },
      scores,
      notes: [
        'Trained on the first three quarters of the normal file of a run, without labels; scored row after row on the faulty one of the same run.',
        'The alarm is that of the budget, two a week: minutes of faults are little to it. For screening in one go, the rows over the warning and the action limit of control charts: what 5 % and 1 % of the last quarter of the normal file pass. Both stand here; neither was chosen by labels.',
      ],
    }
  },
}

/** A machine that goes through a cycle of movements is known by shapes in time as well: all methods, weighed by their agreement. */
const SETTINGS = { methods: methodNames }

/** Share of the normal run that is learned from; the limits are taken from the rest. */
const LEARNED = 0.75
/** Warning and action limit of control charts, as shares of normal rows below. */
const LIMITS = [0.95, 0.99]

const share = (labels: Uint8Array): number => labels.reduce((sum, each) => sum + each, 0) / labels.length

/** Seconds between the last row of a cycle and the first of the next: the file starts its clock anew with each. */
const BETWEEN = 0.05

/** The cycles one after the other; rows with the time of the row before are left out. */
function read(path: string): { frame: Frame; labels: Uint8Array } {
  const [head, ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/)
  const names = head!.split(',').slice(2)
  const rows: number[][] = []
  const times: number[] = []
  let offset = 0
  let last = -1
  for (const line of lines) {
    const row = line.split(',').map(Number)
    if (row[0]! === last) continue
    if (row[0]! < last) offset += last + BETWEEN
    last = row[0]!
    rows.push(row)
    times.push(Math.round((offset + last) * 1e6))
  }
  return {
    frame: {
      times: Float64Array.from(times),
      names,
      columns: names.map((_, j) => Float64Array.from(rows, (row) => row[j + 2]!)),
    },
    labels: Uint8Array.from(rows, (row) => row[1]!),
  }
}
