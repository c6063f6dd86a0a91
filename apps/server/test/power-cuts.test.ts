import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pass } from 'node:timers/promises'
import type { DeviceClient } from '@millwright/sdk/device'
import { AccountedSender, lost } from './harness/account.ts'
import { enrolDevice } from './harness/device.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'

/** `MILLWRIGHT_TEST_KILLS=200 npm test -- power-cuts` for a longer run. */
const KILLS = Number(process.env['MILLWRIGHT_TEST_KILLS'] ?? 20)
const SENDERS = 4
/** ms in which rules have long seen what is stored. */
const SETTLED = 2_000

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
      clients.push(device.connect())
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
      assert.ok(acknowledged.length > 5 * KILLS, `only ${acknowledged.length} messages were acknowledged`)
      assert.deepEqual(await lost(platform, { equipment }, acknowledged), [])
    }
  })

  it('has alarms whose journal leads to their state, and at most one standing per machine', async () => {
    // The last readings are stored, and their evaluation follows the commit: what was seen last must be over.
    await pass(SETTLED)
    const alarms = []
    let cursor: string | undefined
    do {
      const page = await platform.client.listAlarms({
        query: { state: 'all', limit: 1000, ...(cursor === undefined ? {} : { cursor }) },
      })
      alarms.push(...page.items)
      cursor = page.next
    } while (cursor !== undefined)
    assert.ok(alarms.length > 0)
    const standing = new Map<string, number>()
    for (const alarm of alarms) {
      const { items } = await platform.client.listJournal({ query: { alarm: alarm.id, limit: 1000 } })
      assert.equal(items[0]!.to, alarm.state, `alarm ${alarm.id}`)
      for (const [i, line] of items.entries()) {
        if (i + 1 < items.length) assert.equal(line.from, items[i + 1]!.to)
      }
      if (alarm.closedAt === undefined) standing.set(alarm.equipment, (standing.get(alarm.equipment) ?? 0) + 1)
    }
    for (const count of standing.values()) assert.equal(count, 1)
    assert.equal((await platform.client.verifyAudit()).ok, true)
  })
})
