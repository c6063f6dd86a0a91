import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Plant } from '../plant.ts'
import { TestBench } from './bench.ts'

interface Tested {
  readonly result: string
  readonly efficiency: number
  readonly current: number
}

/** Tests of some motors, one after the other. */
function tested(bench: TestBench, motors: number, look: () => void = () => {}): Tested[] {
  const done: Tested[] = []
  while (done.length < motors) {
    bench.step(0.1)
    look()
    const said = new Map(bench.occurrences().map(({ signal, value }) => [signal, value]))
    if (said.size === 0) continue
    assert.deepEqual([...said.keys()], ['motor_serial', 'result', 'efficiency', 'no_load_current'])
    const [efficiency, current] = [said.get('efficiency') as number, said.get('no_load_current') as number]
    done.push({ result: said.get('result') as string, efficiency, current })
  }
  return done
}

test('a motor takes more than it gives while it is loaded, and the stages follow each other', () => {
  const bench = new TestBench('TB-1', 7)
  const stages: unknown[] = []
  tested(bench, 3, () => {
    const { state, speed, torque, power } = bench.signals() as Record<string, number>
    if (stages.at(-1) !== state) stages.push(state)
    const shaft = (((speed! * Math.PI) / 30) * torque!) / 1000
    if (bench.signals()['state'] === 'load')
      assert.ok(power! > shaft && power! < shaft + 1.5, `${power} kW, ${shaft} kW`)
    assert.ok(bench.electricPower >= 180)
  })
  const once = ['clamping', 'run-up', 'no-load', 'load', 'run-down', 'unclamping']
  assert.deepEqual(stages, [...once, ...once, ...once.slice(0, 5), 'unclamping'])
})

test('most motors pass; those that fail have a flaw that efficiency shows', () => {
  const motors = tested(new TestBench('TB-1', 3), 400)
  const failed = motors.filter(({ result }) => result === 'fail')
  // One in twelve, binomial: 400/12 = 33, standard deviation 5.5.
  assert.ok(failed.length > 10 && failed.length < 60, `${failed.length} of 400`)
  for (const { result, efficiency } of motors) assert.equal(result, efficiency >= 80 ? 'pass' : 'fail')
  const good = motors.filter(({ result }) => result === 'pass').map(({ efficiency }) => efficiency)
  // IEC 60034-30-1: 3 kW, two poles, 50 Hz is 81.5 % at IE1 and 84.6 % at IE2; the converter's losses are in here.
  assert.ok(Math.min(...good) > 81 && Math.max(...good) < 85.5)
  // Friction alone makes a motor take more when it runs idle: 1.7 N m are 0.14 A beside the magnetising current of 2.9 A.
  assert.ok(motors.every(({ current }) => current > 2.89 && current < 3.1))
})

test('computers stay within their bounds and differ', () => {
  const plant = new Plant({ seed: 9, schedule: false })
  for (let step = 0; step < 6_000; step++) plant.step()
  const [bench, server] = ['IPC-1', 'SRV-1'].map((name) => plant.machine(name).signals())
  assert.notDeepEqual(bench, server)
  for (const shown of [bench!, server!])
    assert.ok((shown['temperature'] as number) > 31 && (shown['temperature'] as number) < 74)
})
