import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { MetricOwner } from '@millwright/connectivity'
import type { Asset } from '@millwright/contracts'
import { type Bus, createBus, createLog, type MillwrightError, newId, type PlatformEvent } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import type { Database } from '@millwright/storage'
import { memoryDatabase } from '@millwright/storage/testing'
import { type Actor, createAudit, trustMigrations } from '@millwright/trust'
import { testActor } from '@millwright/trust/testing'
import { dataMigrations } from '../migrations.ts'
import { type Assets, createAssets } from './assets.ts'

const code = (expected: string) => (error: MillwrightError) => {
  assert.equal(error.code, expected, error.message)
  return true
}

describe('the asset tree', () => {
  let database: Database
  let bus: Bus
  let plant: Assets
  let owner: Actor
  let site: Asset
  let line: Asset
  let pump: Asset
  const events: PlatformEvent[] = []

  before(async () => {
    database = await memoryDatabase([...trustMigrations, ...dataMigrations])
    const log = createLog({ level: 'silent' })
    bus = createBus(log)
    bus.subscribe('*', (event) => void events.push(event))
    const clock = new VirtualClock()
    owner = testActor({ tenant: await tenant('Owner Ltd') })
    plant = createAssets({ database, bus, clock, audit: createAudit({ database, clock }) })
    await plant.start()
    site = await plant.assets.create(owner, { level: 'site', name: 'North', parent: null })
    line = await plant.assets.create(owner, { level: 'line', name: 'Line 1', parent: site.id })
    pump = await plant.assets.create(owner, { level: 'equipment', name: 'P-101', parent: line.id })
  })
  after(() => database.close())

  async function tenant(name: string): Promise<string> {
    const id = newId('ten')
    await database.system((sql) =>
      sql.query('insert into tenants (id, tenant, name, created_at) values ($1, $1, $2, 0)', [id, name]),
    )
    return id
  }

  it('keeps the path from the root, and tells of each change', () => {
    assert.deepEqual(pump.path, [site.id, line.id, pump.id])
    assert.deepEqual(plant.tree.names(pump.id), ['North', 'Line 1', 'P-101'])
    assert.ok(events.some((event) => event.type === 'millwright.asset.changed' && event.subject === pump.id))
  })

  it('refuses a level above its parent, a taken name and a foreign parent', async () => {
    await assert.rejects(
      plant.assets.create(owner, { level: 'site', name: 'x', parent: line.id }),
      code('MW-ASSET-0003'),
    )
    await assert.rejects(
      plant.assets.create(owner, { level: 'line', name: 'LINE 1', parent: site.id }),
      code('MW-ASSET-0002'),
    )
    const stranger = testActor({ tenant: await tenant('Stranger') })
    await assert.rejects(
      plant.assets.create(stranger, { level: 'line', name: 'x', parent: site.id }),
      code('MW-ASSET-0001'),
    )
  })

  it('shows each only what they may read', async () => {
    const local = testActor({ tenant: owner.tenant, nodes: [line.id] })
    const seen = (await plant.assets.list(local, {})).items
    assert.deepEqual(
      seen.map((asset) => asset.name),
      ['Line 1', 'P-101'],
    )
    assert.equal(seen[0]!.parent, null, 'nodes above the grant stay hidden')
    await assert.rejects(plant.assets.get(local, site.id), code('MW-ASSET-0001'))
    const partner = testActor({
      tenant: await tenant('Partner'),
      shares: [{ id: newId('shr'), owner: owner.tenant, node: pump.id, signals: [] }],
    })
    const shared = (await plant.assets.list(partner, {})).items
    assert.deepEqual(
      shared.map(({ name, shared: by, path }) => ({ name, by, path })),
      [{ name: 'P-101', by: true, path: [pump.id] }],
    )
    await assert.rejects(plant.assets.update(partner, pump.id, { name: 'mine' }, undefined), code('MW-ACCESS-0001'))
  })

  it('pages through the tree, parents first, each node once', async () => {
    const names: string[] = []
    let cursor: string | undefined
    do {
      const page = await plant.assets.list(owner, { limit: 1, ...(cursor === undefined ? {} : { cursor }) })
      names.push(...page.items.map((asset) => asset.name))
      cursor = page.next
    } while (cursor !== undefined)
    assert.deepEqual(names, ['North', 'Line 1', 'P-101'])
    await assert.rejects(plant.assets.list(owner, { cursor: 'made-up' }), code('MW-PAGE-0001'))
  })

  it('moves a node with all below it, and never below itself', async () => {
    const area = await plant.assets.create(owner, { level: 'area', name: 'Hall', parent: site.id })
    const moved = await plant.assets.update(owner, line.id, { parent: area.id }, line.version)
    assert.deepEqual(moved.path, [site.id, area.id, line.id])
    assert.deepEqual((await plant.assets.get(owner, pump.id)).path, [site.id, area.id, line.id, pump.id])
    assert.deepEqual(plant.tree.get(pump.id)?.path, [site.id, area.id, line.id, pump.id])
    await assert.rejects(plant.assets.update(owner, line.id, { name: 'late' }, line.version), code('MW-ASSET-0006'))
    await assert.rejects(plant.assets.update(owner, pump.id, { parent: pump.id }, undefined), code('MW-ASSET-0005'))
    await assert.rejects(plant.assets.remove(owner, area.id), code('MW-ASSET-0004'))
  })

  it('takes names for what they are: text', async () => {
    const name = `'); drop table assets; -- <img src=x onerror=alert(1)>`
    const odd = await plant.assets.create(owner, { level: 'equipment', name, parent: line.id })
    assert.equal((await plant.assets.get(owner, odd.id)).name, name)
    assert.equal((await plant.assets.list(owner, { q: name })).items.length, 1)
    await plant.assets.remove(owner, odd.id)
  })

  it('goes out as a file and comes back the same in another tenant', async () => {
    const signals = [{ name: 'temperature', kind: 'number' as const, unit: 'Cel', min: 0, max: 90 }]
    await plant.classes.create(owner, { name: 'Pump', signals })
    const [pumpClass] = (await plant.classes.list(owner, {})).items
    await plant.assets.update(
      owner,
      pump.id,
      { equipmentClass: pumpClass!.id, position: { latitude: 52.5, longitude: 13.4 } },
      undefined,
    )
    const file = await plant.handlers.exportAssets({ actor: owner } as never)
    const other = testActor({ tenant: await tenant('Other') })
    const call = { actor: other, body: file } as never
    assert.deepEqual(await plant.handlers.importAssets(call), { classes: 1, created: 4, updated: 0 })
    assert.deepEqual(await plant.handlers.importAssets(call), { classes: 1, created: 0, updated: 0 })
    assert.deepEqual(await plant.handlers.exportAssets({ actor: other } as never), file)
  })

  it('refuses a class in use, a signal named twice and a unit that is none', async () => {
    const [pumpClass] = (await plant.classes.list(owner, {})).items
    await assert.rejects(plant.classes.remove(owner, pumpClass!.id), code('MW-ASSET-0009'))
    const twice = [
      { name: 'a', kind: 'number' as const, unit: '1' },
      { name: 'a', kind: 'number' as const, unit: '1' },
    ]
    await assert.rejects(plant.classes.create(owner, { name: 'x', signals: twice }), code('MW-ASSET-0010'))
    await assert.rejects(
      plant.classes.create(owner, { name: 'x', signals: [{ name: 'a', kind: 'number', unit: 'furlongs/fortnight' }] }),
      code('MW-ASSET-0013'),
    )
  })

  describe('signals', () => {
    const device = newId('dev')
    const as = (change: Partial<MetricOwner> = {}): MetricOwner => ({
      tenant: owner.tenant,
      device,
      deviceName: 'PLC 1',
      equipment: pump.id,
      unknownMetrics: 'create',
      simulated: false,
      ...change,
    })

    it('come from the class where it expects them, with its unit and range', async () => {
      const made = await plant.directory.resolve(as({ unknownMetrics: 'refuse' }), 'temperature', 'number', undefined)
      assert.ok('signal' in made)
      assert.deepEqual(plant.directory.known(device, 'temperature'), made)
      const signal = await plant.signals.get(owner, made.signal.id)
      assert.deepEqual([signal.unit, signal.min, signal.max, signal.equipmentName], ['Cel', 0, 90, 'P-101'])
    })

    it('are converted from the unit they come in, or refused with the reason', async () => {
      const kelvin = await plant.directory.resolve(as(), 'temperature', 'number', 'K')
      assert.ok('signal' in kelvin)
      assert.ok(Math.abs(300 * kelvin.signal.scale + kelvin.signal.offset - 26.85) < 1e-9)
      const bar = await plant.directory.resolve(as(), 'temperature', 'number', 'bar')
      assert.ok('refused' in bar && bar.refused.code === 'MW-SIGNAL-0007')
      const text = await plant.directory.resolve(as(), 'temperature', 'state', undefined)
      assert.ok('refused' in text && text.refused.code === 'MW-SIGNAL-0006')
      const unknown = await plant.directory.resolve(as({ unknownMetrics: 'refuse' }), 'surprise', 'number', undefined)
      assert.ok('refused' in unknown && unknown.refused.code === 'MW-SIGNAL-0008')
    })

    it("stay the machine's when its device is replaced", async () => {
      const before = await plant.directory.resolve(as(), 'temperature', 'number', undefined)
      const after = await plant.directory.resolve(as({ device: newId('dev') }), 'temperature', 'number', undefined)
      assert.ok('signal' in before && 'signal' in after)
      assert.equal(after.signal.key, before.signal.key)
    })

    it('asked for twice at once are made once', async () => {
      const asked = await Promise.all(
        Array.from({ length: 5 }, () => plant.directory.resolve(as(), 'pressure', 'number', 'bar')),
      )
      assert.equal(new Set(asked.map((each) => ('signal' in each ? each.signal.key : -1))).size, 1)
    })

    it('of a device without equipment move to the equipment it comes to serve', async () => {
      const loose = newId('dev')
      const made = await plant.directory.resolve(as({ device: loose, equipment: null }), 'flow', 'number', undefined)
      assert.ok('signal' in made)
      await bus.publish({
        id: newId('evt'),
        type: 'millwright.device.changed',
        source: 'test',
        subject: loose,
        tenant: owner.tenant,
        time: 0,
        data: { equipment: pump.id },
      })
      assert.equal((await plant.signals.get(owner, made.signal.id)).equipment, pump.id)
      assert.equal(plant.directory.known(loose, 'flow'), undefined)
    })

    it('are shown by name where a share names them', async () => {
      const partner = testActor({
        tenant: await tenant('Builder'),
        shares: [{ id: newId('shr'), owner: owner.tenant, node: line.id, signals: ['temperature'] }],
      })
      assert.deepEqual(
        (await plant.signals.list(partner, {})).items.map((signal) => signal.name),
        ['temperature'],
      )
      assert.deepEqual(
        plant.signals.under(partner, pump.id).map((signal) => signal.name),
        ['temperature'],
      )
      const flow = (await plant.signals.list(owner, { q: 'flow' })).items[0]!
      await assert.rejects(plant.signals.get(partner, flow.id), code('MW-SIGNAL-0001'))
    })

    it("are never hung on a partner's equipment, nor do its devices' readings go to a foreign signal", async () => {
      const partner = testActor({
        tenant: await tenant('Curious builder'),
        shares: [{ id: newId('shr'), owner: owner.tenant, node: line.id, signals: [] }],
      })
      const trap = { name: 'recipe', kind: 'state', equipment: pump.id } as const
      await assert.rejects(plant.signals.create(partner, trap), code('MW-ACCESS-0001'))
      // Should the service err: the database says no as well.
      const row = `insert into signals (id, tenant, name, kind, unit, equipment, created_at) values ($1, $2, 'recipe', 'state', '1', $3, 0)`
      await assert.rejects(
        database.tenant(partner.tenant, (sql) => sql.query(row, [newId('sig'), partner.tenant, pump.id])),
        /signals_equipment/,
      )
      const foreign = await plant.directory.resolve(as({ equipment: null }), 'loose', 'number', undefined)
      assert.ok('signal' in foreign)
      assert.equal(plant.directory.find(as({ tenant: partner.tenant, equipment: null }), 'loose'), undefined)
    })

    it('keep their unit once history stands in it', async () => {
      const [temperature] = (await plant.signals.list(owner, { q: 'temperature' })).items
      await assert.rejects(
        plant.signals.update(owner, temperature!.id, { unit: 'K' }, undefined),
        code('MW-SIGNAL-0010'),
      )
      await assert.rejects(
        plant.signals.update(owner, temperature!.id, { min: 5, max: 5 }, undefined),
        code('MW-SIGNAL-0005'),
      )
      const limited = await plant.signals.update(owner, temperature!.id, { max: 95 }, temperature!.version)
      assert.equal(limited.version, temperature!.version + 1)
    })

    it('are all there after a restart', async () => {
      const log = createLog({ level: 'silent' })
      const clock = new VirtualClock()
      const again = createAssets({ database, bus: createBus(log), clock, audit: createAudit({ database, clock }) })
      await again.start()
      assert.equal(again.catalogue.size, plant.catalogue.size)
      assert.deepEqual([...again.catalogue.ofEquipment(pump.id).keys()].sort(), ['flow', 'pressure', 'temperature'])
    })
  })
})
