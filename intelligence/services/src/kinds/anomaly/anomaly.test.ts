import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Arrivals, MachineHistory, Plan, Scores, TrainingData } from '../kind.ts'
import { checkedSettings } from '../settings.ts'
import { anomaly } from './kind.ts'
import { anomalyWork } from './work.ts'

const SECOND = 1_000_000
const NAMES = ['flow', 'current', 'resting'] as const
const FROM = Date.UTC(2026, 5, 1) * 1000
const plan: Plan = {
  step: SECOND,
  inputs: NAMES.map((name) => ({
    signal: `sig_${name}`,
    name,
    kind: 'number',
    unit: name === 'flow' ? 'm3/h' : '1',
    hold: 3,
  })),
}
const noise = (n: number, k: number) => Math.sin(n * 12.9898 + k * 78.233) * 0.5

function row(n: number, strange: number): number[] {
  const flow = 12 + 2 * Math.sin(n / 40) + 0.1 * noise(n, 1)
  return [flow, 3 + 0.5 * flow + 0.1 * noise(n, 2) + strange, 7]
}

function history(rows: number): MachineHistory {
  const times = Float64Array.from({ length: rows }, (_, n) => FROM + (n + 1) * SECOND)
  const columns = NAMES.map((_, i) => Float64Array.from({ length: rows }, (_, n) => row(n, 0)[i]!))
  return { id: 'ast_1', name: 'Pump', grid: { times, names: [...NAMES], columns }, series: [] }
}

const settings = checkedSettings(anomaly, {})
const data = (rows: number, labels: TrainingData['labels'] = []): TrainingData => {
  const machine = history(rows)
  return { from: FROM, to: machine.grid.times.at(-1) ?? FROM, plan, machine, others: [], labels }
}

/** As it comes live: all signals of some seconds at a time. */
function arrivals(first: number, end: number, strange: (n: number) => number): Arrivals {
  const all = Array.from({ length: end - first }, (_, i) => first + i).flatMap((n) =>
    row(n, strange(n)).map((value, input) => ({ input, time: FROM + n * SECOND, value })),
  )
  return {
    length: all.length,
    input: Uint16Array.from(all, ({ input }) => input),
    time: Float64Array.from(all, ({ time }) => time),
    value: Float64Array.from(all, ({ value }) => value),
    wide: [],
    now: FROM + end * SECOND,
  }
}

describe('anomaly detection as a kind of service', () => {
  const trained = anomalyWork.train!(data(2000), settings, () => undefined)

  it('tells in its report what it used, what it left out and why, and how it was validated', async () => {
    const { report } = await trained
    assert.deepEqual(
      report.used.map(({ name, rows }) => [name, rows]),
      [
        ['flow', 2000],
        ['current', 2000],
      ],
    )
    assert.equal(report.leftOut[0]?.what, 'resting')
    assert.match(report.leftOut[0]?.reason ?? '', /resting/)
    assert.match(report.validation?.split ?? '', /[Tt]ime/)
    const [score] = report.charts
    assert.ok(score!.x.length <= 400 && score!.lines.every(({ y }) => y.length === score!.x.length))
  })

  it('finds a span that is not normal, and says why in the unit of the signal; batches do not matter', async () => {
    const { model } = await trained
    const strange = (n: number) => (n >= 2300 && n < 2400 ? 3 : 0)
    const runs: Scores[] = []
    for (const batch of [7, 100]) {
      const scorer = await anomalyWork.scorer(model, { settings, plan })
      const rows: Scores['rows'][number][] = []
      const episodes = new Map<number, Scores['episodes'][number]>()
      for (let n = 2000; n < 2600; n += batch) {
        const scores = await scorer.take(arrivals(n, Math.min(2600, n + batch), strange))
        rows.push(...scores.rows)
        for (const episode of scores.episodes) episodes.set(episode.from, episode)
      }
      runs.push({ rows, episodes: [...episodes.values()] })
    }
    const [a, b] = runs as [Scores, Scores]
    assert.deepEqual(a.rows, b.rows)
    assert.equal(a.episodes.length, 1)
    assert.deepEqual(a.episodes, b.episodes)
    const { from, to, signals, explanation } = a.episodes[0]!
    assert.ok(from >= FROM + 2300 * SECOND && from < FROM + 2340 * SECOND)
    assert.ok(to !== null && to >= FROM + 2390 * SECOND && to < FROM + 2500 * SECOND)
    assert.equal(signals.reduce((sum, { share }) => sum + share, 0) > 0.99, true)
    assert.match(explanation, /current is/)
    const words = a.rows.filter(({ output }) => output === 4).map(({ value }) => value)
    assert.equal(words[0], 'Normal')
    assert.equal(words.at(-1), 'Normal')
    assert.ok(words.length < 12, `${words.length} sentences for one episode`)
    const flags = a.rows.filter(({ output }) => output === 1).map(({ value }) => value)
    assert.ok(flags.includes(1) && flags.at(-1) === 0)
  })

  it('refuses in words what cannot be learnt from', () => {
    assert.throws(() => anomalyWork.train!(data(3), settings, () => undefined), /rows/)
    const dead = data(500)
    for (const column of dead.machine.grid.columns) column.fill(Number.NaN)
    assert.throws(() => anomalyWork.train!(dead, settings, () => undefined), /No signal is left to learn from/)
    const flat = data(500)
    for (const column of flat.machine.grid.columns) column.fill(4)
    assert.throws(() => anomalyWork.train!(flat, settings, () => undefined), /always was 4/)
  })

  it('reads only what services do not write, unless it is told to', () => {
    const candidate = (name: string, kind: 'number' | 'state', computed = false) => ({
      id: name,
      name,
      kind,
      unit: '1',
      computed,
    })
    const all = [candidate('flow', 'number'), candidate('mode', 'state'), candidate('Watch score', 'number', true)]
    assert.deepEqual(anomaly.inputs(settings, all), ['flow'])
    assert.deepEqual(anomaly.inputs(checkedSettings(anomaly, { signals: ['Watch score'] }), all), ['Watch score'])
  })
})
