import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Frame } from '../../series/frame.ts'
import {
  anomalyScorer,
  changePoints,
  episodeTracker,
  explain,
  explanationSentence,
  readAnomaly,
  resemblance,
  trainAnomaly,
  writeAnomaly,
} from '../index.ts'
import { simulatedPump } from '../simulated.ts'

const part = (frame: Frame, first: number, end: number): Frame => ({
  times: frame.times.slice(first, end),
  names: frame.names,
  columns: frame.columns.map((column) => column.slice(first, end)),
})

/** Flow falls off (a leak) or the bearing shakes, between two rows. */
function broken(frame: Frame, kind: 'leak' | 'bearing', first: number, end: number): Frame {
  const [name, change] = kind === 'leak' ? (['flow', -1.5] as const) : (['vibration', 3] as const)
  const columns = frame.columns.map((column, j) =>
    frame.names[j] === name ? column.map((value, row) => (row >= first && row < end ? value + change : value)) : column,
  )
  return { ...frame, columns }
}

const history = broken(broken(simulatedPump(3000, 1), 'leak', 1000, 1200), 'bearing', 2000, 2200)
const at = (row: number) => history.times[row]!
const { model, report } = trainAnomaly(history, {}, [
  { from: at(1000), to: at(1199), verdict: 'anomaly', what: 'leak' },
  { from: at(2000), to: at(2199), verdict: 'anomaly', what: 'bearing' },
  { from: at(100), to: at(200), verdict: 'normal' },
])
const later = broken(simulatedPump(1000, 2, history.times.at(-1)! + 1e6), 'leak', 400, 600)

describe('learning from labels', () => {
  it('tries all methods, weighs them by what they see of the labels, and learns only from the other rows', () => {
    assert.equal(report.rows, 2600)
    assert.equal(report.weighedBy, 'labels')
    assert.ok(report.members.length >= 9)
    const sum = report.members.reduce((whole, { weight }) => whole + weight, 0)
    assert.ok(Math.abs(sum - 1) < 1e-9)
    const best = report.members.reduce((a, b) => (b.weight > a.weight ? b : a))
    assert.ok(best.evidence! > 0.95, `${best.method} ${best.evidence}`)
    assert.ok(report.findings.some(({ code }) => code === 'labelled'))
  })

  it('refuses a history that is one single anomaly', () => {
    const all = [{ from: at(0), to: at(2999), verdict: 'anomaly' as const }]
    assert.throws(() => trainAnomaly(history, {}, all), /MW-ANOMALY-0009|labelled as anomalies/)
  })
})

describe('episodes', () => {
  const scores = anomalyScorer(readAnomaly(writeAnomaly(model))).score(later)

  it('have a start, an end, a peak, and the signal that made them', () => {
    const [episode, ...others] = episodeTracker(model.signals.length).take(scores)
    assert.ok(episode !== undefined && others.length === 0)
    assert.ok(episode.from >= later.times[400]! && episode.from < later.times[430]!)
    assert.ok(episode.to >= later.times[595]! && episode.to < later.times[660]! && !episode.open)
    assert.ok(episode.peak.score > 0.5 && episode.peak.time >= episode.from && episode.peak.time <= episode.to)
    assert.equal(model.signals[episode.shares.indexOf(Math.max(...episode.shares))], 'flow')
  })

  it('are the same when the rows come in batches', () => {
    const [whole] = episodeTracker(model.signals.length).take(scores)
    const scorer = anomalyScorer(model)
    const tracker = episodeTracker(model.signals.length)
    const found = new Map<number, boolean>()
    for (let row = 0; row < 1000; row += 50)
      for (const { from, open } of tracker.take(scorer.score(part(later, row, row + 50)))) found.set(from, open)
    assert.deepEqual([...found], [[whole!.from, false]])
  })

  it('look like the earlier one of their kind', () => {
    const [episode] = episodeTracker(model.signals.length).take(scores)
    assert.equal(resemblance(episode!.shares, model.known)?.name, 'leak')
    assert.equal(resemblance(new Float64Array(model.signals.length).fill(0), model.known), undefined)
  })

  it('are explained in a sentence with names, readings, what was usual, and units', () => {
    const told = explain(model, scores, later, 500)
    assert.equal(told.causes[0]!.signal, 'flow')
    assert.equal(told.looksLike?.name, 'leak')
    const sentence = explanationSentence(told, { flow: 'm3/h' })
    assert.match(sentence, /flow is [\d.]+ m3\/h, usual/)
    assert.match(sentence, /looks like "leak" of 2023-11-1\d/)
    assert.doesNotMatch(sentence, /NaN|undefined/)
  })
})

describe('change points', () => {
  it('are where levels change, in whichever signal', () => {
    const calm = simulatedPump(600, 3)
    const frame = {
      ...calm,
      names: ['vibration'],
      columns: [calm.columns[4]!.map((v, row) => v + (row >= 200 ? 1 : 0))],
    }
    const two = {
      ...frame,
      names: ['a', 'b'],
      columns: [frame.columns[0]!, simulatedPump(600, 4).columns[4]!.map((v, row) => v - (row >= 450 ? 1 : 0))],
    }
    assert.deepEqual([...changePoints(frame)], [200])
    assert.deepEqual([...changePoints(two)], [200, 450])
  })

  it('are none in noise, in a constant, in a few rows, in nothing', () => {
    const noise = simulatedPump(2000, 5)
    assert.equal(changePoints({ ...noise, names: ['vibration'], columns: [noise.columns[4]!] }).length, 0)
    assert.equal(changePoints({ ...noise, names: ['c'], columns: [noise.times.map(() => 4)] }).length, 0)
    assert.equal(changePoints({ ...noise, names: ['n'], columns: [noise.times.map(() => Number.NaN)] }).length, 0)
    assert.equal(changePoints(part(noise, 0, 3)).length, 0)
    assert.equal(changePoints({ times: new Float64Array(0), names: [], columns: [] }).length, 0)
  })
})
