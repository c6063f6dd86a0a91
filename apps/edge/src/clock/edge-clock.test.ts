import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { createLog, DAY, HOUR, SECOND } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import { type ClockStep, EdgeClock } from './edge-clock.ts'

const log = createLog({ level: 'silent' })

describe('the clock of an agent', () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-clock-'))
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))
  const open = (machine: VirtualClock) => EdgeClock.open(machine, join(directory, 'clock.json'), log)

  it('tells steps forward and back, and no slewing', async () => {
    const machine = new VirtualClock()
    const clock = await open(machine)
    const steps: ClockStep[] = []
    clock.onStep = (step) => steps.push(step)
    await machine.advance(5 * SECOND)
    machine.set(0.4 * SECOND)
    await machine.advance(2 * SECOND)
    assert.deepEqual(steps, [])
    machine.set(HOUR)
    await machine.advance(2 * SECOND)
    machine.set(-2 * HOUR)
    await machine.advance(2 * SECOND)
    assert.deepEqual(
      steps.map(({ by }) => by),
      [HOUR, -2 * HOUR],
    )
    assert.equal(clock.steps, 2)
    assert.equal(clock.now(), machine.now())
    await clock.close()
  })

  it('goes on from the last time it showed when the machine forgot the time, until it is set', async () => {
    const before = new VirtualClock()
    const first = await open(before)
    await first.close()
    const machine = new VirtualClock(Date.UTC(2000, 0, 1) * 1000)
    const clock = await open(machine)
    assert.equal(clock.trusted, false)
    assert.equal(clock.now(), before.now())
    await machine.advance(10 * SECOND)
    assert.equal(clock.now(), before.now() + 10 * SECOND)
    const steps: ClockStep[] = []
    clock.onStep = (step) => steps.push(step)
    machine.set(before.now() + DAY - machine.now())
    await machine.advance(2 * SECOND)
    assert.equal(clock.trusted, true)
    assert.equal(steps.length, 1)
    assert.equal(clock.now(), machine.now())
    await clock.close()
  })

  it('believes the platform when its own note is what was wrong', async () => {
    const machine = new VirtualClock()
    await writeFile(join(directory, 'clock.json'), JSON.stringify({ time: machine.now() + 400 * DAY }))
    const clock = await open(machine)
    assert.equal(clock.trusted, false)
    clock.compare(machine.now() + SECOND)
    assert.equal(clock.trusted, true)
    assert.equal(clock.now(), machine.now())
    await clock.close()
  })
})
