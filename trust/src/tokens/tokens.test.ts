import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Permission } from '@millwright/contracts'
import { DAY, MINUTE } from '@millwright/foundation'
import { authorizePlatform, may } from '../access/authorize.ts'
import type { Actor } from '../actor.ts'
import { ADDRESS, openTestTrust, person, type TestTrust } from '../testing/open-trust.ts'

let kit: TestTrust
let admin: Actor

before(async () => {
  kit = await openTestTrust()
  admin = await kit.administrator()
  kit.tree.add(kit.tenant, 'line-1')
})
after(() => kit.close())

const make = (actor: Actor, permissions: readonly Permission[], life = DAY) =>
  kit.trust.tokens.create(actor, { name: 'script', permissions, expiresAt: kit.clock.now() + life })
const by = async (secret: string, method = 'POST') =>
  (await kit.trust.authenticate({ authorization: `Bearer ${secret}`, method, address: ADDRESS })).actor
const whole = () => ({ tenant: kit.tenant, path: [] })

test('a token does what it was made for, without a CSRF token, and nothing else', async () => {
  const { secret, token } = await make(admin, ['asset:read', 'signal:read'])
  assert.match(secret, /^mwt_[0-9a-f]{64}$/)
  const actor = await by(secret)
  assert.equal(actor.kind, 'token')
  assert.equal(actor.id, token.id)
  assert.equal(actor.user, admin.id)
  assert.deepEqual(
    (await kit.trust.tenants.list(actor)).map(({ id }) => id),
    [kit.tenant],
  )
  const partner = { name: 'X', adminEmail: 'x@x.example', adminName: 'X' }
  await assert.rejects(kit.trust.tenants.create(actor, partner), { code: 'MW-ACCESS-0001' })
  assert.ok(may(actor, 'asset:read', whole()))
  assert.ok(!may(actor, 'asset:write', whole()))
  authorizePlatform(await by((await make(admin, ['platform:backup'])).secret), 'platform:backup')
})

test('nobody gives a token what they do not have', async () => {
  const viewer = await person(kit.trust, admin, { role: 'Viewer', node: 'line-1' })
  await assert.rejects(make(viewer, ['asset:read', 'asset:write']), { code: 'MW-TOKEN-0002', status: 403 })
  const actor = await by((await make(viewer, ['asset:read'])).secret)
  assert.ok(may(actor, 'asset:read', { tenant: kit.tenant, path: ['line-1'] }))
  assert.ok(!may(actor, 'asset:read', whole()))
})

test('a token loses what its owner loses, at once', async () => {
  const operator = await person(kit.trust, admin, { role: 'Operator' })
  const { secret } = await make(operator, ['command:send', 'asset:read'])
  assert.ok(may(await by(secret), 'command:send', whole()))
  const { items } = await kit.trust.roles.listGrants(admin, { user: operator.id })
  const viewer = (await kit.trust.roles.list(admin)).find(({ name }) => name === 'Viewer')
  await kit.trust.roles.grant(admin, { user: operator.id, role: viewer?.id ?? '', node: null })
  await kit.trust.roles.takeBack(admin, items[0]?.id ?? '')
  const actor = await by(secret)
  assert.ok(may(actor, 'asset:read', whole()))
  assert.ok(!may(actor, 'command:send', whole()))
})

test('a token makes no tokens, and lists none', async () => {
  const actor = await by((await make(admin, ['user:write'])).secret)
  await assert.rejects(make(actor, ['user:write']), { code: 'MW-SESSION-0007', status: 403 })
  await assert.rejects(kit.trust.tokens.list(actor), { code: 'MW-SESSION-0007' })
})

test('a token runs out, and must', async () => {
  const { secret } = await make(admin, ['asset:read'], MINUTE)
  await by(secret)
  await kit.clock.advance(MINUTE)
  await assert.rejects(by(secret), { code: 'MW-SESSION-0008', status: 401 })
  await assert.rejects(make(admin, ['asset:read'], 0), { code: 'MW-TOKEN-0003', path: 'expiresAt' })
  await assert.rejects(make(admin, ['asset:read'], 367 * DAY), { code: 'MW-TOKEN-0003' })
})

test('a revoked token is refused at once; others cannot revoke it', async () => {
  const { secret, token } = await make(admin, ['asset:read'])
  await by(secret)
  const stranger = await person(kit.trust, admin, { role: 'Administrator' })
  await assert.rejects(kit.trust.tokens.revoke(stranger, token.id), { code: 'MW-TOKEN-0001', status: 404 })
  assert.deepEqual(await kit.trust.tokens.list(stranger), [])
  await kit.trust.tokens.revoke(admin, token.id)
  await assert.rejects(by(secret), { code: 'MW-SESSION-0008' })
  await assert.rejects(kit.trust.tokens.revoke(admin, token.id), { code: 'MW-TOKEN-0001' })
})

test('when it was last used is kept to the minute', async () => {
  const { secret, token } = await make(admin, ['asset:read'])
  const used = async () => (await kit.trust.tokens.list(admin)).find(({ id }) => id === token.id)?.lastUsedAt
  assert.equal(await used(), undefined)
  await by(secret)
  const first = await used()
  assert.equal(first, kit.clock.now())
  await kit.clock.advance(MINUTE / 2)
  await by(secret)
  assert.equal(await used(), first)
  await kit.clock.advance(MINUTE)
  await by(secret)
  assert.equal(await used(), kit.clock.now())
})

test('what is no token is refused as such', async () => {
  const authorization = async (text: string) =>
    kit.trust.authenticate({ authorization: text, method: 'GET', address: ADDRESS })
  await assert.rejects(authorization('Basic YTpi'), { code: 'MW-SESSION-0009', status: 401 })
  await assert.rejects(authorization('Bearer '), { code: 'MW-SESSION-0009' })
  await assert.rejects(authorization(`Bearer ${'x'.repeat(501)}`), { code: 'MW-SESSION-0009' })
  await assert.rejects(authorization(`Bearer ' or 1=1`), { code: 'MW-SESSION-0009' })
  await assert.rejects(authorization('Bearer mwt_guess'), { code: 'MW-SESSION-0008' })
  await assert.rejects(authorization(`Bearer mwt_${'0'.repeat(64)}`), { code: 'MW-SESSION-0008' })
  await assert.rejects(authorization(`Bearer mwd_${'0'.repeat(64)}`), { code: 'MW-IDENTITY-0008' })
  // A bad token is not overlooked because a good cookie comes with it.
  const { secret } = await kit.trust.sessions.signIn({
    email: (await kit.trust.users.get(admin, admin.id)).email,
    password: 'correct horse battery staple',
    address: ADDRESS,
  })
  const both = { cookie: `__Host-millwright=${secret}`, authorization: 'Bearer x', method: 'GET', address: ADDRESS }
  await assert.rejects(kit.trust.authenticate(both), { code: 'MW-SESSION-0008' })
})

test('a token ends itself, and no other', async () => {
  const { secret, token } = await make(admin, ['asset:read'])
  const { token: other } = await make(admin, ['asset:read'])
  const actor = await by(secret)
  await assert.rejects(kit.trust.tokens.revoke(actor, other.id), { code: 'MW-SESSION-0007' })
  await kit.trust.tokens.revoke(actor, token.id)
  await assert.rejects(by(secret), { code: 'MW-SESSION-0008', status: 401 })
  const { items } = await kit.trust.audit.list(admin, { action: 'token.revoke' })
  assert.equal(items[0]?.target, token.id)
  assert.match(items[0]?.actor ?? '', new RegExp(token.id))
})
