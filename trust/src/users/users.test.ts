import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DAY, newId } from '@millwright/foundation'
import type { Actor } from '../actor.ts'
import { ADDRESS, openTestTrust, PASSWORD, person, signInByLink, type TestTrust } from '../testing/open-trust.ts'

let kit: TestTrust
let admin: Actor

before(async () => {
  kit = await openTestTrust()
  admin = await kit.administrator()
})
after(() => kit.close())

const email = () => `${newId('usr')}@plant.example`
const roleNamed = async (name: string) => {
  const role = (await kit.trust.roles.list(admin)).find((each) => each.name === name)
  assert.ok(role)
  return role
}

test('an invited person follows the link, sets a password, and signs in with it', async () => {
  const address = email()
  const { user, link } = await kit.trust.users.invite(admin, { email: `  ${address.toUpperCase()} `, name: 'Ada' })
  assert.equal(user.email, address)
  assert.equal(user.state, 'invited')
  assert.match(link, /^https:\/\/plant\.example:8080\/sign-in#mwl_[0-9a-f]{64}$/)
  await assert.rejects(kit.trust.sessions.signIn({ email: address, password: PASSWORD, address: ADDRESS }), {
    code: 'MW-SESSION-0002',
  })
  const actor = await signInByLink(kit.trust, link)
  assert.equal(actor.id, user.id)
  assert.equal(actor.permissions.size, 0)
  const { session } = await kit.trust.sessions.signIn({ email: address, password: PASSWORD, address: ADDRESS })
  assert.equal(session.user.state, 'active')
  assert.equal(session.mustSetPassword, false)
})

test('names are kept as they are, whatever they look like', async () => {
  const name = `Robert'); drop table users; -- <img src=x onerror=alert(1)> %_\\`
  const { user } = await kit.trust.users.invite(admin, { email: email(), name })
  assert.equal((await kit.trust.users.get(admin, user.id)).name, name)
  const found = await kit.trust.users.list(admin, { q: 'drop table users; --' })
  assert.deepEqual(
    found.items.map(({ id }) => id),
    [user.id],
  )
  assert.deepEqual((await kit.trust.users.list(admin, { q: "' or '1'='1" })).items, [])
  assert.deepEqual(
    (await kit.trust.users.list(admin, { q: '%_\\' })).items.map(({ id }) => id),
    [user.id],
  )
})

test('an address has one account, whatever its case', async () => {
  const address = email()
  await kit.trust.users.invite(admin, { email: address, name: 'One' })
  const again = kit.trust.users.invite(admin, { email: address.toUpperCase(), name: 'Two' })
  await assert.rejects(again, { code: 'MW-USER-0002', status: 409, path: 'email' })
  await assert.rejects(kit.trust.users.invite(admin, { email: 'nobody', name: 'X' }), { code: 'MW-USER-0006' })
  await assert.rejects(kit.trust.users.invite(admin, { email: 'a\u0000b@x.example', name: 'X' }), {
    code: 'MW-USER-0006',
  })
})

test('a link works once, of many who come with it at the same time for one', async () => {
  const { link } = await kit.trust.users.invite(admin, { email: email(), name: 'Ada' })
  const token = link.split('#')[1] ?? ''
  const all = await Promise.allSettled(
    Array.from({ length: 10 }, (_, n) => kit.trust.sessions.signInByLink({ token, address: `203.0.113.${n}` })),
  )
  assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 1)
  for (const each of all) if (each.status === 'rejected') assert.equal(each.reason.code, 'MW-SESSION-0004')
})

test('a link that has run out, was replaced, or was guessed gets nobody in', async () => {
  const { user, link } = await kit.trust.users.invite(admin, { email: email(), name: 'Ada' })
  const newer = await kit.trust.users.signInLink(admin, user.id)
  const follow = (text: string) =>
    kit.trust.sessions.signInByLink({ token: text.split('#')[1] ?? '', address: ADDRESS })
  await assert.rejects(follow(link), { code: 'MW-SESSION-0004', status: 401 })
  await assert.rejects(follow(`#mwl_${'0'.repeat(64)}`), { code: 'MW-SESSION-0004' })
  await assert.rejects(follow("#' or 1=1 --"), { code: 'MW-SESSION-0004' })
  await kit.clock.advance(3 * DAY)
  await assert.rejects(follow(newer.link), { code: 'MW-SESSION-0004' })
})

test('a disabled person is out at once, by every way in', async () => {
  const { user, link } = await kit.trust.users.invite(admin, { email: email(), name: 'Ada' })
  const token = link.split('#')[1] ?? ''
  const opened = await kit.trust.sessions.signInByLink({ token, address: ADDRESS })
  const { secret } = await kit.trust.sessions.setPassword({ secret: opened.secret, next: PASSWORD, address: ADDRESS })
  const actor = await signedIn(secret)
  await kit.trust.roles.grant(admin, { user: user.id, role: (await roleNamed('Viewer')).id, node: null })
  const made = await kit.trust.tokens.create(await signedIn(secret), {
    name: 'script',
    permissions: ['asset:read'],
    expiresAt: kit.clock.now() + DAY,
  })
  const bearer = { authorization: `Bearer ${made.secret}`, method: 'GET', address: ADDRESS }
  assert.equal((await kit.trust.authenticate(bearer)).actor.kind, 'token')
  const { link: another } = await kit.trust.users.signInLink(admin, user.id)
  await kit.trust.users.update(admin, user.id, { state: 'disabled' })
  await assert.rejects(signedIn(secret), { code: 'MW-SESSION-0003', status: 401 })
  await assert.rejects(kit.trust.authenticate(bearer), { code: 'MW-SESSION-0008' })
  await assert.rejects(signInByLink(kit.trust, another), { code: 'MW-SESSION-0004' })
  await assert.rejects(kit.trust.users.signInLink(admin, user.id), { code: 'MW-USER-0004' })
  await assert.rejects(kit.trust.sessions.signIn({ email: user.email, password: PASSWORD, address: '198.51.100.3' }), {
    code: 'MW-SESSION-0002',
  })
  assert.ok(kit.events.some(({ type, data }) => type === 'millwright.session.revoked' && isOf(data, user.id)))
  // Enabled again, the password still holds, the old sessions do not.
  assert.equal((await kit.trust.users.update(admin, user.id, { state: 'active' })).state, 'active')
  await kit.trust.sessions.signIn({ email: user.email, password: PASSWORD, address: '198.51.100.4' })
  await assert.rejects(signedIn(secret), { code: 'MW-SESSION-0003' })
  assert.equal(actor.id, user.id)
})

test('someone who never set a password is not enabled by a click', async () => {
  const { user } = await kit.trust.users.invite(admin, { email: email(), name: 'Ada' })
  await assert.rejects(kit.trust.users.update(admin, user.id, { state: 'active' }), { code: 'MW-USER-0005' })
  await kit.trust.users.update(admin, user.id, { state: 'disabled' })
  assert.equal((await kit.trust.users.update(admin, user.id, { state: 'active' })).state, 'invited')
})

test('a change that was made on an older version is refused', async () => {
  const { user } = await kit.trust.users.invite(admin, { email: email(), name: 'Ada' })
  const second = await kit.trust.users.update(admin, user.id, { name: 'Bea' }, user.version)
  assert.equal(second.version, user.version + 1)
  const late = kit.trust.users.update(admin, user.id, { name: 'Cleo' }, user.version)
  await assert.rejects(late, { code: 'MW-USER-0003', status: 412 })
})

test('without user:read one sees oneself, and nobody else is there', async () => {
  const viewer = await person(kit.trust, admin, { role: 'Viewer' })
  assert.equal((await kit.trust.users.get(viewer, viewer.id)).id, viewer.id)
  await assert.rejects(kit.trust.users.get(viewer, admin.id), { code: 'MW-USER-0001', status: 404 })
  await assert.rejects(kit.trust.users.list(viewer, {}), { code: 'MW-ACCESS-0001' })
  await assert.rejects(kit.trust.users.invite(viewer, { email: email(), name: 'X' }), { code: 'MW-ACCESS-0001' })
  await assert.rejects(kit.trust.users.update(viewer, admin.id, { state: 'disabled' }), { status: 404 })
  await assert.rejects(kit.trust.users.update(viewer, viewer.id, { state: 'disabled' }), { status: 404 })
  assert.equal((await kit.trust.users.update(viewer, viewer.id, { name: 'My name' })).name, 'My name')
})

test('who may manage users still cannot take over or shut out somebody who may do more', async () => {
  const role = await kit.trust.roles.create(admin, {
    name: 'Reception',
    description: '',
    permissions: ['user:read', 'user:write', 'asset:read'],
  })
  const reception = await person(kit.trust, admin)
  await kit.trust.roles.grant(admin, { user: reception.id, role: role.id, node: null })
  const actor = await fresh(reception)
  await assert.rejects(kit.trust.users.signInLink(actor, admin.id), { code: 'MW-ROLE-0006' })
  await assert.rejects(kit.trust.users.update(actor, admin.id, { state: 'disabled' }), { code: 'MW-ROLE-0006' })
  const engineer = await person(kit.trust, admin, { role: 'Engineer' })
  await assert.rejects(kit.trust.users.signInLink(actor, engineer.id), { code: 'MW-ROLE-0006' })
  const { user } = await kit.trust.users.invite(actor, { email: email(), name: 'Guest' })
  assert.match((await kit.trust.users.signInLink(actor, user.id)).link, /#mwl_/)
})

test('pages of users come in the order of their names', async () => {
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await kit.trust.users.list(admin, { limit: 4, ...(cursor === undefined ? {} : { cursor }) })
    assert.ok(page.items.length <= 4)
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.next
  } while (cursor !== undefined)
  const all = (await kit.trust.users.list(admin, { limit: 1000 })).items.map(({ id }) => id)
  assert.deepEqual(seen, all)
  assert.equal(new Set(seen).size, seen.length)
  const strange = Buffer.from(JSON.stringify(['\u0000', '\ud800'])).toString('base64url')
  await assert.rejects(kit.trust.users.list(admin, { cursor: strange }), { code: 'MW-PAGE-0001' })
})

async function signedIn(secret: string): Promise<Actor> {
  const cookie = `__Host-millwright=${secret}`
  return (await kit.trust.authenticate({ cookie, method: 'GET', address: ADDRESS })).actor
}

/** The same person as they are now. */
async function fresh(actor: Actor): Promise<Actor> {
  const { email } = await kit.trust.users.get(admin, actor.id)
  const { secret } = await kit.trust.sessions.signIn({ email, password: PASSWORD, address: ADDRESS })
  return signedIn(secret)
}

const isOf = (data: unknown, user: string) => (data as { user?: string }).user === user
