import {
  type AnomalyModel,
  type AnomalyScorer,
  anomalyDefaults,
  anomalyScorer,
  methodNames,
  trainAnomaly,
} from '@millwright/methods/anomaly'
import type { Frame } from '@millwright/methods/series'
import type { AiScenario, Score } from './scenario.ts'

const SIGNALS = 10_000
/** Signals of one machine, that one service watches together. */
const TOGETHER = 10
const HISTORY = 3600
/** Seconds of plant time that are scored, after some to warm up. */
const SECONDS = 60
const WARM = 10

/** What live scoring of 10,000 signals at 1 Hz costs, in processor time of this process. Reads no data. */
export const live: AiScenario = {
  name: 'live',
  about: `live anomaly scoring of ${SIGNALS} signals at 1 Hz`,
  pack: '.',
  async run({ log }) {
    const history = signals(0, HISTORY)
    const scores: Score[] = []
    const methods = { 'default methods': anomalyDefaults.methods, 'all methods': methodNames }
    for (const [name, chosen] of Object.entries(methods)) {
      const { model } = trainAnomaly(history, { methods: chosen })
      const share = cost(model)
      log(`${name} (${model.members.map(({ method }) => method).join(', ')}): ${share.toFixed(1)} % of a core`)
      const wanted = name === 'default methods' ? { wanted: { atMost: 25 } } : {}
      scores.push({ measure: `% of a core, ${name}`, ours: share, ...wanted })
    }
    return {
      configuration: anomalyDefaults,
      scores,
      notes: [
        `${SIGNALS / TOGETHER} services of ${TOGETHER} signals each, one call with one row for each service and second; user and system time of the process over ${SECONDS} s of plant time.`,
      ],
    }
  },
}

/** Percent of a core. */
function cost(model: AnomalyModel): number {
  const scorers: AnomalyScorer[] = Array.from({ length: SIGNALS / TOGETHER }, () => anomalyScorer(model))
  const rows = signals(HISTORY, WARM + SECONDS)
  let began = process.cpuUsage()
  for (let second = 0; second < WARM + SECONDS; second++) {
    if (second === WARM) began = process.cpuUsage()
    const row = {
      times: rows.times.slice(second, second + 1),
      names: rows.names,
      columns: rows.columns.map((column) => column.slice(second, second + 1)),
    }
    for (const scorer of scorers) scorer.score(row)
  }
  const { user, system } = process.cpuUsage(began)
  return (100 * (user + system)) / (SECONDS * 1e6)
}

/** Swings of different lengths and a noise that is the same in every run. */
function signals(first: number, count: number): Frame {
  const names = Array.from({ length: TOGETHER }, (_, j) => `signal ${j + 1}`)
  const value = (row: number, j: number) =>
    Math.sin(row / (40 + 10 * j)) +
    Math.sin(row / 50) +
    0.3 * (((Math.sin(row * 12.9898 + j * 78.233) * 43758.5453) % 1) - 0.5)
  return {
    times: Float64Array.from({ length: count }, (_, row) => 1_700_000_000_000_000 + (first + row) * 1e6),
    names,
    columns: names.map((_, j) => Float64Array.from({ length: count }, (_, row) => value(first + row, j))),
  }
}
