import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@millwright/foundation/testing'
import { type Client, createClient } from '@millwright/sdk'
import type { DeviceClient } from '@millwright/sdk/device'
import { enrolDevice } from './harness/device.ts'
import { FakeClock, noFakeClock } from './harness/fake-clock.ts'
import { signIn } from './harness/person.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'
import { readiness } from './harness/readiness.ts'

const HOUR = 3_600_000_000
const GOOD = 0

describe('a clock that jumps while the platform runs', { skip: noFakeClock }, () => {
  let directory: string
  let clock: FakeClock
  let platform: RunningPlatform
  let person: Client
  let sender: DeviceClient
  let pump: string
  let device: string

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millwright-clock-'))
    clock = await FakeClock.at(directory)
    platform = await startPlatform({ directory: join(directory, 'data'), environment: clock.environment })
    person = (await signIn(platform.url, platform.signInLink!)).client
    pump = (await person.createAsset({ body: { level: 'equipment', name: 'P-101', parent: null } })).id
    const enrolled = await enrolDevice(platform, { name: 'PLC', equipment: pump })
    device = enrolled.id
    sender = enrolled.connect()
    await publish(20)
    for (const [name, condition] of [
      ['Hot', 'temperature > 80.0'],
      ['Silent', 'noData(temperature, "10m")'],
    ] as const) {
      await person.createRule({ body: { name, condition, equipment: pump, priority: 'high' } })
    }
  })
  after(async () => {
    await sender?.close()
    await platform?.stop()
    await rm(directory, { recursive: true, force: true })
  })

  /** The true time, µs. */
  const now = () => Date.now() * 1000

  /** A device with a right clock publishes. @returns the time stamp */
  async function publish(temperature: number): Promise<number> {
    const time = now()
    await sender.publish({ time, values: { temperature } })
    return time
  }

  /** Sets the platform's clock, and waits until the platform has seen it. */
  async function set(hours: number): Promise<void> {
    await clock.set(hours)
    await eventually(async () => {
      const { headers } = await fetch(`${platform.url}/healthz`)
      return Math.abs(Date.parse(headers.get('date')!) - Date.now() - hours * 3_600_000) < 10_000
    })
  }

  async function stored(time: number): Promise<{ time: number; value: unknown; quality: number } | undefined> {
    const [signal] = (await person.listSignals({ query: { equipment: pump, q: 'temperature' } })).items
    const { items } = await person.queryReadings({ body: { signal: signal!.id, from: time, to: time + 1 } })
    return items[0]
  }

  async function alarmOf(value: number): Promise<string> {
    const names = async () => (await person.listAlarms()).items.map(({ ruleName, state }) => `${ruleName} ${state}`)
    await publish(value)
    await eventually(async () => (await names()).includes('Hot unacknowledged'))
    assert.deepEqual(await names(), ['Hot unacknowledged'])
    const [alarm] = (await person.listAlarms()).items
    await person.acknowledgeAlarm({ params: { id: alarm!.id }, body: {} })
    await publish(20)
    await eventually(async () => (await names()).length === 0)
    return alarm!.id
  }

  for (const [title, hours] of [
    ['an hour forward', 1],
    ['back to the true time', 0],
    ['an hour back', -1],
    ['and to the true time again', 0],
  ] as const) {
    it(`${title}: readings keep their time, rules and sessions go on`, async () => {
      const connections = (await person.getDevice({ params: { id: device } })).connection
      await set(hours)
      const time = await publish(21)
      const reading = await stored(time)
      assert.equal(reading?.time, time)
      assert.equal(reading.value, 21)
      // Its time lies an hour ahead of the platform's clock: nobody can say who is right, and the reading shows it.
      if (hours < 0) assert.equal(reading.quality >>> 30, 1, 'Uncertain')
      else assert.equal(reading.quality, GOOD)
      await alarmOf(90)
      assert.equal((await person.getSession()).user.email, 'admin@millwright.local')
      assert.equal((await createClient({ url: platform.url, token: platform.token }).getInfo()).name, 'Millwright')
      assert.equal((await readiness(platform)).status, 200)
      const after = (await person.getDevice({ params: { id: device } })).connection
      assert.equal(after.state, 'online')
      assert.equal(after.since, connections.since, 'the device was not thrown out')
    })
  }

  it('lets a device enrol and connect, and the audit log is whole', async () => {
    await set(-1)
    const late = await enrolDevice(platform, { name: 'late' })
    const client = late.connect()
    await client.publish({ values: { a: 1 } })
    await client.close()
    await set(0)
    const again = late.connect()
    await again.publish({ values: { a: 2 } })
    await again.close()
    assert.equal((await person.verifyAudit()).ok, true)
  })

  it('dates what comes without a time by its own clock, and refuses what lies a day ahead', async () => {
    await set(-1)
    await sender.publish({ values: { undated: 1 } })
    const [undated] = (await person.listSignals({ query: { equipment: pump, q: 'undated' } })).items
    const { items } = await person.queryReadings({ body: { signal: undated!.id, from: 0, to: now() + HOUR } })
    assert.ok(Math.abs(items[0]!.time - (now() - HOUR)) < 60_000_000)
    await sender.publish({ time: now() + 23.5 * HOUR, values: { temperature: 20 } })
    const [letter] = (await person.listDeadLetters({ query: { device, limit: 1 } })).items
    assert.match(letter!.reason, /ahead|future/)
  })
})
