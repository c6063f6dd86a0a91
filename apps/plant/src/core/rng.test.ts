import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Random } from './rng.ts'

const draw = (random: Random, count: number) => Array.from({ length: count }, () => random.next())

test('property: the same seed and name give the same numbers, others do not', () => {
  fc.assert(
    fc.property(fc.nat(), fc.string(), (seed, name) => {
      assert.deepEqual(draw(new Random(seed, name), 20), draw(new Random(seed, name), 20))
      assert.notDeepEqual(draw(new Random(seed, name), 20), draw(new Random(seed + 1, name), 20))
      assert.notDeepEqual(draw(new Random(seed, name), 20), draw(new Random(seed, `${name}x`), 20))
    }),
  )
})

test('property: a saved state goes on as if nothing had been, also between the two of a normal pair', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(9), (seed, normals) => {
      const one = new Random(seed, 'a')
      for (let i = 0; i < normals; i++) one.normal()
      const other = new Random(0, 'b')
      other.restore(JSON.parse(JSON.stringify(one.save())))
      assert.deepEqual([one.normal(), ...draw(one, 5)], [other.normal(), ...draw(other, 5)])
    }),
  )
})

test('uniform and normal numbers have the moments they should', () => {
  const random = new Random(42, 'moments')
  const n = 100_000
  let uniform = 0
  let sum = 0
  let squares = 0
  for (let i = 0; i < n; i++) {
    uniform += random.next() / n
    const x = random.normal()
    sum += x / n
    squares += (x * x) / n
  }
  assert.ok(Math.abs(uniform - 0.5) < 0.005)
  assert.ok(Math.abs(sum) < 0.02)
  assert.ok(Math.abs(squares - 1) < 0.02)
})

test('the numbers themselves are fixed: a change here changes every plant', () => {
  const random = new Random(1, 'P-101')
  assert.deepEqual([random.bits(), random.bits(), random.bits()], [990870058, 4098690198, 2250079069])
})
