import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { AlarmState } from '@millwright/contracts'
import { createBus, createLog, newId, SECOND } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import type { Database } from '@millwright/storage'
import { memoryDatabase } from '@millwright/storage/testing'
import { createAudit, trustMigrations } from '@millwright/trust'
import { testActor } from '@millwright/trust/testing'
import fc from 'fast-check'
import { monitoringMigrations } from '../migrations.ts'
import { MemoryPlant, runningRule } from '../testing/plant.ts'
import type { ConditionTurn } from '../watch/turn.ts'
import { AlarmDesk } from './desk.ts'
import { AlarmService } from './service.ts'

const log = createLog({ level: 'silent' })
const plant = new MemoryPlant()
const pump = plant.addMachine('P-101', { temperature: 'number' })
const actor = testActor({ tenant: plant.tenant, name: 'Ada' })

describe('the alarm desk', () => {
  const clock = new VirtualClock()
  const bus = createBus(log)
  const told: string[] = []
  let database: Database

  before(async () => {
    database = await memoryDatabase([...trustMigrations, ...monitoringMigrations])
    bus.subscribe('millwright.alarm.transition', ({ data }) => {
      told.push((data as { transition: { transition: string } }).transition.transition)
    })
  })
  after(() => database.close())
  beforeEach(() => {
    told.length = 0
  })

  const turnOf = (rule: ReturnType<typeof runningRule>, turn: 'raised' | 'returned', value = 90): ConditionTurn => ({
    turn,
    rule,
    equipment: pump,
    time: clock.now(),
    signals: [{ id: pump.signals[0]!.id, name: 'temperature', unit: 'Cel', value }],
    simulated: false,
    chattering: 0,
  })
  const newRule = (latching = false) => runningRule({ condition: 'temperature > 80.0', tenant: plant.tenant, latching })

  async function settle(work: Promise<unknown>) {
    let settled = false
    void work.finally(() => {
      settled = true
    })
    while (!settled) await clock.advance(SECOND / 2)
  }

  it('tries again while the database is away, in order, and announces nothing before it is written', async () => {
    let away = 7
    const failing: Database = {
      ...database,
      system: (work) => database.system(work),
      tenant: async (tenant, work) => {
        if (away-- > 0) throw new Error('connection refused')
        assert.deepEqual(told, [])
        return database.tenant(tenant, work)
      },
      close: () => database.close(),
    }
    const desk = new AlarmDesk({ database: failing, bus, clock, log })
    const rule = newRule()
    desk.tell([turnOf(rule, 'raised'), turnOf(rule, 'returned'), turnOf(rule, 'raised')])
    await settle(desk.settled())
    assert.deepEqual(told, ['raised', 'returned', 're-raised'])
  })

  it('a turn that can never be written does not hold up the others', async () => {
    const desk = new AlarmDesk({ database, bus, clock, log })
    const broken = { ...turnOf(newRule(), 'raised'), time: Number.NaN }
    desk.tell([broken, turnOf(newRule(), 'raised')])
    await settle(desk.settled())
    assert.deepEqual(told, ['raised'])
  })

  it('keeps what matters when more waits than it may keep', async () => {
    let open = () => {}
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    const slow: Database = {
      system: (work) => database.system(work),
      tenant: async (tenant, work) => {
        await gate
        return database.tenant(tenant, work)
      },
      close: () => database.close(),
    }
    const desk = new AlarmDesk({ database: slow, bus, clock, log })
    const [rule, other] = [newRule(), newRule()]
    desk.tell([turnOf(rule, 'raised')])
    for (let i = 0; i < 60_000; i++) desk.tell([turnOf(rule, i % 2 === 0 ? 'returned' : 'raised')])
    desk.tell([turnOf(rule, 'returned'), turnOf(other, 'raised')])
    open()
    await settle(desk.settled())
    assert.ok(told.length < 52_000, String(told.length))
    const alarms = new AlarmService({ database, clock, desk, audit: createAudit({ database, clock }) })
    const { items } = await alarms.list(actor, { rule: rule.id, state: 'all' })
    assert.equal(items[0]!.state, 'returned-unacknowledged')
    assert.equal((await alarms.list(actor, { rule: other.id })).items[0]!.state, 'unacknowledged')
  })

  it('the journal replays to the state, whatever happens in whatever order', async () => {
    const desk = new AlarmDesk({ database, bus, clock, log })
    const alarms = new AlarmService({ database, clock, desk, audit: createAudit({ database, clock }) })
    const steps = fc.array(fc.constantFrom('raised', 'returned', 'acknowledge', 'reset', 'ended', 'comment'), {
      minLength: 1,
      maxLength: 25,
    })
    await fc.assert(
      fc.asyncProperty(steps, fc.boolean(), async (some, latching) => {
        const rule = newRule(latching)
        for (const step of some) {
          await clock.advance(1)
          if (step === 'raised' || step === 'returned') desk.tell([turnOf(rule, step)])
          else if (step === 'ended') {
            desk.tell([{ turn: 'ended', tenant: plant.tenant, rule: rule.id, equipment: pump.id, reason: 'Gone.' }])
          }
          await desk.settled()
          const [newest] = (await alarms.list(actor, { rule: rule.id })).items
          if (newest === undefined) continue
          if (step === 'comment') await alarms.comment(actor, newest.id, 'Hm.')
          if (step === 'acknowledge' || step === 'reset') {
            await alarms[step](actor, newest.id, {}).catch((error: { status?: number }) =>
              assert.equal(error.status, 409),
            )
          }
        }
        const all = (await alarms.list(actor, { rule: rule.id, state: 'all' })).items
        assert.ok(all.filter(({ state }) => state !== 'normal').length <= 1)
        for (const alarm of all) {
          const lines = (await alarms.journal(actor, { alarm: alarm.id })).items.reverse()
          let state: AlarmState = 'normal'
          for (const { from, to } of lines) {
            assert.equal(from, state)
            state = to
          }
          assert.equal(alarm.state, state)
          assert.equal(alarm.version, lines.filter(({ transition }) => transition !== 'commented').length)
          assert.equal(alarm.closedAt !== undefined, state === 'normal')
        }
      }),
      { numRuns: 40 },
    )
  })

  it('one alarm of a rule stands on a machine at a time, even if told twice', async () => {
    const desk = new AlarmDesk({ database, bus, clock, log })
    const rule = newRule()
    desk.tell([turnOf(rule, 'raised'), turnOf(rule, 'raised')])
    await desk.settled()
    desk.tell([turnOf(rule, 'raised')])
    await desk.settled()
    assert.deepEqual(told, ['raised'])
  })
})

describe('lists of alarms', () => {
  const clock = new VirtualClock()
  let database: Database
  let alarms: AlarmService
  const site = newId('ast')
  const [east, west] = [newId('ast'), newId('ast')]
  const machines = [
    plant.addMachine('East 1', { temperature: 'number' }, null, [site, east]),
    plant.addMachine('West 1', { temperature: 'number' }, null, [site, west]),
  ]

  before(async () => {
    database = await memoryDatabase([...trustMigrations, ...monitoringMigrations])
    const desk = new AlarmDesk({ database, bus: createBus(log), clock, log })
    alarms = new AlarmService({ database, clock, desk, audit: createAudit({ database, clock }) })
    for (let i = 0; i < 40; i++) {
      await clock.advance(i % 3 === 0 ? 0 : SECOND)
      const priority = (['low', 'critical', 'medium', 'high'] as const)[i % 4]!
      const equipment = machines[i % 2]!
      const name = i % 5 === 0 ? 'secret' : 'temperature'
      const rule = runningRule({ condition: 'true', tenant: plant.tenant, priority, name: `Rule ${i}` })
      desk.tell([
        {
          turn: 'raised',
          rule,
          equipment,
          time: clock.now(),
          signals: [{ id: newId('sig'), name, unit: '1', value: 1 }],
          simulated: false,
          chattering: 0,
        },
      ])
    }
    await desk.settled()
  })
  after(() => database.close())

  it('pages run through all of them once, critical first, then newest first', async () => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await alarms.list(actor, { limit: 7, ...(cursor === undefined ? {} : { cursor }) })
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next
    } while (cursor !== undefined)
    const { items } = await alarms.list(actor, { limit: 1000 })
    assert.deepEqual(
      seen,
      items.map(({ id }) => id),
    )
    assert.equal(new Set(seen).size, 40)
    const ranks = items.map(
      ({ priority, raisedAt }) => [['critical', 'high', 'medium', 'low'].indexOf(priority), -raisedAt] as const,
    )
    assert.deepEqual(
      ranks,
      ranks.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]),
    )
  })

  it('the journal pages newest first', async () => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await alarms.journal(actor, { limit: 9, ...(cursor === undefined ? {} : { cursor }) })
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next
    } while (cursor !== undefined)
    assert.equal(new Set(seen).size, 40)
  })

  it('filters by state, priority, place, rule and time; a foreign cursor is refused', async () => {
    const count = async (query: Parameters<typeof alarms.list>[1]) =>
      (await alarms.list(actor, { limit: 1000, ...query })).items.length
    assert.equal(await count({ priority: 'critical' }), 10)
    assert.equal(await count({ under: west }), 20)
    assert.equal(await count({ under: machines[0]!.id }), 20)
    assert.equal(await count({ state: 'closed' }), 0)
    assert.equal(await count({ state: 'unacknowledged', to: clock.now() }), 38)
    assert.equal(await count({ from: clock.now() }), 2)
    await assert.rejects(alarms.list(actor, { cursor: 'x' }), /cursor/)
    await assert.rejects(alarms.journal(actor, { cursor: Buffer.from('["a",1]').toString('base64url') }), /cursor/)
  })

  it('shows each person what they may see, and lets them answer what they may answer', async () => {
    const operator = testActor({
      tenant: plant.tenant,
      nodes: [east],
      permissions: ['alarm:read', 'alarm:acknowledge'],
    })
    const viewer = testActor({ tenant: plant.tenant, permissions: ['alarm:read'] })
    const stranger = testActor({ tenant: newId('ten') })
    const nobody = testActor({ tenant: plant.tenant, permissions: [] })
    const mine = (await alarms.list(operator, { limit: 1000 })).items
    assert.equal(mine.length, 20)
    assert.ok(mine.every(({ equipmentName }) => equipmentName === 'East 1'))
    assert.equal((await alarms.journal(operator, { limit: 1000 })).items.length, 20)
    for (const other of [stranger, nobody]) {
      assert.deepEqual(await alarms.list(other, {}), { items: [] })
      assert.deepEqual(await alarms.journal(other, {}), { items: [] })
    }
    const all = (await alarms.list(actor, { limit: 1000 })).items
    const foreign = all.find(({ equipmentName }) => equipmentName === 'West 1')!
    const status = (expected: number) => (error: { status?: number }) => error.status === expected
    await assert.rejects(alarms.get(operator, foreign.id), status(404))
    await assert.rejects(alarms.acknowledge(operator, foreign.id, {}), status(404))
    await assert.rejects(alarms.acknowledge(stranger, foreign.id, {}), status(404))
    await assert.rejects(alarms.acknowledge(viewer, foreign.id, {}), status(403))
    await assert.rejects(alarms.comment(viewer, foreign.id, 'x'), status(403))
    await assert.rejects(alarms.acknowledge(operator, mine[0]!.id, {}, 99), status(412))
    assert.equal((await alarms.acknowledge(operator, mine[0]!.id, {}, 1)).state, 'acknowledged')
  })

  it('a share shows its node, and with named signals only alarms that read no other', async () => {
    const share = (signals: string[]) => ({ id: newId('shr'), owner: plant.tenant, node: west, signals })
    const partner = testActor({ tenant: newId('ten'), shares: [share([])] })
    const narrow = testActor({ tenant: newId('ten'), shares: [share(['temperature'])] })
    assert.equal((await alarms.list(partner, { limit: 1000 })).items.length, 20)
    const shown = (await alarms.list(narrow, { limit: 1000 })).items
    assert.equal(shown.length, 16)
    const [secret] = (await alarms.list(partner, { limit: 1000 })).items.filter(({ values }) => 'secret' in values)
    assert.equal((await alarms.get(partner, secret!.id)).id, secret!.id)
    await assert.rejects(alarms.get(narrow, secret!.id), (error: { status?: number }) => error.status === 404)
    await assert.rejects(
      alarms.acknowledge(partner, secret!.id, {}),
      (error: { status?: number }) => error.status === 403,
    )
  })
})
