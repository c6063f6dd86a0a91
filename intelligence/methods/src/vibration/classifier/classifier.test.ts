import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import { bearingOrders } from '../machine/bearing.ts'
import { bearingCatalogue } from '../machine/catalogue.ts'
import { SimulatedMachine } from '../testing/machine.ts'
import { classify, observe, type Verdict } from './classifier.ts'
import { readFaultClassifier, writeFaultClassifier } from './file.ts'
import { type Example, trainFaultClassifier } from './train.ts'

const SHAFT = 29.5
const orders = bearingOrders(bearingCatalogue[0]!)
const machine = {
  shaft: SHAFT,
  bearings: [{ name: 'DE', orders }],
  gears: [],
  pump: false,
  severityClass: 'class I',
} as const
const TOP = 6_000

const recordings: [string, Verdict, (of: SimulatedMachine, load: number) => SimulatedMachine][] = [
  ['well', 'none', (of) => of],
  ['outer small', 'outer race', (of, load) => of.impacts(orders.bpfo * SHAFT, 3 * load)],
  ['outer large', 'outer race', (of, load) => of.impacts(orders.bpfo * SHAFT, 9 * load, { resonance: 2_600 })],
  ['inner', 'inner race', (of, load) => of.impacts(orders.bpfi * SHAFT, 4 * load, { load: SHAFT })],
  // A rolling element that shows no line of its own: rough, without a rate.
  ['element', 'rolling element', (of, load) => of.bursts(400, 3 * load).tone(1_700, 1)],
]
const example = (seed: number, [condition, fault, make]: (typeof recordings)[number], day: number): Example => {
  const of = make(new SimulatedMachine(seed, { sampleRate: 12_000 }).velocity(SHAFT, 0.4), 1 + 0.1 * day)
  return { ...observe(of.waveform(), machine, TOP), condition, fault, group: `${condition} ${day}` }
}
const examples = recordings.flatMap((each, n) =>
  [0, 1, 2].flatMap((day) => [1, 2, 3, 4].map((take) => example(1000 * n + 10 * day + take, each, day))),
)

describe('the learned classifier', () => {
  const { model, report } = trainFaultClassifier(examples)

  it('names conditions it was trained on, on another day', () => {
    assert.equal(report.heldOutGroups, 1)
    for (const [n, each] of recordings.entries()) {
      const { fault, condition } = classify(model, example(77_000 + n, each, 1.5))
      assert.deepEqual([fault, condition], [each[1], each[0]])
    }
  })

  it('names a race whose size it has never seen by its line', () => {
    const without = trainFaultClassifier(examples.filter(({ condition }) => condition !== 'outer large')).model
    const found = classify(without, example(5, recordings[2]!, 0))
    assert.deepEqual([found.fault, found.by, found.outside], ['outer race', 'line', true])
  })

  it('says when a recording is unlike all it has seen', () => {
    const strange = new SimulatedMachine(9, { sampleRate: 12_000, noise: 0.01 }).tone(5_300, 40).waveform()
    assert.equal(classify(model, observe(strange, machine, TOP)).outside, true)
    assert.equal(classify(model, example(6, recordings[0]!, 1)).outside, false)
  })

  it('is written and read, and refused when it is something else', () => {
    const back = readFaultClassifier(writeFaultClassifier(model))
    assert.deepEqual(back, model)
    assert.throws(() => readFaultClassifier(writeFaultClassifier({ ...model, faults: [] })), MillwrightError)
    assert.throws(() => readFaultClassifier(new Uint8Array(40)), MillwrightError)
  })

  it('refuses one class only, no examples, and levels that are missing', () => {
    assert.throws(() => trainFaultClassifier(examples.filter(({ fault }) => fault === 'none')), MillwrightError)
    assert.throws(() => trainFaultClassifier([]), MillwrightError)
    const broken = examples.map((each) => ({ ...each, levels: each.levels.map(() => Number.NaN) }))
    assert.throws(() => trainFaultClassifier(broken), MillwrightError)
  })

  it('trains on three recordings without an answer to what it cannot know', () => {
    const few = trainFaultClassifier([examples[0]!, examples[12]!, examples[36]!])
    assert.equal(few.report.heldOutGroups, undefined)
    assert.equal(classify(few.model, examples[1]!).fault, 'none')
  })
})
