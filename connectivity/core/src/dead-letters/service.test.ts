import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { DAY, HOUR, newId } from '@millwright/foundation'
import { testActor } from '@millwright/trust/testing'
import { isRefusal } from '../errors.ts'
import { FailingDatabase } from '../testing/failing-database.ts'
import { type TestConnectivity, testConnectivity } from '../testing/index.ts'

describe('dead letters, and a database that fails', () => {
  let test: TestConnectivity
  let database: FailingDatabase
  before(async () => {
    test = await testConnectivity((inner) => (database = new FailingDatabase(inner)))
    await test.start()
  })
  after(() => test.close())

  const record = (device: string, more: object = {}) =>
    test.platform.deadLetters.record({
      tenant: test.tenant,
      device,
      source: 'test',
      code: 'MW-CONN-0003',
      reason: 'why',
      payload: Buffer.from('x'),
      ...more,
    })
  const list = async (device: string) => (await test.platform.deadLetters.list(test.actor, { device })).items

  it('keep the first 4 KiB, the size, and one line of reason', async () => {
    const device = await test.device({ name: 'Sender' })
    await record(device, { payload: Buffer.alloc(10_000, 0x61), reason: 'a\0b\nc\ud800', source: 'mqtt:\u0007topic' })
    const [letter] = await list(device)
    assert.deepEqual(
      [letter!.size, Buffer.from(letter!.payload, 'base64').length, letter!.reason, letter!.source, letter!.deviceName],
      [10_000, 4096, 'a b c\ufffd', 'mqtt: topic', 'Sender'],
    )
  })

  it('are listed page by page, by code, and only to those who may see the device', async () => {
    const place = newId('ast')
    test.assets.nodes.set(place, [place])
    const device = await test.device({ equipment: place })
    for (let i = 0; i < 5; i++) await record(device, { code: `MW-TEST-000${i}` })
    const first = await test.platform.deadLetters.list(test.actor, { device, limit: 3 })
    const second = await test.platform.deadLetters.list(test.actor, { device, limit: 3, cursor: first.next! })
    assert.equal(new Set([...first.items, ...second.items].map(({ id }) => id)).size, 5)
    assert.equal((await test.platform.deadLetters.list(test.actor, { device, code: 'MW-TEST-0002' })).items.length, 1)
    const local = testActor({ tenant: test.tenant, nodes: [place], permissions: ['device:read'] })
    assert.equal((await test.platform.deadLetters.list(local, {})).items.length, 5)
    const elsewhere = testActor({ tenant: test.tenant, nodes: [newId('ast')], permissions: ['device:read'] })
    assert.deepEqual((await test.platform.deadLetters.list(elsewhere, {})).items, [])
    assert.deepEqual((await test.platform.deadLetters.list(testActor({ tenant: newId('ten') }), {})).items, [])
  })

  it('stay when their device is removed, and go after thirty days', async () => {
    const device = await test.device()
    await record(device)
    await test.platform.devices.remove(test.actor, device)
    assert.equal((await list(device)).length, 1)
    await test.clock.advance(30 * DAY + HOUR)
    const deadline = performance.now() + 2000
    while ((await list(device)).length > 0) assert.ok(performance.now() < deadline, 'they are still there')
  })

  it('that cannot be written are no acknowledgement', async () => {
    const session = await test.session()
    database.failing = true
    const refused = test.platform.intake.accept(session, 'millwright+json', Buffer.from('rubbish'), 'test')
    await assert.rejects(refused, (error) => !isRefusal(error))
    database.failing = false
    await assert.rejects(
      test.platform.intake.accept(session, 'millwright+json', Buffer.from('rubbish'), 'test'),
      isRefusal,
    )
    assert.equal((await list(session.device)).length, 1)
  })

  it('lose no connection state either', async () => {
    const session = await test.session()
    database.failing = true
    session.close('connection lost')
    await assert.rejects(test.platform.devices.list(test.actor, {}))
    database.failing = false
    const { connection } = await test.platform.devices.get(test.actor, session.device)
    assert.deepEqual([connection.state, connection.reason], ['offline', 'connection lost'])
  })

  it('hold no command up for ever', async () => {
    const session = await test.session()
    const taken: string[] = []
    const sent = await test.platform.commands.send(test.actor, session.device, { name: 'start' })
    database.failing = true
    test.platform.commands.attach(session, {
      async deliver(command) {
        taken.push(command.id)
      },
    })
    await test.platform.commands.delivered(session)
    assert.deepEqual(taken, [])
    database.failing = false
    await test.clock.advance(6_000_000)
    await test.platform.commands.delivered(session)
    assert.deepEqual(taken, [sent.id])
  })
})
