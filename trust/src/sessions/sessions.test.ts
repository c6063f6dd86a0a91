import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DAY, HOUR, MINUTE, type MillwrightError, SECOND } from '@millwright/foundation'
import type { Actor } from '../actor.ts'
import type { Call } from '../api.ts'
import { ADDRESS, openTestTrust, PASSWORD, person, signInByLink, type TestTrust } from '../testing/open-trust.ts'

let kit: TestTrust
let admin: Actor
let email: string

before(async () => {
  kit = await openTestTrust()
  admin = await kit.administrator()
  email = (await kit.trust.users.get(admin, admin.id)).email
})
after(() => kit.close())

const signIn = (password = PASSWORD, address = ADDRESS, as = email) =>
  kit.trust.sessions.signIn({ email: as, password, address })
const get = (secret: string, more: object = {}) =>
  kit.trust.authenticate({ cookie: `__Host-millwright=${secret}`, method: 'GET', address: ADDRESS, ...more })

test('who is signed in is known by the cookie alone', async () => {
  const { secret, session } = await signIn()
  const { actor, session: live } = await get(secret)
  assert.equal(actor.id, admin.id)
  assert.equal(actor.kind, 'user')
  assert.equal(actor.platform, true)
  assert.equal(actor.session, live?.id)
  assert.equal(actor.address, ADDRESS)
  assert.equal(session.tenant.id, kit.tenant)
  assert.ok(session.permissions['*']?.includes('platform:backup'))
  for (const cookie of [undefined, '', 'x=y', `__Host-millwright=${'0'.repeat(68)}`, `millwright=${secret}`]) {
    await assert.rejects(kit.trust.authenticate({ cookie, method: 'GET', address: ADDRESS }), {
      code: 'MW-SESSION-0001',
      status: 401,
    })
  }
  await assert.rejects(get(`mws_${'0'.repeat(64)}`), { code: 'MW-SESSION-0003' })
  // Over plain HTTP on the loopback the cookie has another name.
  await kit.trust.authenticate({ cookie: `millwright=${secret}`, method: 'GET', address: ADDRESS, secure: false })
})

test('what changes something needs the session’s own CSRF token', async () => {
  const { secret, session } = await signIn()
  const other = await signIn()
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'delete', 'BREW']) {
    for (const csrfHeader of [undefined, '', 'x', other.session.csrf, session.csrf.toUpperCase()]) {
      await assert.rejects(get(secret, { method, csrfHeader }), { code: 'MW-SESSION-0005', status: 403 })
    }
    await get(secret, { method, csrfHeader: session.csrf })
  }
  for (const method of ['GET', 'HEAD', 'OPTIONS']) await get(secret, { method })
})

test('the answer does not tell whether the address or the password was wrong', async () => {
  const errors: MillwrightError[] = []
  await signIn('wrong password', '192.0.2.50').catch((error) => errors.push(error))
  await signIn(PASSWORD, '192.0.2.50', 'nobody@plant.example').catch((error) => errors.push(error))
  await signIn(PASSWORD, '192.0.2.50', `\u0000' or 1=1 --`).catch((error) => errors.push(error))
  assert.equal(errors.length, 3)
  assert.equal(new Set(errors.map(({ code, message, status }) => `${code} ${status} ${message}`)).size, 1)
  const { items } = await kit.trust.audit.list(admin, { action: 'session.refuse', limit: 3 })
  assert.deepEqual(
    items.map(({ detail, address }) => [detail['reason'], address]),
    [
      ['unknown account', '192.0.2.50'],
      ['unknown account', '192.0.2.50'],
      ['password', '192.0.2.50'],
    ],
  )
})

test('strangers cannot fill the audit log with refusals', async () => {
  const before = (await kit.trust.audit.verify(admin)).entries
  for (let i = 0; i < 70; i++) {
    await assert.rejects(signIn('x', `198.18.0.${i}`, `nobody-${i}@plant.example`), { status: 401 })
  }
  const after = (await kit.trust.audit.verify(admin)).entries
  assert.ok(after - before <= 60)
  await kit.clock.advance(MINUTE)
  await assert.rejects(signIn('x', '198.18.0.99', 'nobody@plant.example'), { status: 401 })
  const [last] = (await kit.trust.audit.list(admin, { action: 'session.refuse', limit: 1 })).items
  assert.equal(last?.detail['furtherRefusalsBefore'], 70 - (after - before))
})

test('guessing gets slow and says when to try again; the owner still gets in', async () => {
  const owner = await person(kit.trust, admin, { email: 'guessed@plant.example' })
  assert.ok(owner)
  await signIn(PASSWORD, '198.51.100.1', 'guessed@plant.example')
  for (let i = 0; i < 6; i++) {
    await assert.rejects(signIn('a wrong guess', `203.0.113.${i}`, 'guessed@plant.example'), { status: 401 })
  }
  await assert.rejects(signIn(PASSWORD, '203.0.113.77', 'guessed@plant.example'), (error: MillwrightError) => {
    assert.equal(error.status, 429)
    assert.equal(error.details['retryAfter'], 1)
    assert.match(error.message, /Try again in 1 s/)
    return true
  })
  await signIn(PASSWORD, '198.51.100.1', 'guessed@plant.example')
  await kit.clock.advance(SECOND)
  await signIn(PASSWORD, '203.0.113.77', 'guessed@plant.example')
})

test('a session ends after eight hours unused, and after seven days however much it is used', async () => {
  const unused = await signIn()
  await kit.clock.advance(8 * HOUR - SECOND)
  await get(unused.secret)
  await kit.clock.advance(8 * HOUR)
  await assert.rejects(get(unused.secret), { code: 'MW-SESSION-0003', status: 401 })
  const used = await signIn()
  assert.equal(used.session.expiresAt, kit.clock.now() + 8 * HOUR)
  for (let i = 0; i < 24; i++) {
    await kit.clock.advance(7 * HOUR - 1)
    await get(used.secret)
  }
  await kit.clock.advance(HOUR)
  await assert.rejects(get(used.secret), { code: 'MW-SESSION-0003' })
})

test('use is remembered over a restart', async () => {
  const { secret } = await signIn()
  await kit.clock.advance(7 * HOUR)
  await get(secret)
  await kit.clock.advance(7 * HOUR)
  const trust = await kit.reopen()
  await trust.authenticate({ cookie: `__Host-millwright=${secret}`, method: 'GET', address: ADDRESS })
})

test('each sign-in has a new secret and ends the session the browser had', async () => {
  const one = await signIn()
  const two = await kit.trust.sessions.signIn({ email, password: PASSWORD, address: ADDRESS, previous: one.secret })
  assert.notEqual(one.secret, two.secret)
  const trust = await kit.reopen()
  const by = (secret: string) =>
    trust.authenticate({ cookie: `__Host-millwright=${secret}`, method: 'GET', address: ADDRESS })
  await assert.rejects(by(one.secret), { code: 'MW-SESSION-0003' })
  await by(two.secret)
  await assert.rejects(get(one.secret), { code: 'MW-SESSION-0003' })
})

test('signing out ends the session and says so', async () => {
  const { secret, session } = await signIn()
  const { actor } = await get(secret)
  await kit.trust.sessions.signOut(secret)
  await assert.rejects(get(secret), { code: 'MW-SESSION-0003' })
  assert.ok(session.csrf)
  const event = kit.events.findLast(({ type }) => type === 'millwright.session.revoked')
  assert.equal(event?.subject, actor.session)
})

test('a new password ends all sessions and goes on in a new one', async () => {
  const somebody = await person(kit.trust, admin, { email: 'change@plant.example' })
  const one = await signIn(PASSWORD, ADDRESS, 'change@plant.example')
  const two = await signIn(PASSWORD, ADDRESS, 'change@plant.example')
  const set = (current: string | undefined, next: string) =>
    kit.trust.sessions.setPassword({ secret: one.secret, current, next, address: ADDRESS })
  await assert.rejects(set(undefined, 'another fine password'), { code: 'MW-SESSION-0006', path: 'current' })
  await assert.rejects(set('wrong', 'another fine password'), { code: 'MW-SESSION-0006' })
  await assert.rejects(set(PASSWORD, 'short'), { code: 'MW-PASSWORD-0001', path: 'next' })
  const next = await set(PASSWORD, 'another fine password')
  assert.notEqual(next.secret, one.secret)
  await get(next.secret)
  await assert.rejects(get(one.secret), { code: 'MW-SESSION-0003' })
  await assert.rejects(get(two.secret), { code: 'MW-SESSION-0003' })
  await assert.rejects(signIn(PASSWORD, ADDRESS, 'change@plant.example'), { code: 'MW-SESSION-0002' })
  await signIn('another fine password', ADDRESS, 'change@plant.example')
  const revoked = kit.events.filter(
    ({ type, data }) => type === 'millwright.session.revoked' && (data as { user?: string }).user === somebody.id,
  )
  assert.ok(revoked.length >= 2)
})

test('the old password cannot be guessed through a stolen session', async () => {
  await person(kit.trust, admin, { email: 'stolen@plant.example' })
  const { secret } = await signIn(PASSWORD, ADDRESS, 'stolen@plant.example')
  const guess = () =>
    kit.trust.sessions.setPassword({ secret, current: 'a guess', next: 'another fine password', address: ADDRESS })
  for (let i = 0; i < 6; i++) await assert.rejects(guess(), { code: 'MW-SESSION-0006' })
  await assert.rejects(guess(), { status: 429 })
})

test('after a one-time link only a password can be set, for half an hour', async () => {
  const { user, link } = await kit.trust.users.invite(admin, { email: 'linked@plant.example', name: 'Linked' })
  const viewer = (await kit.trust.roles.list(admin)).find(({ name }) => name === 'Administrator')
  await kit.trust.roles.grant(admin, { user: user.id, role: viewer?.id ?? '', node: null })
  const token = link.split('#')[1] ?? ''
  const { secret, session } = await kit.trust.sessions.signInByLink({ token, address: ADDRESS })
  assert.equal(session.mustSetPassword, true)
  assert.deepEqual(session.permissions, {})
  const { actor } = await get(secret)
  assert.equal(actor.permissions.size, 0)
  assert.equal(actor.platform, false)
  await assert.rejects(kit.trust.users.list(actor, {}), { code: 'MW-ACCESS-0001' })
  await assert.rejects(
    kit.trust.tokens.create(actor, { name: 'x', permissions: ['asset:read'], expiresAt: kit.clock.now() + DAY }),
    { code: 'MW-TOKEN-0002' },
  )
  await kit.clock.advance(30 * MINUTE)
  await assert.rejects(get(secret), { code: 'MW-SESSION-0003' })
})

test('a forgotten password is replaced by a link, which ends the sessions there are', async () => {
  const somebody = await person(kit.trust, admin, { email: 'forgot@plant.example' })
  const old = await signIn(PASSWORD, ADDRESS, 'forgot@plant.example')
  const { link } = await kit.trust.users.signInLink(admin, somebody.id)
  await signInByLink(kit.trust, link, 'a password to remember')
  await assert.rejects(get(old.secret), { code: 'MW-SESSION-0003' })
  await signIn('a password to remember', ADDRESS, 'forgot@plant.example')
})

test('secrets, passwords and tokens are nowhere in the database or the audit log', async () => {
  const { secret } = await signIn()
  const dump = await kit.database.system(async (sql) => {
    const tables = await sql.query<{ tablename: string }>(
      `select tablename from pg_tables where schemaname = 'public'`,
      [],
    )
    let text = ''
    for (const { tablename } of tables) {
      text += JSON.stringify(await sql.query(`select * from "${tablename}"`, []))
    }
    return text
  })
  assert.ok(dump.includes(admin.id))
  assert.ok(!dump.includes(secret))
  assert.ok(!dump.includes(PASSWORD))
  assert.doesNotMatch(dump, /mw[stld]_[0-9a-f]{64}/)
})

test('the handlers set, read and clear the cookie', async () => {
  const headers = new Map<string, string>()
  const call = (body: unknown, cookie?: string, secure = true) =>
    ({
      actor: admin,
      params: undefined,
      query: undefined,
      body,
      ifMatch: undefined,
      address: '192.0.2.77',
      secure,
      requestId: 'r1',
      signal: new AbortController().signal,
      header: (name: string, value: string) => void headers.set(name, value),
      requestHeader: (name: string) => (name === 'cookie' ? cookie : undefined),
    }) as unknown as Call<never> & Record<string, never>
  await kit.trust.handlers.signIn(call({ email, password: PASSWORD }) as never)
  const made = headers.get('set-cookie') ?? ''
  assert.match(made, /^__Host-millwright=mws_[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict; Secure$/)
  assert.equal(headers.get('cache-control'), 'no-store')
  const cookie = made.split(';')[0]
  const session = await kit.trust.handlers.getSession(call(undefined, cookie) as never)
  assert.equal((session as { user: { id: string } }).user.id, admin.id)
  await kit.trust.handlers.signOut(call(undefined, cookie) as never)
  assert.match(headers.get('set-cookie') ?? '', /^__Host-millwright=; .*Max-Age=0$/)
  await kit.trust.handlers.signIn(call({ email, password: PASSWORD }, undefined, false) as never)
  assert.match(headers.get('set-cookie') ?? '', /^millwright=mws_[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict$/)
})

test('what has ended is tidied away', async () => {
  await signIn()
  await kit.clock.advance(10 * DAY)
  await kit.trust.sessions.tidy()
  const rows = await kit.database.system((sql) => sql.query('select 1 from sessions', []))
  assert.deepEqual(rows, [])
})
