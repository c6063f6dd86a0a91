/** A stage with one pump of a class, for the tests of monitoring as a whole. */
import assert from 'node:assert/strict'
import { after, before, beforeEach } from 'node:test'
import type { Alarm } from '@millwright/contracts'
import { type Micros, type MillwrightError, SECOND } from '@millwright/foundation'
import type { Equipment } from '../ports.ts'
import { Stage } from './stage.ts'

type PumpHouse = ReturnType<typeof pumpHouse>

function pumpHouse(stage: Stage) {
  const { plant } = stage
  /** The pumps' class. */
  const pumps = plant.addClass({ temperature: 'number', rpm: 'number' })
  const pump: Equipment = plant.addMachine('P-101', { temperature: 'number', rpm: 'number' }, pumps)
  const temperature = plant.key(pump, 'temperature')

  async function rule(changes: object = {}) {
    const made = await stage.monitoring.rules.create(stage.engineer, {
      name: 'Bearing hot',
      equipmentClass: pumps,
      condition: 'temperature > 80.0',
      priority: 'high',
      message: 'Bearing at {temperature}',
      response: 'Check the oil.',
      ...changes,
    })
    await stage.settled()
    return made
  }

  /** A second goes by, and a reading comes; recorded data brings its own time. */
  async function read(value: number, key = temperature, time?: Micros): Promise<void> {
    await stage.clock.advance(SECOND)
    plant.commit([[key, time ?? stage.clock.now(), value]])
    await stage.settled()
  }

  /** The one alarm that stands. */
  async function only(): Promise<Alarm> {
    const alarms = await stage.standing()
    assert.equal(alarms.length, 1)
    return alarms[0]!
  }

  return { stage, pumps, pump, temperature, rule, read, only }
}

/** Within a `describe`: a new pump house for each of its tests, on one database. */
export function eachInPumpHouse(): () => PumpHouse {
  let stage: Stage
  let house: PumpHouse
  before(async () => {
    stage = await Stage.start()
  })
  after(() => stage.close())
  beforeEach(async () => {
    for (const table of ['alarm_transitions', 'alarms', 'rules']) {
      await stage.database.system((sql) => sql.query(`delete from ${table}`))
    }
    stage.plant.machines.clear()
    stage.plant.stored.length = 0
    stage.events.length = 0
    await stage.crash()
    house = pumpHouse(stage)
  })
  return () => house
}

/** For `assert.rejects`. */
export const code = (expected: string) => (error: MillwrightError) => {
  assert.equal(error.code, expected, error.message)
  return true
}
