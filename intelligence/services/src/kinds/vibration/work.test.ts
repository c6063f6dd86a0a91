/** The kind by itself: what it learns of recordings, and what it tells of those that come. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SECOND } from '@millwright/foundation'
import { bearingCatalogue, bearingOrders } from '@millwright/methods/vibration'
import { SimulatedMachine } from '@millwright/methods/vibration/testing'
import type { Arrivals, Input, Scores, Series, Settings, TrainingData } from '../kind.ts'
import { checkedSettings } from '../settings.ts'
import { vibration } from './kind.ts'
import { outputAt, type VibrationOutput } from './outputs.ts'
import { vibrationWork } from './work.ts'

const SHAFT = 47.5
const NOW = 1_800_000_000 * SECOND
const orders = bearingOrders(bearingCatalogue[0]!)
const settings = checkedSettings(vibration, {
  speed: 'speed',
  pump: true,
  bearings: [{ name: 'drive end', designation: 'SKF 6205-2RS JEM' }],
})

type Kind = 'sound' | 'outer' | 'unbalanced' | 'stuck' | 'rumbling'
/** A fifth of a second at 25.6 kHz, as a transmitter sends it: eight turns of the shaft. */
function recording(seed: number, kind: Kind): Float32Array {
  const machine = new SimulatedMachine(seed, { seconds: 0.16 }).velocity(SHAFT, 0.8).velocity(2 * SHAFT, 0.2)
  if (kind === 'outer') machine.impacts(orders.bpfo * SHAFT, 5)
  if (kind === 'unbalanced') machine.velocity(SHAFT, 4)
  // Strong, at a rate that nothing of the machine has.
  if (kind === 'rumbling') machine.velocity(3.27 * SHAFT, 9)
  const { samples } = machine.waveform()
  return Float32Array.from(kind === 'stuck' ? samples.fill(1.5) : samples)
}

const input = (name: string, kind: Input['kind'], unit: string): Input => ({ signal: name, name, kind, unit, hold: 0 })
const plan = { step: null, inputs: [input('acceleration', 'waveform', 'm/s2'), input('speed', 'number', '/min')] }

function history(kinds: readonly Kind[], unit = 'm/s2', speed = 60 * SHAFT): TrainingData {
  const times = Float64Array.from(kinds, (_, n) => NOW - (kinds.length - n) * 10 * SECOND)
  const waves = kinds.map((kind, n) => ({ sampleRate: 25_600, samples: recording(n, kind) }))
  const none = { times, values: new Float64Array(), words: [], waves: [] }
  const series: Series[] = [
    { ...none, name: 'acceleration', kind: 'waveform', unit, waves },
    { ...none, name: 'speed', kind: 'number', unit: '/min', values: times.map(() => speed) },
  ]
  const machine = { id: 'ast', name: 'P-1', grid: { times: new Float64Array(), names: [], columns: [] }, series }
  return { from: times[0]!, to: NOW, plan, machine, others: [], labels: [] }
}
const train = (data: TrainingData, of: Settings = settings) => {
  const trained = vibrationWork.train!(data, of, () => {})
  assert.ok(!(trained instanceof Promise))
  return trained
}
const sound = (count: number): Kind[] => Array.from({ length: count }, () => 'sound')

/** Tells a scorer one recording each ten seconds and notes what stands in its states afterwards. */
function listen(kinds: readonly Kind[], { model = train(history(sound(25))).model, rpm = 60 * SHAFT } = {}) {
  const scorer = vibrationWork.scorer(model, { settings, plan })
  assert.ok(!(scorer instanceof Promise))
  const shown = new Map<number, number | string>()
  const episodes: Scores['episodes'][number][] = []
  const steps = kinds.map((kind, n) => {
    const time = NOW + n * 10 * SECOND
    const value = { kind: 'waveform', sampleRate: 25_600, samples: recording(1000 + n, kind) } as const
    const arrivals: Arrivals = {
      length: 1,
      input: Uint16Array.of(1),
      time: Float64Array.of(time - SECOND),
      value: Float64Array.of(rpm),
      wide: [{ input: 0, time, value }],
      now: time,
    }
    const scores = scorer.take(arrivals)
    assert.ok(!(scores instanceof Promise))
    for (const { output, value: told } of scores.rows) shown.set(output, told)
    episodes.push(...scores.episodes)
    return new Map(shown)
  })
  return { episodes, at: (n: number, name: VibrationOutput) => steps.at(n)!.get(outputAt(name)) }
}

describe('the vibration kind', () => {
  it('learns what is normal, and says what it used and what it left out', () => {
    const { report } = train(history([...sound(25), 'stuck']))
    assert.deepEqual(report.used, [{ name: 'acceleration', rows: 25 }])
    assert.match(report.leftOut[0]!.reason, /sensor is stuck/)
    assert.match(report.summary, /Knows what is normal at one sensor of P-1/)
    assert.ok(Math.abs(report.figures[0]!.value - 0.85) < 0.1, `${report.figures[0]!.value}`)
  })

  it('needs no history to name faults, and says so', () => {
    const { model, report } = train(history(sound(2)))
    assert.match(report.summary, /too few recordings yet/)
    const { at } = listen(['outer', 'outer', 'outer'], { model })
    assert.equal(at(-1, 'diagnosis'), 'outer race')
  })

  it('refuses velocity, no recordings, and no waveform in words', () => {
    assert.throws(() => train(history(sound(5), 'mm/s')), /judged by acceleration/)
    assert.throws(() => train(history([])), /no(ne of the waveforms has a)? recording/i)
    const { machine, ...data } = history(sound(3))
    assert.throws(() => train({ ...data, machine: { ...machine, series: [] } }), /no waveform/)
  })

  it('reads accelerations in g as well', () => {
    const velocity = (unit: string) => train(history(sound(20), unit)).report.figures[0]!.value
    assert.ok(Math.abs(velocity('[g]') / velocity('m/s2') - 9.80665) < 1e-6)
  })

  it('leaves out what people labelled as a fault, and a machine that stands', () => {
    const data = history(sound(25))
    const labels = [{ from: data.from, to: data.from + 49 * SECOND, verdict: 'right', what: '' }] as const
    assert.equal(train({ ...data, labels }).report.used[0]!.rows, 20)
    assert.throws(() => train(history(sound(3), 'm/s2', 0)), /stood/)
  })

  it('does not take damage that was there all along for normal', () => {
    const { model, report } = train(history(Array.from({ length: 25 }, () => 'outer')))
    assert.match(report.notes.join(' '), /drive end: outer race shows all through the history/)
    assert.equal(listen(['outer', 'outer'], { model }).at(-1, 'diagnosis'), 'outer race')
  })

  it('tells a damaged race with evidence, raises its alarm, and takes it back when it is mended', () => {
    const { at, episodes } = listen(['sound', 'outer', 'outer', ...sound(6)])
    assert.deepEqual([at(0, 'diagnosis'), at(0, 'alarm'), at(0, 'severity')], ['well', 0, 0])
    assert.equal(at(0, 'zone'), 'B')
    assert.deepEqual([at(2, 'diagnosis'), at(2, 'alarm'), at(2, 'severity')], ['outer race', 1, 2])
    assert.match(
      String(at(2, 'explanation')),
      /outer race is damaged \(drive end\): BPFO at 1[67]\d\.\d Hz stands \d+ times/,
    )
    assert.ok(Number(at(2, 'outer race')) > 1 && Number(at(2, 'outer race')) > 3 * Number(at(0, 'outer race')))
    assert.ok(Math.abs(Number(at(0, 'velocity')) - 0.85) < 0.2)
    assert.equal(at(-1, 'diagnosis'), 'well')
    assert.equal(at(-1, 'alarm'), 0)
    assert.deepEqual([episodes[0]!.to, episodes.at(-1)!.to !== null], [null, true])
    assert.equal(episodes[0]!.from, episodes.at(-1)!.from)
  })

  it('names unbalance against what is normal for this machine', () => {
    assert.equal(listen(['unbalanced', 'unbalanced']).at(-1, 'diagnosis'), 'unbalance')
  })

  it('says when it shakes too much and nothing says why, in words that stay', () => {
    const { at } = listen(['rumbling', 'rumbling', 'rumbling'])
    assert.deepEqual([at(0, 'diagnosis'), at(1, 'diagnosis'), at(1, 'alarm')], ['well', 'high vibration', 1])
    assert.match(String(at(1, 'explanation')), /zone D.*nothing in the spectrum says why/)
    assert.equal(at(2, 'explanation'), at(1, 'explanation'))
  })

  it('says that it stands, and that a stuck sensor cannot be judged', () => {
    assert.equal(listen(['sound'], { rpm: 0 }).at(-1, 'diagnosis'), 'standing')
    const { at } = listen(['stuck'])
    assert.equal(at(-1, 'diagnosis'), 'not judged')
    assert.match(String(at(-1, 'explanation')), /stuck/)
  })

  it('stays quiet over a long run of a sound machine', () => {
    const { at, episodes } = listen(sound(120))
    assert.equal(at(-1, 'diagnosis'), 'well')
    assert.deepEqual(episodes, [])
  })

  it('refuses a bearing that cannot be, with its name', () => {
    const wrong = { bearings: [{ name: 'far end', elements: 9, elementDiameter: 20, pitchDiameter: 39 }] }
    assert.throws(() => checkedSettings(vibration, wrong), /far end/)
    assert.throws(() => checkedSettings(vibration, { slowest: 4000 }), /slowest/)
  })
})
