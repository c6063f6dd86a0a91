import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newId } from '@millwright/foundation'
import { createAudit } from '@millwright/trust'
import { testActor } from '@millwright/trust/testing'
import { type TestConnectivity, testConnectivity } from '../testing/index.ts'
import { CRASHED } from './connections.ts'
import { createDevicePlaces } from './places.ts'

describe('devices', () => {
  let test: TestConnectivity
  before(async () => {
    test = await testConnectivity()
    await test.start()
  })
  after(() => test.close())

  const site = newId('ast')
  const pump = newId('ast')

  it('is announced, read, listed, changed and removed, and every change is audited and told', async () => {
    test.assets.nodes.set(pump, [site, pump])
    const { devices } = test.platform
    const made = await devices.create(test.actor, {
      name: 'Pump controller',
      equipment: pump,
      metadata: { floor: '2' },
    })
    assert.deepEqual(
      { ...made, id: '', tenant: '', createdAt: 0 },
      {
        id: '',
        tenant: '',
        name: 'Pump controller',
        equipment: pump,
        gateway: false,
        unknownMetrics: 'create',
        state: 'created',
        simulated: false,
        metadata: { floor: '2' },
        connection: { state: 'never' },
        createdAt: 0,
        version: 1,
      },
    )
    assert.deepEqual(await devices.get(test.actor, made.id), made)
    const changed = await devices.update(test.actor, made.id, { name: 'P-101 controller', equipment: null }, 1)
    assert.deepEqual([changed.name, changed.equipment, changed.version], ['P-101 controller', null, 2])
    await assert.rejects(devices.update(test.actor, made.id, { name: 'x' }, 1), { status: 412 })
    await devices.remove(test.actor, made.id)
    await assert.rejects(devices.get(test.actor, made.id), { status: 404 })
    const told = test.events.filter(({ subject }) => subject === made.id).map(({ type }) => type)
    assert.deepEqual(told, ['millwright.device.created', 'millwright.device.changed', 'millwright.device.removed'])
    const moved = test.events.find(({ type, subject }) => type === 'millwright.device.changed' && subject === made.id)
    assert.deepEqual(moved?.data, { device: made.id, equipment: null }, 'the stages above hear where it hangs now')
    const audit = await createAudit(test).list(test.actor, { target: made.id })
    assert.deepEqual(
      audit.items.map(({ action }) => action),
      ['device.remove', 'device.update', 'device.create'],
    )
  })

  it('finds by name, equipment and connection, page by page', async () => {
    const ids: string[] = []
    const quiet = await test.device()
    for (let i = 0; i < 5; i++) ids.push(await test.device({ name: `Finder ${i}`, equipment: pump }))
    const { devices } = test.platform
    const first = await devices.list(test.actor, { q: 'finder', limit: 2 })
    const second = await devices.list(test.actor, { q: 'FINDER', limit: 2, cursor: first.next! })
    const third = await devices.list(test.actor, { q: 'finder', limit: 2, cursor: second.next! })
    assert.equal(third.next, undefined)
    assert.deepEqual(
      [...first.items, ...second.items, ...third.items].map(({ id }) => id),
      ids.sort(),
    )
    assert.equal((await devices.list(test.actor, { equipment: site, q: 'finder' })).items.length, 5)
    const session = await test.session(quiet)
    const online = await devices.list(test.actor, { connection: 'online' })
    assert.deepEqual(
      online.items.map(({ id }) => id),
      [quiet],
    )
    session.close('done')
    await assert.rejects(devices.list(test.actor, { cursor: 'bm9wZQ' }), { status: 400 })
  })

  it('takes names as they are: SQL and HTML in them are just letters', async () => {
    const name = `Robert'); drop table devices; --<script>alert(1)</script>%_\\`
    const id = await test.device({ name })
    const { devices } = test.platform
    assert.equal((await devices.get(test.actor, id)).name, name)
    assert.deepEqual(
      (await devices.list(test.actor, { q: `'); drop table` })).items.map((d) => d.id),
      [id],
    )
    assert.deepEqual((await devices.list(test.actor, { q: '%zzz' })).items, [])
    await assert.rejects(devices.create(test.actor, { name: name.toUpperCase() }), { status: 409 })
  })

  it('shows a device only to those who may see its place', async () => {
    const here = await test.device({ equipment: pump })
    const elsewhere = await test.device()
    const { devices } = test.platform
    const local = testActor({ tenant: test.tenant, nodes: [site], permissions: ['device:read'] })
    assert.equal((await devices.get(local, here)).id, here)
    await assert.rejects(devices.get(local, elsewhere), { status: 404 })
    assert.ok((await devices.list(local, {})).items.every(({ equipment }) => equipment === pump))
    await assert.rejects(devices.update(local, here, { name: 'mine' }, undefined), { status: 403 })
    await assert.rejects(devices.create(local, { name: 'mine' }), { status: 403 })
    const foreign = testActor({ tenant: newId('ten') })
    await assert.rejects(devices.get(foreign, here), { status: 404 })
    assert.deepEqual((await devices.list(foreign, {})).items, [])
    const nobody = testActor({ tenant: test.tenant, permissions: [] })
    assert.deepEqual((await devices.list(nobody, {})).items, [])
    await assert.rejects(devices.create(test.actor, { name: 'x', equipment: newId('ast') }), { code: 'MW-CONN-0064' })
  })

  it('follows its equipment when that moves or goes', async () => {
    const line = newId('ast')
    const motor = newId('ast')
    test.assets.nodes.set(motor, [site, motor])
    const id = await test.device({ equipment: motor })
    const places = createDevicePlaces({ database: test.database, bus: test.bus })
    assert.deepEqual((await places.place(id))!.place.path, [site, motor])
    test.assets.nodes.set(motor, [site, line, motor])
    const changed = (type: string) => ({
      id: newId('evt'),
      type,
      source: 'test',
      subject: motor,
      tenant: test.tenant,
      time: 0,
      data: {},
    })
    await test.bus.publish(changed('millwright.asset.changed'))
    assert.deepEqual((await places.place(id))!.place.path, [site, line, motor])
    test.assets.nodes.delete(motor)
    await test.bus.publish(changed('millwright.asset.removed'))
    assert.deepEqual((await places.place(id))!.place.path, [])
    assert.equal((await test.platform.devices.get(test.actor, id)).equipment, null)
  })

  it('is enrolled once it got in, or trust says so', async () => {
    const byToken = await test.device()
    await test.session(byToken)
    assert.equal((await test.platform.devices.get(test.actor, byToken)).state, 'enrolled')
    const byCertificate = await test.device()
    await test.bus.publish({
      id: newId('evt'),
      type: 'millwright.device.enrolled',
      source: 't',
      subject: byCertificate,
      tenant: test.tenant,
      time: 0,
      data: { device: byCertificate },
    })
    assert.equal((await test.platform.devices.get(test.actor, byCertificate)).state, 'enrolled')
  })

  it('comes back offline, with the reason, after the platform was killed', async () => {
    const id = await test.device()
    await test.session(id)
    assert.equal((await test.platform.devices.get(test.actor, id)).connection.state, 'online')
    await test.crash()
    const { connection } = await test.platform.devices.get(test.actor, id)
    assert.deepEqual([connection.state, connection.reason], ['offline', CRASHED])
  })
})
