import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SECOND } from '@millwright/foundation'
import { eachInPumpHouse } from './testing/pump-house.ts'

describe('rules and machines that change', () => {
  const house = eachInPumpHouse()

  it('closes the alarms of a rule that is disabled, deleted or meant for others now', async () => {
    const { stage, rule, read, only } = house()
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

  it('follows machines that come, change class and go, and signals that appear', async () => {
    const { stage, pumps, pump, rule, read, only } = house()
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
    const { stage, pump, rule, read, only } = house()
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
    const { stage, pumps, temperature, only } = house()
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

  it('says at once how many machines a new rule watches', async () => {
    const { stage, pumps, rule } = house()
    stage.plant.addMachine('P-102', { temperature: 'number' }, pumps)
    stage.plant.addMachine('P-103', { rpm: 'number' }, pumps)
    const made = await rule()
    assert.equal(made.watches, 2)
    assert.equal((await stage.monitoring.rules.get(stage.engineer, made.id)).watches, 2)
    const { rules } = stage.monitoring
    assert.equal((await rules.update(stage.engineer, made.id, { condition: 'rpm > 1.0' })).watches, 2)
    assert.equal((await rules.update(stage.engineer, made.id, { enabled: false })).watches, 0)
  })

  it('says what keeps a rule from running', async () => {
    const { stage, rule } = house()
    const { id } = await rule({ condition: 'temprature > 80.0' })
    const { fault, watches } = await stage.monitoring.rules.get(stage.engineer, id)
    assert.equal(watches, 0)
    assert.match(fault ?? '', /P-101 has no signal named "temprature"/)
  })
})
