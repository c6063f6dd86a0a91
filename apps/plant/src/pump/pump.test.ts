import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { STEP, type Waveform } from '../core/machine.ts'
import { Random } from '../core/rng.ts'
import { BPFI, BPFO, FTF } from './bearing.ts'
import { cavitation, GRAVITY, pumpHead, RHO, shaftPower, suctionPressure } from './hydraulics.ts'
import { motorPower, synchronousSpeed } from './motor.ts'
import { Pump } from './pump.ts'
import { figuresOf, SAMPLE_RATE, SAMPLES, vibration } from './vibration.ts'

const run = (pump: Pump, seconds: number) => {
  for (let i = 0; i < Math.round(seconds / STEP); i++) pump.step(STEP)
}
const shown = (pump: Pump) => pump.signals() as Record<string, number>
const fault = (pump: Pump, name: string) => pump.faults.find((one) => one.name === name)!
const near = (actual: number, expected: number, part: number, what: string) =>
  assert.ok(Math.abs(actual - expected) <= Math.abs(expected) * part, `${what}: ${actual} instead of ${expected}`)

test('property: affinity laws: flow ~ n, head ~ n², power ~ n³', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1, max: 40, noNaN: true }),
      fc.double({ min: 0.3, max: 1.1, noNaN: true }),
      (flow, ratio) => {
        const speed = 300
        near(pumpHead(flow * ratio, speed * ratio), pumpHead(flow, speed) * ratio ** 2, 1e-9, 'head')
        near(shaftPower(flow * ratio, speed * ratio), shaftPower(flow, speed) * ratio ** 3, 1e-9, 'power')
      },
    ),
  )
})

test('property: energy goes down the chain: electric > shaft > water, and all of the electric is accounted for', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 15, max: 55, noNaN: true }),
      fc.double({ min: 0.005, max: 0.05, noNaN: true }),
      fc.double({ min: 20, max: 120, noNaN: true }),
      (frequency, slip, winding) => {
        const speed = synchronousSpeed(frequency) * (1 - slip)
        const power = motorPower(speed, frequency, winding)
        const parts = power.shaft + power.rotor + power.copper + power.iron + power.converter
        near(parts, power.electric, 1e-9, 'sum of parts')
        assert.ok(power.electric > power.shaft && power.shaft > 0)
      },
    ),
  )
  for (let flow = 1; flow < 48; flow++) {
    const water = (RHO * GRAVITY * pumpHead(flow, 303) * flow) / 3600
    assert.ok(water < shaftPower(flow, 303) * 0.8, `efficiency at ${flow} m³/h`)
  }
})

test('the loop settles where pump and system curve meet, and follows the speed', () => {
  const pump = new Pump('P', 1)
  run(pump, 30)
  const full = shown(pump)
  near(full['flow']!, 24.2, 0.02, 'flow')
  near(
    full['discharge_pressure']! - full['suction_pressure']!,
    (pumpHead(full['flow']!, (full['speed']! / 60) * 2 * Math.PI) * RHO * GRAVITY) / 1e5,
    0.02,
    'head',
  )
  pump.commands['set_speed']!({ rpm: 2000 })
  run(pump, 30)
  const slow = shown(pump)
  near(slow['speed']!, 2000, 0.015, 'speed')
  assert.ok(slow['flow']! < full['flow']! && slow['motor_power']! < full['motor_power']! * 0.5)
  pump.commands['set_valve']!({ percent: 20 })
  run(pump, 30)
  assert.ok(shown(pump)['flow']! < slow['flow']! * 0.5)
  assert.ok(shown(pump)['discharge_pressure']! > slow['discharge_pressure']!)
  pump.commands['stop']!(undefined)
  run(pump, 30)
  const still = pump.signals()
  assert.equal(still['running'], false)
  assert.equal(still['state'], 'stopped')
  assert.equal(still['flow'], 0)
  assert.throws(() => pump.commands['set_speed']!({ rpm: 9000 }), /between 600 and 3000/)
})

test('defect frequencies of a 6205 are those of the tables', () => {
  near(BPFO, 3.585, 0.001, 'BPFO')
  near(BPFI, 5.415, 0.001, 'BPFI')
  near(FTF, 0.3983, 0.001, 'FTF')
})

test('cavitation begins when the suction is throttled, not before', () => {
  const healthy = suctionPressure(24, 0)
  assert.equal(cavitation(24, 300, healthy, 30), 0)
  const clogged = suctionPressure(24, 0.9)
  assert.ok(clogged < healthy - 0.5)
  assert.ok(cavitation(24, 300, clogged, 30) > 0.5)
  assert.ok(cavitation(24, 300, clogged, 80) >= cavitation(24, 300, clogged, 30), 'hot water boils sooner')
})

test('a cracked bearing shows: vibration, kurtosis, then temperature; repaired, all is as before', () => {
  const pump = new Pump('P', 3)
  run(pump, 60)
  const healthy = { ...shown(pump) }
  assert.ok(healthy['vibration_rms']! < 0.8 && healthy['vibration_kurtosis']! < 3.6)
  fault(pump, 'bearing').inject()
  run(pump, 45)
  assert.ok(shown(pump)['vibration_rms']! > 4, 'vibration within 45 s')
  assert.ok(shown(pump)['vibration_kurtosis']! > 6)
  run(pump, 45)
  assert.ok(shown(pump)['bearing_temperature']! > 75, 'temperature within one and a half minutes')
  fault(pump, 'bearing').clear()
  run(pump, 300)
  assert.ok(shown(pump)['vibration_rms']! < 0.8)
  assert.ok(shown(pump)['bearing_temperature']! < healthy['bearing_temperature']! + 3)
})

test('unbalance turns once per revolution and grows with the square of speed', () => {
  const amplitudeAt = (rpm: number) => {
    const pump = new Pump('P', 3)
    pump.commands['set_speed']!({ rpm })
    fault(pump, 'unbalance').inject()
    run(pump, 60)
    const wave = pump.signals()['vibration_waveform'] as Waveform
    return goertzel(wave.samples, shown(pump)['speed']! / 60)
  }
  const slow = amplitudeAt(1425)
  const fast = amplitudeAt(2850)
  near(fast / slow, 4, 0.15, 'ratio')
})

/** Amplitude of one frequency in a signal (Hann window). */
function goertzel(samples: ArrayLike<number>, frequency: number): number {
  let real = 0
  let imaginary = 0
  for (let i = 0; i < samples.length; i++) {
    const hann = 1 - Math.cos((2 * Math.PI * i) / (samples.length - 1))
    const angle = (2 * Math.PI * frequency * i) / SAMPLE_RATE
    real += samples[i]! * hann * Math.cos(angle)
    imaginary += samples[i]! * hann * Math.sin(angle)
  }
  return (2 * Math.hypot(real, imaginary)) / samples.length
}

/** Envelope: high-passed by differences (the resonance lies at 3.4 kHz), rectified, smoothed, without its mean. */
function envelope(samples: ArrayLike<number>): Float64Array {
  const n = samples.length
  const result = new Float64Array(n)
  let smooth = 0
  let mean = 0
  for (let i = 2; i < n; i++) {
    smooth += 0.15 * (Math.abs(samples[i]! - samples[i - 2]!) - smooth)
    result[i] = smooth
    mean += smooth / n
  }
  return result.map((value) => value - mean)
}

test('property: a spall draws a line at the ball pass frequency into the envelope spectrum, a healthy bearing does not', () => {
  const lines = (wear: number, seed: number, rpm: number) => {
    const speed = (rpm / 60) * 2 * Math.PI
    const cause = { speed, angle: 1, passes: 0.3, wear, unbalance: 0, cavitation: 0 }
    const spectrum = envelope(vibration(cause, new Random(seed, 'v')))
    const pass = (BPFO * rpm) / 60
    const around = [-0.37, -0.28, -0.19, 0.19, 0.28, 0.37].map((part) => goertzel(spectrum, pass * (1 + part)))
    return { pass: goertzel(spectrum, pass), around: around.reduce((sum, one) => sum + one, 0) / around.length }
  }
  fc.assert(
    fc.property(fc.nat(1_000), fc.integer({ min: 1_800, max: 3_000 }), (seed, rpm) => {
      const worn = lines(0.4, seed, rpm)
      const healthy = lines(0.001, seed, rpm)
      assert.ok(worn.pass > 4 * worn.around, 'it stands out from its surroundings')
      assert.ok(worn.pass > 6 * healthy.pass, 'and from what a healthy bearing shows there')
    }),
    { numRuns: 40 },
  )
})

test('figures of known signals', () => {
  const sine = Array.from({ length: SAMPLES }, (_, i) => 10 * Math.sin((2 * Math.PI * 100 * i) / SAMPLE_RATE))
  const figures = figuresOf(sine)
  near(figures.rms, 10 / Math.SQRT2, 0.01, 'RMS')
  near(figures.kurtosis, 1.5, 0.01, 'kurtosis')
  near(figures.crest, Math.SQRT2, 0.01, 'crest')
  near(figures.velocity, (10 / (2 * Math.PI * 100) / Math.SQRT2) * 1000, 0.03, 'velocity')
  assert.deepEqual(figuresOf(new Float64Array(64)), { rms: 0, kurtosis: 3, crest: 0, velocity: 0 })
})
