/** Remaining life through the API of a whole platform: from a wearing pump to a decision. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '@millwright/foundation/testing'
import { enrolDevice } from './harness/device.ts'
import { startPlatform, temporaryDirectory } from './harness/platform.ts'

const SECOND = 1_000_000
const PATIENCE = 120_000

/** Healthy at 1 m/s², from 80 s before the end on towards the limit of 10; deterministic scatter. */
const vibration = (left: number, n: number): number =>
  (left < 80 ? Math.exp((Math.log(10.5) * (80 - left)) / 80) : 1) * (1 + 0.02 * Math.sin(n * 12.9898))

test('a pump wears: remaining life with its interval, an alarm, and when to stop at what cost', async (t) => {
  const platform = await startPlatform({ directory: await temporaryDirectory(t) })
  const { client } = platform
  try {
    // The wear is sent late, as of a device that buffered: what is ahead of the platform's clock is not shown as the newest.
    const now = Math.floor(Date.now() / 1000) * SECOND - 140 * SECOND
    const line = await client.createAsset({ body: { level: 'line', name: 'Line', parent: null } })
    const pump = await client.createAsset({ body: { level: 'equipment', name: 'P-101', parent: line.id } })
    const signal = await client.createSignal({
      body: { name: 'vibration', kind: 'number', unit: 'm/s2', equipment: pump.id },
    })
    const past = Array.from({ length: 400 }, (_, n) => now - (400 - n) * SECOND)
    await client.writeReadings({
      body: { signal: signal.id, time: past, value: past.map((_, n) => vibration(1e6, n)) },
    })

    const settings = {
      limitSignal: 'vibration',
      limit: 10,
      horizon: 0.1,
      within: 0.02,
      failureCost: 20_000,
      plannedCost: 1500,
      step: 1,
    }
    const readiness = await client.checkReadiness({ body: { kind: 'life', equipment: pump.id, settings } })
    assert.equal(readiness.level, 'advice', JSON.stringify(readiness.findings))
    const service = await client.createService({
      body: { name: 'Bearing life', kind: 'life', equipment: pump.id, settings, alarm: { priority: 'high' } },
    })
    const id = service.id
    assert.equal((await client.getLife({ params: { id } })).state, 'unknown')
    await client.trainService({ params: { id }, body: {} })
    await eventually(async () => {
      const version = await client.getServiceVersion({ params: { id, number: 1 } })
      assert.notEqual(version.state, 'failed', version.failure ?? '')
      return version.state === 'ready'
    }, PATIENCE)
    await client.publishService({ params: { id }, body: {} })
    await eventually(async () => (await client.getLife({ params: { id } })).state === 'healthy', PATIENCE)
    const healthy = await client.getLife({ params: { id } })
    assert.equal(healthy.remaining?.atLeast, true)
    assert.equal(healthy.advice, null)

    const sender = (await enrolDevice(platform, { name: 'PLC', equipment: pump.id })).connect()
    for (let n = 0; n < 130; n++)
      await sender.publish({ time: now + n * SECOND, values: { vibration: vibration(180 - n, n) } })
    await eventually(async () => {
      const { state, at } = await client.getLife({ params: { id } })
      return state === 'wearing' && at !== null && at >= now + 120 * SECOND
    }, PATIENCE)

    const { items } = await client.listLifePredictions({ query: {} })
    assert.equal(items.length, 1)
    const found = await client.getLife({ params: { id } })
    assert.equal(found.equipmentName, 'P-101')
    const { hours, low, high } = found.remaining!
    assert.ok(
      low < hours && hours < high && Math.abs(hours * 3600 - 50) < 25,
      `${low * 3600} ${hours * 3600} ${high * 3600} s`,
    )
    assert.ok(found.health! > 10 && found.health! < 80)
    assert.match(found.explanation, /^Wear: .* s left \(.*\); vibration is at/)
    const advice = found.advice!
    assert.ok(advice.stopAt >= found.at! && advice.stopAt < found.at! + hours * 3600 * SECOND)
    assert.ok(advice.cost < advice.waiting && advice.currency === 'EUR' && found.curve.length > 100)

    await eventually(async () => (await client.listAlarms({ query: {} })).items.length > 0, PATIENCE)
    const [alarm] = (await client.listAlarms({ query: {} })).items
    assert.equal(alarm!.ruleName, 'Bearing life')
    assert.match(alarm!.message, /^Wear: /)
    await eventually(async () => (await client.listEpisodes({ params: { id }, query: {} })).items.length > 0, PATIENCE)

    const health = await client.queryLatest({ body: { signals: [found.signals.health!] } })
    assert.ok(health.items.length === 1)
    await sender.close()
  } finally {
    await platform.stop()
    if (process.env['SHOW_LOG'] !== undefined) console.log(platform.log())
  }
})
