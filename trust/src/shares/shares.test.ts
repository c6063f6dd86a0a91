import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { HOUR, newId } from '@millwright/foundation'
import { may } from '../access/authorize.ts'
import { readScopes } from '../access/scopes.ts'
import type { Actor } from '../actor.ts'
import { ADDRESS, openTestTrust, PASSWORD, person, signInByLink, type TestTrust } from '../testing/open-trust.ts'

let kit: TestTrust
/** The customer, whose machines they are. */
let owner: Actor
/** The machine builder, who is shown some. */
let partner: Actor
let partnerSecret: string

before(async () => {
  kit = await openTestTrust()
  owner = await kit.administrator()
  const given = { name: 'Builder', adminEmail: 'boss@builder.example', adminName: 'Boss' }
  const { link } = await kit.trust.tenants.create(owner, given)
  partner = await signInByLink(kit.trust, link)
  const signIn = { email: 'boss@builder.example', password: PASSWORD, address: ADDRESS }
  partnerSecret = (await kit.trust.sessions.signIn(signIn)).secret
  kit.tree.add(owner.tenant, 'site')
  kit.tree.add(owner.tenant, 'pump', 'site', 'Pump P-101')
  kit.tree.add(owner.tenant, 'press', 'site')
})
after(() => kit.close())

const asPartner = async () =>
  (
    await kit.trust.authenticate({
      cookie: `__Host-millwright=${partnerSecret}`,
      method: 'GET',
      address: ADDRESS,
    })
  ).actor
const pump = (signal?: string) => ({
  tenant: owner.tenant,
  path: ['site', 'pump'],
  ...(signal === undefined ? {} : { signal }),
})
const share = (more: object = {}) =>
  kit.trust.shares.create(owner, {
    partner: partner.tenant,
    node: 'pump',
    signals: [],
    purpose: 'Looking after the bearing',
    until: null,
    ...more,
  })

test('a share shows a partner a node from the next request on, until it is revoked', async () => {
  assert.ok(!may(await asPartner(), 'signal:read', pump('temperature')))
  const made = await share()
  assert.equal(made.partnerName, 'Builder')
  assert.equal(made.nodeName, 'Pump P-101')
  const actor = await asPartner()
  assert.ok(may(actor, 'signal:read', pump('temperature')))
  assert.ok(!may(actor, 'signal:write', pump('temperature')))
  assert.ok(!may(actor, 'device:read', pump()))
  assert.ok(!may(actor, 'asset:read', { tenant: owner.tenant, path: ['site', 'press'] }))
  assert.deepEqual(readScopes(actor, 'signal:read'), [
    { tenant: partner.tenant, nodes: '*', signals: undefined },
    { tenant: owner.tenant, nodes: ['pump'], signals: undefined },
  ])
  await kit.trust.shares.revoke(owner, made.id)
  assert.ok(!may(await asPartner(), 'signal:read', pump('temperature')))
  await assert.rejects(kit.trust.shares.revoke(owner, made.id), { code: 'MW-SHARE-0001' })
})

test('a share ends by the clock, also for who is connected already', async () => {
  const made = await share({ until: kit.clock.now() + HOUR })
  const actor = await asPartner()
  await kit.clock.advance(HOUR - 1)
  assert.ok(may(actor, 'signal:read', pump('temperature')))
  await kit.clock.advance(1)
  assert.ok(!may(actor, 'signal:read', pump('temperature')))
  assert.equal(readScopes(actor, 'signal:read').length, 1)
  await kit.trust.shares.revoke(owner, made.id)
})

test('signals that are named are the only ones shown', async () => {
  const made = await share({ signals: ['temperature', 'temperature'] })
  assert.deepEqual(made.signals, ['temperature'])
  const actor = await asPartner()
  assert.ok(may(actor, 'signal:read', pump('temperature')))
  assert.ok(!may(actor, 'signal:read', pump('recipe')))
  await kit.trust.shares.revoke(owner, made.id)
})

test('an API token of the partner is shown what it may read, no more', async () => {
  const made = await share()
  const token = await kit.trust.tokens.create(await asPartner(), {
    name: 'analysis',
    permissions: ['signal:read'],
    expiresAt: kit.clock.now() + HOUR,
  })
  const { actor } = await kit.trust.authenticate({
    authorization: `Bearer ${token.secret}`,
    method: 'GET',
    address: ADDRESS,
  })
  assert.ok(may(actor, 'signal:read', pump('temperature')))
  assert.ok(!may(actor, 'alarm:read', pump()))
  await kit.trust.shares.revoke(owner, made.id)
})

test('both sides see the share and find it in their audit logs', async () => {
  const made = await share()
  const seen = async (actor: Actor, direction?: 'given' | 'received') =>
    (await kit.trust.shares.list(actor, direction)).filter(({ id }) => id === made.id).length
  assert.deepEqual([await seen(owner), await seen(owner, 'given'), await seen(owner, 'received')], [1, 1, 0])
  assert.deepEqual([await seen(partner), await seen(partner, 'given'), await seen(partner, 'received')], [1, 0, 1])
  // The partner cannot end what is not theirs to give.
  await assert.rejects(kit.trust.shares.revoke(partner, made.id), { code: 'MW-SHARE-0001', status: 404 })
  await kit.trust.shares.revoke(owner, made.id)
  for (const actor of [owner, partner]) {
    const { items } = await kit.trust.audit.list(actor, { target: made.id })
    assert.deepEqual(
      items.map(({ action, detail }) => [action, detail['owner']]),
      [
        ['share.revoke', owner.tenant],
        ['share.create', owner.tenant],
      ],
    )
    assert.equal((await kit.trust.audit.verify(actor)).ok, true)
  }
})

test('only who may share the node shares it, with somebody there is, for a time to come', async () => {
  const viewer = await person(kit.trust, owner, { role: 'Viewer' })
  const blind = await person(kit.trust, owner)
  const given = { partner: partner.tenant, node: 'pump', signals: [], purpose: '', until: null }
  await assert.rejects(kit.trust.shares.create(viewer, given), { code: 'MW-ACCESS-0001', status: 403 })
  await assert.rejects(kit.trust.shares.create(blind, given), { code: 'MW-ROLE-0009', status: 404 })
  // A partner's node is not one's own to share on.
  await assert.rejects(kit.trust.shares.create(partner, { ...given, partner: owner.tenant }), { status: 404 })
  await assert.rejects(share({ partner: newId('ten') }), { code: 'MW-SHARE-0002', path: 'partner' })
  await assert.rejects(share({ partner: owner.tenant }), { code: 'MW-SHARE-0003' })
  await assert.rejects(share({ until: kit.clock.now() }), { code: 'MW-SHARE-0004', path: 'until' })
  await assert.rejects(share({ node: 'nowhere' }), { code: 'MW-ROLE-0009' })
  await assert.rejects(kit.trust.shares.list(blind), { code: 'MW-ACCESS-0001' })
})

test('a removed node is shown no more', async () => {
  kit.tree.add(owner.tenant, 'old')
  const made = await share({ node: 'old' })
  kit.tree.remove('old')
  await kit.bus.publish({
    id: newId('evt'),
    type: 'millwright.asset.removed',
    source: 'test',
    subject: 'old',
    tenant: owner.tenant,
    time: kit.clock.now(),
    data: {},
  })
  const [ended] = (await kit.trust.shares.list(owner)).filter(({ id }) => id === made.id)
  assert.ok(ended?.revokedAt)
  assert.ok(!may(await asPartner(), 'asset:read', { tenant: owner.tenant, path: ['old'] }))
})
