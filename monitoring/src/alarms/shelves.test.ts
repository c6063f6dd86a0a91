import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY, MINUTE, SECOND } from '@millwright/foundation'
import { testActor } from '@millwright/trust/testing'
import { code, eachInPumpHouse } from '../testing/pump-house.ts'

describe('shelving', () => {
  const house = eachInPumpHouse()

  it('puts an alarm out of the way for a time, over its return and a restart, and brings it back', async () => {
    const { stage, rule, read, only } = house()
    await rule()
    await read(90)
    const { id } = await only()
    const shelved = await stage.monitoring.shelves.shelve(stage.engineer, id, {
      duration: 10 * MINUTE,
      comment: 'known',
    })
    const until = stage.clock.now() + 10 * MINUTE
    assert.deepEqual([shelved.shelvedUntil, shelved.shelvedBy, shelved.state], [until, 'Ada', 'unacknowledged'])
    const list = async (query: object) => (await stage.monitoring.alarms.list(stage.engineer, query)).items.length
    assert.deepEqual([await list({ shelved: true }), await list({ shelved: false }), await list({})], [1, 0, 1])
    await stage.monitoring.alarms.acknowledge(stage.engineer, id, {})
    await read(20)
    assert.deepEqual(await stage.standing(), [])
    await stage.crash()
    await read(95)
    const next = await only()
    assert.notEqual(next.id, id)
    assert.equal(next.shelvedUntil, until, 'what the rule raises meanwhile is shelved, too')
    await stage.advance(until - stage.clock.now())
    await stage.settled()
    assert.equal((await only()).shelvedUntil, undefined)
    const lines = await stage.journal()
    assert.deepEqual(lines.slice(-2), ['raised unacknowledged', 'unshelved unacknowledged'])
    assert.equal(stage.events.filter(({ type }) => type === 'millwright.alarm.transition').length, lines.length)
    await stage.monitoring.alarms.acknowledge(stage.engineer, next.id, {})
    await read(20)
    await read(96)
    assert.equal((await only()).shelvedUntil, undefined)
  })

  it('is ended by a person, audited, and only by who may', async () => {
    const { stage, rule, read, only } = house()
    await rule()
    await read(90)
    const { id } = await only()
    const { shelves } = stage.monitoring
    await assert.rejects(shelves.unshelve(stage.engineer, id, {}), code('MW-ALARM-0007'))
    await assert.rejects(shelves.shelve(stage.engineer, id, { duration: SECOND }), code('MW-ALARM-0005'))
    await assert.rejects(shelves.shelve(stage.engineer, id, { duration: 2 * DAY }), code('MW-ALARM-0005'))
    const reader = {
      ...testActor({ tenant: stage.plant.tenant }),
      permissions: new Map([['*', new Set(['alarm:read'])]]),
    }
    await assert.rejects(shelves.shelve(reader as never, id, {}), { status: 403 })
    assert.equal((await shelves.shelve(stage.engineer, id, {})).shelvedUntil, stage.clock.now() + DAY)
    const back = await shelves.unshelve(stage.engineer, id, { comment: 'mended' })
    assert.equal(back.shelvedUntil, undefined)
    const rows = await stage.database.system((sql) =>
      sql.query<{ action: string }>(`select action from audit_entries where target = $1 order by sequence`, [id]),
    )
    assert.deepEqual(
      rows.map(({ action }) => action),
      ['alarm.shelve', 'alarm.unshelve'],
    )
    await stage.monitoring.alarms.acknowledge(stage.engineer, id, {})
    await read(20)
    await assert.rejects(shelves.shelve(stage.engineer, id, {}), code('MW-ALARM-0006'))
  })
})
