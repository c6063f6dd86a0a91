import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type MillwrightError, newId, SECOND } from '@millwright/foundation'
import { testActor } from '@millwright/trust/testing'
import { goLive, levelService, levelStage, nowSecond, train } from '../testing/level.ts'
import type { Stage } from '../testing/stage.ts'
import { versionStore } from '../versions/store.ts'

describe('services as people make them', () => {
  let stage: Stage
  before(async () => {
    stage = await levelStage()
  })
  after(() => stage.close())

  const refused = (asked: Promise<unknown>, code: string) =>
    assert.rejects(asked, (error: MillwrightError) => {
      assert.equal(error.code, code, error.message)
      return true
    })

  it('are changed only from the version that was seen, and audited', async () => {
    const { id, service, machine } = await levelService(stage)
    assert.equal(service.version, 1)
    assert.deepEqual(service.settings, { signal: 'level', training: 'well', scoring: 'well' })
    const change = (body: object, ifMatch?: number) =>
      stage.call('updateService', { params: { id }, body, ...(ifMatch === undefined ? {} : { ifMatch }) })
    const after = await change({ name: 'Level watch', description: 'of the tank' }, 1)
    assert.deepEqual([after.version, after.name, after.description], [2, 'Level watch', 'of the tank'])
    await refused(change({ name: 'Mine' }, 1), 'MW-SERVICE-0002')
    await refused(change({ settings: { scoring: 'badly' } }), 'MW-SERVICE-0005')
    const again = { name: 'LEVEL WATCH', kind: 'test-level', equipment: machine.id }
    await refused(stage.call('createService', { body: again }), 'MW-SERVICE-0006')
    await refused(stage.call('createService', { body: { ...again, kind: 'magic' } }), 'MW-SERVICE-0003')
    await refused(stage.call('createService', { body: { ...again, equipment: newId('ast') } }), 'MW-SERVICE-0004')
    const actions = await stage.database.tenant(stage.tenant, (sql) =>
      sql.query<{ action: string }>('select action from audit_entries where target = $1 order by sequence', [id]),
    )
    assert.deepEqual(
      actions.map(({ action }) => action),
      ['service.create', 'service.update'],
    )
  })

  it('are seen and changed where somebody may, and are not there for others', async () => {
    const { id, machine } = await levelService(stage)
    const { tenant } = stage
    const viewer = testActor({ tenant, nodes: [machine.id], permissions: ['service:read', 'asset:read'] })
    const elsewhere = testActor({ tenant, nodes: [newId('ast')] })
    const stranger = testActor({ tenant: newId('ten') })
    const get = (actor: typeof viewer) => stage.call('getService', { params: { id } }, actor)
    assert.equal((await get(viewer)).id, id)
    await refused(get(elsewhere), 'MW-SERVICE-0001')
    await refused(get(stranger), 'MW-SERVICE-0001')
    await refused(stage.call('trainService', { params: { id } }, viewer), 'MW-ACCESS-0001')
    await refused(stage.call('trainService', { params: { id } }, stranger), 'MW-SERVICE-0001')
    const ids = async (actor: typeof viewer) =>
      (await stage.call('listServices', { query: { limit: 1000 } }, actor)).items.map((each) => each.id)
    assert.deepEqual(await ids(viewer), [id])
    assert.deepEqual(await ids(stranger), [])
    assert.ok((await ids(stage.engineer)).includes(id))
  })

  it('come in pages, each once', async () => {
    for (let n = 0; n < 4; n++) await levelService(stage)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await stage.call('listServices', {
        query: { limit: 2, ...(cursor === undefined ? {} : { cursor }) },
      })
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next
    } while (cursor !== undefined)
    assert.equal(new Set(seen).size, seen.length)
    assert.equal(seen.length, (await stage.call('listServices', { query: { limit: 1000 } })).items.length)
  })

  it('own a rule while they are to raise alarms, and no longer', async () => {
    const { id } = await levelService(stage)
    const live = await goLive(stage, id)
    assert.equal(live.rule, null)
    const update = (alarm: object | null) => stage.call('updateService', { params: { id }, body: { alarm } })
    const { rule } = await update({ priority: 'low', onDelay: 5 * SECOND })
    const made = await stage.monitoring.rules.get(stage.engineer, rule!)
    assert.deepEqual(
      [made.name, made.condition, made.priority, made.onDelay, made.enabled],
      ['Level', 'signal("Level score") > 10.0', 'low', 5 * SECOND, true],
    )
    await update({ priority: 'critical' })
    assert.equal((await stage.monitoring.rules.get(stage.engineer, rule!)).priority, 'critical')
    assert.equal((await update(null)).rule, null)
    await refused(stage.monitoring.rules.get(stage.engineer, rule!), 'MW-RULE-0001')
  })

  it('write signals of their own, never into those of others, and never read what they write', async () => {
    const { id, machine } = await levelService(stage)
    await goLive(stage, id)
    const body = { name: 'Second', kind: 'test-level', equipment: machine.id, settings: { signal: 'Level score' } }
    const second = await stage.call('createService', { body })
    await train(stage, second.id)
    await stage.call('publishService', { params: { id: second.id } })
    const circle = { settings: { signal: 'Second score' } }
    await refused(stage.call('updateService', { params: { id }, body: circle }), 'MW-SERVICE-0027')
    const own = { settings: { signal: 'Level score' } }
    await refused(stage.call('updateService', { params: { id }, body: own }), 'MW-SERVICE-0027')
    await stage.plant.signals.create(stage.engineer, { name: 'Third score', kind: 'number', equipment: machine.id })
    const third = { name: 'Third', kind: 'test-level', equipment: machine.id }
    await refused(stage.call('createService', { body: third }), 'MW-SERVICE-0018')
  })

  it('go with their versions, models, episodes and rule; their signals stay', async () => {
    const { id } = await levelService(stage, {}, { alarm: { priority: 'low' } })
    const live = await goLive(stage, id)
    const version = await stage.call('getServiceVersion', { params: { id, number: 1 } })
    const to = nowSecond()
    const label = { from: to - SECOND, to, verdict: 'right' }
    await stage.call('createLabel', { params: { id }, body: label })
    // The same bytes may be another service's model as well.
    const [{ n } = { n: 0 }] = await stage.database.system((sql) =>
      sql.query<{ n: number }>('select count(*)::int as n from service_versions where sha256 = $1', [version.sha256]),
    )
    await stage.call('deleteService', { params: { id } })
    await refused(stage.call('getService', { params: { id } }), 'MW-SERVICE-0001')
    await refused(stage.monitoring.rules.get(stage.engineer, live.rule!), 'MW-RULE-0001')
    assert.equal(await stage.artifacts.has(version.sha256!), n > 1)
    assert.ok(stage.plant.catalogue.byId(live.outputs[0]!.signal!))
  })

  it('keep their newest versions and the live one, and no more', async () => {
    const { id } = await levelService(stage)
    await goLive(stage, id)
    const left = await stage.database.tenant(stage.tenant, async (sql) => {
      const row = { service: id, tenant: stage.tenant, origin: 'training', from: 0, to: 1, settings: {} } as const
      for (let number = 2; number <= 9; number++) {
        await versionStore.insert(sql, { ...row, createdAt: 0, createdBy: 'Ada' })
        await versionStore.finish(sql, id, number, { failure: 'for the test' }, 0)
      }
      await versionStore.prune(sql, id, 3)
      return versionStore.page(sql, id, 100, 100)
    })
    assert.deepEqual(
      left.map(({ number }) => number),
      [9, 8, 7, 1],
    )
  })
})
