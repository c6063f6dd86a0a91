import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { spectrum } from '../signal/spectrum.ts'
import { SimulatedMachine } from '../testing/machine.ts'
import { bearingOrders } from './bearing.ts'
import { bearingCatalogue } from './catalogue.ts'
import { gearOrders } from './gear.ts'
import { severity, severityClasses, zoneOf } from './severity.ts'

const refused = (error: unknown) => error instanceof MillwrightError

describe('bearing fault frequencies', () => {
  // As published beside the data sets: Case Western Reserve University's bearing information (multiples of running
  // speed; the ball's is twice BSF) and
  // Wang et al. 2020, table of the XJTU-SY bearing at 35 Hz.
  const published: Record<string, [bpfi: number, bpfo: number, ftf: number, bsf: number]> = {
    '6205-2RS JEM': [5.4152, 3.5848, 0.39828, 4.7135 / 2],
    '6203-2RS JEM': [4.9469, 3.053, 0.3817, 3.9874 / 2],
    UER204: [172.09 / 35, 107.91 / 35, 13.49 / 35, 72.33 / 35],
    'ER-16K': [5.43, 3.57, 0.397, 2.323],
  }

  it('are those published with the bearings', () => {
    for (const [designation, [bpfi, bpfo, ftf, bsf]] of Object.entries(published)) {
      const orders = bearingOrders(bearingCatalogue.find((each) => each.designation === designation)!)
      for (const [ours, theirs] of [
        [orders.bpfi, bpfi],
        [orders.bpfo, bpfo],
        [orders.ftf, ftf],
        [orders.bsf, bsf],
      ] as const)
        assert.ok(Math.abs(ours - theirs) / theirs < 0.002, `${designation}: ${ours} is not ${theirs}`)
    }
  })

  it('hold together for every bearing that can be: both races share the elements, the cage carries them', () => {
    const geometry = fc.record({
      elements: fc.integer({ min: 3, max: 40 }),
      elementDiameter: fc.double({ min: 1, max: 30, noNaN: true }),
      pitchDiameter: fc.double({ min: 5, max: 300, noNaN: true }),
      contactAngle: fc.integer({ min: 0, max: 60 }),
    })
    fc.assert(
      fc.property(geometry, (each) => {
        fc.pre(each.pitchDiameter * Math.sin(Math.PI / each.elements) > each.elementDiameter)
        const { bpfo, bpfi, ftf } = bearingOrders(each)
        assert.ok(Math.abs(bpfo + bpfi - each.elements) < 1e-9)
        assert.ok(Math.abs(bpfo - each.elements * ftf) < 1e-9)
        assert.ok(ftf > 0 && ftf < 0.5)
      }),
    )
  })

  it('are refused for a bearing that cannot be', () => {
    const good = bearingCatalogue[0]!
    for (const wrong of [
      { elements: 2 },
      { elements: 8.5 },
      { elementDiameter: -1 },
      { elementDiameter: 20 },
      { pitchDiameter: Number.NaN },
      { contactAngle: 90 },
    ])
      assert.throws(() => bearingOrders({ ...good, ...wrong }), refused, JSON.stringify(wrong))
  })

  it('are known for each bearing of the catalogue, with a source', () => {
    for (const each of bearingCatalogue) {
      assert.ok(bearingOrders(each).bpfo > 0)
      assert.ok(each.source.length > 20)
    }
  })
})

it('gears: mesh, driven shaft, and how seldom two teeth meet again', () => {
  assert.deepEqual(gearOrders({ teeth: 20, matingTeeth: 50 }), { mesh: 20, drivenShaft: 0.4, huntingTooth: 0.2 })
  assert.throws(() => gearOrders({ teeth: 2, matingTeeth: 50 }), refused)
})

describe('severity', () => {
  it('has limits that rise, and zones that end on them', () => {
    for (const { velocity } of Object.values(severityClasses)) {
      assert.ok(velocity[0] < velocity[1] && velocity[1] < velocity[2])
      assert.deepEqual(
        [velocity[0], velocity[0] + 0.01, velocity[1] + 0.01, velocity[2] + 0.01].map((v) => zoneOf(v, velocity)),
        ['A', 'B', 'C', 'D'],
      )
    }
  })

  it('reads the velocity of a machine in mm/s, within its band', () => {
    const lines = spectrum(
      new SimulatedMachine(1, { noise: 0 }).velocity(25, 3).velocity(50, 4).velocity(3000, 9).waveform(),
    )
    const found = severity(lines, 'group 2 rigid', 25)
    assert.ok(Math.abs(found.velocity - 5) < 0.05, `${found.velocity}`)
    assert.equal(found.zone, 'D')
    assert.equal(severity(lines, 'group 1 flexible', 25).zone, 'B')
  })

  it('lets displacement decide where it is worse, and looks from 2 Hz on for slow shafts', () => {
    const slow = spectrum(
      new SimulatedMachine(1, { noise: 0, sampleRate: 2048, seconds: 8 }).velocity(4, 1.2).waveform(),
    )
    const found = severity(slow, 'group 2 rigid', 4)
    assert.equal(found.from, 2)
    assert.ok(Math.abs(found.displacement - 1.2 / (8 * Math.PI) / 1e-3) < 1)
    assert.equal(found.zone, 'C')
  })
})
