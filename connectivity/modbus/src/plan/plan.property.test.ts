import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { TABLES } from '../codec/functions.ts'
import { TYPES } from '../config.ts'
import { type Point, pointOf } from '../values/layout.ts'
import { planReads, type ReadRange, splitRange } from './plan.ts'

const points: fc.Arbitrary<Point[]> = fc
  .array(
    fc.record({
      table: fc.constantFrom(...TABLES),
      address: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 65_500 })),
      type: fc.constantFrom(...TYPES),
      length: fc.integer({ min: 1, max: 20 }),
    }),
    { minLength: 1, maxLength: 120 },
  )
  .map((registers) => registers.map((register, at) => pointOf({ name: `r${at}`, ...register }, 'ABCD', 1000)))
const limits = fc.record({
  maxRegisters: fc.integer({ min: 20, max: 125 }),
  maxCoils: fc.integer({ min: 1, max: 2000 }),
  gap: fc.integer({ min: 0, max: 124 }),
})

function checkPlan(
  ranges: readonly ReadRange[],
  all: readonly Point[],
  most: { maxRegisters: number; maxCoils: number },
) {
  const seen = new Map<string, number>()
  for (const range of ranges) {
    const limit = range.table === 'coil' || range.table === 'discrete' ? most.maxCoils : most.maxRegisters
    assert.ok(range.count >= 1 && range.count <= limit, `${range.count} of ${limit}`)
    assert.ok(range.address + range.count <= 65_536)
    for (const point of range.points) {
      assert.equal(point.table, range.table)
      assert.ok(point.address >= range.address && point.address + point.size <= range.address + range.count)
      seen.set(point.name, (seen.get(point.name) ?? 0) + 1)
    }
    // No range begins or ends with what nobody asked for.
    assert.ok(range.points.some(({ address }) => address === range.address))
    assert.ok(range.points.some(({ address, size }) => address + size === range.address + range.count))
  }
  assert.equal(seen.size, all.length)
  for (const [name, times] of seen) assert.equal(times, 1, name)
}

describe('plan of reads', () => {
  it('keeps the limits and has every register in exactly one request', () => {
    fc.assert(fc.property(points, limits, (all, most) => checkPlan(planReads(all, most), all, most)))
  })

  it('reads along no more unused registers than allowed', () => {
    fc.assert(
      fc.property(points, limits, (all, most) => {
        for (const { table, points: inside } of planReads(all, most)) {
          const gap = table === 'coil' || table === 'discrete' ? most.gap * 16 : most.gap
          let end = inside[0]!.address
          for (const { address, size } of inside) {
            assert.ok(address - end <= gap)
            end = Math.max(end, address + size)
          }
        }
      }),
    )
  })

  it('comes down to single registers when everything is refused, and loses none on the way', () => {
    fc.assert(
      fc.property(points, limits, (all, most) => {
        let ranges = planReads(all, most)
        for (let rounds = 0; rounds < 20; rounds++) {
          ranges = ranges.flatMap((range) => splitRange(range, most) ?? [range])
          checkPlan(ranges, all, most)
        }
        assert.ok(ranges.every((range) => range.points.length === 1))
      }),
      { numRuns: 50 },
    )
  })
})
