import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Alarm, AlarmTransition } from '@millwright/contracts'
import { MINUTE, SECOND } from '@millwright/foundation'
import type { AlarmMoved } from './alarms/desk.ts'
import { code, eachInPumpHouse } from './testing/pump-house.ts'

describe('from readings to alarms', () => {
  const house = eachInPumpHouse()

  it('raises an alarm with its values, message and response; it is durable before it is announced', async () => {
    const { stage, pump, rule, read, only } = house()
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
    const { stage, rule, read, only } = house()
    const message = 'Bearing at {temperature} ({rpm}, {load})'
    const pump = stage.plant.addSignal(house().pump, 'load', 'state')
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
    const { stage, rule, read, only } = house()
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

  it('has the journal of one alarm in the order in which it came about, whatever the clocks say', async () => {
    const { stage, rule, read, only } = house()
    await rule()
    // Recorded data of last year: the person acknowledges today.
    const year = 365 * 24 * 60 * MINUTE
    const recorded = stage.clock.now() - year
    await read(90, undefined, recorded)
    const { id } = await only()
    await stage.monitoring.alarms.acknowledge(stage.engineer, id, {})
    await read(70, undefined, recorded + SECOND)
    const { items } = await stage.monitoring.alarms.journal(stage.engineer, { alarm: id })
    assert.deepEqual(
      items.map(({ from, to }) => `${from} > ${to}`),
      ['acknowledged > normal', 'unacknowledged > acknowledged', 'normal > unacknowledged'],
    )
    const first = await stage.monitoring.alarms.journal(stage.engineer, { alarm: id, limit: 1 })
    const rest = await stage.monitoring.alarms.journal(stage.engineer, { alarm: id, cursor: first.next! })
    assert.deepEqual([...first.items, ...rest.items], items)
  })

  it('goes off anew before anybody took note: the same alarm', async () => {
    const { stage, rule, read, only } = house()
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
    const { stage, rule, read, only } = house()
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
    const { stage, rule, read, only } = house()
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

  it('a flood is written in few transactions, chattering is noted, and nothing is lost', async () => {
    const { stage, pumps, pump, rule, read } = house()
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
    const { stage, rule, read, only } = house()
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
