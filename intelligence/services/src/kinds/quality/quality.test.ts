/** Part quality by its plain functions: a line that is simulated here, learnt from and judged part by part. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Arrivals, Plan, Series, TrainingData } from '../kind.ts'
import { filledSettings } from '../settings.ts'
import { controlCharts } from './charts.ts'
import { quality } from './kind.ts'
import { attributed, resultOf } from './results.ts'
import { scorer } from './scorer.ts'
import { Trace } from './trace.ts'
import { train } from './train.ts'

const SECOND = 1e6
const START = 1.7e15
const INPUTS = [
  ['a.part', 'state'],
  ['a.force', 'number'],
  ['a.wear', 'number'],
  ['gauge.value', 'number'],
  ['gauge.part', 'state'],
] as const
const SETTINGS = filledSettings(quality, {
  stations: [{ name: 'Press', part: 'a.part', signals: ['a.force', 'a.wear'] }],
  result: 'gauge.value',
  resultPart: 'gauge.part',
  lower: 9.7,
  upper: 10.3,
})
const PLAN: Plan = {
  step: null,
  inputs: INPUTS.map(([signal, kind]) => ({ signal, name: signal, kind, unit: '1', hold: 3 })),
}
interface Told {
  readonly input: number
  readonly time: number
  readonly value: number | string
}

/** Ten seconds a part; force follows wear, but of every eleventh part it is too low for it, and that part comes out too large. */
function line(parts: number, from = 0): Told[] {
  const told: Told[] = []
  for (let n = from; n < from + parts; n++) {
    const at = START + n * 10 * SECOND
    const wear = (n * 37) % 100
    const odd = n % 11 === 5
    const scatter = Math.sin(n * 12.9898) * 0.05
    told.push({ input: 0, time: at, value: `P${n}` })
    for (let second = 0; second < 6; second++) {
      const force = (50 + wear) * (odd ? 0.8 : 1) + Math.sin(n + second) * 0.5
      told.push({ input: 1, time: at + second * SECOND + 1, value: force })
      told.push({ input: 2, time: at + second * SECOND + 1, value: wear })
    }
    told.push({ input: 0, time: at + 6 * SECOND, value: 'none' })
    told.push({ input: 4, time: at + 7 * SECOND, value: `P${n}` })
    told.push({ input: 3, time: at + 9 * SECOND, value: 10 + scatter + (odd ? 0.6 : 0) })
    told.push({ input: 4, time: at + 9 * SECOND, value: 'none' })
  }
  return told
}

function historyOf(told: readonly Told[]): TrainingData {
  const series = INPUTS.map(([name, kind], input): Series => {
    const its = told.filter((each) => each.input === input)
    const words = kind === 'state' ? its.map(({ value }) => String(value)) : []
    return {
      name,
      kind,
      unit: '1',
      times: Float64Array.from(its, ({ time }) => time),
      values: kind === 'state' ? new Float64Array(0) : Float64Array.from(its, ({ value }) => Number(value)),
      words,
      waves: [],
    }
  })
  const grid = { times: new Float64Array(0), names: [], columns: [] }
  return {
    from: START,
    to: START + 1e12,
    plan: PLAN,
    machine: { id: 'x', name: 'Line', grid, series },
    others: [],
    labels: [],
  }
}

function arrivals(told: readonly Told[]): Arrivals {
  const numbers = told.filter((each): each is Told & { value: number } => typeof each.value === 'number')
  return {
    length: numbers.length,
    input: Uint16Array.from(numbers, ({ input }) => input),
    time: Float64Array.from(numbers, ({ time }) => time),
    value: Float64Array.from(numbers, ({ value }) => value),
    wide: told.flatMap(({ input, time, value }) =>
      typeof value === 'string' ? [{ input, time, value: { kind: 'state' as const, value } }] : [],
    ),
    now: told.at(-1)!.time,
  }
}

describe('part quality', () => {
  const trained = train(historyOf(line(220)), SETTINGS, () => {})
  const open = () => scorer(trained.model, { settings: SETTINGS, plan: PLAN })

  it('learns from parts and says how its decisions would have been', () => {
    assert.match(trained.report.summary, /Learnt from 220 parts, 20 of them rejects\. Of the \d+ rejects/)
    assert.ok(Array.isArray(trained.report.details['causes']))
  })

  it('judges each part when it leaves the last station, and says what the line is to do', async (t) => {
    const judge = open()
    const [rows, commands, took] = [new Map<string, string>(), [] as string[], [] as number[]]
    for (let n = 220; n < 286; n++) {
      for (const each of line(1, n)) {
        const began = performance.now()
        const found = await judge.take(arrivals([each]))
        if (found.rows.length > 0) took.push(performance.now() - began)
        const part = found.rows.find(({ output }) => output === 0)
        if (part !== undefined) {
          assert.equal(each.value, 'none', 'at the moment it leaves')
          assert.equal(part.time, each.time)
          rows.set(String(part.value), String(found.rows[1]!.value))
        }
        for (const command of found.commands ?? []) commands.push(String(command.params['serial']))
      }
    }
    assert.equal(rows.size, 66)
    const odd = [...rows.keys()].filter((serial) => Number(serial.slice(1)) % 11 === 5)
    const diverted = [...rows].filter(([, decision]) => decision === 'divert').map(([serial]) => serial)
    assert.deepEqual(commands, diverted)
    assert.ok(odd.filter((serial) => diverted.includes(serial)).length >= 5, `${diverted} of ${odd}`)
    assert.ok(diverted.length <= odd.length + 2)
    took.sort((a, b) => a - b)
    t.diagnostic(`a decision takes ${took[33]!.toFixed(2)} ms (median), ${took.at(-1)!.toFixed(2)} ms at most`)
  })

  it('is the same whether readings come one by one or in batches', async () => {
    const told = line(30, 220)
    const decisions = async (batch: number) => {
      const judge = open()
      const found: unknown[] = []
      for (let at = 0; at < told.length; at += batch)
        found.push(...(await judge.take(arrivals(told.slice(at, at + batch)))).rows)
      return found
    }
    assert.deepEqual(await decisions(7), await decisions(told.length))
  })

  it('judges a part whose readings are missing, and says so; readings that are no numbers end nothing', async () => {
    const judge = open()
    const told = line(1, 400).filter(({ input }) => input === 0)
    const { rows } = await judge.take(arrivals(told))
    assert.equal(rows.length > 0, true)
    const bad = line(1, 401).map((each) => (each.input === 1 ? { ...each, value: Number.NaN } : each))
    assert.ok((await judge.take(arrivals(bad))).rows.length > 0)
  })

  it('bad settings and histories in words', () => {
    const problem = (change: object) => quality.problem!(filledSettings(quality, { ...SETTINGS, ...change }))
    assert.equal(problem({}), undefined)
    assert.match(problem({ stations: [] })!, /at least one station/)
    assert.match(problem({ result: '' })!, /signal of the result/)
    assert.match(problem({ lower: 11 })!, /must lie below/)
    assert.match(problem({ lower: undefined, upper: undefined })!, /at least one limit/)
    assert.throws(() => train(historyOf(line(10)), SETTINGS, () => {}), /Only 10 parts/)
    assert.throws(() => scorer(new Uint8Array(10), { settings: SETTINGS, plan: PLAN }), /model/)
    assert.throws(
      () => scorer(trained.model, { settings: SETTINGS, plan: { ...PLAN, inputs: PLAN.inputs.slice(1) } }),
      /train it again/,
    )
  })
})

describe('results', () => {
  it('are numbers, or words and truths that are good or not', () => {
    const verdict = { learn: 'verdict', good: 'OK' } as const
    assert.deepEqual(
      [resultOf('ok ', verdict), resultOf('NOK', verdict), resultOf(1, verdict), resultOf(0, verdict)],
      [0, 1, 0, 1],
    )
    assert.ok(Number.isNaN(resultOf('none', verdict)) && Number.isNaN(resultOf('', { learn: 'value', good: '' })))
    assert.equal(resultOf('12.5', { learn: 'value', good: '' }), 12.5)
  })

  it('belong to the part that was measured; at a change to the one that goes', () => {
    const visits = [
      { serial: 'A', from: 0, to: 10 },
      { serial: 'B', from: 10, to: 20 },
    ]
    const found = attributed(
      visits,
      [0, 10, 15, 25].map((time) => ({ time, value: time })),
    )
    assert.deepEqual([found.get('A')?.value, found.get('B')?.value], [10, 15])
  })
})

describe('traces and charts', () => {
  it('a trace keeps the newest readings in order, late ones in their place', () => {
    const trace = new Trace()
    for (let n = 0; n < 200_000; n++) trace.push(n % 10 === 5 ? n - 2 : n, n)
    const { times } = trace.view()
    assert.ok(times.length >= 30_000 && times.length <= 65_536)
    assert.ok(times.every((time, at) => at === 0 || time >= times[at - 1]!))
  })

  it('a shift that goes on is told first, with its beginning and Cpk', () => {
    const count = 120
    const times = Float64Array.from({ length: count }, (_, n) => START + n * SECOND)
    const values = times.map((_, n) => 10 + 0.1 * Math.sin(n * 78.233) + (n >= 100 ? 0.25 : 0))
    const facts = { id: 's', name: 'width', kind: 'number', unit: 'mm', equipment: 'e', simulated: false } as never
    const found = controlCharts(facts, 'Station 20', { times, values, words: [] }, {
      signal: 's',
      phaseOne: { from: START, to: START + 90 * SECOND },
      lower: 9.5,
      upper: 10.5,
    } as never)
    assert.equal(found.inControl, false)
    assert.ok(found.since! >= START + 95 * SECOND)
    assert.match(found.sentence, /^Station 20 width is out of control: .*; Cpk [\d.]+\.$/)
    assert.equal(found.histogram.edges.length, found.histogram.counts.length + 1)
  })
})
