import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Kind, SignalValue } from './core/machine.ts'
import { Plant } from './plant.ts'

/** Everything a plant shows and says over some steps, as bytes. */
function history(plant: Plant, steps: number, act: (step: number) => void = () => {}): string {
  const hash = createHash('sha256')
  for (let step = 0; step < steps; step++) {
    act(step)
    plant.step()
    if (step % 10 === 0)
      for (const machine of plant.machines) hash.update(JSON.stringify([machine.signals(), machine.occurrences()]))
  }
  return hash.digest('hex')
}

const FAULTS = new Plant({ seed: 1 }).machines.flatMap((machine) =>
  machine.faults.map(({ name }) => [machine.name, name] as const),
)
const ACTS = fc.array(fc.tuple(fc.nat(300), fc.constantFrom(...FAULTS), fc.boolean()), { maxLength: 6 })
type Acts = readonly (readonly [number, readonly [string, string], boolean])[]
const doing = (plant: Plant, acts: Acts) => (step: number) => {
  for (const [at, [machine, fault], active] of acts) if (at === step) plant.setFault(fault, active, machine)
}

test('property: the same seed and the same deeds give the same plant, bit for bit; another seed another', () => {
  fc.assert(
    fc.property(fc.nat(), ACTS, (seed, acts) => {
      const [one, two, other] = [new Plant({ seed }), new Plant({ seed }), new Plant({ seed: seed + 1 })]
      const first = history(one, 300, doing(one, acts))
      assert.equal(history(two, 300, doing(two, acts)), first)
      assert.notEqual(history(other, 300, doing(other, acts)), first)
    }),
    { numRuns: 8 },
  )
})

test('property: a plant that was saved as JSON and restored goes on bit for bit', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(300), ACTS, (seed, steps, acts) => {
      const plant = new Plant({ seed })
      history(plant, steps, doing(plant, acts))
      const copy = new Plant({ seed: seed + 7 })
      copy.restore(JSON.parse(JSON.stringify(plant.save())))
      assert.equal(copy.time, plant.time)
      assert.equal(history(copy, 100), history(plant, 100))
    }),
    { numRuns: 8 },
  )
})

test('the plant of seed 1 is this one: a change of the physics or the numbers shows here', () => {
  const plant = new Plant({ seed: 1 })
  for (let step = 0; step < 600; step++) plant.step()
  const { flow, speed } = plant.machine('P-101').signals()
  const { active_energy: energy } = plant.machine('EM-1').signals()
  assert.deepEqual({ flow, speed, energy }, { flow: 24.12, speed: 2816.1, energy: 812400.641 })
})

const FITS: Record<Kind, (value: SignalValue) => boolean> = {
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
  state: (value) => typeof value === 'string' && value !== '',
  document: (value) => typeof value === 'object',
  position: (value) => typeof value === 'object' && 'latitude' in value && Number.isFinite(value.latitude),
  waveform: (value) =>
    typeof value === 'object' && 'samples' in value && (value.samples as number[]).every(Number.isFinite),
}

test('over hours with every fault, each machine shows just its signals, of their kinds, within their ranges', () => {
  const plant = new Plant({ seed: 11 })
  const counters = new Map<string, number>()
  for (let step = 0; step < 16_000; step++) {
    const round = Math.floor(step / 1_200)
    if (step % 1_200 === 0 && round < FAULTS.length) plant.setFault(FAULTS[round]![1], true, FAULTS[round]![0])
    if (step % 1_200 === 1_100 && round < FAULTS.length) plant.setFault(FAULTS[round]![1], false, FAULTS[round]![0])
    plant.step()
    if (step % 40 !== 0) continue
    for (const machine of plant.machines) {
      const shown = machine.signals()
      const expected = machine.model.signals.filter(({ every }) => every !== 'event').map(({ name }) => name)
      assert.deepEqual(Object.keys(shown).sort(), expected.sort(), machine.name)
      for (const { name, kind, min, max } of machine.model.signals) {
        const value = shown[name]
        if (value === undefined) continue
        assert.ok(FITS[kind](value), `${machine.name} ${name}: ${JSON.stringify(value)}`)
        if (typeof value !== 'number') continue
        assert.ok(
          value >= (min ?? value) && value <= (max ?? value),
          `${machine.name} ${name}: ${value} at ${plant.time} s`,
        )
        if (/energy|hours|odometer|parts_/.test(name)) {
          const key = `${machine.name} ${name}`
          assert.ok(value >= (counters.get(key) ?? 0), `${key} went back`)
          counters.set(key, value)
        }
      }
      for (const { signal, value } of machine.occurrences()) {
        const spec = machine.model.signals.find(({ name }) => name === signal)
        assert.ok(spec?.every === 'event' && FITS[spec.kind](value), `${machine.name} ${signal}`)
      }
    }
  }
})

test('the main meter counts what the machines take, and its counter is the integral of its power', () => {
  const plant = new Plant({ seed: 3, schedule: false })
  for (let step = 0; step < 100; step++) plant.step()
  const read = (name: string) => plant.machine(name).signals() as Record<string, number>
  const before = read('EM-1')['active_energy']!
  let integral = 0
  for (let step = 0; step < 6_000; step++) {
    plant.step()
    const [all, line, pump, air] = [read('EM-1'), read('EM-2'), read('P-101'), read('CA-1')]
    integral += (all['active_power']! * 0.1) / 3600
    if (step % 100 === 0) {
      assert.ok(all['active_power']! > line['active_power']! + pump['motor_power']! + air['motor_power']! - 0.2)
      assert.ok(
        Math.abs(
          all['power_factor']! - all['active_power']! / Math.hypot(all['active_power']!, all['reactive_power']!),
        ) < 0.005,
      )
    }
  }
  const counted = read('EM-1')['active_energy']! - before
  assert.ok(Math.abs(counted - integral) < integral * 0.001, `${counted} kWh counted, ${integral} kWh taken`)
  assert.ok(counted > 4 && counted < 12)
})

test('a leak takes air, load and pressure; mended, all is as before', () => {
  const plant = new Plant({ seed: 3, schedule: false })
  const run = (seconds: number) => {
    let air = 0
    for (let step = 0; step < seconds * 10; step++) {
      plant.step()
      air += (plant.machine('CA-1').signals()['air_flow'] as number) / (seconds * 10)
    }
    return { air, load: plant.machine('CA-1').signals()['load_share'] as number }
  }
  run(120)
  const healthy = run(180)
  plant.setFault('leak', true)
  run(30)
  const leaking = run(180)
  assert.ok(leaking.air > healthy.air + 0.9 && leaking.load > healthy.load + 15)
  plant.setFault('leak', false)
  run(60)
  assert.ok(run(180).air < healthy.air + 0.2)
})

test('the schedule breaks the bearing in the first seconds and mends it; a fault set by hand stays', () => {
  const plant = new Plant({ seed: 5 })
  const active = () => plant.fault('bearing').active
  const until = (seconds: number) => {
    while (plant.time < seconds) plant.step()
  }
  until(7)
  assert.equal(active(), false)
  until(12)
  assert.equal(active(), true)
  until(270)
  assert.equal(active(), false)
  plant.setFault('cavitation', true)
  until(300)
  assert.equal(plant.fault('cavitation').active, true)
  assert.throws(() => plant.setFault('gremlins', true), /there is no fault gremlins; there are: bearing/)
  assert.throws(() => plant.setFault('bearing', true, 'X-1'), /there is no machine X-1/)
})
