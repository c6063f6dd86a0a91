import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { ReadingBatch } from '@millwright/connectivity'
import type { Alarm, Asset } from '@millwright/contracts'
import { type Assets, createAssets, createHistorian, dataMigrations, type Historian } from '@millwright/data'
import { type Bus, createBus, createLog, MINUTE, newId, SECOND, systemClock } from '@millwright/foundation'
import type { Database, Telemetry } from '@millwright/storage'
import { memoryDatabase, temporaryTelemetry } from '@millwright/storage/testing'
import { type Actor, createAudit, trustMigrations } from '@millwright/trust'
import { testActor } from '@millwright/trust/testing'
import { monitoringMigrations } from './migrations.ts'
import { createMonitoring, type Monitoring } from './monitoring.ts'

const log = createLog({ level: 'silent' })

/** With the real asset tree and the real historian, in real time. */
describe('on the real plant and historian', () => {
  let database: Database
  let telemetry: Telemetry
  let bus: Bus
  let plant: Assets
  let historian: Historian
  let monitoring: Monitoring
  let engineer: Actor
  let pump: Asset
  const keys: Record<string, number> = {}

  before(async () => {
    database = await memoryDatabase([...trustMigrations, ...dataMigrations, ...monitoringMigrations])
    telemetry = await temporaryTelemetry()
    bus = createBus(log)
    const platform = { database, bus, clock: systemClock, log, audit: createAudit({ database, clock: systemClock }) }
    const tenant = newId('ten')
    await database.system((sql) =>
      sql.query('insert into tenants (id, tenant, name, created_at) values ($1, $1, $2, 0)', [tenant, 'Plant Ltd']),
    )
    engineer = testActor({ tenant })
    plant = createAssets(platform)
    await plant.start()
    historian = createHistorian({ ...platform, telemetry, signals: plant.catalogue })
    await historian.start()
    monitoring = createMonitoring({ ...platform, plant, historian })
    const site = await plant.assets.create(engineer, { level: 'site', name: 'North', parent: null })
    const line = await plant.assets.create(engineer, { level: 'line', name: 'Line 1', parent: site.id })
    pump = await plant.assets.create(engineer, { level: 'equipment', name: 'P-101', parent: line.id })
    for (const [name, kind] of [
      ['temperature', 'number'],
      ['state', 'state'],
      ['vibration', 'waveform'],
    ] as const) {
      const signal = await plant.signals.create(engineer, {
        name,
        kind,
        unit: name === 'temperature' ? 'Cel' : '1',
        equipment: pump.id,
      })
      keys[name] = plant.catalogue.byId(signal.id)!.key
    }
    await monitoring.start()
  })
  after(async () => {
    await monitoring.stop()
    await historian.stop()
    await telemetry.close()
    await database.close()
  })

  async function write(fill: (batch: ReadingBatch) => void) {
    fill(historian.sink.open)
    await historian.sink.committed()
  }

  it('raises, tells its place, dry-runs, and goes on after a restart with windows warmed from history', async () => {
    const rule = {
      name: 'Bearing hot',
      equipment: pump.id,
      condition: 'avg(temperature, "1m") > 80.0 && state == "on"',
      priority: 'critical' as const,
    }
    await monitoring.rules.create(engineer, rule)
    await monitoring.settled()
    const told = new Promise<Alarm>((resolve) => {
      bus.subscribe('millwright.alarm.transition', ({ data }) => resolve((data as { alarm: Alarm }).alarm))
    })
    const now = systemClock.now()
    await write((batch) => {
      batch.wide.push({
        signal: keys.state!,
        time: now - 2 * SECOND,
        quality: 0,
        value: { kind: 'state', value: 'on' },
      })
      for (let i = 20; i >= 0; i--) batch.push(keys.temperature!, now - i * 50_000, 95, 0)
    })
    const alarm = await told
    assert.deepEqual(alarm.equipmentPath, ['North', 'Line 1', 'P-101'])
    assert.equal(alarm.raisedAt, now - SECOND)

    const body = { rule, from: now - MINUTE, to: now + MINUTE }
    const { signal } = new AbortController()
    const dry = await monitoring.handlers.dryRun({ actor: engineer, body, signal } as never)
    assert.deepEqual(
      (dry as { runs: { spans: unknown }[] }).runs.map(({ spans }) => spans),
      [[{ from: now - SECOND, to: null, values: alarm.values }]],
    )

    await monitoring.stop()
    monitoring = createMonitoring({
      ...{ database, bus, clock: systemClock, log, audit: createAudit({ database, clock: systemClock }) },
      plant,
      historian,
    })
    await monitoring.start()
    await write((batch) => batch.push(keys.temperature!, systemClock.now(), 94, 0))
    await monitoring.settled()
    const { items } = await monitoring.alarms.list(engineer, {})
    assert.deepEqual(
      items.map(({ id, version }) => [id, version]),
      [[alarm.id, 1]],
    )
  })
})
