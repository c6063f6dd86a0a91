import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SECOND } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import type { TelemetryMessage } from '@millwright/sdk/device'
import { Plant } from '../plant.ts'
import { World } from './world.ts'

function running(speed: number) {
  const clock = new VirtualClock()
  const plant = new Plant({ seed: 4, schedule: false })
  const sent = new Map<string, TelemetryMessage[]>()
  const world = new World({
    plant,
    clock,
    speed,
    onReadings: (machine, messages) => sent.set(machine, [...(sent.get(machine) ?? []), ...messages]),
  })
  const began = clock.now()
  world.start()
  return {
    clock,
    plant,
    world,
    sent,
    began,
    of: (machine: string, signal: string) => (sent.get(machine) ?? []).filter(({ values }) => signal in values),
  }
}

test('signals come as often as their model says, at even times', async () => {
  const { clock, world, of, began } = running(1)
  await clock.advance(20 * SECOND)
  world.stop()
  assert.equal(of('P-101', 'flow').length, 100)
  assert.equal(of('P-101', 'vibration_rms').length, 20)
  assert.equal(of('P-101', 'vibration_waveform').length, 4)
  assert.equal(of('AGV-1', 'position').length, 20)
  assert.deepEqual(
    of('EM-1', 'active_power').map(({ time }) => ((time as number) - began) / SECOND),
    Array.from({ length: 20 }, (_, at) => at + 1),
  )
  await clock.advance(5 * SECOND)
  assert.equal(of('P-101', 'flow').length, 100, 'stopped')
})

test('at sixty times the speed a minute passes in a second, and no more is sent', async () => {
  const { clock, plant, world, of } = running(60)
  await clock.advance(20 * SECOND)
  world.stop()
  assert.ok(Math.abs(plant.time - 1200) < 7)
  assert.ok(Math.abs(of('P-101', 'flow').length - 100) <= 1)
  assert.ok(of('OP30', 'quality_result').length > 20, 'documents all come')
})

test('the same plant whatever the clock does: late timers change nothing in what is shown', async () => {
  const even = running(1)
  await even.clock.advance(10 * SECOND)
  const late = running(1)
  for (let i = 0; i < 4; i++) await late.clock.advance(2.5 * SECOND)
  assert.deepEqual(
    late.of('P-101', 'flow').map(({ values }) => values),
    even.of('P-101', 'flow').map(({ values }) => values),
  )
})

test('a computer that slept leaves a gap instead of a flood', async () => {
  let now = 1_800_000_000 * SECOND
  let due: (() => void) | undefined
  const clock = {
    now: () => now,
    steady: () => now,
    after(_: number, work: () => void) {
      due = work
      return { cancel: () => {} }
    },
  }
  let readings = 0
  const plant = new Plant({ seed: 4, schedule: false })
  const world = new World({ plant, clock, speed: 1, onReadings: () => readings++ })
  world.start()
  now += 3600 * SECOND
  due!()
  assert.equal(readings, 0)
  now += SECOND
  due!()
  assert.ok(readings > 0 && plant.time <= 1.1)
})
