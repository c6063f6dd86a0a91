import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { MINUTE, SECOND } from '@millwright/foundation'
import { testActor } from '@millwright/trust/testing'
import type { Equipment } from '../ports.ts'
import { runningRule } from '../testing/plant.ts'
import { Stage } from '../testing/stage.ts'
import { dryRun } from './dry-run.ts'
import type { NewRule } from './model.ts'

const fails = (code: string) => (error: { code?: string; message: string }) => {
  assert.equal(error.code, code, error.message)
  return true
}

describe('rules', () => {
  let stage: Stage
  let pumps: string
  let east: Equipment
  let west: Equipment
  const [line1, line2] = ['ast_line1', 'ast_line2']

  before(async () => {
    stage = await Stage.start()
    pumps = stage.plant.addClass({ temperature: 'number', running: 'boolean' })
    east = stage.plant.addMachine('East', { temperature: 'number', state: 'state' }, pumps, [line1])
    west = stage.plant.addMachine('West', { temperature: 'number' }, pumps, [line2])
  })
  after(() => stage.close())

  let made = 0
  const body = (changes: Partial<NewRule> = {}): NewRule => ({
    name: `Rule ${++made}`,
    equipment: east.id,
    condition: 'temperature > 80.0',
    priority: 'low',
    ...changes,
  })

  it('are made, read, changed and deleted, with their versions', async () => {
    const { rules } = stage.monitoring
    const rule = await rules.create(stage.engineer, body({ clearCondition: ' ', onDelay: SECOND }))
    assert.equal(rule.version, 1)
    assert.equal(rule.clearCondition, null)
    assert.equal(rule.enabled, true)
    const changed = await rules.update(
      stage.engineer,
      rule.id,
      { condition: 'temperature > 90.0', priority: 'high' },
      1,
    )
    assert.equal(changed.version, 2)
    assert.equal(changed.onDelay, SECOND)
    await assert.rejects(rules.update(stage.engineer, rule.id, { name: 'x' }, 1), fails('MW-RULE-0002'))
    await assert.rejects(rules.remove(stage.engineer, rule.id, 1), fails('MW-RULE-0002'))
    await rules.remove(stage.engineer, rule.id, 2)
    await assert.rejects(rules.get(stage.engineer, rule.id), fails('MW-RULE-0001'))
    const audit = await stage.database.system((sql) =>
      sql.query<{ action: string }>('select action from audit_entries where target = $1 order by sequence', [rule.id]),
    )
    assert.deepEqual(
      audit.map(({ action }) => action),
      ['rule.create', 'rule.update', 'rule.delete'],
    )
  })

  it('are refused with the place of the mistake', async () => {
    const { rules } = stage.monitoring
    const create = (changes: Partial<NewRule>) => rules.create(stage.engineer, body(changes))
    await assert.rejects(create({ equipmentClass: pumps }), fails('MW-RULE-0003'))
    await assert.rejects(create({ equipment: null }), fails('MW-RULE-0003'))
    await assert.rejects(create({ equipment: 'ast_nowhere' }), fails('MW-RULE-0004'))
    await assert.rejects(create({ equipment: null, equipmentClass: 'cls_none' }), fails('MW-RULE-0005'))
    const mistake = await create({ condition: 'temperature > ' }).catch((error) => error)
    assert.equal(mistake.code, 'MW-RULE-0006')
    assert.equal(mistake.path, 'condition')
    assert.equal(mistake.details.position, 14)
    await assert.rejects(create({ clearCondition: 'avg(state, "1m") > 1' }), fails('MW-RULE-0006'))
    const { name } = await create({})
    await assert.rejects(create({ name: name.toUpperCase() }), fails('MW-RULE-0007'))
  })

  it('name in their messages only signals that can fill a place', async () => {
    const { rules } = stage.monitoring
    const create = (message: string, changes: Partial<NewRule> = {}) =>
      rules.create(stage.engineer, body({ message, ...changes }))
    const unknown = await create('At {temprature}').catch((error) => error)
    assert.deepEqual([unknown.code, unknown.path], ['MW-RULE-0011', 'message'])
    assert.match(unknown.message, /"temprature"/)
    const camera = stage.plant.addMachine('Camera', { temperature: 'number', picture: 'document' })
    await assert.rejects(create('{picture}', { equipment: camera.id }), fails('MW-RULE-0012'))
    // Of the class though this machine has no such signal yet; or read by the condition, whether there or not.
    await create('{running} {state} { temperature }')
    await create('{later}', { condition: 'later > 1.0' })
    const rule = await create('{running}', { equipment: null, equipmentClass: pumps })
    await assert.rejects(rules.update(stage.engineer, rule.id, { message: '{speed}' }), fails('MW-RULE-0011'))
    stage.plant.classes.set(pumps, [{ name: 'temperature', kind: 'number' }])
    assert.equal((await rules.update(stage.engineer, rule.id, { enabled: false })).enabled, false)
    stage.plant.classes.get(pumps)!.push({ name: 'running', kind: 'boolean' })
  })

  it('are checked while they are written', async () => {
    const { rules } = stage.monitoring
    const check = (condition: string, target: object) => rules.check(stage.engineer, { condition, ...target })
    assert.deepEqual(await check('temperature > 80.0 && runing', { equipmentClass: pumps }), {
      ok: true,
      signals: ['temperature', 'runing'],
      unknown: ['runing'],
    })
    assert.deepEqual((await check('running && state == "x"', { equipment: east.id })).unknown, [])
    assert.deepEqual((await check('anything > 1', {})).unknown, [])
    const wrong = await check('running > 1', { equipmentClass: pumps })
    assert.equal(wrong.ok, false)
    assert.match(wrong.error ?? '', /needs a number/)
    assert.equal(wrong.position, 0)
  })

  it('are seen and changed by those who may', async () => {
    const { rules } = stage.monitoring
    const own = await rules.create(stage.engineer, body())
    const ofClass = await rules.create(stage.engineer, body({ equipment: null, equipmentClass: pumps }))
    const { tenant } = stage.plant
    const engineer1 = testActor({ tenant, nodes: [line1], permissions: ['rule:read', 'rule:write', 'asset:read'] })
    const engineer2 = testActor({ tenant, nodes: [line2], permissions: ['rule:read', 'rule:write', 'asset:read'] })
    const ids = async (actor: typeof engineer1) => (await rules.list(actor, {})).items.map(({ id }) => id)
    assert.ok((await ids(engineer1)).includes(own.id))
    assert.ok(!(await ids(engineer2)).includes(own.id))
    assert.ok((await ids(engineer2)).includes(ofClass.id))
    assert.deepEqual(await ids(testActor({ tenant, permissions: [] })), [])
    assert.deepEqual(await ids(testActor({ tenant: 'ten_other' })), [])
    await assert.rejects(rules.get(engineer2, own.id), fails('MW-RULE-0001'))
    await assert.rejects(rules.remove(engineer2, own.id), fails('MW-RULE-0001'))
    await assert.rejects(rules.update(engineer1, ofClass.id, { name: 'Mine' }), fails('MW-ACCESS-0001'))
    await assert.rejects(rules.create(engineer2, body()), fails('MW-RULE-0004'))
    await assert.rejects(
      rules.create(engineer1, body({ equipment: null, equipmentClass: pumps })),
      fails('MW-ACCESS-0001'),
    )
    // Nor may a rule be carried off to a place where one may not write.
    await assert.rejects(rules.update(engineer1, own.id, { equipment: west.id }), fails('MW-RULE-0004'))
    assert.equal((await rules.update(engineer1, own.id, { name: 'Renamed' })).name, 'Renamed')
  })

  it('come in pages by name', async () => {
    for (let i = 0; i < 12; i++) await stage.monitoring.rules.create(stage.engineer, body({ name: `Page ${i}` }))
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const query = { q: 'page', limit: 5, ...(cursor === undefined ? {} : { cursor }) }
      const page = await stage.monitoring.rules.list(stage.engineer, query)
      seen.push(...page.items.map(({ name }) => name))
      cursor = page.next
    } while (cursor !== undefined)
    assert.equal(new Set(seen).size, 12)
    assert.deepEqual(seen, seen.toSorted())
  })

  it('a dry run shows when a rule would have fired, on the machines the person may read', async () => {
    const start = stage.clock.now()
    const [a, b] = [stage.plant.key(east, 'temperature'), stage.plant.key(west, 'temperature')]
    for (let i = 0; i < 60; i++) {
      stage.plant.stored.push([a, start + i * SECOND, i >= 20 && i < 30 ? 90 : 50])
      stage.plant.stored.push([b, start + i * SECOND, i >= 50 ? 85 : 50])
    }
    await stage.clock.advance(2 * MINUTE)
    const range = { from: start, to: start + 60 * SECOND }
    const rule = body({ equipment: null, equipmentClass: pumps })
    const call = (actor: typeof stage.engineer, signal = new AbortController().signal) =>
      stage.monitoring.handlers.dryRun({ actor, body: { rule, ...range }, signal } as never)
    const reply = (await call(stage.engineer)) as Awaited<ReturnType<typeof dryRun>>
    assert.equal(reply.truncated, false)
    assert.deepEqual(
      reply.runs.map(({ equipmentName, spans }) => [equipmentName, spans]),
      [
        ['East', [{ from: start + 20 * SECOND, to: start + 30 * SECOND, values: { temperature: 90 } }]],
        ['West', [{ from: start + 50 * SECOND, to: null, values: { temperature: 85 } }]],
      ],
    )
    const one = testActor({ tenant: stage.plant.tenant, nodes: [line2], permissions: ['rule:read', 'signal:read'] })
    const narrow = (await call(one)) as Awaited<ReturnType<typeof dryRun>>
    assert.deepEqual(
      narrow.runs.map(({ equipmentName }) => equipmentName),
      ['West'],
    )
    const reader = testActor({ tenant: stage.plant.tenant, permissions: ['signal:read'] })
    await assert.rejects(call(reader) as Promise<unknown>, fails('MW-ACCESS-0001'))
    await assert.rejects(call(stage.engineer, AbortSignal.abort()) as Promise<unknown>, /aborted/)
  })

  it('a dry run takes windows from before its range, and cuts spans to it', async () => {
    const start = stage.clock.now()
    const key = stage.plant.key(east, 'temperature')
    for (let i = 0; i < 120; i++) stage.plant.stored.push([key, start + i * SECOND, 90])
    const rule = runningRule({
      tenant: stage.plant.tenant,
      equipment: east.id,
      condition: 'count(temperature, "1m") >= 60',
    })
    const range = { from: start + 100 * SECOND, to: start + 110 * SECOND }
    const { runs } = await dryRun(rule, [east], stage.plant, range, new AbortController().signal)
    assert.deepEqual(runs[0]!.spans, [{ from: range.from, to: null, values: { temperature: 90 } }])
  })

  it('a dry run is bounded, says so, and lets others have their turn', async () => {
    const start = stage.clock.now()
    const key = stage.plant.key(east, 'temperature')
    for (let i = 0; i < 20_000; i++) stage.plant.stored.push([key, start + i * 1000, i % 100])
    const rule = runningRule({ tenant: stage.plant.tenant, equipment: east.id, condition: 'temperature > 50.0' })
    const range = { from: start, to: start + 20 * SECOND }
    const limits = { machines: 25, rows: 5_000, spans: 1000, evaluations: 1e9, duration: 1e9 }
    const signal = new AbortController().signal
    let turns = 0
    const beat = setInterval(() => turns++, 0)
    const { truncated, runs } = await dryRun(rule, [east], stage.plant, range, signal, limits)
    clearInterval(beat)
    assert.equal(truncated, true)
    assert.ok(runs[0]!.evaluations <= 7_000)
    assert.ok(turns > 0)
    const few = await dryRun(rule, [east, west], stage.plant, range, signal, { ...limits, machines: 1, rows: 1e9 })
    assert.equal(few.truncated, true)
    assert.equal(few.runs.length, 1)
    const abort = new AbortController()
    setImmediate(() => abort.abort())
    await assert.rejects(dryRun(rule, [east], stage.plant, range, abort.signal, { ...limits, rows: 1e9 }), /aborted/)
  })
})
