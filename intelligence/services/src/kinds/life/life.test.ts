import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HOUR, SECOND } from '@millwright/foundation'
import type { Frame } from '@millwright/methods/series'
import type { EpisodeFact, Plan, TrainingData } from '../kind.ts'
import { checkedSettings } from '../settings.ts'
import { adviceFor } from './advice.ts'
import { life } from './kind.ts'
import { LIFE_OUTPUTS } from './outputs.ts'
import { lifeSettings, windowsOf } from './settings.ts'
import { trainLifeService } from './train.ts'
import { lifeWork } from './work.ts'

const START = 1_760_000_000 * SECOND
const STEP = HOUR
const GIVEN = { limitSignal: 'vibration', limit: 10, horizon: 300, within: 24, failureCost: 20_000, plannedCost: 1500 }
const settings = checkedSettings(life, GIVEN)
const plan: Plan = {
  step: STEP,
  inputs: [{ signal: 'sig', name: 'vibration', kind: 'number', unit: 'm/s2', hold: 3 }],
}

/** Healthy at 1, then rising to the limit within its last 80 h; deterministic scatter. */
const reading = (left: number, hour: number) =>
  (left < 80 ? Math.exp((Math.log(10.5) * (80 - left)) / 80) : 1) * (1 + 0.02 * Math.sin(hour * 12.9898))

function history(hours: number, left = 1e6): Frame {
  const times = Float64Array.from({ length: hours }, (_, at) => START + at * STEP)
  return { times, names: ['vibration'], columns: [times.map((_, at) => reading(left - at, at))] }
}

const data = (grid: Frame): TrainingData => ({
  from: START,
  to: START + grid.times.length * STEP,
  plan,
  machine: { id: 'ast', name: 'P-101', grid, series: [] },
  others: [],
  labels: [],
})

/** Feeds a frame hour by hour; the values by output of the last step, and all episodes that were told. */
async function scored(model: Uint8Array, grid: Frame) {
  const scorer = await lifeWork.scorer(model, { settings, plan })
  const last = new Map<string, number | string>()
  const episodes: EpisodeFact[] = []
  for (let row = 0; row < grid.times.length; row++) {
    const time = grid.times[row]!
    const scores = await scorer.take({
      length: 1,
      input: Uint16Array.of(0),
      time: Float64Array.of(time),
      value: Float64Array.of(grid.columns[0]![row]!),
      wide: [],
      now: time,
    })
    for (const { output, value } of scores.rows) last.set(LIFE_OUTPUTS[output]!.name, value)
    episodes.push(...scores.episodes)
  }
  return { last, episodes }
}

describe('the service of remaining life', () => {
  it('follows a wear towards the limit and says when to stop', async () => {
    const { model, report } = trainLifeService(data(history(200)), settings, () => {})
    assert.match(report.summary, /P-101 is followed by the trend of vibration towards 10/)
    assert.ok(report.notes.some((note) => note.includes('0 lives')))
    const healthy = await scored(model, history(150))
    assert.equal(healthy.last.get('state'), 'healthy')
    assert.equal(healthy.last.get('remaining life'), 300)
    assert.ok(Number.isNaN(healthy.last.get('stop within')))
    assert.deepEqual(healthy.episodes, [])

    // 30 h before the limit.
    const { last, episodes } = await scored(model, history(170, 200))
    const [hours, low, high] = ['remaining life', 'remaining life low', 'remaining life high'].map((name) =>
      Number(last.get(name)),
    )
    assert.ok(low! < hours! && hours! < high! && Math.abs(hours! - 31) < 12, `${low} ${hours} ${high}`)
    assert.ok(Number(last.get('health')) < 60)
    assert.ok(Number(last.get('stop within')) < hours!)
    assert.ok(Number(last.get('cost of stopping')) < Number(last.get('cost of waiting')))
    assert.match(
      String(last.get('explanation')),
      /^Wear: .* left \(.* to .*\); vibration is at .* m\/s², healthy 1, failed at 10\. Stop it/,
    )
    assert.equal(episodes.at(-1)!.to, null)
    assert.deepEqual(episodes.at(-1)!.signals, [{ name: 'vibration', share: 1 }])
  })

  it('ends the episode with the repair, and is healthy again', async () => {
    const { model } = trainLifeService(data(history(200)), settings, () => {})
    const worn = history(205, 200)
    const mended = history(60)
    const grid = {
      ...worn,
      times: Float64Array.from({ length: 265 }, (_, at) => START + at * STEP),
      columns: [Float64Array.from([...worn.columns[0]!, ...mended.columns[0]!])],
    }
    const { last, episodes } = await scored(model, grid)
    assert.equal(last.get('state'), 'healthy')
    assert.equal(last.get('explanation'), 'No wear seen')
    assert.ok(episodes.some(({ explanation }) => explanation.startsWith('Failed: vibration')))
    const ended = episodes.at(-1)!
    assert.ok(ended.to !== null && ended.to > START + 200 * STEP && ended.peak === 1)
    assert.equal(new Set(episodes.map(({ from }) => from)).size, 1)
  })

  it('learns from failures that people labelled, and reports how it was judged', async () => {
    const lives = [150, 180, 210, 160, 190]
    const parts = lives.map((length) => history(length, length))
    const column = Float64Array.from(parts.flatMap(({ columns }) => [...columns[0]!]))
    const grid = {
      times: Float64Array.from(column, (_, at) => START + at * STEP),
      names: ['vibration'],
      columns: [column],
    }
    let end = 0
    const labels = lives.map((length) => {
      end += length
      return {
        from: START + (end - 50) * STEP,
        to: START + (end - 1) * STEP,
        verdict: 'right' as const,
        what: 'bearing',
      }
    })
    const unlimited = checkedSettings(life, { signals: ['vibration'] })
    const { report } = trainLifeService({ ...data(grid), labels }, unlimited, () => {})
    assert.match(report.summary, /Learnt from 5 failures/)
    assert.ok(report.validation!.figures.some(({ name }) => name === 'truths in the interval'))
    assert.equal(report.charts[0]!.style, 'bars')
    const wrong = labels.map((label) => ({ ...label, verdict: 'wrong' as const }))
    assert.throws(() => trainLifeService({ ...data(grid), labels: wrong }, unlimited, () => {}), {
      code: 'MW-LIFE-0003',
    })
  })

  it('refuses settings that say nothing of wear, or costs that decide nothing', () => {
    assert.throws(() => checkedSettings(life, {}), /what shows the wear/)
    assert.throws(() => checkedSettings(life, { ...GIVEN, plannedCost: 0 }), /nothing to decide/)
    assert.throws(() => checkedSettings(life, { ...GIVEN, windows: [{ weekday: 'Someday' }] }), {
      code: 'MW-SERVICE-0005',
    })
  })
})

describe('cheaper times', () => {
  const weekly = lifeSettings(
    checkedSettings(life, { ...GIVEN, windows: [{ weekday: 'Sunday', from: 6, hours: 8, cost: 500 }] }),
  )

  it('come each week, as hours from now', () => {
    // 2026-11-20 12:00 UTC is a Friday.
    const friday = Date.UTC(2026, 10, 20, 12) * 1000
    assert.deepEqual(windowsOf(weekly, friday, 300), [
      { from: 42, to: 50, planned: 500 },
      { from: 210, to: 218, planned: 500 },
    ])
    const within = Date.UTC(2026, 10, 22, 9) * 1000
    assert.deepEqual(windowsOf(weekly, within, 100)[0], { from: 0, to: 5, planned: 500 })
  })

  it('are waited for where the risk allows it', () => {
    const friday = Date.UTC(2026, 10, 20, 12) * 1000
    const advice = adviceFor(weekly, { hours: 120, low: 90, high: 170 }, friday, 300, undefined)!
    assert.ok(advice.at >= 42 && advice.at <= 50, String(advice.at))
    assert.equal(adviceFor(weekly, { hours: 300, low: 300, high: 300 }, friday, 300, undefined), undefined)
  })
})
