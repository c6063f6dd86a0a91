import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pass } from 'node:timers/promises'
import { eventually } from '@millwright/foundation/testing'
import type { DeviceClient } from '@millwright/sdk/device'
import { AccountedSender, lost } from './harness/account.ts'
import { enrolDevice } from './harness/device.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

/** `MILLWRIGHT_TEST_KILLS=200 npm test -- power-cuts` for a longer run. */
const KILLS = Number(process.env['MILLWRIGHT_TEST_KILLS'] ?? 20)
const SENDERS = 4
/** Messages of each sender that are acknowledged between two cuts, at the least. */
const BETWEEN = 10

describe(`${KILLS} times kill -9 under load`, () => {
  let directory: string
  let platform: RunningPlatform
  let senders: AccountedSender[]
  let devices: string[]
  let ports: string[]

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-cuts-'))
    platform = await startPlatform({ directory })
    ports = ['--mqtt-port', String(platform.mqttPort), '--http-port', new URL(platform.url).port]
    const clients: DeviceClient[] = []
    devices = []
    for (let i = 0; i < SENDERS; i++) {
      const { client } = platform
      const tank = await client.createAsset({ body: { level: 'equipment', name: `Tank ${i}`, parent: null } })
      await client.createRule({
        body: { name: `Full ${i}`, equipment: tank.id, condition: 'level > 80.0', priority: 'high' },
      })
      const device = await enrolDevice(platform, { name: `PLC ${i}`, equipment: tank.id })
      devices.push(tank.id)
      clients.push(device.connect({ longestWait: 1 }))
    }
    // The level turns every 40 readings: alarms come and go, also where there was little time between two cuts.
    senders = clients.map((each) => new AccountedSender(each, 8, (n) => ({ level: n % 80 < 40 ? 10 : 90 })))
  })
  after(async () => {
    for (const sender of senders ?? []) sender.abandon()
    await platform?.kill()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  })

  it('comes back by itself each time', async () => {
    for (let cut = 0; cut < KILLS; cut++) {
      const before = senders.map(({ acknowledged }) => acknowledged.length)
      await eventually(
        () => senders.every(({ acknowledged }, s) => acknowledged.length >= before[s]! + BETWEEN),
        120_000,
      )
      // The moment of a cut is what is random here: it may fall into a commit, a checkpoint or a start.
      await pass(randomInt(50, 900))
      await platform.kill()
      platform = await startPlatform({ directory, args: ports })
    }
    for (const sender of senders) await sender.stop()
  })

  it('has every acknowledged reading, exactly once', async () => {
    for (const [s, equipment] of devices.entries()) {
      const { acknowledged } = senders[s]!
      assert.deepEqual(await lost(platform, { equipment }, acknowledged), [])
    }
  })

  it('has alarms whose journal leads to their state, and at most one standing per machine', async () => {
    const { client } = platform
    const { items: alarms } = await client.listAlarms({ query: { state: 'all', limit: 1000 } })
    assert.ok(alarms.length > 0)
    const standing = new Map<string, number>()
    for (const { id, equipment } of alarms) {
      const { alarm, lines } = await alarmWithJournal(client, id)
      assert.equal(lines[0]!.to, alarm.state, `alarm ${id}`)
      for (const [i, line] of lines.entries()) {
        if (i + 1 < lines.length) assert.equal(line.from, lines[i + 1]!.to)
      }
      if (alarm.closedAt === undefined) standing.set(equipment, (standing.get(equipment) ?? 0) + 1)
    }
    for (const count of standing.values()) assert.equal(count, 1)
    assert.equal((await platform.client.verifyAudit()).ok, true)
  })
})

/** An alarm and its journal as they stood at one moment: rules may still be at work on the last readings. */
async function alarmWithJournal(client: RunningPlatform['client'], id: string) {
  for (;;) {
    const before = await client.getAlarm({ params: { id } })
    const { items: lines } = await client.listJournal({ query: { alarm: id, limit: 1000 } })
    const alarm = await client.getAlarm({ params: { id } })
    if (alarm.version === before.version) return { alarm, lines }
  }
}
