import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { anomalyDefaults, anomalyScorer, methodNames, trainAnomaly } from '@millwright/methods/anomaly'
import { rocArea } from '@millwright/methods/learning'
import type { Frame } from '@millwright/methods/series'
import type { AiScenario, Score } from './scenario.ts'
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
      const { model, report } = trainAnomaly(normal.frame, SETTINGS)
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
    }
    return {
      configuration: { ...anomalyDefaults, ...SETTINGS },
      scores,
      notes: [
        'Trained on the normal file of a run, without labels; scored row after row on the faulty one of the same run.',
      ],
    }
  },
}

/** A machine that goes through a cycle of movements is known by shapes in time as well: all methods, weighed by their agreement. */
const SETTINGS = { methods: methodNames }

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
