import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DAY, newId } from '@millwright/foundation'
import type { Actor } from '../actor.ts'
import { ADDRESS, openTestTrust, PASSWORD, person, signInByLink, type TestTrust } from '../testing/open-trust.ts'

let kit: TestTrust
before(async () => {
  kit = await openTestTrust()
})
after(() => kit.close())

test('a first start makes a tenant and a link; each start makes a new one until somebody is in', async () => {
  const again = await kit.trust.firstStart()
  assert.equal(again.tenant.id, kit.tenant)
  assert.ok(again.link)
  assert.notEqual(again.link, kit.link)
  // The older one is void.
  await assert.rejects(signInByLink(kit.trust, kit.link), { code: 'MW-SESSION-0004' })
  const admin = await signInByLink(kit.trust, again.link)
  assert.equal(admin.platform, true)
  assert.equal((await kit.trust.firstStart()).link, undefined)
})

test('an administrator who disabled everybody else’s way in gets a new one at the next start', async () => {
  await kit.database.system((sql) => sql.query(`update users set state = 'disabled'`, []))
  const { link } = await kit.trust.firstStart()
  assert.ok(link)
  const admin = await signInByLink(kit.trust, link)
  assert.equal(admin.platform, true)
  const { items } = await kit.trust.users.list(admin, {})
  assert.deepEqual(items.map(({ email, state }) => [email, state]).sort(), [
    ['admin+2@millwright.local', 'active'],
    ['admin@millwright.local', 'disabled'],
  ])
})

test('administrators of the first tenant make tenants, with an administrator each', async () => {
  const { link } = await kit.trust.firstStart()
  const admin = link === undefined ? await signedIn('admin+2@millwright.local') : await signInByLink(kit.trust, link)
  const made = await kit.trust.tenants.create(admin, {
    name: `Builder's "Works" <b>`,
    adminEmail: 'boss@builder.example',
    adminName: 'Boss',
  })
  const boss = await signInByLink(kit.trust, made.link)
  assert.equal(boss.tenant, made.tenant.id)
  assert.equal(boss.platform, false)
  assert.deepEqual(
    (await kit.trust.tenants.list(boss)).map(({ id }) => id),
    [made.tenant.id],
  )
  assert.equal((await kit.trust.tenants.list(admin)).length, 2)
  const more = { name: 'X', adminEmail: 'x@x.example', adminName: 'X' }
  await assert.rejects(kit.trust.tenants.create(boss, more), { code: 'MW-ACCESS-0002', status: 403 })
  const viewer = await person(kit.trust, admin, { role: 'Viewer' })
  await assert.rejects(kit.trust.tenants.create(viewer, more), { code: 'MW-ACCESS-0001' })
  const taken = { name: 'X', adminEmail: 'BOSS@builder.example', adminName: 'X' }
  await assert.rejects(kit.trust.tenants.create(admin, taken), { code: 'MW-USER-0002', path: 'adminEmail' })
  assert.equal((await kit.trust.tenants.list(admin)).length, 2)
  for (const actor of [admin, boss]) {
    const { items } = await kit.trust.audit.list(actor, { action: 'tenant.create', target: made.tenant.id })
    assert.equal(items.length, 1)
    assert.equal((await kit.trust.audit.verify(actor)).ok, true)
  }
})

test('row-level security alone keeps tenants apart, when the service’s check is passed by', async () => {
  const other = newId('ten')
  await everyTable(other)
  const tables = await kit.database.system((sql) =>
    sql.query<{ name: string; rls: boolean; forced: boolean; tenant: boolean }>(
      `select c.relname as name, c.relrowsecurity as rls, c.relforcerowsecurity as forced,
          exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant' and a.attnotnull) as tenant
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and n.nspname = 'public' and c.relname not like '%migration%' order by 1`,
      [],
    ),
  )
  assert.ok(tables.length >= 15)
  for (const { name, rls, forced, tenant } of tables) {
    assert.deepEqual({ name, rls, forced, tenant }, { name, rls: true, forced: true, tenant: true })
    const all = await kit.database.system((sql) => sql.query(`select * from "${name}"`, []))
    assert.ok(all.length > 0, `${name} has rows to hide`)
    const read = () => kit.database.tenant(newId('ten'), (sql) => sql.query(`select * from "${name}"`, []))
    if (['sign_in_failures', 'known_addresses'].includes(name)) await assert.rejects(read, /permission denied/)
    else assert.deepEqual(await read(), [], name)
  }
  // Nor can one tenant write into another's rows.
  const asOther = (text: string) => kit.database.tenant(other, (sql) => sql.query(text, []))
  const role = `insert into roles (id, tenant, name, description, permissions) values ('r', '${kit.tenant}', 'x', '', '[]')`
  await assert.rejects(asOther(role), /row-level security/)
  await asOther(`update users set name = 'changed'`)
  await asOther('delete from shares')
  const changed = await kit.database.system((sql) =>
    sql.query(`select 1 from users where name = 'changed' and tenant <> $1`, [other]),
  )
  assert.deepEqual(changed, [])
  assert.equal((await kit.database.system((sql) => sql.query('select 1 from shares', []))).length, 1)
})

async function signedIn(email: string): Promise<Actor> {
  const { secret } = await kit.trust.sessions.signIn({ email, password: PASSWORD, address: ADDRESS })
  const cookie = `__Host-millwright=${secret}`
  return (await kit.trust.authenticate({ cookie, method: 'GET', address: ADDRESS })).actor
}

/** A row in each table: through the front door, by the services. */
async function everyTable(other: string): Promise<void> {
  const admin = await signedIn('admin+2@millwright.local')
  kit.tree.add(kit.tenant, 'pump')
  const device = kit.devices.add(kit.tenant, newId('dev'))
  await kit.trust.tokens.create(admin, {
    name: 'x',
    permissions: ['asset:read'],
    expiresAt: kit.clock.now() + DAY,
  })
  await kit.trust.users.invite(admin, { email: 'rls@plant.example', name: 'Invited' })
  await kit.database.system((sql) =>
    sql.query(`insert into tenants (id, tenant, name, created_at) values ($1, $1, 'Other', 0)`, [other]),
  )
  await kit.trust.shares.create(admin, { partner: other, node: 'pump', signals: [], purpose: '', until: null })
  await kit.trust.enrolment.createToken(admin, device)
  await kit.trust.enrolment.createDeviceToken(admin, device)
  await kit.database.system((sql) =>
    sql.query(
      `insert into certificates (serial, tenant, device, subject, fingerprint, not_before, not_after)
        values ('00', $1, $2, '', '', 0, 1)`,
      [kit.tenant, device],
    ),
  )
  const wrong = { email: 'nobody@x.example', password: 'x', address: ADDRESS }
  await assert.rejects(kit.trust.sessions.signIn(wrong), { status: 401 })
}
