import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { testActor } from '@millwright/trust/testing'
import { type TestConnectivity, testConnectivity } from '../testing/index.ts'
import { mergePatch, satisfies } from './merge.ts'
import type { DesiredChange } from './model.ts'

describe('merge patch', () => {
  it('gives what the examples of RFC 7396 say', () => {
    const cases: [unknown, Record<string, unknown>, unknown][] = [
      [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
      [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
      [{ a: 'b' }, { a: null }, {}],
      [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
      [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
      [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
      [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
      [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
      [['a', 'b'], { a: 'b' }, { a: 'b' }],
      [{ e: null }, { a: 1 }, { e: null, a: 1 }],
      [[1, 2], { a: 'b', c: null }, { a: 'b' }],
      [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    ]
    for (const [target, patch, result] of cases) assert.deepEqual(mergePatch(target, patch), result)
  })

  it('knows when all that is desired is reported', () => {
    assert.ok(satisfies({ a: 1, b: { c: [1, { d: 2 }] }, more: true }, { a: 1, b: { c: [1, { d: 2 }] } }))
    assert.ok(!satisfies({ a: 1 }, { a: 2 }))
    assert.ok(!satisfies({ l: [1, 2] }, { l: [1] }))
    assert.ok(!satisfies({ l: [{ a: 1, b: 2 }] }, { l: [{ a: 1 }] }))
    assert.ok(!satisfies({}, { a: { b: 1 } }))
  })
})

describe('twins', () => {
  let test: TestConnectivity
  before(async () => {
    test = await testConnectivity()
    await test.start()
  })
  after(() => test.close())

  it('keeps two documents with versions, pushes what is desired, and knows when they agree', async () => {
    const session = await test.session()
    const { device } = session
    const { twins } = test.platform
    const pushed: DesiredChange[] = []
    const watch = twins.watch(session, (change) => pushed.push(change))
    const empty = await twins.get(test.actor, device)
    assert.deepEqual(empty, {
      device,
      desired: { version: 0, document: {} },
      reported: { version: 0, document: {} },
      inSync: true,
    })
    await twins.patchDesired(test.actor, device, { rate: 5, net: { dns: 'a', proxy: 'b' } }, undefined)
    const second = await twins.patchDesired(test.actor, device, { net: { proxy: null } }, 1)
    assert.deepEqual(
      [second.desired.version, second.desired.document, second.inSync],
      [2, { rate: 5, net: { dns: 'a' } }, false],
    )
    assert.deepEqual(
      pushed.map(({ version, patch }) => [version, patch]),
      [
        [1, { rate: 5, net: { dns: 'a', proxy: 'b' } }],
        [2, { net: { proxy: null } }],
      ],
    )
    await twins.report(session, { rate: 5, net: { dns: 'a' }, firmware: '1.0' }, 2)
    assert.equal((await twins.get(test.actor, device)).inSync, true)
    assert.deepEqual(await twins.desired(session), { version: 2, document: { rate: 5, net: { dns: 'a' } } })
    await twins.patchDesired(test.actor, device, { rate: 5 }, undefined)
    assert.equal(pushed.length, 2)
    watch.cancel()
    await twins.patchDesired(test.actor, device, { rate: 6 }, undefined)
    assert.equal(pushed.length, 2)
  })

  it('refuses a patch on a version that has moved on', async () => {
    const device = await test.device()
    const { twins } = test.platform
    await twins.patchDesired(test.actor, device, { a: 1 }, 0)
    await assert.rejects(twins.patchDesired(test.actor, device, { a: 2 }, 0), { status: 412 })
    const both = await Promise.allSettled([
      twins.patchDesired(test.actor, device, { a: 3 }, 1),
      twins.patchDesired(test.actor, device, { a: 4 }, 1),
    ])
    assert.equal(both.filter(({ status }) => status === 'fulfilled').length, 1)
  })

  it('bounds size, depth and what text may hold', async () => {
    const session = await test.session()
    const { twins } = test.platform
    await assert.rejects(twins.report(session, { a: 'x'.repeat(70_000) }), { code: 'MW-CONN-0080' })
    for (let i = 0; i < 6; i++) await twins.report(session, { [`part${i}`]: 'x'.repeat(10_000) })
    await assert.rejects(twins.report(session, { last: 'x'.repeat(10_000) }), { code: 'MW-CONN-0080' })
    let deep: Record<string, unknown> = {}
    for (let i = 0; i < 20; i++) deep = { deep }
    await assert.rejects(twins.report(session, deep), { code: 'MW-CONN-0081' })
    await assert.rejects(twins.report(session, { a: 'nul\0' }), { code: 'MW-CONN-0010' })
  })

  it('is changed only by those who may, and forgets a session that ended', async () => {
    const session = await test.session()
    const viewer = testActor({ tenant: test.tenant, permissions: ['device:read'] })
    await assert.rejects(test.platform.twins.patchDesired(viewer, session.device, { a: 1 }, undefined), { status: 403 })
    const pushed: DesiredChange[] = []
    test.platform.twins.watch(session, (change) => pushed.push(change))
    session.close('connection lost')
    await test.platform.twins.patchDesired(test.actor, session.device, { a: 1 }, undefined)
    assert.deepEqual(pushed, [])
  })
})
