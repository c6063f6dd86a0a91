import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PERMISSIONS, type Permission } from '@millwright/contracts'
import { MillwrightError } from '@millwright/foundation'
import fc from 'fast-check'
import { testActor } from '../testing/actors.ts'
import { authorize, authorizePlatform, authorizeSeen, may, SHARED_PERMISSIONS } from './authorize.ts'
import { accessErrors } from './errors.ts'
import { readScopes } from './scopes.ts'
import { anonymousActor, deviceActor, systemActor } from './system-actor.ts'

const HOME = 'ten_home'
const AWAY = 'ten_away'
const code = (error: unknown) => (error instanceof MillwrightError ? error.code : String(error))

test('a grant at a node holds there and below, and nowhere else', () => {
  const actor = testActor({ tenant: HOME, permissions: ['asset:read'], nodes: ['line-1'] })
  const at = (...path: string[]) => may(actor, 'asset:read', { tenant: HOME, path })
  assert.ok(at('site', 'line-1'))
  assert.ok(at('site', 'line-1', 'pump'))
  assert.ok(!at('site'))
  assert.ok(!at('site', 'line-2'))
  assert.ok(!at())
  assert.ok(!may(actor, 'asset:write', { tenant: HOME, path: ['line-1'] }))
  assert.ok(!may(actor, 'asset:read', { tenant: AWAY, path: ['line-1'] }))
})

test('an actor without grants may do nothing, whatever is asked', () => {
  const nobodies = [
    testActor({ tenant: HOME, nodes: [] }),
    testActor({ tenant: HOME, permissions: [] }),
    deviceActor(HOME, 'dev_1', 'pump'),
    anonymousActor('192.0.2.1'),
  ]
  fc.assert(
    fc.property(
      fc.constantFrom(...nobodies),
      fc.constantFrom<Permission>(...PERMISSIONS),
      fc.array(fc.constantFrom('a', 'b', '*', '')),
      fc.constantFrom(HOME, AWAY, ''),
      (actor, permission, path, tenant) => !may(actor, permission, { tenant, path }),
    ),
  )
})

test('nothing crosses tenants but the three readings of a share', () => {
  const share = { id: 'shr_1', owner: AWAY, node: 'pump', signals: [] }
  const actor = testActor({ tenant: HOME, shares: [share] })
  for (const permission of PERMISSIONS) {
    const place = { tenant: AWAY, path: ['site', 'pump', 'motor'] }
    assert.equal(may(actor, permission, place), SHARED_PERMISSIONS.has(permission), permission)
    assert.ok(!may(actor, permission, { tenant: AWAY, path: ['site'] }))
    assert.ok(!may(actor, permission, { tenant: 'ten_third', path: ['pump'] }))
  }
})

test('a share helps only those who hold the permission in their whole tenant', () => {
  const shares = [{ id: 'shr_1', owner: AWAY, node: 'pump', signals: [] }]
  const place = { tenant: AWAY, path: ['pump'] }
  assert.ok(!may(testActor({ tenant: HOME, nodes: ['line-1'], shares }), 'signal:read', place))
  assert.ok(!may(testActor({ tenant: HOME, permissions: ['asset:read'], shares }), 'signal:read', place))
  assert.ok(may(testActor({ tenant: HOME, permissions: ['signal:read'], shares }), 'signal:read', place))
})

test('a share that names signals shows these alone', () => {
  const shares = [{ id: 'shr_1', owner: AWAY, node: 'pump', signals: ['temperature'] }]
  const actor = testActor({ tenant: HOME, shares })
  const place = { tenant: AWAY, path: ['pump'] }
  assert.ok(may(actor, 'asset:read', place))
  assert.ok(may(actor, 'signal:read', { ...place, signal: 'temperature' }))
  assert.ok(!may(actor, 'signal:read', { ...place, signal: 'pressure' }))
  assert.ok(!may(actor, 'signal:read', place))
  assert.ok(!may(actor, 'alarm:read', place))
  assert.ok(may(actor, 'alarm:read', { ...place, signal: 'temperature' }))
})

test('what may not be seen is not found, what may be seen is refused', () => {
  const place = { tenant: HOME, path: ['pump'] }
  const notFound = () => accessErrors.forbidden({ permission: 'none', path: 'not found' })
  const check = (permissions: Permission[]) => {
    try {
      authorizeSeen(testActor({ tenant: HOME, permissions }), 'asset:write', 'asset:read', place, notFound)
      return 'allowed'
    } catch (error) {
      return (error as MillwrightError).path ?? code(error)
    }
  }
  assert.equal(check([]), 'not found')
  assert.equal(check(['asset:read']), 'MW-ACCESS-0001')
  assert.equal(check(['asset:read', 'asset:write']), 'allowed')
  assert.equal(check(['asset:write']), 'allowed')
})

test('read scopes say what may says', () => {
  const nodes = ['a', 'b', 'c']
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('*', ...nodes), { maxLength: 3 }),
      fc.array(
        fc.record({
          id: fc.constant('shr_1'),
          owner: fc.constantFrom(AWAY, 'ten_third'),
          node: fc.constantFrom(...nodes),
          signals: fc.constantFrom([], ['x'], ['x', 'y']),
        }),
        { maxLength: 3 },
      ),
      fc.constantFrom<Permission>('signal:read', 'device:read'),
      fc.constantFrom(HOME, AWAY, 'ten_third'),
      fc.array(fc.constantFrom(...nodes), { maxLength: 3 }),
      fc.constantFrom('x', 'y', 'z'),
      (held, shares, permission, tenant, path, signal) => {
        const actor = testActor({ tenant: HOME, nodes: held, shares })
        const inScope = readScopes(actor, permission).some(
          (scope) =>
            scope.tenant === tenant &&
            (scope.nodes === '*' || scope.nodes.some((node) => path.includes(node))) &&
            (scope.signals === undefined || scope.signals.includes(signal)),
        )
        assert.equal(inScope, may(actor, permission, { tenant, path, signal }))
      },
    ),
  )
})

test('what concerns all tenants takes the permission and the first tenant', () => {
  const check = (permissions: Permission[], platform: boolean, nodes = ['*']) => {
    try {
      authorizePlatform(testActor({ tenant: HOME, permissions, platform, nodes }), 'platform:backup')
      return 'allowed'
    } catch (error) {
      return code(error)
    }
  }
  assert.equal(check(['platform:backup'], true), 'allowed')
  assert.equal(check(['platform:backup'], false), 'MW-ACCESS-0002')
  assert.equal(check(['asset:read'], true), 'MW-ACCESS-0001')
  assert.equal(check(['platform:backup'], true, ['line-1']), 'MW-ACCESS-0001')
})

test('the platform itself may do everything in the tenant it acts in', () => {
  const actor = systemActor(HOME, 'rules')
  for (const permission of PERMISSIONS) authorize(actor, permission, { tenant: HOME, path: [] })
  assert.throws(() => authorize(actor, 'asset:read', { tenant: AWAY, path: [] }), { code: 'MW-ACCESS-0001' })
})
