import type { Chart, ServiceReport } from '@millwright/contracts'
import { type AnomalyModel, type AnomalyReport, anomalyScorer } from '@millwright/methods/anomaly'
import { duration } from '../findings.ts'
import type { TrainingData } from '../kind.ts'
import { reportOf } from '../report.ts'

/** Points of a line. */
const POINTS = 400

export function anomalyReport(
  { machine, labels }: TrainingData,
  model: AnomalyModel,
  report: AnomalyReport,
): ServiceReport {
  const { times, score, alarm } = anomalyScorer(model).score(machine.grid)
  const episodes = alarm.reduce((count, now, row) => count + (now === 1 && alarm[row - 1] !== 1 ? 1 : 0), 0)
  const used = new Set(report.signals)
  const modes = report.modes === 1 ? 'one operating mode' : `${report.modes} operating modes`
  return reportOf({
    summary: `Learnt how ${machine.name} runs from ${report.rows} steps over ${duration(report.to - report.from)}, in ${modes}.`,
    used: report.signals.map((name) => ({
      name,
      rows: present(machine.grid.columns[machine.grid.names.indexOf(name)]),
    })),
    leftOut: machine.grid.names
      .filter((name) => !used.has(name))
      .map((what) => ({
        what,
        reason: report.findings.find(({ signal }) => signal === what)?.text ?? 'It has nothing to learn from.',
      })),
    validation: {
      split: report.validation,
      figures: report.members.flatMap(({ method, evidence }) =>
        evidence === undefined ? [] : [{ name: method, value: evidence, unit: '1', about: EVIDENCE[report.weighedBy] }],
      ),
    },
    figures: [
      { name: 'threshold', value: report.threshold.on, unit: '1', about: 'Decimal digits of rarity that are an alarm' },
      { name: 'operating modes', value: report.modes, unit: '1' },
      { name: 'episodes in the history', value: episodes, unit: '1', about: 'Spans of it that would have been alarms' },
      { name: 'labels used', value: labels.length, unit: '1' },
    ],
    charts: [
      scoreChart(times, score),
      {
        title: 'What each method counts for',
        style: 'bars',
        overTime: false,
        xName: 'method',
        yName: 'weight',
        x: report.members.map(({ method }) => method),
        lines: [{ name: 'weight', y: report.members.map(({ weight }) => weight) }],
      },
    ],
    notes: report.findings.map(({ text }) => text),
    details: { members: report.members, threshold: report.threshold, weighedBy: report.weighedBy },
  })
}

const EVIDENCE: Readonly<Record<AnomalyReport['weighedBy'], string>> = {
  labels: 'Area under the ROC curve on what people labelled',
  agreement: 'Correlation with the other methods',
  alone: 'Correlation with the other methods',
}

const present = (column: Float64Array | undefined): number =>
  column?.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0) ?? 0

/** The highest score of each part of the history: what would have been an alarm is seen. */
function scoreChart(times: Float64Array, score: Float64Array): Chart {
  const width = Math.max(1, Math.ceil(times.length / POINTS))
  const x: number[] = []
  const y: number[] = []
  for (let at = 0; at < times.length; at += width) {
    const part = score.subarray(at, at + width)
    x.push(times[at]!)
    y.push(part.reduce((most, each) => Math.max(most, each), 0))
  }
  return {
    title: 'Score over the history that it learnt from',
    style: 'line',
    overTime: true,
    xName: 'time',
    yName: 'score',
    x,
    lines: [
      { name: 'highest score', y },
      { name: 'alarm', y: x.map(() => 0.5) },
    ],
  }
}
