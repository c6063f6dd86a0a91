import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { conduct, heat, release } from './thermal.ts'

test('property: heat is neither made nor lost between masses and surroundings', () => {
  const temperature = fc.double({ min: -20, max: 200, noNaN: true })
  const capacity = fc.double({ min: 50, max: 1e5, noNaN: true })
  fc.assert(
    fc.property(
      temperature,
      temperature,
      capacity,
      capacity,
      fc.double({ min: 0, max: 500, noNaN: true }),
      (ta, tb, ca, cb, power) => {
        const a = { temperature: ta, capacity: ca }
        const b = { temperature: tb, capacity: cb }
        const stored = () => a.temperature * ca + b.temperature * cb
        const before = stored()
        let given = 0
        let released = 0
        for (let i = 0; i < 100; i++) {
          heat(a, power, 0.1)
          given += power * 0.1
          conduct(a, b, 3, 0.1)
          released += release(b, 24, 2, 0.1) * 0.1
        }
        assert.ok(Math.abs(stored() - before - given + released) < 1e-6 * (Math.abs(before) + given + 1))
      },
    ),
  )
})

test('a hot mass cools towards its surroundings and never beyond', () => {
  const mass = { temperature: 90, capacity: 100 }
  for (let i = 0; i < 10_000; i++) release(mass, 24, 1, 0.1)
  assert.ok(mass.temperature >= 24 && mass.temperature < 24.1)
})
