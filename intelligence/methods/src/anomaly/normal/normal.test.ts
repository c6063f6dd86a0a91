import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gaussian, seeded } from '../../learning/random.ts'
import { fitModes, modeOf } from './modes.ts'
import { startUpRows } from './start-up.ts'
import { robustLevel } from './statistics.ts'
import { wandering } from './wander.ts'

const noise = (rows: number, seed: number): Float64Array => {
  const random = seeded(seed)
  return Float64Array.from({ length: rows }, () => gaussian(random))
}
const walk = (rows: number, seed: number, step: number): Float64Array => {
  let level = 0
  return noise(rows, seed).map((draw) => {
    level += step * draw
    return level
  })
}

describe('the level of a signal', () => {
  it('is the median and a standard deviation that a third of wild readings does not move far', () => {
    const values = noise(3000, 1)
    const { centre, scale } = robustLevel(values)
    assert.ok(Math.abs(centre) < 0.06 && Math.abs(scale - 1) < 0.06)
    const steps = Float64Array.from({ length: 400 }, (_, row) => (row % 10 === 0 ? 33 : 32))
    assert.ok(robustLevel(steps).scale > 0.1, 'a signal that rests on one value is not infinitely precise')
  })
})

describe('wandering', () => {
  it('is nothing much for noise and for swings around a level, and grows with a random walk', () => {
    assert.ok(wandering(noise(2000, 2)).deviation < 0.3)
    const swings = Float64Array.from({ length: 4000 }, (_, row) => Math.sin(row / 20))
    assert.ok(wandering(swings).deviation < 0.3)
    const far = walk(2000, 3, 0.1).map((level, row, all) => level + noise(all.length, 4)[0]! * 0 + (row % 2) * 0.1)
    assert.ok(wandering(far).deviation > 1)
  })

  it('is a share of the variance: nearly all of a walk, nothing much of noise, or of swings that a long history shows to end', () => {
    assert.ok(wandering(walk(400, 11, 0.1)).share > 0.8)
    assert.ok(wandering(noise(400, 12)).share < 0.15)
    assert.ok(wandering(Float64Array.from({ length: 4000 }, (_, row) => Math.sin(row / 20))).share < 0.15)
    assert.deepEqual(wandering(new Float64Array(400).fill(7)), { deviation: 0, share: 0 })
  })

  it('covers where a random walk is after as long again, most of the time', () => {
    let covered = 0
    for (let seed = 0; seed < 100; seed++) {
      const level = walk(1600, 10 + seed, 0.1)
      const history = level.subarray(0, 800)
      if (
        Math.abs(level[1599]! - robustLevel(history).centre) <
        2 * Math.hypot(wandering(history).deviation, robustLevel(history).scale)
      )
        covered++
    }
    assert.ok(covered >= 90, `${covered} of 100`)
  })
})

describe('start-up', () => {
  it('is cut where the machine has settled, and nowhere when it never moved', () => {
    const settling = noise(1000, 5).map((draw, row) => 0.2 * draw + 20 * Math.exp(-row / 40))
    const cut = startUpRows(settling)
    assert.ok(cut > 80 && cut < 400, String(cut))
    assert.equal(startUpRows(noise(1000, 6).map((draw, row) => draw + row / 1000)), 0)
  })
})

describe('operating modes', () => {
  const speed = noise(1200, 7).map((draw, row) => [900, 1450, 1800][Math.floor(row / 100) % 3]! + 5 * draw)

  it('are as many as the machine comes back to', () => {
    const modes = fitModes([speed, noise(1200, 8)], [0], 6, 1)
    assert.equal(modes.count[0], 3)
    const at = [900, 1450, 1800].map((value) => modeOf(modes, Float64Array.of(value, 0)))
    assert.equal(new Set(at).size, 3)
  })

  it('are one when there are no clusters, when a step never comes back, and when nobody names operating signals', () => {
    assert.equal(fitModes([noise(1200, 9)], [0], 6, 1).count[0], 1)
    const step = noise(1200, 10).map((draw, row) => (row > 600 ? 50 : 0) + draw)
    assert.equal(fitModes([step], [0], 6, 1).count[0], 1)
    assert.equal(fitModes([speed], [], 6, 1).count[0], 1)
  })
})
