import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MINUTE, SECOND } from '@millwright/foundation'
import { eachInPumpHouse } from './testing/pump-house.ts'

describe('restarts, and clocks that are set', () => {
  const house = eachInPumpHouse()

  it('is right though the clock is set forward and back, with machines that keep their own time', async () => {
    const { stage, temperature, rule, only } = house()
    await rule()
    await rule({ name: 'Silent', condition: 'noData(temperature, "30s")', priority: 'low' })
    let own = stage.clock.now()
    const readAt = async (value: number) => {
      await stage.clock.advance(SECOND)
      own += SECOND
      stage.plant.commit([[temperature, own, value]])
      await stage.settled()
    }
    await readAt(20)
    for (const step of [60 * MINUTE, -120 * MINUTE, 60 * MINUTE]) {
      stage.clock.set(step)
      await stage.advance(20 * SECOND)
      own += 20 * SECOND
      assert.deepEqual(await stage.standing(), [], 'nobody was silent')
      await readAt(90)
      const { id, ruleName } = await only()
      assert.equal(ruleName, 'Bearing hot')
      await stage.monitoring.alarms.acknowledge(stage.engineer, id, {})
      await readAt(20)
    }
    await stage.advance(31 * SECOND)
    assert.equal((await only()).ruleName, 'Silent')
  })

  it('is right though the clock is set back, with machines whose readings are dated by it', async () => {
    const { stage, rule, read, only } = house()
    await rule()
    await read(20)
    stage.clock.set(-60 * MINUTE)
    await read(20)
    await read(90)
    assert.equal((await only()).ruleName, 'Bearing hot')
    await read(20)
    assert.equal((await only()).state, 'returned-unacknowledged')
  })

  it('stands through a crash, and is not raised again', async () => {
    const { stage, rule, read } = house()
    await rule({ condition: 'avg(temperature, "1m") > 80.0' })
    await rule({ name: 'Silent', condition: 'noData(rpm, "30s")' })
    for (let i = 0; i < 40; i++) await read(90)
    const alarms = await stage.standing()
    assert.deepEqual(alarms.map(({ ruleName }) => ruleName).sort(), ['Bearing hot', 'Silent'])
    await stage.clock.advance(20 * SECOND)
    await stage.crash()
    await stage.settled()
    await read(90)
    await stage.advance(MINUTE)
    assert.deepEqual(await stage.standing(), alarms)
    assert.equal(stage.events.length, 2)
  })

  it('the silence of a machine that never sent anything stands through a crash, too', async () => {
    const { stage, rule, read, only } = house()
    await rule({ name: 'Silent', condition: 'noData(temperature, "30s")' })
    await stage.advance(30 * SECOND)
    const alarm = await only()
    await stage.crash()
    await stage.advance(MINUTE)
    assert.deepEqual(await only(), alarm)
    await read(20)
    assert.equal((await only()).state, 'returned-unacknowledged')
  })

  it('waits for history and stops while it waits', async () => {
    const { stage, pumps, read, only } = house()
    const { raw, newest } = stage.plant
    stage.plant.newest = async () => {
      throw new Error('the engine is away')
    }
    await stage.monitoring.rules.create(stage.engineer, {
      name: 'r',
      equipmentClass: pumps,
      condition: 'temperature > 80.0',
      priority: 'low',
    })
    await stage.clock.advance(SECOND / 2)
    Object.assign(stage.plant, { raw, newest })
    await stage.clock.advance(SECOND)
    await read(90)
    assert.equal((await only()).priority, 'low')
    stage.plant.newest = async () => {
      throw new Error('the engine is away')
    }
    const late = stage.plant.addMachine('P-9', { temperature: 'number' }, pumps)
    await stage.publish('millwright.asset.changed', late.id)
    await stage.clock.advance(SECOND / 2)
    await stage.monitoring.stop()
    Object.assign(stage.plant, { raw, newest })
  })

  it('after a crash, what the last readings before it changed is made good', async () => {
    const { stage, temperature, rule, read, only } = house()
    await rule()
    await read(90)
    await only()
    // Committed, but the platform died before it could evaluate.
    stage.plant.stored.push([temperature, stage.clock.now() + SECOND, 60])
    await stage.crash()
    await stage.settled()
    assert.equal((await only()).state, 'returned-unacknowledged')
    stage.plant.stored.push([temperature, stage.clock.now() + 2 * SECOND, 99])
    await stage.crash()
    await stage.settled()
    assert.deepEqual(await stage.journal(), [
      'raised unacknowledged',
      'returned returned-unacknowledged',
      're-raised unacknowledged',
    ])
  })

  it('does not take the time the platform was down for the silence of machines', async () => {
    const { stage, rule, read, only } = house()
    await rule({ name: 'Silent', condition: 'noData(temperature, "30s")' })
    await read(20)
    await stage.clock.advance(10 * SECOND)
    const down = stage.monitoring.stop()
    await stage.passing(down)
    await stage.clock.advance(600 * SECOND)
    await stage.crash()
    await stage.advance(29 * SECOND)
    assert.deepEqual(await stage.standing(), [])
    await stage.advance(SECOND)
    assert.equal((await only()).ruleName, 'Silent')
  })

  it('dates what silence brings about after a restart from when it could hear again', async () => {
    const { stage, pump, rule, read, only } = house()
    await rule({ name: 'Silent', condition: 'noData(temperature, "30s")' })
    await read(20)
    await stage.clock.advance(20 * SECOND)
    await stage.passing(stage.monitoring.stop())
    await stage.clock.advance(600 * SECOND)
    await stage.crash()
    const began = stage.clock.now()
    await stage.advance(30 * SECOND)
    const alarm = await only()
    assert.equal(alarm.raisedAt, began + 30 * SECOND)
    // It stands through the next restart, with its time, and through a change of the rule's machine.
    await stage.crash()
    stage.plant.addSignal(pump, 'load', 'number')
    await stage.changed('millwright.asset.changed', pump.id)
    await stage.advance(MINUTE)
    assert.deepEqual(await only(), alarm)
  })

  it('a machine that speaks again after a restart was not silent, whatever it did while nobody listened', async () => {
    const { stage, pump, temperature, rule, read, only } = house()
    await rule({ name: 'Silent', condition: 'noData(temperature, "30s")' })
    await rule({ name: 'Rpm silent', condition: 'noData(rpm, "30s")' })
    await read(20)
    await read(1000, stage.plant.key(pump, 'rpm'))
    const stopped = stage.clock.now()
    await stage.passing(stage.monitoring.stop())
    await stage.clock.advance(600 * SECOND)
    await stage.crash()
    const began = stage.clock.now()
    // What it had kept for us comes first, then what is now.
    for (let i = 1; i < 600; i += 20) stage.plant.commit([[temperature, stopped + i * SECOND, 20]])
    await stage.settled()
    await read(21)
    assert.deepEqual(
      (await stage.standing()).map(({ ruleName }) => ruleName),
      ['Rpm silent'],
      'while it sent the one, it had nothing to say of the other',
    )
    assert.equal((await only()).raisedAt, stopped + 31 * SECOND)
    await stage.monitoring.alarms.acknowledge(stage.engineer, (await only()).id, {})
    await read(1000, stage.plant.key(pump, 'rpm'))
    assert.deepEqual(await stage.standing(), [])
    await stage.advance(31 * SECOND)
    assert.ok((await stage.standing()).every(({ raisedAt }) => raisedAt > began + 30 * SECOND))
  })

  it('the first reading after a restart does not make the time before it a silence', async () => {
    const { stage, temperature, rule, read } = house()
    await rule({ name: 'Silent', condition: 'noData(temperature, "30s")' })
    await rule({ name: 'Rpm silent', condition: 'noData(rpm, "30s")' })
    await read(1, stage.plant.key(house().pump, 'rpm'))
    await read(20)
    await stage.passing(stage.monitoring.stop())
    await stage.clock.advance(600 * SECOND)
    await stage.crash()
    const began = stage.clock.now()
    for (let i = 0; i < 29; i++) await read(20, temperature)
    assert.deepEqual(await stage.standing(), [])
    await read(20)
    assert.deepEqual(
      (await stage.standing()).map(({ ruleName, raisedAt }) => [ruleName, raisedAt]),
      [['Rpm silent', began + 30 * SECOND]],
    )
  })

  it('a machine that keeps its own time is evaluated on while the clock is set back, beside one that follows it', async () => {
    const { stage, pumps, temperature, rule, read } = house()
    await rule()
    const other = stage.plant.addMachine('P-102', { temperature: 'number' }, pumps)
    await stage.changed('millwright.asset.changed', other.id)
    const follows = stage.plant.key(other, 'temperature')
    let own = stage.clock.now() + SECOND
    await read(20)
    await read(20, follows)
    stage.clock.set(-60 * MINUTE)
    const both = async (value: number) => {
      await stage.clock.advance(SECOND)
      own += 2 * SECOND
      stage.plant.commit([
        [temperature, own, value],
        [follows, stage.clock.now(), value],
      ])
      await stage.settled()
    }
    const hot = async () => (await stage.standing()).map(({ equipmentName, state }) => `${equipmentName} ${state}`)
    await both(20)
    await both(90)
    assert.deepEqual((await hot()).sort(), ['P-101 unacknowledged', 'P-102 unacknowledged'])
    await both(20)
    assert.deepEqual((await hot()).sort(), ['P-101 returned-unacknowledged', 'P-102 returned-unacknowledged'])
    stage.clock.set(60 * MINUTE)
    await both(90)
    assert.deepEqual((await hot()).sort(), ['P-101 unacknowledged', 'P-102 unacknowledged'])
  })

  it('a rule that was too slow stays off, with its reason, until it is changed', async () => {
    const { stage, temperature, rule, read, only } = house()
    const { id } = await rule()
    const { rules } = stage.monitoring
    const steady = stage.clock.steady.bind(stage.clock)
    let spent = 0
    stage.clock.steady = () => {
      spent += 1000
      return steady() + spent
    }
    const from = stage.clock.now()
    stage.plant.commit(Array.from({ length: 6000 }, (_, i) => [temperature, from + i, 20]))
    stage.clock.steady = steady
    await stage.settled()
    const failed = await rules.get(stage.engineer, id)
    assert.match(failed.fault ?? '', /^An evaluation took 1000 µs on average/)
    assert.equal(failed.faultSince, from)
    await stage.clock.advance(MINUTE)
    await stage.crash()
    assert.deepEqual(await stage.monitoring.rules.get(stage.engineer, id), { ...failed, watches: 0 })
    await read(90)
    assert.deepEqual(await stage.standing(), [])
    const mended = await stage.monitoring.rules.update(stage.engineer, id, { description: 'simpler' })
    assert.equal(mended.fault, null)
    assert.equal(mended.watches, 1)
    await stage.settled()
    await only()
    await stage.crash()
    assert.equal((await stage.monitoring.rules.get(stage.engineer, id)).fault, null)
  })

  it('closes at start what a rule that is gone left standing', async () => {
    const { stage, rule, read } = house()
    await rule()
    await read(90)
    await stage.database.system((sql) => sql.query('update rules set enabled = false'))
    await stage.crash()
    await stage.settled()
    assert.deepEqual(await stage.standing(), [])
  })
})
