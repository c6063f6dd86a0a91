import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR } from '@millwright/foundation'
import { airDays, works } from './air-days.ts'

const noWait = async () => {}
/** A Tuesday, 10 o'clock in Chemnitz. */
const TUESDAY = Date.UTC(2026, 0, 13, 9) * 1000
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

test('the days before the start: replaced fittings leak no more, and the compressor takes less for the same parts', async () => {
  const repaired = TUESDAY + 3 * HOUR
  const days = await airDays({ seed: 1, from: TUESDAY, to: TUESDAY + 6 * HOUR, repaired }, noWait)
  assert.equal(days.time.length, 360)
  assert.equal(days.time.at(-1), TUESDAY + 6 * HOUR)
  const before = mean(days.air_flow.slice(60, 180))
  const after = mean(days.air_flow.slice(240, 360))
  assert.ok(before - after > 0.35 && before - after < 0.55, `${before} to ${after} m³/min`)
  const saved = mean(days.motor_power.slice(60, 180)) - mean(days.motor_power.slice(240, 360))
  assert.ok(saved > 1.2 && saved < 2.8, `${saved} kW`)
  assert.ok(days.parts_good.every((count, i) => i === 0 || count >= days.parts_good[i - 1]!))
  const again = await airDays({ seed: 1, from: TUESDAY, to: TUESDAY + HOUR, repaired }, noWait)
  assert.deepEqual(again.motor_power, days.motor_power.slice(0, 60))
})

test('nothing is made at night and on Sundays', async () => {
  const night = TUESDAY + 13 * HOUR
  const days = await airDays({ seed: 1, from: night, to: night + HOUR, repaired: 0 }, noWait)
  assert.equal(days.parts_good.at(-1), days.parts_good[0])
  assert.ok(mean(days.air_flow) < 0.4)
  assert.ok(works(TUESDAY) && !works(night) && !works(TUESDAY + 5 * 24 * HOUR))
})
