import assert from 'node:assert/strict'
import { it } from 'node:test'
import { eventually } from '@millwright/foundation/testing'
import { startPostgres } from '@millwright/storage/testing'
import { enrolDevice } from './harness/device.ts'
import { startPlatform, temporaryDirectory } from './harness/platform.ts'

it('the same platform runs on a PostgreSQL server', async (test) => {
  const server = await startPostgres()
  if (typeof server === 'string') return test.skip(server)
  test.after(() => server.stop())
  const directory = await temporaryDirectory(test as never)
  const args = ['--database-url', server.url]
  let platform = await startPlatform({ directory, args })
  test.after(() => platform.kill())
  const tank = await platform.client.createAsset({ body: { level: 'equipment', name: 'Tank', parent: null } })
  await platform.client.createRule({
    body: { name: 'Full', equipment: tank.id, condition: 'level > 80.0', priority: 'high' },
  })
  const device = (await enrolDevice(platform, { name: 'PLC', equipment: tank.id })).connect()
  await device.publish({ values: { level: 90 } })
  await device.close()
  await eventually(async () => (await platform.client.listAlarms()).items.length > 0)
  const alarm = (await platform.client.listAlarms()).items[0]!
  assert.equal(alarm.state, 'unacknowledged')
  await platform.client.acknowledgeAlarm({ params: { id: alarm.id }, body: {} })
  assert.equal((await platform.stop()).code, 0)
  platform = await startPlatform({ directory, args })
  assert.equal((await platform.client.getAlarm({ params: { id: alarm.id } })).state, 'acknowledged')
  assert.equal((await platform.client.verifyAudit()).ok, true)
})
