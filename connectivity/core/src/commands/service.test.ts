import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { HOUR, SECOND } from '@millwright/foundation'
import { testActor } from '@millwright/trust/testing'
import { type TestConnectivity, testConnectivity } from '../testing/index.ts'
import type { DeliverableCommand } from './model.ts'

/** Takes what it is given, or refuses while told to. */
class Wire {
  readonly taken: DeliverableCommand[] = []
  broken = false

  async deliver(command: DeliverableCommand): Promise<void> {
    if (this.broken) throw new Error('connection lost')
    this.taken.push(command)
  }
}

describe('commands', () => {
  let test: TestConnectivity
  before(async () => {
    test = await testConnectivity()
    await test.start({ openCommands: 50 })
  })
  after(() => test.close())

  const line = async () => {
    const session = await test.session()
    const wire = new Wire()
    test.platform.commands.attach(session, wire)
    return { session, wire, device: session.device }
  }
  const send = (device: string, name = 'start', more: object = {}) =>
    test.platform.commands.send(test.actor, device, { name, ...more })
  const state = async (id: string) => (await test.platform.commands.get(test.actor, id)).state
  const settle = (session: Parameters<typeof test.platform.commands.delivered>[0]) =>
    test.platform.commands.delivered(session)

  it('goes from queued to sent to succeeded, with its result and history', async () => {
    const { session, wire, device } = await line()
    const sent = await send(device, 'start', { params: { speed: 3 } })
    assert.equal(sent.state, 'queued')
    await settle(session)
    assert.deepEqual(wire.taken, [
      { id: sent.id, number: 1, name: 'start', params: { speed: 3 }, timeout: 10 * SECOND },
    ])
    assert.equal(await state(sent.id), 'sent')
    await test.platform.commands.reply(session, sent.id, { ok: true, result: { rpm: 1480 } })
    const done = await test.platform.commands.get(test.actor, sent.id)
    assert.deepEqual([done.state, done.result], ['succeeded', { rpm: 1480 }])
    const second = await send(device, 'stop')
    await settle(session)
    await test.platform.commands.reply(session, 2, { ok: false, error: 'guard open' })
    const failed = await test.platform.commands.get(test.actor, second.id)
    assert.deepEqual([failed.state, failed.error], ['failed', 'guard open'])
    const history = await test.platform.commands.list(test.actor, device, {})
    assert.deepEqual(
      history.items.map(({ id }) => id),
      [second.id, sent.id],
    )
    const finished = test.events.filter(
      ({ type, subject }) => type === 'millwright.command.finished' && subject === device,
    )
    assert.deepEqual(
      finished.map(({ data }) => (data as { state: string }).state),
      ['succeeded', 'failed'],
    )
  })

  it('has one result, whoever answers first', async () => {
    const { session, device } = await line()
    const sent = await send(device)
    await settle(session)
    const answers = await Promise.allSettled(
      Array.from({ length: 5 }, (_, i) => test.platform.commands.reply(session, sent.id, { ok: true, result: i })),
    )
    assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1)
    await assert.rejects(test.platform.commands.reply(session, sent.id, { ok: true }), { code: 'MW-CONN-0072' })
  })

  it('cannot be answered by another device', async () => {
    const { session, device } = await line()
    const stranger = await test.session()
    const sent = await send(device)
    await settle(session)
    await assert.rejects(test.platform.commands.reply(stranger, sent.id, { ok: true }), { code: 'MW-CONN-0070' })
    assert.equal(await state(sent.id), 'sent')
  })

  it('waits for the device, in order, and expires when it does not come', async () => {
    const device = await test.device()
    const first = await send(device, 'one')
    const second = await send(device, 'two')
    const brief = await send(device, 'brief', { expiresAt: test.clock.now() + 5 * SECOND })
    await test.clock.advance(6 * SECOND)
    await untilState(brief.id, 'expired')
    const session = await test.session(device)
    const wire = new Wire()
    test.platform.commands.attach(session, wire)
    await settle(session)
    assert.deepEqual(
      wire.taken.map(({ id }) => id),
      [first.id, second.id],
    )
  })

  it('times out when the device does not answer, and takes no answer after that', async () => {
    const { session, device } = await line()
    const sent = await send(device, 'slow', { timeout: 2 * SECOND })
    await settle(session)
    await test.clock.advance(2 * SECOND)
    await untilState(sent.id, 'timed-out')
    await assert.rejects(test.platform.commands.reply(session, sent.id, { ok: true }), { code: 'MW-CONN-0072' })
  })

  it('is queued again when it surely was not delivered', async () => {
    const { session, wire, device } = await line()
    wire.broken = true
    const sent = await send(device)
    await settle(session)
    assert.equal(await state(sent.id), 'queued')
    const next = new Wire()
    test.platform.commands.attach(session, next)
    await settle(session)
    assert.deepEqual(
      next.taken.map(({ id }) => id),
      [sent.id],
    )
  })

  it('does not hold up the others when one delivery hangs', async () => {
    const session = await test.session()
    const taken: string[] = []
    test.platform.commands.attach(session, {
      deliver: (command) => (taken.push(command.name) === 1 ? new Promise<void>(() => {}) : Promise.resolve()),
    })
    const stuck = await send(session.device, 'stuck', { timeout: SECOND })
    await send(session.device, 'next')
    await until(() => taken.length === 1)
    await test.clock.advance(SECOND)
    await until(() => taken.length === 2)
    await untilState(stuck.id, 'timed-out')
  })

  it('can be cancelled until it is sent', async () => {
    const device = await test.device()
    const queued = await send(device)
    assert.equal((await test.platform.commands.cancel(test.actor, queued.id)).state, 'cancelled')
    const session = await test.session(device)
    const wire = new Wire()
    test.platform.commands.attach(session, wire)
    const sent = await send(device)
    await settle(session)
    assert.deepEqual(
      wire.taken.map(({ id }) => id),
      [sent.id],
    )
    await assert.rejects(test.platform.commands.cancel(test.actor, sent.id), { status: 409 })
  })

  it('needs the permission, and bounds', async () => {
    const device = await test.device()
    const viewer = testActor({ tenant: test.tenant, permissions: ['device:read'] })
    await assert.rejects(test.platform.commands.send(viewer, device, { name: 'x' }), { status: 403 })
    const foreign = testActor({ tenant: 'ten_other' })
    await assert.rejects(test.platform.commands.send(foreign, device, { name: 'x' }), { status: 404 })
    await assert.rejects(send(device, 'x', { params: 'a'.repeat(70_000) }), { code: 'MW-CONN-0073' })
    await assert.rejects(send(device, 'x', { params: { text: 'a\0b' } }), { status: 400 })
    await assert.rejects(send(device, 'x', { expiresAt: test.clock.now() - 1 }), { code: 'MW-CONN-0074' })
    for (let i = 0; i < 50; i++) await send(device)
    await assert.rejects(send(device), { code: 'MW-CONN-0075' })
  })

  it('survives a crash: what was sent times out, what waits is delivered, nothing twice', async () => {
    const { session, wire, device } = await line()
    const sent = await send(device, 'sent', { timeout: 30 * SECOND })
    await settle(session)
    session.close('connection lost')
    const waiting = await send(device, 'waiting', { expiresAt: test.clock.now() + HOUR })
    await test.clock.advance(10 * SECOND)
    await test.crash()
    const after = await test.session(device)
    const next = new Wire()
    test.platform.commands.attach(after, next)
    await settle(after)
    assert.deepEqual([wire.taken.length, next.taken.map(({ id }) => id)], [1, [waiting.id]])
    assert.equal(await state(sent.id), 'sent')
    await test.clock.advance(21 * SECOND)
    await untilState(sent.id, 'timed-out')
  })

  /** Waits for a condition, at most two seconds. */
  async function until(met: () => boolean): Promise<void> {
    const deadline = performance.now() + 2000
    while (!met()) {
      assert.ok(performance.now() < deadline, 'it did not come within two seconds')
      await new Promise((next) => setImmediate(next))
    }
  }

  /** The clock's work ends in the database: wait for it, at most two seconds. */
  async function untilState(id: string, wanted: string): Promise<void> {
    const deadline = performance.now() + 2000
    while ((await state(id)) !== wanted) {
      if (performance.now() > deadline) assert.equal(await state(id), wanted)
    }
  }
})
