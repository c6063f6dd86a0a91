import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { Alarm, AlarmTransition } from '@millwright/contracts'
import { MINUTE, type MillwrightError, SECOND } from '@millwright/foundation'
import type { AlarmMoved } from './alarms/desk.ts'
import type { Equipment } from './ports.ts'
import { Stage } from './testing/stage.ts'

const code = (expected: string) => (error: MillwrightError) => {
  assert.equal(error.code, expected, error.message)
  return true
}

describe('from readings to alarms', () => {
  let stage: Stage
  let pumps: string
  let pump: Equipment
  let temperature: number

  before(async () => {
    stage = await Stage.start()
  })
  after(() => stage.close())
  beforeEach(async () => {
    await stage.database.system((sql) => sql.query('delete from alarm_transitions'))
    await stage.database.system((sql) => sql.query('delete from alarms'))
    await stage.database.system((sql) => sql.query('delete from rules'))
    stage.plant.machines.clear()
    stage.plant.stored.length = 0
    stage.events.length = 0
    await stage.crash()
    pumps = stage.plant.addClass({ temperature: 'number', rpm: 'number' })
    pump = stage.plant.addMachine('P-101', { temperature: 'number', rpm: 'number' }, pumps)
    temperature = stage.plant.key(pump, 'temperature')
  })

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

  async function read(value: number, key = temperature) {
    await stage.clock.advance(SECOND)
    stage.plant.commit([[key, stage.clock.now(), value]])
    await stage.settled()
  }

  const only = async (): Promise<Alarm> => {
    const alarms = await stage.standing()
    assert.equal(alarms.length, 1)
    return alarms[0]!
  }

  it('raises an alarm with its values, message and response; it is durable before it is announced', async () => {
    const { id } = await rule()
    let stored: Promise<Alarm> | undefined
    const listening = stage.bus.subscribe('millwright.alarm.transition', async ({ subject }) => {
      stored = stage.monitoring.alarms.get(stage.engineer, subject)
      await stored
    })
    await read(81.34)
    listening.cancel()
    const alarm = await only()
    assert.equal(alarm.rule, id)
    assert.equal(alarm.state, 'unacknowledged')
    assert.equal(alarm.message, 'Bearing at 81.34 °C')
    assert.equal(alarm.response, 'Check the oil.')
    assert.deepEqual(alarm.values, { temperature: 81.34 })
    assert.deepEqual(alarm.signals, [pump.signals[0]!.id])
    assert.deepEqual(alarm.equipmentPath, ['P-101'])
    assert.equal(alarm.raisedAt, stage.clock.now())
    assert.deepEqual(await stored, alarm)
    const [event] = stage.events
    const data = event!.data as { alarm: Alarm; transition: AlarmTransition }
    assert.deepEqual(data.alarm, alarm)
    assert.equal(data.transition.transition, 'raised')
  })

  it('fills places of signals that the condition does not read with their latest values', async () => {
    const message = 'Bearing at {temperature} ({rpm}, {load})'
    pump = stage.plant.addSignal(pump, 'load', 'state')
    const { id } = await rule({ equipmentClass: null, equipment: pump.id, message })
    await read(1480, stage.plant.key(pump, 'rpm'))
    await read(90)
    const alarm = await only()
    assert.equal(alarm.message, 'Bearing at 90 °C (1480 °C, —)')
    assert.deepEqual(alarm.values, { temperature: 90, rpm: 1480, load: null })
    assert.deepEqual(
      alarm.signals,
      pump.signals.map(({ id }) => id),
    )
    // Going off anew with another message: who may not read what it told of before still does not see it.
    await stage.monitoring.rules.update(stage.engineer, id, { message: '{load}', clearCondition: 'temperature < 50.0' })
    await stage.settled()
    await read(40)
    await stage.clock.advance(MINUTE)
    await read(95)
    assert.equal((await only()).message, '—')
    const { signalNames } = stage.events.at(-1)!.data as AlarmMoved
    assert.deepEqual(signalNames, ['temperature', 'rpm', 'load'])
  })

  it('follows the alarm through acknowledgement and return to its end, in the journal, too', async () => {
    await rule()
    await read(90)
    const { id } = await only()
    const acknowledged = await stage.monitoring.alarms.acknowledge(stage.engineer, id, { comment: 'On my way' })
    assert.equal(acknowledged.state, 'acknowledged')
    assert.equal(acknowledged.acknowledgedBy, 'Ada')
    await stage.monitoring.alarms.comment(stage.engineer, id, 'Oil was low')
    await read(70)
    assert.deepEqual(await stage.standing(), [])
    const closed = await stage.monitoring.alarms.get(stage.engineer, id)
    assert.equal(closed.state, 'normal')
    assert.equal(closed.closedAt, stage.clock.now())
    assert.deepEqual(await stage.journal(), [
      'raised unacknowledged',
      'acknowledged acknowledged',
      'commented acknowledged',
      'returned normal',
    ])
    await assert.rejects(stage.monitoring.alarms.acknowledge(stage.engineer, id, {}), code('MW-ALARM-0003'))
  })

  it('goes off anew before anybody took note: the same alarm', async () => {
    await rule()
    await read(90)
    const { id } = await only()
    await read(70)
    assert.equal((await only()).state, 'returned-unacknowledged')
    await read(95)
    const again = await only()
    assert.equal(again.id, id)
    assert.equal(again.message, 'Bearing at 95 °C')
    assert.equal(again.returnedAt, undefined)
    assert.deepEqual(await stage.journal(), [
      'raised unacknowledged',
      'returned returned-unacknowledged',
      're-raised unacknowledged',
    ])
  })

  it('holds a latching alarm until it is reset', async () => {
    await rule({ latching: true })
    await read(90)
    const { id } = await only()
    await assert.rejects(stage.monitoring.alarms.reset(stage.engineer, id, {}), code('MW-ALARM-0004'))
    await stage.monitoring.alarms.acknowledge(stage.engineer, id, {})
    await read(70)
    assert.equal((await only()).state, 'latched')
    const reset = await stage.monitoring.alarms.reset(stage.engineer, id, { comment: 'Guard closed' })
    assert.equal(reset.state, 'normal')
    assert.deepEqual(await stage.standing(), [])
  })

  it('delays and silences fall due without readings', async () => {
    await rule({ onDelay: 10 * SECOND })
    await rule({ name: 'Silent', condition: 'noData(temperature, "30s")' })
    await read(90)
    await stage.advance(9.9 * SECOND)
    assert.deepEqual(await stage.standing(), [])
    await stage.advance(0.1 * SECOND)
    assert.equal((await only()).ruleName, 'Bearing hot')
    await stage.advance(20 * SECOND)
    assert.deepEqual(
      (await stage.standing()).map(({ ruleName }) => ruleName),
      ['Silent', 'Bearing hot'],
    )
  })

  it('is right though the clock is set forward and back, with machines that keep their own time', async () => {
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

  it('closes the alarms of a rule that is disabled, deleted or meant for others now', async () => {
    const { id } = await rule()
    await read(90)
    await stage.monitoring.rules.update(stage.engineer, id, { enabled: false })
    await stage.settled()
    assert.deepEqual(await stage.standing(), [])
    await stage.monitoring.rules.update(stage.engineer, id, { enabled: true })
    await stage.settled()
    assert.equal((await only()).state, 'unacknowledged')
    const other = stage.plant.addMachine('P-102', { temperature: 'number' })
    await stage.monitoring.rules.update(stage.engineer, id, { equipmentClass: null, equipment: other.id })
    await stage.settled()
    assert.deepEqual(await stage.standing(), [])
    await read(90, stage.plant.key(other, 'temperature'))
    assert.equal((await only()).equipmentName, 'P-102')
    await stage.monitoring.rules.remove(stage.engineer, id)
    await stage.settled()
    const { items } = await stage.monitoring.alarms.list(stage.engineer, { state: 'all' })
    assert.deepEqual(
      items.map(({ state, rule: of }) => [state, of]),
      Array(3).fill(['normal', null]),
    )
    const { items: lines } = await stage.monitoring.alarms.journal(stage.engineer, {})
    assert.match(lines[0]!.comment ?? '', /deleted by Ada/)
  })

  it('closes at start what a rule that is gone left standing', async () => {
    await rule()
    await read(90)
    await stage.database.system((sql) => sql.query('update rules set enabled = false'))
    await stage.crash()
    await stage.settled()
    assert.deepEqual(await stage.standing(), [])
  })

  it('follows machines that come, change class and go, and signals that appear', async () => {
    const { id } = await rule()
    const watches = async () => (await stage.monitoring.rules.get(stage.engineer, id)).watches
    assert.equal(await watches(), 1)
    let late = stage.plant.addMachine('P-103', { rpm: 'number' }, pumps)
    await stage.changed('millwright.asset.changed', late.id)
    assert.equal(await watches(), 1)
    late = stage.plant.addSignal(late, 'temperature', 'number')
    await stage.changed('millwright.signal.created', late.signals[1]!.id, { equipment: late.id })
    assert.equal(await watches(), 2)
    await read(90, stage.plant.key(late, 'temperature'))
    assert.equal((await only()).equipmentName, 'P-103')
    stage.plant.put({ ...late, equipmentClass: null })
    await stage.changed('millwright.asset.changed', late.id)
    assert.equal(await watches(), 1)
    assert.deepEqual(await stage.standing(), [])
    await read(90)
    await only()
    stage.plant.machines.delete(pump.id)
    await stage.changed('millwright.asset.removed', pump.id)
    assert.deepEqual(await stage.standing(), [])
    assert.equal(await watches(), 0)
  })

  it('closes the alarm of a machine that lost its signals first and then went', async () => {
    await rule()
    await read(90)
    stage.plant.put({ ...pump, signals: [] })
    await stage.changed('millwright.signal.changed', pump.signals[0]!.id, { equipment: null })
    await only()
    stage.plant.machines.delete(pump.id)
    await stage.changed('millwright.asset.removed', pump.id)
    assert.deepEqual(await stage.standing(), [])
  })

  it('takes what was committed while a machine is being warmed', async () => {
    let open = () => {}
    stage.plant.gate = new Promise((resolve) => {
      open = resolve
    })
    await stage.monitoring.rules.create(stage.engineer, {
      name: 'r',
      equipmentClass: pumps,
      condition: 'max(temperature, "1m") > 80.0 && count(temperature, "1m") == 2',
      priority: 'low',
    })
    stage.plant.commit([[temperature, stage.clock.now(), 90]])
    await stage.clock.advance(SECOND)
    stage.plant.commit([[temperature, stage.clock.now(), 10]])
    await stage.clock.advance(0)
    assert.deepEqual(await stage.standing(), [])
    open()
    stage.plant.gate = undefined
    await stage.settled()
    assert.equal((await only()).priority, 'low')
  })

  it('says what keeps a rule from running', async () => {
    const { id } = await rule({ condition: 'temprature > 80.0' })
    const { fault, watches } = await stage.monitoring.rules.get(stage.engineer, id)
    assert.equal(watches, 0)
    assert.match(fault ?? '', /P-101 has no signal named "temprature"/)
  })

  it('a flood is written in few transactions, chattering is noted, and nothing is lost', async () => {
    await rule()
    const machines = Array.from({ length: 2000 }, (_, i) =>
      stage.plant.addMachine(`M-${i}`, { temperature: 'number' }, pumps),
    )
    for (const { id } of machines) void stage.changed('millwright.asset.changed', id)
    await stage.settled()
    await stage.clock.advance(SECOND)
    const now = stage.clock.now()
    stage.plant.commit(machines.map((machine) => [stage.plant.key(machine, 'temperature'), now, 90] as const))
    await stage.settled()
    assert.equal(stage.events.length, 2000)
    assert.equal((await stage.standing()).length, 1000)
    for (let i = 0; i < 12; i++) await read(i % 2 === 0 ? 90 : 70)
    const { items } = await stage.monitoring.alarms.journal(stage.engineer, { under: pump.id })
    assert.equal(items.filter(({ transition }) => transition.endsWith('raised')).length, 5)
    assert.match(items[0]!.comment ?? '', /Chattering/)
  })

  it('names that are SQL, HTML or CEL stay names', async () => {
    const evil = `x'); drop table alarms; --"<img src=x onerror=alert(1)>{temperature}\${1}`
    const machine = stage.plant.addMachine(evil, { [evil]: 'number', temperature: 'number' })
    await stage.changed('millwright.asset.changed', machine.id)
    await rule({
      name: evil.slice(0, 100),
      equipmentClass: null,
      equipment: machine.id,
      condition: `signal(${JSON.stringify(evil)}) > 80.0 && temperature > 0.0`,
      message: `${evil.replace('{1}', '1')} at {temperature}`,
    })
    await read(1, stage.plant.key(machine, 'temperature'))
    await read(90, stage.plant.key(machine, evil))
    const alarm = await only()
    assert.equal(alarm.equipmentName, evil)
    assert.deepEqual(alarm.values, { [evil]: 90, temperature: 1 })
    const { items } = await stage.monitoring.rules.list(stage.engineer, { q: `%'; drop` })
    assert.deepEqual(items, [])
  })
})
