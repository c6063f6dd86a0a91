import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { eventually } from '@millwright/foundation/testing'
import { ApiError } from '@millwright/sdk'
import { type SmallDisk, smallDisk } from '@millwright/storage/testing'
import { AccountedSender, lost } from './harness/account.ts'
import { enrolDevice, type TestDevice } from './harness/device.ts'
import { type RunningPlatform, startPlatform } from './harness/platform.ts'
import { readiness } from './harness/readiness.ts'

const disk = await smallDisk(256)
const skip = typeof disk === 'string' && disk

describe('a disk that runs full under load', { skip }, () => {
  let platform: RunningPlatform
  let device: TestDevice
  let sender: AccountedSender
  const { path, fill, free, remove } = disk as SmallDisk

  before(async () => {
    platform = await startPlatform({ directory: join(path, 'data') })
    device = await enrolDevice(platform, { name: 'PLC' })
    sender = new AccountedSender(device.connect())
    await eventually(() => sender.acknowledged.length > 100)
  })
  after(async () => {
    sender?.abandon()
    await platform?.kill()
    await remove()
  })

  /** Changes one asset as often as it is taken: what ends it is the log of the database, or one of its tables. */
  async function changeUntilRefused(): Promise<unknown> {
    for (let i = 0; i < 20_000; i++) {
      const name = `Site ${i} ${'x'.repeat(70)}`
      try {
        await platform.client.createAsset({ body: { level: 'site', name, parent: null } })
      } catch (error) {
        return error
      }
    }
    return undefined
  }

  it('acknowledges nothing more, and says why, wherever it is asked', async () => {
    await fill()
    const refused = await changeUntilRefused()
    assert.ok(refused instanceof ApiError, String(refused))
    assert.equal(refused.status, 503)
    assert.match(refused.message, /disk .* is full.*goes on by itself/)
    await eventually(async () => (await readiness(platform)).faults['ingest'] !== undefined)
    const { status, faults } = await readiness(platform)
    assert.equal(status, 503)
    assert.match(faults['ingest']!, /space/)
    const count = sender.acknowledged.length
    const health = await platform.client.getDataHealth()
    assert.equal(health.state, 'failing')
    assert.match(health.reason ?? '', /cannot be stored.*space/)
    assert.equal(sender.acknowledged.length, count)
    assert.equal((await fetch(`${platform.url}/healthz`)).status, 200)
  })

  it('goes on by itself when there is room, and has all it acknowledged', async () => {
    const before = sender.acknowledged.length
    await free()
    await eventually(() => sender.acknowledged.length > before + 100)
    await eventually(async () => (await readiness(platform)).status === 200)
    assert.equal((await platform.client.getDataHealth()).state, 'ok')
    await platform.client.createAsset({ body: { level: 'site', name: 'Room again', parent: null } })
    await sender.stop()
    assert.deepEqual(await lost(platform, { device: device.id }, sender.acknowledged), [])
    assert.equal((await platform.client.verifyAudit()).ok, true)
    assert.equal((await platform.stop()).code, 0)
  })
})
