import assert from 'node:assert/strict'
import { test } from 'node:test'
import { QUALITY } from '@millwright/connectivity'
import { MINUTE, SECOND } from '@millwright/foundation'
import fc from 'fast-check'
import { dryRun } from '../rules/dry-run.ts'
import { batchOf, MemoryPlant, type Row, runningRule } from '../testing/plant.ts'
import { assembleMachine } from './assemble.ts'
import type { Machine, MachineObserver } from './machine.ts'
import { NO_LIMIT, Router } from './router.ts'
import { RuleRunner } from './rule-runner.ts'
import type { RunningRule } from './running-rule.ts'
import { WindowBudget } from './window-budget.ts'

const START = Date.UTC(2026, 0, 1) * 1000
const SIGNALS = {
  temperature: 'number',
  rpm: 'number',
  running: 'boolean',
  state: 'state',
  vibration: 'waveform',
} as const

/** One machine with rules; `turns` lists what happened, in seconds after START. */
function bench(...rules: Partial<RunningRule>[]) {
  const plant = new MemoryPlant()
  const pump = plant.addMachine('P-101', SIGNALS)
  const turns: string[] = []
  const failures: unknown[] = []
  let evaluations = 0
  const observer: MachineObserver = {
    turned: (_machine: Machine, watch, turn, time) => {
      turns.push(`${watch.runner.rule.name} ${turn} ${(time - START) / SECOND}`)
    },
    failed: (_machine, _watch, error) => failures.push(error),
    sampled: () => {
      evaluations++
      return false
    },
    clock: () => 0,
  }
  const signals = new Map(pump.signals.map((signal) => [signal.name, signal]))
  const fitted = rules.map((rule, i) => {
    const runner = new RuleRunner(runningRule({ name: `r${i + 1}`, equipment: pump.id, condition: 'false', ...rule }))
    const program = runner.fit(pump, signals)
    assert.ok(program !== undefined, runner.trouble ?? '')
    return { runner, program }
  })
  const machine = assembleMachine(pump, fitted, START, START, new WindowBudget(), observer)
  const router = new Router()
  router.add(machine)
  const key = (name: string) => plant.key(pump, name)
  return {
    plant,
    pump,
    machine,
    turns,
    failures,
    key,
    get evaluations() {
      return evaluations
    },
    /** Readings as [signal, seconds, value, quality]. */
    read(...rows: [name: string, seconds: number, value: number | string, quality?: number][]) {
      const batch = rows.map(
        ([name, seconds, value, quality = 0]): Row => [key(name), START + seconds * SECOND, value, quality],
      )
      router.dispatch(batchOf(batch), NO_LIMIT, START)
    },
    pass: (seconds: number) => machine.passTime(START + seconds * SECOND),
  }
}

test('raises and returns with the condition, once each', () => {
  const b = bench({ condition: 'temperature > 80.0' })
  b.read(['temperature', 1, 79], ['temperature', 2, 81], ['temperature', 3, 85], ['temperature', 4, 80])
  assert.deepEqual(b.turns, ['r1 raised 2', 'r1 returned 4'])
})

test('everything of one time stamp is taken before a rule is asked', () => {
  const b = bench({ condition: 'temperature > 80.0 && rpm < 10.0' })
  b.read(['temperature', 1, 70], ['rpm', 1, 5])
  b.read(['temperature', 2, 90], ['rpm', 2, 1000])
  assert.deepEqual(b.turns, [])
  b.read(['rpm', 3, 5])
  assert.deepEqual(b.turns, ['r1 raised 3'])
})

test('hysteresis: it clears only when the clear condition holds', () => {
  const b = bench({ condition: 'temperature > 80.0', clearCondition: 'temperature < 70.0' })
  b.read(['temperature', 1, 81], ['temperature', 2, 75], ['temperature', 3, 81], ['temperature', 4, 69])
  assert.deepEqual(b.turns, ['r1 raised 1', 'r1 returned 4'])
})

test('on and off delays count in data time, and fall due between readings at their own time', () => {
  const b = bench({ condition: 'temperature > 80.0', onDelay: 10 * SECOND, offDelay: 5 * SECOND })
  b.read(['temperature', 1, 81], ['temperature', 5, 70], ['temperature', 6, 81])
  b.read(['temperature', 30, 82])
  assert.deepEqual(b.turns, ['r1 raised 16'])
  b.read(['temperature', 31, 10])
  b.pass(35.9)
  assert.equal(b.turns.length, 1)
  b.pass(36)
  assert.deepEqual(b.turns, ['r1 raised 16', 'r1 returned 36'])
})

test('silence is noticed without readings, and ends with one', () => {
  const b = bench({ condition: 'noData(temperature, "30s")' }, { condition: 'age(temperature) > 10.0' })
  b.read(['temperature', 1, 20])
  b.pass(30.5)
  assert.deepEqual(b.turns, ['r2 raised 12'])
  b.pass(31)
  b.read(['temperature', 40, 20])
  assert.deepEqual(b.turns, ['r2 raised 12', 'r1 raised 31', 'r1 returned 40', 'r2 returned 40'])
})

test('silence before the first reading counts from when the watch began', () => {
  const b = bench({ condition: 'noData(temperature, "30s")' })
  b.machine.evaluateAll()
  b.pass(30)
  assert.deepEqual(b.turns, ['r1 raised 30'])
})

test('bad readings are left out, and can be asked for', () => {
  const b = bench({ condition: 'avg(temperature, "1m") > 80.0' }, { condition: 'quality(temperature) == "bad"' })
  b.read(['temperature', 1, 70], ['temperature', 2, 1000, QUALITY.badSensorFailure])
  assert.deepEqual(b.turns, ['r2 raised 2'])
  b.read(['temperature', 3, 71, QUALITY.uncertain])
  assert.deepEqual(b.turns, ['r2 raised 2', 'r2 returned 3'])
})

test('figures over windows, as readings come and go', () => {
  const b = bench(
    { condition: 'avg(temperature, "10s") > 80.0' },
    { condition: 'max(temperature, "10s") - min(temperature, "10s") > 20.0' },
    { condition: 'rate(temperature, "10s") > 5.0' },
    { condition: 'count(temperature, "10s") >= 3' },
    { condition: 'stddev(temperature, "10s") > 15.0' },
    { condition: 'delta(temperature) > 25.0' },
    {
      condition:
        'sum(temperature, "10s") == 240.0 && first(temperature, "10s") == 60.0 && last(temperature, "10s") == 100.0',
    },
  )
  b.read(['temperature', 1, 60], ['temperature', 3, 80])
  assert.deepEqual(b.turns.splice(0), ['r3 raised 3'])
  b.read(['temperature', 5, 100])
  assert.deepEqual(b.turns.splice(0).sort(), ['r2 raised 5', 'r4 raised 5', 'r5 raised 5', 'r7 raised 5'])
  b.pass(11)
  const after = ['r1 raised 11', 'r2 returned 11', 'r4 returned 11', 'r5 returned 11', 'r7 returned 11']
  assert.deepEqual(b.turns.splice(0).sort(), after)
  b.pass(15)
  assert.deepEqual(b.turns.splice(0).sort(), [])
})

test('how long something was true', () => {
  const b = bench(
    { condition: 'trueFor(running, "1m") >= 30.0' },
    { condition: 'trueFor(temperature > 80.0, "1m") > 5.0' },
  )
  b.read(['running', 0, 1], ['temperature', 0, 90], ['temperature', 4, 70], ['running', 20, 0])
  assert.deepEqual(b.turns, [])
  b.read(['running', 50, 1])
  b.pass(65)
  assert.deepEqual(b.turns, ['r1 raised 60'])
})

test('states and waveforms are watched, too', () => {
  const b = bench({ condition: 'state == "fault"' }, { condition: 'count(vibration, "1m") == 1' })
  b.read(['state', 1, 'idle'], ['state', 2, 'fault'], ['state', 3, 'idle'], ['vibration', 3, 0])
  assert.deepEqual(b.turns.sort(), ['r1 raised 2', 'r1 returned 3', 'r2 raised 3'])
})

test('late readings go to their place in windows and never rewrite the past', () => {
  const b = bench({ condition: 'avg(temperature, "10s") > 80.0' })
  b.read(['temperature', 5, 90], ['rpm', 5, 1])
  b.read(['temperature', 7, 60])
  assert.deepEqual(b.turns, ['r1 raised 5', 'r1 returned 7'])
  b.read(['temperature', 6, 120], ['temperature', 6, 120])
  assert.deepEqual(b.turns.slice(2), ['r1 raised 7'])
  b.read(['temperature', -60, 0])
  assert.equal(b.turns.length, 3)
})

test('recorded data from years ago is evaluated in its own time', () => {
  const b = bench({ condition: 'avg(temperature, "10s") > 80.0', onDelay: 5 * SECOND })
  const years = -6 * 365 * 86_400
  b.read(['temperature', years, 90], ['temperature', years + 6, 90])
  assert.deepEqual(b.turns, [`r1 raised ${years + 5}`])
})

test('a chattering condition is held, and let go when it is calm', () => {
  const b = bench({ condition: 'temperature > 80.0' })
  for (let i = 0; i < 40; i++) b.read(['temperature', i, i % 2 === 0 ? 90 : 70])
  assert.equal(b.turns.filter((turn) => turn.includes('raised')).length, 5)
  b.read(['temperature', 40, 70])
  b.pass(200)
  assert.deepEqual(b.turns.at(-1), 'r1 returned 69')
})

test('a rule that throws is off with its fault in words, and the others go on', () => {
  const b = bench({ condition: 'temperature > 80.0' }, { condition: 'temperature > 80.0' })
  const watch = b.machine.watches[0]!
  Object.defineProperty(watch.program, 'condition', {
    value: () => {
      throw new Error('cosmic ray')
    },
  })
  b.read(['temperature', 1, 90], ['temperature', 2, 91])
  assert.deepEqual(b.turns, ['r2 raised 1'])
  assert.equal(b.failures.length, 1)
  assert.match(watch.runner.trouble ?? '', /P-101 failed: cosmic ray/)
})

test('a rule that is too slow on average is off with its fault in words', () => {
  const runner = new RuleRunner(runningRule({ condition: 'false' }))
  for (let i = 0; i < 19; i++) assert.equal(runner.tooSlow(5000), false)
  assert.equal(runner.trouble, null)
  assert.equal(runner.tooSlow(5000), true)
  assert.match(runner.trouble ?? '', /took 5000 µs/)
})

const CONDITIONS = [
  'temperature > 80.0',
  'avg(temperature, "10s") > 80.0 && rpm > 50.0',
  'noData(temperature, "7s") || rpm > 90.0',
  'max(temperature, "5s") - min(rpm, "1m") > 60.0',
  'count(rpm, "20s") < 3',
  'trueFor(temperature > 70.0, "30s") > 4.0',
  'rate(temperature, "10s") > 1.0 || stddev(rpm, "30s") > 40.0',
  'state == "run" && age(rpm) > 3.0',
  'delta(temperature) > 10.0 && (running || rpm > 10.0)',
]

test('readings in any split of batches turn a rule as a dry run over all of them does', async () => {
  let turned = 0
  const reading = fc.record({
    name: fc.constantFrom('temperature', 'rpm', 'running', 'state'),
    gap: fc.constantFrom(0, 0, 100_000, 500_000, SECOND, 3 * SECOND, 11 * SECOND, 70 * SECOND),
    value: fc.integer({ min: 0, max: 120 }),
    bad: fc.constantFrom(false, false, false, false, true),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(reading, { minLength: 1, maxLength: 150, size: 'max' }),
      fc.record({
        condition: fc.constantFrom(...CONDITIONS),
        clearCondition: fc.constantFrom(null, null, 'temperature < 60.0'),
        onDelay: fc.constantFrom(0, 0, 2 * SECOND, 15 * SECOND),
        offDelay: fc.constantFrom(0, 0, 3 * SECOND, MINUTE),
      }),
      fc.array(fc.boolean(), { minLength: 120, maxLength: 120 }),
      fc.integer({ min: 1, max: 50 }),
      async (readings, rule, cuts, slice) => {
        const live = bench(rule)
        let time = START
        const rows: Row[] = readings.map(({ name, gap, value, bad }) => {
          time += gap
          const held = name === 'state' ? (value > 60 ? 'run' : 'idle') : name === 'running' ? value % 2 : value
          return [live.key(name), time, held, bad ? QUALITY.bad : 0]
        })
        // One message's rows are never torn apart, so a cut falls between two time stamps.
        const router = new Router()
        router.add(live.machine)
        let part: Row[] = []
        for (const [i, row] of rows.entries()) {
          if (part.length > 0 && cuts[i % cuts.length] && row[1] > part.at(-1)![1]) {
            router.dispatch(batchOf(part), NO_LIMIT, START)
            part = []
          }
          part.push(row)
        }
        router.dispatch(batchOf(part), NO_LIMIT, START)
        live.machine.passTime(time + 5 * MINUTE)

        live.plant.stored.push(...rows)
        live.plant.slice = slice
        const dry = await dryRun(
          runningRule({ equipment: live.pump.id, ...rule }),
          [live.pump],
          sliceOnTimes(live.plant),
          { from: START, to: time + 5 * MINUTE + 1 },
          new AbortController().signal,
        )
        assert.equal(dry.truncated, false)
        const turns = dry.runs[0]!.spans.flatMap(({ from, to }) => [
          `r1 raised ${(from - START) / SECOND}`,
          ...(to === null ? [] : [`r1 returned ${(to - START) / SECOND}`]),
        ])
        assert.deepEqual(live.turns, turns)
        turned += turns.length
      },
    ),
    { numRuns: 400 },
  )
  assert.ok(turned > 500, `only ${turned} turns: the test tests nothing`)
})

/** History whose batches do not tear a time stamp apart, as the historian's do not. */
function sliceOnTimes(plant: MemoryPlant): MemoryPlant {
  const raw = plant.raw.bind(plant)
  plant.raw = async function* (keys, from, to) {
    const held: Row[] = []
    for await (const batch of raw(keys, from, to)) {
      const rows: Row[] = [
        ...Array.from(
          { length: batch.length },
          (_, i): Row => [batch.signal[i]!, batch.time[i]!, batch.value[i]!, batch.quality[i]!],
        ),
        ...batch.wide.map((row): Row => [row.signal, row.time, (row.value as { value: string }).value, row.quality]),
      ].sort((a, b) => a[1] - b[1])
      held.push(...rows)
      const newest = held.at(-1)?.[1] ?? 0
      const ready = held.filter(([, time]) => time < newest)
      held.splice(0, ready.length)
      yield batchOf(ready)
    }
    yield batchOf(held)
  }
  return plant
}
