/** AI services through the API of a whole platform: from history to an alarm that says why. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '@millwright/foundation/testing'
import type { Client } from '@millwright/sdk'
import type { DeviceClient } from '@millwright/sdk/device'
import { enrolDevice } from './harness/device.ts'
import { startPlatform, temporaryDirectory } from './harness/platform.ts'

const SECOND = 1_000_000
const PATIENCE = 120_000

/** A pump whose current follows its flow and whose temperature follows both; deterministic noise. */
function pump(n: number, strange = 0) {
  const noise = (k: number) => Math.sin(n * 12.9898 + k * 78.233) * 0.5
  const flow = 12 + 2 * Math.sin(n / 40) + 0.1 * noise(1)
  const current = 3 + 0.5 * flow + 0.1 * noise(2) + strange
  return { flow, current, temperature: 40 + 1.5 * current - 1.2 * strange + 0.2 * noise(3) }
}

async function equipmentWithHistory(client: Client, name: string, from: number, seconds: number) {
  const line = await client.createAsset({ body: { level: 'line', name: `Line of ${name}`, parent: null } })
  const node = await client.createAsset({ body: { level: 'equipment', name, parent: line.id } })
  const signals: Record<string, string> = {}
  for (const signal of ['flow', 'current', 'temperature'] as const) {
    const made = await client.createSignal({ body: { name: signal, kind: 'number', unit: '1', equipment: node.id } })
    signals[signal] = made.id
    const time = Array.from({ length: seconds }, (_, n) => from + n * SECOND)
    const value = time.map((_, n) => pump(n)[signal])
    await client.writeReadings({ body: { signal: made.id, time, value } })
  }
  return { id: node.id, signals }
}

/** Sends what the pump measures, second by second, as a device does. */
async function send(device: DeviceClient, from: number, seconds: number, strange: number): Promise<void> {
  for (let n = 0; n < seconds; n++) {
    const time = from + n * SECOND
    await device.publish({ time, values: pump(time / SECOND, strange) })
  }
}

const trained = async (client: Client, id: string, number: number) => {
  let version = await client.getServiceVersion({ params: { id, number } })
  await eventually(async () => {
    version = await client.getServiceVersion({ params: { id, number } })
    return version.state !== 'waiting' && version.state !== 'running'
  }, PATIENCE)
  assert.equal(version.state, 'ready', version.failure ?? '')
  return version
}

test('a service learns from history, scores live, and raises an alarm that says why', async (t) => {
  const platform = await startPlatform({ directory: await temporaryDirectory(t) })
  const { client } = platform
  try {
    const now = Math.floor(Date.now() / 1000) * SECOND
    const length = 2400
    const { id: equipment } = await equipmentWithHistory(client, 'Pump', now - length * SECOND, length)

    const readiness = await client.checkReadiness({ body: { kind: 'anomaly', equipment } })
    assert.equal(readiness.level, 'advice')
    assert.deepEqual(readiness.inputs.map(({ name }) => name).sort(), ['current', 'flow', 'temperature'])
    assert.ok(readiness.findings.some(({ code }) => code === 'short'))

    const service = await client.createService({
      body: { name: 'Pump watch', kind: 'anomaly', equipment, alarm: { priority: 'high' } },
    })
    assert.equal(service.state, 'draft')
    const first = await client.trainService({ params: { id: service.id }, body: {} })
    assert.equal(first.number, 1)
    const version = await trained(client, service.id, 1)
    assert.equal(version.report?.used.length, 3)
    assert.match(version.report?.summary ?? '', /Learnt how Pump runs/)

    const live = await client.publishService({ params: { id: service.id }, body: {} })
    assert.equal(live.state, 'live')
    assert.deepEqual(
      live.outputs.map(({ signalName }) => signalName),
      ['Pump watch score', 'Pump watch alarm', 'Pump watch confidence', 'Pump watch outside', 'Pump watch explanation'],
    )
    await eventually(async () => (await client.getService({ params: { id: service.id } })).trouble === null, PATIENCE)

    // The current rises without the flow.
    const sender = (await enrolDevice(platform, { name: 'PLC', equipment })).connect()
    await send(sender, now, 120, 3)
    await eventually(async () => {
      const { items } = await client.listAlarms({ query: {} })
      return items.length > 0
    }, PATIENCE)
    const [alarm] = (await client.listAlarms({ query: {} })).items
    assert.equal(alarm?.ruleName, 'Pump watch')
    assert.match(alarm?.message ?? '', /^Unusual: mostly (current|temperature)/)

    await eventually(async () => {
      const { items } = await client.listEpisodes({ params: { id: service.id }, query: {} })
      return items.length > 0
    }, PATIENCE)
    await sender.close()
  } finally {
    await platform.stop()
    if (process.env['SHOW_LOG'] !== undefined) console.log(platform.log())
  }
})
