import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gaussian, seeded } from '../../learning/random.ts'
import { capability } from './capability.ts'
import { andersonDarling } from './normality.ts'

const close = (actual: number, expected: number, within: number) =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected}`)

/** Readings with exactly this mean and standard deviation. */
function readings(count: number, mean: number, deviation: number, seed = 1): Float64Array {
  const random = seeded(seed)
  const raw = Float64Array.from({ length: count }, () => gaussian(random))
  const middle = raw.reduce((sum, value) => sum + value, 0) / count
  const spread = Math.sqrt(raw.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (count - 1))
  return raw.map((value) => mean + (deviation * (value - middle)) / spread)
}

test('the worked example of the e-Handbook, 6.1.6: limits 8 and 20, mean 16, sigma 2', () => {
  const found = capability(readings(100, 16, 2), { lower: 8, upper: 20 }, 2)
  close(found.cp!.value, 1, 1e-9)
  close(found.cpk.value, 0.6667, 1e-4)
  close(found.ppk.value, 0.6667, 1e-4)
  close(found.expectedOutside, 0.02275 + 0.00003, 1e-4)
})

test('confidence limits: Montgomery examples 8.4 (Cp 2.29, n = 20: 1.57 to 3.01)', () => {
  const found = capability(readings(20, 50, 1.75), { lower: 38, upper: 62 }, 1.75)
  close(found.cp!.value, 2.29, 0.005)
  close(found.cp!.low, 1.57, 0.01)
  close(found.cp!.high, 3.01, 0.01)
})

test('the confidence limits of Cpk and Ppk hold the truth about as often as they say', () => {
  const random = seeded(8)
  let held = 0
  const RUNS = 600
  for (let each = 0; each < RUNS; each++) {
    const values = Float64Array.from({ length: 60 }, () => gaussian(random))
    const { ppk } = capability(values, { upper: 4 }, 1)
    if (ppk.low <= 4 / 3 && 4 / 3 <= ppk.high) held++
  }
  assert.ok(held / RUNS > 0.92 && held / RUNS < 0.98, `${held / RUNS}`)
})

test('one limit: no Cp, and only that side counts', () => {
  const found = capability(readings(80, 10, 1), { lower: 4 }, 1)
  assert.equal(found.cp, undefined)
  close(found.cpk.value, 2, 1e-9)
})

test('what is not normal, few, or wanders is warned of', () => {
  const random = seeded(3)
  const skewed = Float64Array.from({ length: 200 }, () => -Math.log(1 - random()))
  const found = capability(skewed, { upper: 5 }, 1)
  assert.ok(found.normality < 0.005)
  assert.match(found.warnings.join(' '), /not normally distributed/)
  assert.match(capability(readings(12, 0, 1), { upper: 5 }, 1).warnings.join(' '), /only 12 readings/)
  assert.match(capability(readings(90, 0, 3), { upper: 5 }, 1).warnings.join(' '), /wanders/)
  assert.deepEqual(capability(readings(90, 0, 1), { upper: 5 }, 1).warnings, [])
})

test('Anderson-Darling rejects normal readings as often as it says', () => {
  const random = seeded(21)
  let rejected = 0
  for (let each = 0; each < 1000; each++)
    if (andersonDarling(Float64Array.from({ length: 40 }, () => gaussian(random))) < 0.05) rejected++
  assert.ok(rejected > 30 && rejected < 72, `${rejected} of 1000`)
})

test('bad input in words', () => {
  assert.throws(() => capability(readings(40, 0, 1), {}, 1), /at least one is needed/)
  assert.throws(() => capability(readings(40, 0, 1), { lower: 3, upper: 2 }, 1), /below the upper one/)
  assert.throws(() => capability(new Float64Array(40), { upper: 2 }, 1), /in every reading/)
  assert.throws(() => capability(new Float64Array(40).fill(Number.NaN), { upper: 2 }, 1), /0 usable readings/)
})
