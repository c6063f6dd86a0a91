import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gaussian, seeded } from '../../learning/random.ts'
import type { Frame } from '../../series/index.ts'
import { HOUR } from '../run.ts'
import { livesOf } from './lives.ts'
import { type PrognosisModel, readPrognosis, writePrognosis } from './model.ts'
import { PrognosisFollower } from './prognosis.ts'
import { trainPrognosis } from './train.ts'

const LIMIT = { signal: 'vibration', value: 10, direction: 'rises' } as const

/** Lives one after the other: each wears exponentially from 1 to the limit over its last 80 h, then stands failed for 10 h. */
function past(lives: readonly number[], seed: number, rest = 0): Frame {
  const random = seeded(seed)
  const vibration: number[] = []
  const temperature: number[] = []
  const add = (left: number) => {
    const wear = left < 80 ? Math.exp((Math.log(10.5) * (80 - left)) / 80) : 1
    vibration.push(wear * (1 + 0.02 * gaussian(random)))
    temperature.push(40 + 2 * wear + gaussian(random))
  }
  for (const life of lives) {
    for (let left = life; left > 0; left--) add(left)
    for (let hour = 0; hour < 10; hour++) add(0)
  }
  for (let hour = 0; hour < rest; hour++) add(1000)
  return {
    times: Float64Array.from(vibration, (_, row) => row * HOUR),
    names: ['vibration', 'temperature'],
    columns: [Float64Array.from(vibration), Float64Array.from(temperature)],
  }
}

function follow(model: PrognosisModel, { times, columns }: Frame, to = times.length): PrognosisFollower {
  const follower = new PrognosisFollower(model)
  for (let row = 0; row < to; row++)
    follower.push(
      times[row]!,
      columns.map((column) => column[row]!),
    )
  return follower
}

describe('lives in a history', () => {
  it('end at the limit and begin when the signal is back', () => {
    const { runs, firstIsWhole, rowsFailed } = livesOf('P', past([150, 200], 1, 60), LIMIT, [])
    assert.deepEqual(
      runs.map(({ ended }) => ended),
      ['failure', 'failure', 'stopped'],
    )
    assert.equal(firstIsWhole, false)
    assert.ok(rowsFailed >= 20)
    assert.ok(Math.abs(runs[1]!.frame.times.length - 200) <= 5)
  })

  it('end where a person said so, and are left out when too short', () => {
    const frame = past([], 1, 300)
    const { runs } = livesOf('P', frame, undefined, [100 * HOUR, 110 * HOUR])
    assert.deepEqual(
      runs.map(({ ended, frame: { times } }) => [ended, times.length]),
      [
        ['failure', 101],
        ['stopped', 189],
      ],
    )
  })

  it('are none in a history without rows, and one while all is missing', () => {
    const empty = { times: new Float64Array(0), names: ['vibration'], columns: [new Float64Array(0)] }
    assert.deepEqual(livesOf('P', empty, LIMIT, []).runs, [])
    const gone = {
      times: Float64Array.from({ length: 30 }, (_, at) => at),
      names: ['vibration'],
      columns: [new Float64Array(30).fill(Number.NaN)],
    }
    assert.equal(livesOf('P', gone, LIMIT, []).runs.length, 1)
  })
})

describe('a prognosis', () => {
  it('follows the trend towards the limit where no failure is known', () => {
    const { model, report } = trainPrognosis([{ unit: 'P', frame: past([], 1, 100), ends: [] }], {
      limit: LIMIT,
      horizon: 200,
    })
    assert.equal(report.failures, 0)
    assert.match(report.notLearned!, /0 lives/)
    const frame = past([200], 2)
    const early = follow(model, frame, 100).prognosis()
    assert.equal(early.state, 'healthy')
    assert.equal(early.hours, 200)
    assert.equal(early.basis, 'nothing')
    const worn = follow(model, frame, 170).prognosis()
    assert.equal(worn.state, 'wearing')
    assert.equal(worn.basis, 'trend')
    assert.ok(worn.low < worn.hours && worn.hours < worn.high && worn.since! > 120 * HOUR && worn.since! < 150 * HOUR)
    assert.ok(Math.abs(worn.hours - 30) < 12, String(worn.hours))
    assert.equal(follow(model, frame, 205).prognosis().state, 'failed')
  })

  it('begins anew after a repair', () => {
    const { model } = trainPrognosis([{ unit: 'P', frame: past([], 1, 100), ends: [] }], { limit: LIMIT, horizon: 200 })
    const { state, health, hours } = follow(model, past([200], 2, 60)).prognosis()
    assert.deepEqual([state, hours], ['healthy', 200])
    assert.ok(health > 95)
  })

  it('learns from lives when there are enough, of sister machines too, and its ages', () => {
    const random = seeded(9)
    const machines = ['P', 'Q'].map((unit, at) => ({
      unit,
      frame: past(
        Array.from({ length: 5 }, () => 150 + Math.floor(60 * random())),
        at + 3,
      ),
      ends: [],
    }))
    const { model, report } = trainPrognosis(machines, { limit: LIMIT })
    assert.equal(report.failures, 10)
    assert.equal(report.notLearned, undefined)
    assert.ok(report.learned!.validation.rmseHours < 20, String(report.learned!.validation.rmseHours))
    assert.equal(report.ageing!.by, 'fit')
    assert.ok(report.ageing!.scale > 140 && report.ageing!.scale < 230)
    const read = readPrognosis(writePrognosis(model))
    const frame = past([180], 20)
    const found = follow(read, frame, 140).prognosis()
    assert.equal(found.basis, 'lives')
    assert.ok(
      Math.abs(found.hours - 40) < 15 && found.low <= 40 && found.high >= 40,
      `${found.hours}: ${found.low} to ${found.high}`,
    )
    const { survival: _, ...plain } = found
    const { survival: __, ...same } = follow(model, frame, 140).prognosis()
    assert.deepEqual(plain, same)
  })

  it('falls back on the trend for a machine unlike those learned from, and says so', () => {
    const { model } = trainPrognosis([{ unit: 'P', frame: past([150, 160, 170, 180, 190], 3), ends: [] }], {
      limit: LIMIT,
    })
    const odd = past([200], 8)
    const hot = { ...odd, columns: [odd.columns[0]!, odd.columns[1]!.map((value) => value * 1.8 + 32)] }
    const found = follow(model, hot, 170).prognosis()
    assert.equal(found.basis, 'trend')
    assert.ok(found.outside.includes('temperature'))
  })

  it('needs a limit or a failure, and settings that fit', () => {
    const machine = { unit: 'P', frame: past([], 1, 100), ends: [] }
    assert.throws(() => trainPrognosis([machine], {}), { code: 'MW-LIFE-0003' })
    assert.throws(() => trainPrognosis([machine], { limit: { ...LIMIT, signal: 'noise' } }), { code: 'MW-LIFE-0005' })
    assert.throws(() => trainPrognosis([machine], { limit: LIMIT, conditions: ['load'] }), { code: 'MW-LIFE-0005' })
    assert.throws(() => trainPrognosis([machine], { limit: LIMIT, horizon: 0 }), { code: 'MW-LIFE-0005' })
  })
})
