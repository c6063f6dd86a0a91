import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import { bearingOrders } from '../machine/bearing.ts'
import { bearingCatalogue } from '../machine/catalogue.ts'
import { SimulatedMachine } from '../testing/machine.ts'
import { diagnose, type MachineDescription } from './diagnose.ts'
import type { Fault } from './finding.ts'
import { significant } from './lines.ts'
import { sentenceOf } from './sentence.ts'

const SHAFT = 24.6
const orders = bearingOrders(bearingCatalogue[0]!)
const machine: MachineDescription = {
  shaft: SHAFT,
  bearings: [{ name: 'drive end', orders }],
  gears: [{ name: 'stage 1', pair: { teeth: 23, matingTeeth: 67 } }],
  pump: true,
  severityClass: 'class I',
}
const { shaft: _, ...withoutSpeed } = machine

/** A sound machine: a little of each shaft harmonic, the mains, noise. */
const sound = (seed: number, options = {}) =>
  new SimulatedMachine(seed, options)
    .velocity(SHAFT, 0.3)
    .velocity(2 * SHAFT, 0.1)
    .velocity(3 * SHAFT, 0.05)
    .tone(100, 0.06)

const loose = (seed: number) => {
  let of = sound(seed)
    .velocity(0.5 * SHAFT, 0.5)
    .velocity(1.5 * SHAFT, 0.5)
  for (let n = 1; n <= 8; n++) of = of.velocity(n * SHAFT, 1.6 / Math.sqrt(n))
  return of
}

const ill: Record<Fault, (seed: number) => SimulatedMachine> = {
  unbalance: (seed) => sound(seed).velocity(SHAFT, 4),
  misalignment: (seed) =>
    sound(seed)
      .velocity(SHAFT, 1.5)
      .velocity(2 * SHAFT, 2.5)
      .velocity(3 * SHAFT, 0.6),
  looseness: loose,
  // Half a percent of slip: real lines lie beside what geometry says.
  'outer race': (seed) => sound(seed).impacts(0.995 * orders.bpfo * SHAFT, 3),
  'inner race': (seed) => sound(seed).impacts(orders.bpfi * SHAFT, 4, { load: SHAFT }),
  'rolling element': (seed) => sound(seed).impacts(2 * orders.bsf * SHAFT, 4, { load: orders.ftf * SHAFT }),
  // A cage turns slowly: four seconds, so that its lines part.
  cage: (seed) => sound(seed, { seconds: 4 }).impacts(orders.ftf * SHAFT, 4),
  gear: (seed) => sound(seed).gear(23 * SHAFT, 2, SHAFT, 0.5),
  cavitation: (seed) => sound(seed).bursts(3000, 10),
}

describe('a diagnosis', () => {
  for (const [fault, make] of Object.entries(ill))
    it(`names ${fault}, with the lines that speak for it`, () => {
      for (const seed of [1, 2, 3]) {
        const of = diagnose(make(seed).waveform(), machine)
        const [first] = of.findings
        assert.equal(first?.fault, fault, sentenceOf(of))
        assert.ok(first.confidence >= 0.75)
        if (fault !== 'cavitation') assert.ok(first.lines.some(significant))
        assert.match(sentenceOf(of), /Vibration is [\d.]+ mm\/s \(zone [A-D]\)/)
      }
    })

  it('finds nothing in a sound machine, quiet or noisy, with a sound gear', () => {
    for (let seed = 1; seed <= 8; seed++)
      for (const noise of [0.1, 1, 3]) {
        const of = diagnose(
          sound(seed, { noise, seconds: 0.5 })
            .gear(23 * SHAFT, 1, SHAFT, 0.04)
            .waveform(),
          machine,
        )
        assert.deepEqual(of.findings, [], sentenceOf(of))
      }
  })

  it('tells which wheel of a gear it is', () => {
    const part = (wheel: number) =>
      diagnose(
        sound(1, { seconds: 2 })
          .gear(23 * SHAFT, 2, wheel, 0.5)
          .waveform(),
        machine,
      ).findings[0]?.part
    assert.equal(part(SHAFT), 'stage 1, driving wheel')
    assert.equal(part((SHAFT * 23) / 67), 'stage 1, driven wheel')
  })

  it('sees a change against what is normal for the machine before a limit is reached', () => {
    const waveform = sound(1).velocity(SHAFT, 1).waveform()
    assert.deepEqual(diagnose(waveform, machine).findings, [])
    assert.equal(diagnose(waveform, { ...machine, normal: { velocity: 0.4 } }).findings[0]?.fault, 'unbalance')
    const hissing = ill.cavitation(1).waveform()
    const usual = diagnose(hissing, machine).highFrequency!.rms
    assert.deepEqual(diagnose(hissing, { ...machine, normal: { highFrequency: usual } }).findings, [])
  })

  it('finds the speed in the spectrum when nobody gives it, and then the bearing fault', () => {
    for (const seed of [1, 2, 3]) {
      const loud = ill['outer race'](seed)
        .velocity(SHAFT, 0.6)
        .velocity(2 * SHAFT, 0.4)
        .velocity(3 * SHAFT, 0.3)
      const of = diagnose(loud.waveform(), { ...withoutSpeed, speedRange: { from: 10, to: 60 } })
      assert.equal(of.shaft?.from, 'estimated')
      assert.ok(Math.abs(of.shaft.frequency / SHAFT - 1) < 0.005, `${of.shaft.frequency}`)
      assert.equal(of.findings[0]?.fault, 'outer race')
      assert.match(sentenceOf(of), /estimated/)
    }
  })

  it('says that it cannot when the speed is not known and does not show', () => {
    const noise = new SimulatedMachine(4, { noise: 1 }).waveform()
    for (const description of [withoutSpeed, { ...withoutSpeed, speedRange: { from: 10, to: 60 } }]) {
      const of = diagnose(noise, description)
      assert.deepEqual([of.findings, of.limits], [[], ['speed unknown']])
      assert.match(sentenceOf(of), /speed is not known/)
    }
  })

  it('says what else it could not judge', () => {
    assert.deepEqual(diagnose(sound(1, { seconds: 0.1 }).waveform(), machine).limits, ['recording too short'])
    assert.deepEqual(diagnose(sound(1, { sampleRate: 8000 }).waveform(), machine).limits, [
      'sample rate too low for cavitation',
    ])
    assert.deepEqual(diagnose(sound(1).waveform(), { ...machine, shaft: 0 }).limits, ['speed unknown'])
  })

  it('does not take the bearing of another machine for this one', () => {
    const other = bearingOrders(bearingCatalogue.find(({ designation }) => designation === 'UER204')!)
    const of = diagnose(ill['outer race'](1).waveform(), { ...machine, bearings: [{ name: 'wrong', orders: other }] })
    assert.ok(
      of.findings.every(({ confidence }) => confidence < 0.75),
      sentenceOf(of),
    )
  })

  it('refuses a stuck, broken or short recording', () => {
    for (const samples of [new Float64Array(9999), new Float64Array(3), new Float64Array(9999).fill(Number.NaN)])
      assert.throws(() => diagnose({ samples, sampleRate: 25_600 }, machine), MillwrightError)
  })
})
