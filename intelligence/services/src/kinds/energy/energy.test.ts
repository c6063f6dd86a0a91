import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY, formatTime, HOUR, MINUTE, MillwrightError } from '@millwright/foundation'
import type { Arrivals, Plan, Settings, TrainingData } from '../kind.ts'
import { checkedSettings } from '../settings.ts'
import { energy } from './kind.ts'
import { utcOffsetAt } from './local-time.ts'
import { readEnergyModel, writeEnergyModel } from './model.ts'
import { energyPlan } from './plan.ts'
import { ENERGY_STEP } from './settings.ts'
import { priceAt } from './tariff.ts'
import { energyView } from './view.ts'
import { productionOf } from './waste.ts'
import { energyWork } from './work.ts'

const START = 1.78e15 - (1.78e15 % DAY)
const PER_DAY = DAY / ENERGY_STEP
const works = (n: number) => n % PER_DAY >= 72 && n % PER_DAY < 264
const parts = (n: number) => (works(n) ? 6 + ((Math.floor(n / 12) * 7919) % 5) : 0)
const wobble = (n: number) => (((n * 7919) % 101) / 50 - 1) / 5
/** kW; from `since` on one less. */
const power = (n: number, since: number) => 4 + parts(n) - (n >= since ? 1 : 0) + wobble(n)

const settings = (more: Settings = {}): Settings =>
  checkedSettings(energy, { energy: 'power', production: 'parts', ...more })
const plan: Plan = {
  step: ENERGY_STEP,
  inputs: [
    { signal: 'sig_1', name: 'power', kind: 'number', unit: 'kW', hold: 3 },
    { signal: 'sig_2', name: 'parts', kind: 'number', unit: '1', hold: 3 },
  ],
}

function gridOf(days: number, since = Number.POSITIVE_INFINITY) {
  const steps = Array.from({ length: days * PER_DAY }, (_, n) => n)
  let count = 0
  return {
    times: Float64Array.from(steps, (n) => START + (n + 1) * ENERGY_STEP),
    names: ['power', 'parts'],
    columns: [Float64Array.from(steps, (n) => power(n, since)), Float64Array.from(steps, (n) => (count += parts(n)))],
  }
}

const history = (days: number): TrainingData => ({
  from: START,
  to: START + days * DAY,
  plan,
  machine: { id: 'ast_1', name: 'Compressor', grid: gridOf(days), series: [] },
  others: [],
  labels: [],
})
const trained = async (data: TrainingData, of = settings()) => energyWork.train!(data, of, () => {})

/** The grid's means as a scorer takes them live. */
function arrivals({ times, columns }: ReturnType<typeof gridOf>, from: number, to: number): Arrivals {
  const rows = Array.from({ length: to - from }, (_, i) => from + i)
  return {
    length: rows.length * 2,
    input: Uint16Array.from(rows.flatMap(() => [0, 1])),
    time: Float64Array.from(rows.flatMap((n) => [times[n]! - MINUTE, times[n]! - MINUTE])),
    value: Float64Array.from(rows.flatMap((n) => [columns[0]![n]!, columns[1]![n]!])),
    wide: [],
    now: times[to - 1]! + 1e6,
  }
}

describe('an energy service', () => {
  it('learns, tells the saving, and scores each period once when it is over', async () => {
    const { model: bytes, report } = await trained(history(10))
    const model = readEnergyModel(bytes)
    assert.match(report.summary, /4 kWh of base load, and 0.083\d? kWh for each parts/)
    assert.deepEqual(model.measures, ['rate', 'counter'])

    const grid = gridOf(14, 10 * PER_DAY)
    const view = energyView(model, settings(), plan, grid)
    assert.ok(Math.abs(view.saving!.avoided - 4 * 24) < 2, `${view.saving!.avoided}`)
    assert.equal(view.saving!.rows, 96)
    assert.ok(view.saving!.from === START + 10 * DAY && view.saving!.to === START + 14 * DAY)
    assert.ok(Math.abs(view.saving!.cost - view.saving!.avoided * 0.22) < 1e-9)

    const scorer = await energyWork.scorer(bytes, { plan, settings: settings() })
    const rows = []
    for (let at = 0; at < 14 * PER_DAY; at += 100) {
      const told = await scorer.take(arrivals(grid, at, Math.min(14 * PER_DAY, at + 100)))
      rows.push(...told.rows)
    }
    const avoided = rows.filter(({ output, time }) => output === 1 && time > START + 10 * DAY)
    assert.equal(new Set(avoided.map(({ time }) => time)).size, avoided.length)
    assert.ok(avoided.length >= 94, `${avoided.length}`)
    const mean = avoided.reduce((sum, { value }) => sum + (value as number), 0) / avoided.length
    assert.ok(Math.abs(mean - 1) < 0.05, `${mean}`)
    // Three quarters of the day's hours are at work.
    const idle = rows.filter(({ output }) => output === 4).at(-1)!.value as number
    assert.ok(idle > 0.05 && idle < 0.35, `${idle}`)
  })

  it('learns the baseline from before the measure, and the load from all of the span', async () => {
    const data = { ...history(14), machine: { ...history(14).machine, grid: gridOf(14, 10 * PER_DAY) } }
    const until = settings({ baselineUntil: formatTime(START + 10 * DAY) })
    const { model: bytes } = await trained(data, until)
    const model = readEnergyModel(bytes)
    assert.equal(model.to, START + 10 * DAY)
    assert.equal(model.report.rows, 240)
    assert.ok(Math.abs(energyView(model, until, plan, gridOf(14, 10 * PER_DAY)).saving!.avoided - 96) < 2)
    assert.ok(model.forecast!.range[0] < 3.2, `${model.forecast!.range}`)
    assert.throws(() => settings({ baselineUntil: 'last spring' }), /is no time/)
  })

  it('plans battery and jobs for the load ahead, at what they cost', async () => {
    const { model: bytes } = await trained(history(20))
    const model = readEnergyModel(bytes)
    const of = settings({
      dearPrice: 0.5,
      battery: { capacity: 10, power: 5, efficiency: 0.9 },
      jobs: [{ name: 'Wash', power: 5, hours: 2, earliest: 0, latest: 24, usual: 10 }],
    })
    const now = START + 20 * DAY + 10 * MINUTE
    const ahead = (await energyPlan(model, of, plan, gridOf(20), now))!
    assert.equal(ahead.time[0], START + 20 * DAY)
    const { schedule } = ahead
    assert.ok(schedule!.cost < schedule!.costWithout - 1, `${schedule!.cost} of ${schedule!.costWithout}`)
    // The wash waits for cheap hours.
    assert.equal(priceAt(of, schedule!.jobs[0]!.start, 0), 0.22)
    assert.equal((await energyPlan(model, settings(), plan, gridOf(20), now))!.schedule, null)
    // A meter that has been silent for long leaves nothing to go on.
    assert.equal(await energyPlan(model, of, plan, gridOf(20), now + 30 * DAY), undefined)
  })

  it('says what is wrong in a sentence', async () => {
    const code = (wanted: string) => (error: unknown) => error instanceof MillwrightError && error.code === wanted
    const wrongUnit = { ...plan, inputs: [{ ...plan.inputs[0]!, unit: 'Cel' }, plan.inputs[1]!] }
    await assert.rejects(trained({ ...history(5), plan: wrongUnit }), code('MW-ENERGY-0003'))
    const short = history(5)
    const three = {
      ...short.machine.grid,
      times: short.machine.grid.times.slice(0, 3),
      columns: short.machine.grid.columns.map((c) => c.slice(0, 3)),
    }
    await assert.rejects(trained({ ...short, machine: { ...short.machine, grid: three } }), code('MW-ENERGY-0004'))
    assert.throws(() => settings({ energy: '' }), /choose the energy signal/)
    assert.throws(() => settings({ timeZone: 'Mars/Olympus' }), /no time zone/)
    assert.throws(
      () => settings({ jobs: [{ name: 'Wash', power: 5, hours: 4, earliest: 8, latest: 10, usual: 8 }] }),
      /longer than/,
    )
    assert.throws(() => readEnergyModel(new Uint8Array(3)), code('MW-MODEL-0001'))
    const model = readEnergyModel((await trained(history(5))).model)
    assert.throws(() => readEnergyModel(writeEnergyModel({ ...model, period: 0 })), code('MW-ENERGY-0006'))
  })

  it('has a plain mean where production says nothing, and doubts it', async () => {
    const data = history(10)
    const silent = {
      ...data.machine.grid,
      columns: [data.machine.grid.columns[0]!, data.machine.grid.columns[1]!.map(() => 7)],
    }
    const { report } = await trained({ ...data, machine: { ...data.machine, grid: silent } })
    assert.deepEqual(report.leftOut, [{ what: 'parts', reason: 'it is 7 all the time' }])
    assert.ok(report.notes.some((note) => note.includes('plain mean')))
  })
})

describe('production', () => {
  it('goes on while a part is made that takes longer than a step, and stops where none is', () => {
    // A part each 20 minutes, then two hours without.
    const times = Float64Array.from({ length: 120 }, (_, n) => START + (n + 1) * ENERGY_STEP)
    let count = 0
    const counter = Float64Array.from(times, (_, n) => ((n < 72 || n >= 96) && n % 4 === 0 ? ++count : count))
    const grid = { times, names: ['power', 'parts'], columns: [new Float64Array(120), counter] }
    const made = productionOf(grid, settings(), ['rate', 'counter'])!
    assert.ok(made.subarray(4, 69).every((value) => value > 0))
    assert.ok(made.subarray(70, 96).every((value) => value === 0))
    assert.equal(Math.round(made.subarray(1).reduce((sum, value) => sum + value, 0)), count - 1)
  })
})

describe('local time', () => {
  it('knows how far clocks are ahead, in summer and in winter', () => {
    assert.equal(utcOffsetAt('Europe/Berlin', Date.UTC(2026, 0, 10) * 1000), HOUR)
    assert.equal(utcOffsetAt('Europe/Berlin', Date.UTC(2026, 6, 10) * 1000), 2 * HOUR)
    assert.equal(utcOffsetAt('Asia/Kolkata', Date.UTC(2026, 6, 10) * 1000), 5.5 * HOUR)
    assert.equal(utcOffsetAt('+02:00', 0), 2 * HOUR)
  })
})
