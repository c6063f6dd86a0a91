import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newId } from '@millwright/foundation'
import { may } from '../access/authorize.ts'
import type { Actor } from '../actor.ts'
import { ADDRESS, openTestTrust, PASSWORD, person, type TestTrust } from '../testing/open-trust.ts'
import { BUILT_IN_ROLES } from './model.ts'

let kit: TestTrust
let admin: Actor

before(async () => {
  kit = await openTestTrust()
  admin = await kit.administrator()
  kit.tree.add(kit.tenant, 'site')
  kit.tree.add(kit.tenant, 'line-1', 'site')
  kit.tree.add(kit.tenant, 'pump', 'line-1')
  kit.tree.add(kit.tenant, 'line-2', 'site')
})
after(() => kit.close())

const roleNamed = async (name: string) => {
  const role = (await kit.trust.roles.list(admin)).find((each) => each.name === name)
  assert.ok(role)
  return role
}
async function fresh(actor: Actor): Promise<Actor> {
  const { email } = await kit.trust.users.get(actor, actor.id)
  const { secret } = await kit.trust.sessions.signIn({ email, password: PASSWORD, address: ADDRESS })
  const cookie = `__Host-millwright=${secret}`
  return (await kit.trust.authenticate({ cookie, method: 'GET', address: ADDRESS })).actor
}

test('a tenant has its built-in roles, which nobody changes', async () => {
  const roles = await kit.trust.roles.list(admin)
  assert.deepEqual(
    roles.filter(({ builtIn }) => builtIn).map(({ name }) => name),
    BUILT_IN_ROLES.map(({ name }) => name),
  )
  const viewer = await roleNamed('Viewer')
  await assert.rejects(kit.trust.roles.update(admin, viewer.id, { permissions: [] }), { code: 'MW-ROLE-0002' })
  await assert.rejects(kit.trust.roles.delete(admin, viewer.id), { code: 'MW-ROLE-0002' })
})

test('a role granted at a node holds there and below', async () => {
  const actor = await person(kit.trust, admin, { role: 'Operator', node: 'line-1' })
  const at = (...path: string[]) => may(actor, 'command:send', { tenant: kit.tenant, path })
  assert.ok(at('site', 'line-1'))
  assert.ok(at('site', 'line-1', 'pump'))
  assert.ok(!at('site', 'line-2'))
  assert.ok(!at('site'))
})

test('what is granted and taken back works from the next request on', async () => {
  const somebody = await person(kit.trust, admin)
  const { email } = await kit.trust.users.get(admin, somebody.id)
  const { secret } = await kit.trust.sessions.signIn({ email, password: PASSWORD, address: ADDRESS })
  const request = { cookie: `__Host-millwright=${secret}`, method: 'GET', address: ADDRESS }
  const mayRead = async () =>
    may((await kit.trust.authenticate(request)).actor, 'asset:read', { tenant: kit.tenant, path: ['site'] })
  assert.equal(await mayRead(), false)
  const role = await kit.trust.roles.create(admin, { name: 'Watch', description: '', permissions: ['asset:read'] })
  const grant = await kit.trust.roles.grant(admin, { user: somebody.id, role: role.id, node: 'site' })
  assert.equal(await mayRead(), true)
  await kit.trust.roles.update(admin, role.id, { permissions: ['signal:read'] })
  assert.equal(await mayRead(), false)
  await kit.trust.roles.update(admin, role.id, { permissions: ['asset:read', 'signal:read'] })
  assert.equal(await mayRead(), true)
  await kit.trust.roles.takeBack(admin, grant.id)
  assert.equal(await mayRead(), false)
})

test('nobody gives what they do not have, nor where they do not have it', async () => {
  const local = await kit.trust.roles.create(admin, {
    name: 'Line lead',
    description: '',
    permissions: ['asset:read', 'signal:read', 'alarm:read', 'rule:read', 'device:read', 'service:read', 'user:write'],
  })
  const lead = await person(kit.trust, admin)
  await kit.trust.roles.grant(admin, { user: lead.id, role: local.id, node: 'line-1' })
  const actor = await fresh(lead)
  const { user } = await kit.trust.users.invite(admin, { email: `${newId('usr')}@plant.example`, name: 'New' })
  const viewer = await roleNamed('Viewer')
  const operator = await roleNamed('Operator')
  const administrator = await roleNamed('Administrator')
  const grant = (role: string, node: string | null) => kit.trust.roles.grant(actor, { user: user.id, role, node })
  await assert.rejects(grant(administrator.id, 'line-1'), { code: 'MW-ROLE-0006' })
  await assert.rejects(grant(operator.id, 'pump'), { code: 'MW-ROLE-0006' })
  await assert.rejects(grant(viewer.id, 'line-2'), { code: 'MW-ACCESS-0001' })
  await assert.rejects(grant(viewer.id, null), { code: 'MW-ACCESS-0001' })
  assert.equal((await grant(viewer.id, 'pump')).node, 'pump')
  const far = await kit.trust.roles.grant(admin, { user: user.id, role: operator.id, node: 'line-1' })
  await assert.rejects(kit.trust.roles.takeBack(actor, far.id), { code: 'MW-ROLE-0006' })
  const other = await kit.trust.roles.grant(admin, { user: user.id, role: viewer.id, node: 'line-2' })
  await assert.rejects(kit.trust.roles.takeBack(actor, other.id), { code: 'MW-ROLE-0007', status: 404 })
})

test('nobody makes a role of more than they have', async () => {
  const maker = await kit.trust.roles.create(admin, {
    name: 'Role maker',
    description: '',
    permissions: ['role:write', 'asset:read'],
  })
  const somebody = await person(kit.trust, admin)
  await kit.trust.roles.grant(admin, { user: somebody.id, role: maker.id, node: null })
  const actor = await fresh(somebody)
  const make = (permissions: ('asset:read' | 'audit:read')[]) =>
    kit.trust.roles.create(actor, { name: newId('rol'), description: '', permissions })
  await assert.rejects(make(['audit:read']), { code: 'MW-ROLE-0006', status: 403 })
  const own = await make(['asset:read'])
  await assert.rejects(kit.trust.roles.update(actor, own.id, { permissions: ['audit:read'] }), {
    code: 'MW-ROLE-0006',
  })
  const strong = await kit.trust.roles.create(admin, {
    name: 'Auditor',
    description: '',
    permissions: ['audit:read'],
  })
  await assert.rejects(kit.trust.roles.update(actor, strong.id, { permissions: [] }), { code: 'MW-ROLE-0006' })
})

test('the last administrator stays', async () => {
  const grants = await kit.trust.roles.listGrants(admin, { user: admin.id })
  const own = grants.items[0]
  assert.ok(own)
  await assert.rejects(kit.trust.roles.takeBack(admin, own.id), { code: 'MW-ROLE-0010', status: 409 })
  await assert.rejects(kit.trust.users.update(admin, admin.id, { state: 'disabled' }), { code: 'MW-ROLE-0010' })
  const second = await person(kit.trust, admin, { role: 'Administrator' })
  // Two who remove each other at the same moment: one of them stays.
  const secondGrant = (await kit.trust.roles.listGrants(admin, { user: second.id })).items[0]
  assert.ok(secondGrant)
  const both = await Promise.allSettled([
    kit.trust.roles.takeBack(second, own.id),
    kit.trust.roles.takeBack(admin, secondGrant.id),
  ])
  assert.equal(both.filter(({ status }) => status === 'fulfilled').length, 1)
  const survivor = both[0].status === 'fulfilled' ? second : admin
  const role = await roleNamed('Administrator').catch(() => undefined)
  const left = await kit.trust.roles.listGrants(survivor, {})
  assert.equal(left.items.filter((grant) => grant.node === null && grant.role === role?.id).length, 1)
  // Put things back for the tests that follow.
  if (survivor === second) {
    await kit.trust.roles.grant(second, { user: admin.id, role: role?.id ?? '', node: null })
  }
})

test('names are unique, roles in use stay, unknown things are not found', async () => {
  const role = await kit.trust.roles.create(admin, { name: 'Twice', description: '', permissions: [] })
  await assert.rejects(kit.trust.roles.create(admin, { name: 'Twice', description: '', permissions: [] }), {
    code: 'MW-ROLE-0003',
  })
  await assert.rejects(kit.trust.roles.update(admin, role.id, { name: 'Viewer' }), { code: 'MW-ROLE-0003' })
  const somebody = await person(kit.trust, admin)
  const given = { user: somebody.id, role: role.id, node: 'site' }
  const grant = await kit.trust.roles.grant(admin, given)
  await assert.rejects(kit.trust.roles.grant(admin, given), { code: 'MW-ROLE-0008' })
  await assert.rejects(kit.trust.roles.delete(admin, role.id), { code: 'MW-ROLE-0004' })
  await assert.rejects(kit.trust.roles.update(admin, role.id, { name: 'X' }, 7), { code: 'MW-ROLE-0005', status: 412 })
  await kit.trust.roles.takeBack(admin, grant.id)
  await kit.trust.roles.delete(admin, role.id)
  await assert.rejects(kit.trust.roles.delete(admin, role.id), { code: 'MW-ROLE-0001', status: 404 })
  await assert.rejects(kit.trust.roles.takeBack(admin, grant.id), { code: 'MW-ROLE-0007' })
  await assert.rejects(kit.trust.roles.grant(admin, { ...given, node: 'nowhere' }), { code: 'MW-ROLE-0009' })
  await assert.rejects(kit.trust.roles.grant(admin, { ...given, node: null, user: newId('usr') }), {
    status: 404,
  })
})

test('a node that is removed takes what was granted there with it', async () => {
  kit.tree.add(kit.tenant, 'old', 'site')
  const actor = await person(kit.trust, admin, { role: 'Viewer', node: 'old' })
  kit.tree.remove('old')
  await kit.bus.publish({
    id: newId('evt'),
    type: 'millwright.asset.removed',
    source: 'test',
    subject: 'old',
    tenant: kit.tenant,
    time: kit.clock.now(),
    data: {},
  })
  assert.deepEqual((await kit.trust.roles.listGrants(admin, { user: actor.id })).items, [])
  assert.equal((await fresh(actor)).permissions.size, 0)
})

test('built-in roles follow the program at the next start', async () => {
  await kit.database.system((sql) =>
    sql.query(`update roles set permissions = '["asset:read"]' where built_in = 'engineer'`, []),
  )
  const trust = await kit.reopen()
  await trust.firstStart()
  const engineer = (await trust.roles.list(admin)).find(({ name }) => name === 'Engineer')
  assert.deepEqual(engineer?.permissions, BUILT_IN_ROLES.find(({ key }) => key === 'engineer')?.permissions)
})
