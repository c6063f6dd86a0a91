import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { MINUTE, newId, SECOND } from '@millwright/foundation'
import { eventually } from '@millwright/foundation/testing'
import type { Actor } from '@millwright/trust'
import { testActor } from '@millwright/trust/testing'
import { type TestConnectivity, testConnectivity } from '../testing/index.ts'

const LINE = newId('ast')
const PRESS = newId('ast')
const OTHER = newId('ast')

describe('connections', () => {
  let test: TestConnectivity
  let engineer: Actor
  let viewer: Actor
  let number = 0
  before(async () => {
    test = await testConnectivity()
    test.assets.nodes.set(LINE, [LINE]).set(PRESS, [LINE, PRESS]).set(OTHER, [OTHER])
    await test.start()
    engineer = testActor({
      tenant: test.tenant,
      permissions: ['connection:read', 'connection:write', 'device:read'],
      nodes: [LINE],
    })
    viewer = testActor({ tenant: test.tenant, permissions: ['connection:read'], nodes: [LINE] })
  })
  after(() => test.close())

  const create = (config: Record<string, unknown> = { host: 'plc' }, more: object = {}) =>
    test.platform.connections.create(engineer, {
      name: `Connection ${++number}`,
      adapter: 'toy',
      equipment: PRESS,
      config,
      ...more,
    })
  /** What runs of a connection, once it does. */
  const running = (id: string, host?: string) =>
    eventually(() =>
      test.toy.made.findLast(
        ({ ports, config, state }) =>
          ports.id === id && state === 'running' && (host === undefined || config.host === host),
      ),
    )
  const audited = async (target: string) =>
    (
      await test.database.tenant(test.tenant, (sql) =>
        sql.query<{ action: string }>('select action from audit_entries where target = $1 order by sequence', [target]),
      )
    ).map(({ action }) => action)

  it('runs at once, with a device of its own whose readings are the equipment’s', async () => {
    const made = await create()
    assert.equal(made.config['port'], 502)
    await (await running(made.id)).read({ temperature: 21.5 })
    assert.equal(test.signals.named(made.device, 'temperature')?.kind, 'number')
    assert.equal(test.signals.lastOwner?.equipment, PRESS)
    const device = await test.platform.devices.get(engineer, made.device)
    assert.deepEqual(
      [device.name, device.gateway, device.connection.state, device.connection.protocol],
      [made.name, true, 'online', 'toy'],
    )
    const { status } = await test.platform.connections.get(viewer, made.id)
    assert.deepEqual([status.readings, status.counters], [1, { reads: 1 }])
  })

  it('gives devices behind it their own, named apart where names are taken, and keeps their signals apart', async () => {
    const one = await create()
    const first = await running(one.id)
    await first.read({ level: 1 }, 'Unit 1')
    await first.read({ level: 2 }, 'Unit 2')
    const two = await create()
    await (await running(two.id)).read({ level: 3 }, 'Unit 1')
    const { items } = await test.platform.devices.list(test.actor, { limit: 1000 })
    const names = items.map(({ name }) => name)
    assert.ok(names.includes('Unit 1') && names.includes('Unit 2') && names.includes(`${two.name} Unit 1`))
    assert.equal(test.signals.lastOwner?.prefix, 'Unit 1/')
    const renamed = items.find(({ name }) => name === 'Unit 2')!
    await test.platform.devices.update(test.actor, renamed.id, { name: 'Pump' }, undefined)
    await first.read({ level: 4 }, 'Unit 2')
    assert.equal((await test.platform.devices.list(test.actor, { q: 'Unit 2' })).items.length, 0)
    first.ports.readings.offline('Unit 2', 'it does not answer')
    await eventually(
      async () => (await test.platform.devices.get(test.actor, renamed.id)).connection.reason === 'it does not answer',
    )
    await assert.rejects(test.platform.devices.remove(test.actor, one.device), { code: 'MW-CONN-0067' })
    await test.platform.connections.remove(engineer, one.id)
    await assert.rejects(test.platform.devices.get(test.actor, renamed.id), { status: 404 })
    assert.equal(first.state, 'stopped')
    assert.equal(existsSync(join(test.directory, one.id)), false)
    assert.equal((await test.platform.devices.get(test.actor, two.device)).id, two.device)
  })

  it('keeps secrets from everybody but the adapter, and when they are left out', async () => {
    const made = await create({ host: 'plc', password: 'hush' })
    assert.ok(!JSON.stringify(made).includes('hush'))
    assert.deepEqual(made.secrets, ['/password'])
    assert.equal((await running(made.id)).config.password, 'hush')
    const [row] = await test.database.system((sql) =>
      sql.query<{ config: object; secrets: string }>('select config, secrets from connections where id = $1', [
        made.id,
      ]),
    )
    assert.ok(!JSON.stringify(row!.config).includes('hush'))
    assert.match(row!.secrets, /^sealed connections\/cnx_/)
    await test.platform.connections.update(engineer, made.id, { config: { host: 'plc2' } }, undefined)
    assert.equal((await running(made.id, 'plc2')).config.password, 'hush')
    const emptied = { config: { host: 'plc3', password: '' } }
    assert.deepEqual((await test.platform.connections.update(engineer, made.id, emptied, undefined)).secrets, [])
    assert.equal((await running(made.id, 'plc3')).config.password, undefined)
    const log = await test.database.system((sql) => sql.query('select * from audit_entries'))
    assert.ok(!JSON.stringify(log).includes('hush'))
  })

  it('says with its path what is wrong with a configuration', async () => {
    await assert.rejects(create({ host: '' }), { status: 400, path: 'config/host' })
    await assert.rejects(create({ host: 'x', port: 'y' }), { path: 'config/port' })
    await assert.rejects(create({ host: 'x', password: 5 }), { path: 'config/password' })
    await assert.rejects(create({ host: 'x' }, { adapter: 'telex' }), { path: 'adapter' })
    await assert.rejects(create({ host: 'x' }, { equipment: newId('ast') }), { path: 'equipment' })
    const made = await create()
    await assert.rejects(create({ host: 'x' }, { name: made.name.toUpperCase() }), { status: 409, path: 'name' })
  })

  it('is made, changed and seen by those who may alone', async () => {
    const made = await create()
    const { connections } = test.platform
    const stranger = testActor({ tenant: newId('ten') })
    const neighbour = testActor({
      tenant: test.tenant,
      permissions: ['connection:read', 'connection:write'],
      nodes: [OTHER],
    })
    await assert.rejects(connections.get(stranger, made.id), { status: 404 })
    await assert.rejects(connections.get(neighbour, made.id), { status: 404 })
    await assert.rejects(connections.update(viewer, made.id, { name: 'mine' }, undefined), { status: 403 })
    await assert.rejects(connections.remove(viewer, made.id), { status: 403 })
    await assert.rejects(connections.remove(neighbour, made.id), { status: 404 })
    await assert.rejects(connections.update(engineer, made.id, { equipment: OTHER }, undefined), { status: 403 })
    await assert.rejects(create({ host: 'x' }, { equipment: OTHER }), { status: 403 })
    await assert.rejects(create({ host: 'x' }, { equipment: null }), { status: 403 })
    assert.deepEqual((await connections.list(stranger, {})).items, [])
    const rows = await test.database.tenant(stranger.tenant, (sql) =>
      sql.query('select id from connections union all select device from agents'),
    )
    assert.deepEqual(rows, [], 'the database itself shows no other tenant’s')
    assert.deepEqual((await connections.list(neighbour, {})).items, [])
    assert.ok((await connections.list(viewer, { q: made.name })).items.some(({ id }) => id === made.id))
    const page = await connections.list(viewer, { limit: 1 })
    assert.equal(page.items.length, 1)
    assert.notEqual((await connections.list(viewer, { limit: 1, cursor: page.next! })).items[0]!.id, page.items[0]!.id)
    assert.deepEqual(await audited(made.id), ['connection.create'])
  })

  it('is changed by version, moved with its device, switched off and on', async () => {
    const made = await create()
    const { connections, devices } = test.platform
    const before = await running(made.id)
    await before.read({ level: 1 }, `Behind ${made.name}`)
    await assert.rejects(connections.update(engineer, made.id, { name: 'x' }, 7), { status: 412 })
    const moved = await connections.update(engineer, made.id, { name: 'Renamed', equipment: LINE, enabled: false }, 1)
    assert.deepEqual([moved.version, moved.equipment, moved.status.state], [2, LINE, 'stopped'])
    const device = await devices.get(test.actor, made.device)
    assert.deepEqual([device.name, device.equipment], ['Renamed', LINE])
    const [behind] = (await devices.list(test.actor, { q: `Behind ${made.name}` })).items
    assert.equal(behind!.equipment, LINE)
    assert.equal(before.state, 'stopped')
    await eventually(async () => (await devices.get(test.actor, made.device)).connection.state === 'offline')
    const on = await connections.update(engineer, made.id, { enabled: true }, undefined)
    assert.notEqual(await running(made.id), before)
    assert.equal(on.version, 3)
    assert.deepEqual(await audited(made.id), ['connection.create', 'connection.update', 'connection.update'])
  })

  it('shows its device offline while its peer is away', async () => {
    const made = await create()
    const { devices } = test.platform
    await eventually(async () => (await devices.get(test.actor, made.device)).connection.state === 'online')
    const toy = await running(made.id)
    toy.ports.status.waiting('No answer from plc:502')
    await eventually(
      async () => (await devices.get(test.actor, made.device)).connection.reason === 'No answer from plc:502',
    )
    const { status } = await test.platform.connections.get(engineer, made.id)
    assert.deepEqual([status.state, status.reason], ['waiting', 'No answer from plc:502'])
    await test.clock.advance(2 * SECOND)
    const told = test.events.findLast(
      ({ type, subject }) => type === 'millwright.connection.state' && subject === made.device,
    )
    assert.equal((told!.data as { state: string }).state, 'waiting')
  })

  it('takes commands to its devices', async () => {
    const made = await create()
    await eventually(() => test.platform.sessions.of(made.device).length > 0)
    const { commands } = test.platform
    const params = { metric: 'setpoint', value: 5 }
    const written = await commands.send(test.actor, made.device, { name: 'write', params })
    await eventually(async () => (await commands.get(test.actor, written.id)).state === 'succeeded')
    assert.deepEqual((await commands.get(test.actor, written.id)).result, { wrote: params, device: null })
    const toy = await running(made.id)
    await toy.read({ level: 1 }, 'Writable')
    const [behind] = (await test.platform.devices.list(test.actor, { q: 'Writable' })).items
    const danced = await commands.send(test.actor, behind!.id, { name: 'dance' })
    await eventually(async () => (await commands.get(test.actor, danced.id)).error === 'It can only write.')
    assert.equal(toy.commands.at(-1)?.device, 'Writable')
  })

  it('tries drafts for who may make one, with the secrets that are stored', async () => {
    const made = await create({ host: 'plc', password: 'hush' })
    const { handlers } = test.platform
    const call = (actor: Actor, body: object) => ({ actor, body, signal: new AbortController().signal }) as never
    const draft = { adapter: 'toy', config: { host: 'plc' } }
    assert.equal((await handlers.testConnection(call(engineer, draft))).steps[0]!.detail, 'Signed in')
    const stored = await handlers.testConnection(call(engineer, { ...draft, connection: made.id }))
    assert.equal(stored.steps[0]!.detail, 'Signed in with a password')
    await assert.rejects(handlers.testConnection(call(viewer, draft)), { status: 403 })
    await assert.rejects(handlers.browseConnection(call(viewer, { ...draft, connection: made.id })), { status: 403 })
    assert.equal((await handlers.browseConnection(call(engineer, { ...draft, limit: 2 }))).items.length, 2)
    const shown = await handlers.previewConnection(call(engineer, { ...draft, limit: 1 }))
    assert.equal(shown.readings[0]!.metric, 'temperature')
    const [toy] = (await handlers.listAdapters(call(viewer, {}))).items
    assert.deepEqual([toy!.id, toy!.browses, toy!.runsOn], ['toy', true, ['platform', 'edge']])
    const file = { format: 'csv', file: Buffer.from('plc7').toString('base64') }
    const imported = await handlers.importAdapterConfig({
      actor: engineer,
      params: { adapter: 'toy' },
      body: file,
    } as never)
    assert.deepEqual(imported.config, { host: 'plc7' })
  })

  it('that does not stop keeps no other waiting', async () => {
    const stuck = await create({ host: 'stuck', fault: 'stop-hangs' })
    await running(stuck.id)
    const removed = test.platform.connections.remove(engineer, stuck.id)
    const other = await create({ host: 'free' })
    await running(other.id)
    await test.clock.advance(25 * SECOND)
    await removed
    await assert.rejects(test.platform.connections.get(engineer, stuck.id), { status: 404 })
  })

  it('comes back after the platform was killed', async () => {
    const made = await create({ host: 'survivor', password: 'kept' })
    const off = await create({ host: 'off' }, { enabled: false })
    test.toy.made.length = 0
    await test.crash()
    const again = await eventually(() => test.toy.made.find(({ config }) => config.host === 'survivor'))
    assert.equal(again.config.password, 'kept')
    await eventually(async () => (await test.platform.connections.get(engineer, made.id)).status.state === 'running')
    assert.equal((await test.platform.connections.get(engineer, off.id)).status.state, 'stopped')
    assert.ok(!test.toy.made.some(({ config }) => config.host === 'off'))
    await test.clock.advance(MINUTE)
  })
})
