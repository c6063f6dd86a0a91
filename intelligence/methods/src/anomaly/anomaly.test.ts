import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import { gaussian, seeded } from '../learning/random.ts'
import type { Frame } from '../series/frame.ts'
import { anomalyScorer, readAnomaly, trainAnomaly, writeAnomaly } from './index.ts'
import { simulatedPump } from './simulated.ts'

const refusedAs = (code: string) => (error: unknown) => error instanceof MillwrightError && error.code === code

/** The frame with one column changed. */
const bent = (frame: Frame, name: string, change: (value: number, row: number) => number): Frame => ({
  ...frame,
  columns: frame.columns.map((column, j) => (frame.names[j] === name ? column.map(change) : column)),
})

const rows = ({ times, names, columns }: Frame, from: number, end: number): Frame => ({
  times: times.slice(from, end),
  names,
  columns: columns.map((column) => column.slice(from, end)),
})

const history = simulatedPump(2000, 1)
const { model, report } = trainAnomaly(history)
const later = simulatedPump(1000, 2, history.times.at(-1)! + 1e6)
const share = (alarm: Uint8Array, from = 0, end = alarm.length) =>
  alarm.subarray(from, end).reduce((sum, each) => sum + each, 0) / (end - from)

describe('anomaly detection', () => {
  it('is quiet while the machine runs as it did', () => {
    assert.equal(share(anomalyScorer(model).score(later).alarm), 0)
  })

  it('finds a signal that leaves its relation to the others while within its range, and names it', () => {
    const broken = bent(later, 'flow', (value, row) => (row >= 500 ? value - 0.8 : value))
    const { alarm, score, contributions, outside } = anomalyScorer(model).score(broken)
    assert.equal(share(alarm, 0, 500), 0)
    assert.ok(share(alarm, 530) > 0.9, `found in ${share(alarm, 530)} of the rows`)
    assert.ok(score.every((each) => each >= 0 && each < 1))
    assert.equal(share(outside), 0)
    const flow = model.signals.indexOf('flow')
    const width = model.signals.length
    for (let row = 600; row < 1000; row += 100) {
      const shares = [...contributions.subarray(row * width, (row + 1) * width)]
      assert.equal(shares.indexOf(Math.max(...shares)), flow)
    }
  })

  it('gives shares that sum to 1 in each row', () => {
    const { contributions } = anomalyScorer(model).score(later)
    const width = model.signals.length
    for (let row = 0; row < 1000; row++) {
      let sum = 0
      for (let j = 0; j < width; j++) sum += contributions[row * width + j]!
      assert.ok(Math.abs(sum - 1) < 1e-5)
    }
  })

  it('scores the same whether rows come one by one or all at once, and after writing and reading', () => {
    const whole = anomalyScorer(model).score(later)
    const scorer = anomalyScorer(readAnomaly(writeAnomaly(model)))
    for (let row = 0; row < 200; row++) {
      const one = {
        ...later,
        times: later.times.slice(row, row + 1),
        columns: later.columns.map((c) => c.slice(row, row + 1)),
      }
      assert.equal(scorer.score(one).raw[0], whole.raw[row])
    }
  })

  it('keeps its alarm budget in the days after, learned from less than six hours', () => {
    const hours = simulatedPump(20_000, 3)
    const { alarm } = anomalyScorer(trainAnomaly(hours).model).score(
      simulatedPump(200_000, 4, hours.times.at(-1)! + 1e6),
    )
    const alarms = alarm.filter((now, row) => now === 1 && alarm[row - 1] !== 1).length
    assert.ok(alarms <= 8, `${alarms} in a third of a week, with a budget of two a week`)
  })

  it('says how it was trained', () => {
    assert.equal(report.rows, 2000)
    assert.deepEqual(report.signals, history.names)
    assert.match(report.validation, /By time/)
  })

  it('trains the same model from the same history', () => {
    assert.deepEqual(writeAnomaly(trainAnomaly(history).model), writeAnomaly(model))
  })
})

describe('a signal that does little but drift', () => {
  // A casing that warms up and cools down with the day beside the pump: a smoothed random walk, known from 400 rows only.
  const warming = (frame: Frame, seed: number, from = 60): Frame => {
    const random = seeded(seed)
    let slope = 0
    let level = from
    const casing = frame.times.map(() => {
      slope = 0.97 * slope + 0.004 * gaussian(random)
      level += slope
      return level + 0.02 * gaussian(random)
    })
    return { ...frame, names: [...frame.names, 'casing'], columns: [...frame.columns, casing] }
  }
  const casingOf = ({ columns }: Frame) => columns.at(-1)!
  const cases = Array.from({ length: 12 }, (_, k) => {
    const long = warming(simulatedPump(3400, 20 + k), 50 + k)
    const trained = trainAnomaly(rows(long, 0, 400)).model
    return { trained, history: rows(long, 0, 400), after: rows(long, 400, 3400) }
  })
  const alarms = (change: (frame: Frame) => Frame) =>
    cases.map(({ trained, history, after }) => {
      const scorer = anomalyScorer(trained)
      scorer.score(history)
      return scorer.score(change(after)).alarm
    })

  it('may drift on, out of the range of training, without an alarm that stays', () => {
    const left = cases.filter(({ history, after }) => {
      const past = casingOf(history).toSorted()
      return casingOf(after).some((value) => value > past.at(-1)! + 0.5 || value < past[0]! - 0.5)
    })
    assert.ok(left.length >= 6, `only ${left.length} of 12 leave the range`)
    const shares = alarms((frame) => frame).map((alarm) => share(alarm))
    const mean = shares.reduce((sum, each) => sum + each, 0) / shares.length
    assert.ok(mean < 0.05, `alarms in ${mean} of the rows`)
  })

  it('is found when it leaps, for as long as it stays away, and comes back without an alarm', () => {
    const leap = (frame: Frame) => bent(frame, 'casing', (value, row) => (row >= 300 && row < 700 ? value + 60 : value))
    for (const alarm of alarms(leap)) {
      assert.ok(share(alarm, 330, 700) > 0.99, `found in ${share(alarm, 330, 700)} of the rows`)
      assert.ok(share(alarm, 760, 900) < 0.2, `${share(alarm, 760, 900)} of the rows afterwards`)
    }
  })

  it('does not hide a fault of another signal', () => {
    const worn = alarms((frame) => bent(frame, 'vibration', (value, row) => (row >= 300 ? value + 1.5 : value)))
    for (const alarm of worn) assert.ok(share(alarm, 350) > 0.9, `found in ${share(alarm, 350)} of the rows`)
  })
})

describe('bad input', () => {
  it('is refused in a sentence', () => {
    const three = simulatedPump(3, 1)
    assert.throws(() => trainAnomaly(three), refusedAs('MW-ANOMALY-0003'))
    const nothing = { ...history, columns: history.columns.map((column) => column.map(() => Number.NaN)) }
    assert.throws(() => trainAnomaly(nothing), refusedAs('MW-ANOMALY-0004'))
    const constant = { ...history, columns: history.columns.map((column) => column.map(() => 7)) }
    assert.throws(() => trainAnomaly(constant), refusedAs('MW-ANOMALY-0004'))
    const shuffled = { ...history, times: history.times.map((time, row) => (row === 700 ? time - 5e6 : time)) }
    assert.throws(() => trainAnomaly(shuffled), refusedAs('MW-ANOMALY-0002'))
    assert.throws(() => trainAnomaly({ ...history, names: ['a'] }), refusedAs('MW-ANOMALY-0001'))
    assert.throws(() => trainAnomaly(history, { operating: ['product'] }), refusedAs('MW-ANOMALY-0005'))
    assert.throws(() => trainAnomaly(history, { alarmsPerWeek: 0 }), refusedAs('MW-ANOMALY-0008'))
    assert.throws(
      () => anomalyScorer(model).score({ ...later, names: ['a', 'b', 'c', 'd', 'e'] }),
      refusedAs('MW-ANOMALY-0007'),
    )
  })

  it('leaves out a constant, a missing and a stuck signal with a finding', () => {
    const mixed: Frame = {
      times: history.times,
      names: [...history.names, 'valve', 'lost', 'hung'],
      columns: [
        ...history.columns,
        history.times.map(() => 3),
        history.times.map(() => Number.NaN),
        history.columns[0]!.map((value, row, all) => (row > 500 && row < 900 ? all[500]! : value)),
      ],
    }
    const { report: told, model: trained } = trainAnomaly(mixed)
    assert.deepEqual(
      told.findings.map(({ code, signal }) => [code, signal]),
      [
        ['constant', 'valve'],
        ['missing', 'lost'],
        ['stuck', 'hung'],
      ],
    )
    assert.deepEqual(trained.constants, [{ name: 'valve', value: 3 }])
    const moved = { ...later, names: [...later.names, 'valve'], columns: [...later.columns, later.times.map(() => 4)] }
    assert.equal(share(anomalyScorer(trained).score(moved).outside), 1)
  })

  it('is outside of what was trained on when a unit is wrong, and less sure', () => {
    const fahrenheit = bent(later, 'temperature', (value) => value * 1.8 + 32)
    const { outside, confidence, alarm } = anomalyScorer(model).score(fahrenheit)
    assert.equal(share(outside), 1)
    assert.ok(confidence.every((each) => each <= 0.5))
    assert.ok(share(alarm, 30) > 0.99)
  })

  it('is found when two sensors are swapped', () => {
    const swapped = { ...later, names: ['speed', 'current', 'flow', 'temperature', 'vibration'] }
    assert.ok(share(anomalyScorer(model).score(swapped).alarm, 30) > 0.99)
  })

  it('lowers confidence when readings are missing, and never gives NaN', () => {
    const holes = bent(later, 'current', () => Number.NaN)
    const { score, confidence } = anomalyScorer(model).score(holes)
    assert.ok(confidence.every((each) => each <= 0.8))
    assert.ok(score.every((each) => Number.isFinite(each)))
    const empty = { ...later, columns: later.columns.map((column) => column.map(() => Number.NaN)) }
    const none = anomalyScorer(model).score(empty)
    assert.ok(none.confidence.every((each) => each === 0))
    assert.ok(none.score.every((each) => each < 0.5))
  })
})
