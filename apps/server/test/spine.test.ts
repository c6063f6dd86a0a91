import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type LiveClient, liveClient } from '@millwright/sdk'
import type { DeviceClient } from '@millwright/sdk/device'
import { enrolDevice, type TestDevice } from './harness/device.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

const SECOND = 1_000_000

describe('from a sensor to an acknowledged alarm', () => {
  let platform: RunningPlatform
  let directory: string
  let device: TestDevice
  let sender: DeviceClient
  let live: LiveClient
  let pump: string

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-spine-'))
    // A first start as a user has it, from nothing.
    platform = await startPlatform({ directory, prepared: false })
    const { client } = platform
    const pumps = await client.createClass({
      body: {
        name: 'Pump',
        signals: [
          { name: 'temperature', kind: 'number', unit: 'Cel', min: -20, max: 150 },
          { name: 'rpm', kind: 'number', unit: '/min' },
        ],
      },
    })
    const site = await client.createAsset({ body: { level: 'site', name: 'North', parent: null } })
    pump = (
      await client.createAsset({
        body: { level: 'equipment', name: 'P-101', parent: site.id, equipmentClass: pumps.id },
      })
    ).id
    await client.createRule({
      body: {
        name: 'Bearing hot',
        equipmentClass: pumps.id,
        condition: 'avg(temperature, "2s") > 80.0 && rpm > 1000.0',
        priority: 'high',
        message: 'Bearing at {temperature} °C',
        response: 'Slow the pump down',
      },
    })
    device = await enrolDevice(platform, { name: 'PLC 1', equipment: pump })
    sender = device.connect()
    live = liveClient({
      url: platform.url,
      open: (url) => new WebSocket(url, { headers: { authorization: `Bearer ${platform.token}` } } as never),
    })
  })
  after(async () => {
    live?.close()
    await sender?.close()
    await platform?.stop()
    await rm(directory, { recursive: true, force: true })
  })

  it('stores what it acknowledged, exactly', async () => {
    const start = Date.UTC(2026, 5, 1) * 1000
    const values = Array.from({ length: 500 }, (_, i) => 20 + Math.sin(i) / 3)
    await Promise.all(
      values.map((temperature, i) =>
        sender.publish({ time: start + i * SECOND + i, values: { temperature, rpm: 900 } }),
      ),
    )
    const [signal] = (await platform.client.listSignals({ query: { equipment: pump, q: 'temperature' } })).items
    const { items } = await platform.client.queryReadings({
      body: { signal: signal!.id, from: start, to: start + 1000 * SECOND },
    })
    assert.deepEqual(
      items.map((reading) => reading.value),
      values,
    )
    assert.deepEqual(
      items.map((reading) => reading.time),
      values.map((_, i) => start + i * SECOND + i),
    )
  })

  it('shows a reading live, raises the alarm, and takes the acknowledgement', async () => {
    const [temperature] = (await platform.client.listSignals({ query: { equipment: pump, q: 'temperature' } })).items
    const rows = Promise.withResolvers<unknown>()
    const raised = Promise.withResolvers<{ id: string; message: string; state: string }>()
    live.signals([temperature!.id], (message) => message.value.includes(95) && rows.resolve(message.value))
    live.alarms((message) => message.transition.transition === 'raised' && raised.resolve(message.alarm))
    const now = Date.now() * 1000
    await sender.publish({ time: now - SECOND, values: { temperature: 95, rpm: 1480 } })
    await sender.publish({ time: now, values: { temperature: 95, rpm: 1480 } })
    await rows.promise
    const alarm = await raised.promise
    assert.equal(alarm.state, 'unacknowledged')
    assert.match(alarm.message, /95/)
    const standing = await platform.client.listAlarms()
    assert.deepEqual(
      standing.items.map(({ id }) => id),
      [alarm.id],
    )
    const acknowledged = await platform.client.acknowledgeAlarm({ params: { id: alarm.id }, body: { comment: 'seen' } })
    assert.equal(acknowledged.state, 'acknowledged')
    const journal = await platform.client.listJournal({ query: { alarm: alarm.id } })
    assert.deepEqual(
      journal.items.map(({ transition }) => transition),
      ['acknowledged', 'raised'],
    )
  })

  it('carries a command to the device and its result back', async () => {
    sender.onCommand('reset-counter', (params) => ({ was: 7, params }))
    const sent = await platform.client.sendCommand({
      params: { id: device.id },
      body: { name: 'reset-counter', params: { to: 0 } },
    })
    const finished = Promise.withResolvers<void>()
    live.events((message) => message.event.type === 'millwright.command.finished' && finished.resolve())
    const done = async () => platform.client.getCommand({ params: { id: sent.id } })
    if ((await done()).state !== 'succeeded') await finished.promise
    const command = await done()
    assert.equal(command.state, 'succeeded')
    assert.deepEqual(command.result, { was: 7, params: { to: 0 } })
  })

  it('goes on after a restart with what it knew', async () => {
    const before = await platform.client.listAlarms()
    const { code, took } = await platform.stop()
    assert.equal(code, 0)
    assert.ok(took < 5_000, `stopping took ${took} ms`)
    platform = await startPlatform({ directory, args: ['--mqtt-port', String(platform.mqttPort)] })
    assert.deepEqual(
      (await platform.client.listAlarms()).items.map(({ id, state }) => [id, state]),
      before.items.map(({ id, state }) => [id, state]),
    )
    await sender.publish({ values: { temperature: 30, rpm: 0 } })
    assert.equal((await platform.client.getDevice({ params: { id: device.id } })).connection.state, 'online')
    assert.deepEqual((await platform.client.verifyAudit()).ok, true)
  })
})
