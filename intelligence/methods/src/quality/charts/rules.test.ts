import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { gaussian, seeded } from '../../learning/random.ts'
import { firedRules, nelsonRules, westernElectricRules } from './rules.ts'

const rule = (id: string) => [...nelsonRules, ...westernElectricRules].find((each) => each.id === id)!
const fires = (id: string, z: readonly number[]) => [...rule(id).fires(Float64Array.from(z))]

test('each rule fires on the pattern that it is named for, at its last point, and not one point earlier', () => {
  assert.deepEqual(fires('nelson-1', [0, 3.1, -3.1, 2.9, 3]), [1, 2])
  assert.deepEqual(fires('nelson-2', [-1, ...Array(9).fill(0.2), 0.1]), [9, 10])
  assert.deepEqual(fires('western-4', Array(8).fill(-0.2)), [7])
  assert.deepEqual(fires('nelson-3', [0, 1, 2, 3, 4, 5, 4.9]), [5])
  assert.deepEqual(fires('nelson-3', [0, 1, 2, 3, 4, 4]), [], 'an equal point is no rise')
  assert.deepEqual(fires('nelson-3', [3, 2, 1, 0, -1, -2]), [5])
  assert.deepEqual(
    fires(
      'nelson-4',
      Array.from({ length: 14 }, (_, at) => (at % 2 === 0 ? 1 : -1)),
    ),
    [13],
  )
  assert.deepEqual(
    fires(
      'nelson-4',
      Array.from({ length: 13 }, (_, at) => (at % 2 === 0 ? 1 : -1)),
    ),
    [],
  )
  assert.deepEqual(fires('nelson-5', [2.1, 0, 2.1]), [2])
  assert.deepEqual(fires('nelson-5', [2.1, 0, -2.1]), [], 'on one side only')
  assert.deepEqual(fires('nelson-5', [2.1, 2.1, 0]), [1], 'and not after it is over')
  assert.deepEqual(fires('nelson-6', [1.1, 1.1, 0, 1.1, 1.1]), [4])
  assert.deepEqual(fires('nelson-7', [2, ...Array(15).fill(0.5)]), [15])
  assert.deepEqual(fires('nelson-8', [1.1, -1.2, 1.3, -1.1, 1.1, 1.2, -1.4, 1.5]), [7])
})

test('a missing point breaks a pattern', () => {
  const gap = [...Array(5).fill(0.5), Number.NaN, ...Array(5).fill(0.5)]
  for (const { fires: each, span, id } of [...nelsonRules, ...westernElectricRules])
    if (span > 5) assert.deepEqual([...each(Float64Array.from(gap))], [], id)
  assert.deepEqual(fires('nelson-5', [2.1, Number.NaN, 2.1]), [])
})

test('a pattern that goes on is told once, from its first point to its last', () => {
  const z = Float64Array.from([-0.1, ...Array(12).fill(0.4), -0.5, 3.5])
  assert.deepEqual(
    firedRules(z, westernElectricRules).map(({ rule: id, from, to }) => [id, from, to]),
    [
      ['western-4', 1, 12],
      ['western-1', 14, 14],
    ],
  )
})

test('false alarms of a process in control are as rare as published', () => {
  const random = seeded(11)
  const z = Float64Array.from({ length: 200_000 }, () => gaussian(random))
  const rate = (id: string) => rule(id).fires(z).length / z.length
  // 0.0027 by the normal distribution; 2 x 0.5^9 x ...: a side is kept 9 times in a row from any point with 2^-8.
  assert.ok(Math.abs(rate('nelson-1') - 0.0027) < 0.0004)
  assert.ok(Math.abs(rate('nelson-2') - 2 ** -8) < 0.0006)
  assert.ok(Math.abs(rate('western-4') - 2 ** -7) < 0.001)
  // A given six in a row all rise or all fall in 2 of 6! orders.
  assert.ok(Math.abs(rate('nelson-3') - 2 / 720) < 0.0005)
})

test('all four Western Electric rules together: run length 91.75 (Champ & Woodall, Technometrics 29 (1987) 393, table 1)', () => {
  const random = seeded(5)
  const RUNS = 1500
  let total = 0
  for (let each = 0; each < RUNS; each++) {
    const z = Float64Array.from({ length: 1200 }, () => gaussian(random))
    const first = westernElectricRules.map(({ fires: where }) => where(z)[0] ?? z.length)
    total += 1 + Math.min(...first)
  }
  assert.ok(Math.abs(total / RUNS - 91.75) < 9, `${total / RUNS}`)
})

test('property: mirrored points fire the same rules at the same places', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { maxLength: 60 }), (points) => {
      const z = Float64Array.from(points)
      for (const { fires: each } of [...nelsonRules, ...westernElectricRules])
        assert.deepEqual(each(z), each(z.map((value) => -value)))
    }),
    { numRuns: 80 },
  )
})
