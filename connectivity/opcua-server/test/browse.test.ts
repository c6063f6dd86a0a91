import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newId } from '@millwright/foundation'
import { testActor } from '@millwright/trust/testing'
import { AttributeIds, type ClientSession, makeBrowsePath, StatusCodes } from 'node-opcua-client'
import type { PlantNode, PlantSignal } from '../src/index.ts'
import { World } from './world.ts'

describe('the plant as an OPC UA client sees it', () => {
  let world: World
  let session: ClientSession
  let viewer: ClientSession
  let site: PlantNode
  let pump: PlantNode
  let other: PlantNode
  let temperature: PlantSignal
  let secret: PlantSignal

  before(async () => {
    world = await World.start()
    const { plant } = world
    site = plant.node('Hamburg', 'site')
    const line = plant.node('Line 1', 'line', site)
    pump = plant.node('P-101', 'equipment', line, 'cls_pump')
    temperature = plant.signal(pump, 'temperature', 'number', { unit: 'Cel', min: 0, max: 120 })
    plant.signal(pump, 'running', 'boolean')
    plant.signal(pump, 'load', 'number', { unit: '[furlong_us]' })
    other = plant.node('Line 2', 'line', site)
    secret = plant.signal(plant.node('P-201', 'equipment', other), 'recipe', 'state')
    plant.person('ada', { '*': ['asset:read', 'signal:read', 'alarm:read'] })
    plant.person('vic', { [line.id]: ['asset:read', 'signal:read'] })
    session = await world.session('ada')
    viewer = await world.session('vic')
  })
  after(() => world.stop())

  const names = async (nodeId: string, as = session) => {
    const { references } = await as.browse({ nodeId, resultMask: 63, browseDirection: 0 } as never)
    return (references ?? []).map(({ browseName }) => browseName.name).sort()
  }
  const ns = (id: string) => `ns=2;s=${id}`
  const read = (id: string, attributeId = AttributeIds.Value, as = session) => as.read({ nodeId: ns(id), attributeId })

  it('is browsed from the Objects folder down, with types and engineering units', async () => {
    assert.ok((await names('i=85')).includes('Plant'))
    assert.deepEqual(await names(ns('plant')), ['FolderType', 'Hamburg'])
    assert.deepEqual(await names(ns(site.id)), ['Line 1', 'Line 2', 'SiteType'])
    assert.deepEqual(await names(ns(pump.id)), ['Centrifugal pump', 'load', 'running', 'temperature'])
    const unit = await read(`${temperature.id}/EngineeringUnits`)
    assert.equal(unit.value.value.unitId, 0x43454c)
    assert.equal(unit.value.value.displayName.text, 'Cel')
    const range = await read(`${temperature.id}/EURange`)
    assert.deepEqual([range.value.value.low, range.value.value.high], [0, 120])
    assert.deepEqual(await names(ns(temperature.id)), ['AnalogItemType', 'EURange', 'EngineeringUnits'])
  })

  it('finds nodes by their paths and by their ids, without having browsed there', async () => {
    const path = makeBrowsePath('i=85', '/2:Plant/2:Hamburg/2:Line 2/2:P-201/2:recipe')
    const found = await session.translateBrowsePath(path)
    assert.equal(found.targets?.[0]?.targetId.toString(), ns(secret.id))
    assert.equal((await read(secret.id, AttributeIds.DisplayName)).value.value.text, 'recipe')
    assert.equal((await read('sig_nobody', AttributeIds.DisplayName)).statusCode, StatusCodes.BadNodeIdUnknown)
    assert.equal((await read('plant/../x', AttributeIds.DisplayName)).statusCode, StatusCodes.BadNodeIdUnknown)
  })

  it('is less for who may see less: neither by browsing, path, id, value nor history', async () => {
    assert.deepEqual(await names(ns(site.id), viewer), ['Line 1', 'SiteType'])
    assert.deepEqual(await names(ns(other.id), viewer), [])
    const path = makeBrowsePath('i=85', '/2:Plant/2:Hamburg/2:Line 2')
    assert.equal((await viewer.translateBrowsePath(path)).targets?.length ?? 0, 0)
    for (const attribute of [AttributeIds.DisplayName, AttributeIds.BrowseName, AttributeIds.NodeClass]) {
      assert.equal((await read(other.id, attribute, viewer)).statusCode, StatusCodes.BadNodeIdUnknown)
      assert.equal((await read(secret.id, attribute, viewer)).statusCode, StatusCodes.BadNodeIdUnknown)
    }
    assert.equal((await read(secret.id, AttributeIds.Value, viewer)).statusCode, StatusCodes.BadUserAccessDenied)
    const history = await viewer.readHistoryValue(ns(secret.id), new Date(0), new Date())
    assert.equal(history.statusCode, StatusCodes.BadUserAccessDenied)
    assert.ok(
      (await read(temperature.id, AttributeIds.Value, viewer)).statusCode.equals(StatusCodes.BadWaitingForInitialData),
    )
  })

  it('follows the tree: names change, nodes come, move and go, and ids stay', async () => {
    const { plant } = world
    plant.nodes.set(pump.id, { ...pump, name: 'P-101 A' })
    plant.changed(pump.id)
    assert.equal((await read(pump.id, AttributeIds.DisplayName)).value.value.text, 'P-101 A')
    const late = plant.signal(pump, 'late', 'number')
    plant.changed(late.id)
    assert.ok((await names(ns(pump.id))).includes('late'))
    plant.signals.delete(late.id)
    plant.changed(late.id)
    assert.ok(!(await names(ns(pump.id))).includes('late'))
    plant.nodes.set(pump.id, { ...pump, parent: other.id, path: [...other.path, pump.id] })
    plant.changed(pump.id)
    assert.ok((await names(ns(other.id))).includes('P-101'))
    assert.ok((await names(ns(pump.id))).includes('temperature'))
    plant.nodes.set(pump.id, pump)
    plant.changed(pump.id)
    assert.ok(!(await names(ns(other.id))).includes('P-101'))
  })

  it('does not show one tenant the classes of another, or who else is here', async () => {
    await names(ns(pump.id))
    const types = async (as: ClientSession) => names('ns=2;s=type/equipment', as)
    assert.ok((await types(session)).includes('Centrifugal pump'))
    world.plant.people.set('eve', {
      password: "eve's password",
      actor: testActor({ tenant: newId('ten'), name: 'Eve' }),
    })
    const stranger = await world.session('eve')
    assert.deepEqual(await types(stranger), [])
    assert.equal(
      (await read('type/cls_pump', AttributeIds.DisplayName, stranger)).statusCode,
      StatusCodes.BadNodeIdUnknown,
    )
    assert.deepEqual(await names(ns('plant'), stranger), ['FolderType'])
    for (const nodeId of ['i=3707', 'i=3708', 'i=2290']) {
      const { statusCode } = await session.read({ nodeId, attributeId: AttributeIds.Value })
      assert.ok(statusCode.isBad(), nodeId)
    }
    assert.ok(!(await names('i=2274')).includes('SessionsDiagnosticsSummary'))
  })

  it('cannot be written', async () => {
    const status = await session.write({
      nodeId: ns(temperature.id),
      attributeId: AttributeIds.Value,
      value: { value: { dataType: 11, value: 5 } },
    } as never)
    assert.ok(status.equals(StatusCodes.BadNotWritable), status.toString())
  })
})
