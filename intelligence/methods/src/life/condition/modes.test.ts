import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gaussian, seeded } from '../../learning/random.ts'
import { findModes, modeOf } from './modes.ts'

const random = seeded(11)
const scattered = (centres: readonly (readonly number[])[], rows: number, noise: number) =>
  centres[0]!.map((_, axis) =>
    Float64Array.from({ length: rows }, (_, row) => centres[row % centres.length]![axis]! + noise * gaussian(random)),
  )

describe('operating modes', () => {
  it('are found in number and place', () => {
    const centres = [
      [0, 0],
      [10, 0.25],
      [20, 0.7],
      [25, 0.62],
      [35, 0.84],
      [42, 0.84],
    ] as const
    const modes = findModes(scattered(centres, 3000, 0.01), 1)
    assert.equal(modes.count, 6)
    assert.equal(new Set(centres.map((centre) => modeOf(modes, centre).mode)).size, 6)
    assert.ok(modeOf(modes, [15, 0.5]).distance > modes.reach)
  })

  it('are one for a single cloud, for uniform scatter, for constants, and without any condition signal', () => {
    assert.equal(findModes(scattered([[5, 5, 5]], 2000, 1), 1).count, 1)
    assert.equal(findModes([Float64Array.from({ length: 2000 }, () => random())], 1).count, 1)
    assert.equal(findModes([new Float64Array(100).fill(3)], 1).count, 1)
    assert.equal(findModes([], 1).count, 1)
    assert.equal(modeOf(findModes([], 1), []).mode, 0)
  })

  it('have no place for a row whose conditions are missing', () => {
    const modes = findModes(scattered([[0], [10]], 200, 0.1), 1)
    assert.equal(modes.count, 2)
    assert.equal(modeOf(modes, [Number.NaN]).mode, -1)
  })
})
