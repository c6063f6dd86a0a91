import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import type { nodeSetOperations } from '@millwright/contracts'
import { type Assets, createAssets, dataMigrations } from '@millwright/data'
import { createBus, createLog, newId } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import type { Database } from '@millwright/storage'
import { memoryDatabase } from '@millwright/storage/testing'
import { type Actor, type Call, createAudit, trustMigrations } from '@millwright/trust'
import { testActor } from '@millwright/trust/testing'
import { nodeSetHandlers } from './import-nodesets.ts'

const CASES = new URL('../../../connectivity/opcua/testcases/', import.meta.url)

describe('NodeSet2 files as equipment classes', () => {
  let database: Database
  let plant: Assets
  let owner: Actor

  before(async () => {
    database = await memoryDatabase([...trustMigrations, ...dataMigrations])
    const clock = new VirtualClock()
    const tenant = newId('ten')
    await database.system((sql) =>
      sql.query('insert into tenants (id, tenant, name, created_at) values ($1, $1, $2, 0)', [tenant, 'Owner Ltd']),
    )
    owner = testActor({ tenant })
    const bus = createBus(createLog({ level: 'silent' }))
    plant = createAssets({ database, bus, clock, audit: createAudit({ database, clock }) })
    await plant.start()
  })
  after(() => database.close())

  async function imported(names: string[], dryRun: boolean, actor = owner) {
    const files = await Promise.all(
      names.map(async (name) => ({ name, content: await readFile(new URL(name, CASES), 'base64') })),
    )
    const call: Call<typeof nodeSetOperations.importNodeSets> = {
      actor,
      params: undefined,
      query: undefined,
      body: { files, dryRun },
      ifMatch: undefined,
      address: '127.0.0.1',
      requestId: 'test',
      signal: AbortSignal.timeout(10_000),
      header: () => {},
      requestHeader: () => undefined,
    }
    return nodeSetHandlers(plant.classes, plant.handlers).importNodeSets(call)
  }
  const names = async () => (await plant.classes.list(owner, {})).items.map(({ name }) => name).sort()

  it('says what it would do, does it once, and changes what is there', async () => {
    const files = ['pump.NodeSet2.xml', 'station.NodeSet2.xml']
    const planned = await imported(files, true)
    assert.deepEqual([...planned.created].sort(), ['BigStationType', 'DriveType', 'PumpType', 'StationType'])
    assert.deepEqual(await names(), [])
    await plant.classes.create(owner, { name: 'pumptype', signals: [] })
    const done = await imported(files, false)
    assert.deepEqual([done.created.length, done.updated], [3, ['PumpType']])
    assert.deepEqual(await names(), ['BigStationType', 'DriveType', 'PumpType', 'StationType'])
    const again = await imported(files, false)
    assert.deepEqual([again.created, again.updated], [[], []])
  })

  it('needs the right to change classes, to look too', async () => {
    const guest = testActor({ tenant: owner.tenant, permissions: ['asset:read'] })
    await assert.rejects(imported(['pump.NodeSet2.xml'], true, guest), { status: 403 })
  })
})
