import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { deviceOperations, type Operation, trustOperations } from '@millwright/contracts'
import { DAY, newId } from '@millwright/foundation'
import { Value } from 'typebox/value'
import { anonymousActor } from './access/system-actor.ts'
import type { Actor } from './actor.ts'
import { deviceKeys } from './testing/device-keys.ts'
import { ADDRESS, openTestTrust, PASSWORD, type TestTrust } from './testing/open-trust.ts'

/** One story through every operation of this stage, as the server calls them: each reply must fit its contract. */
const table: Record<string, Operation> = { ...trustOperations, ...deviceOperations }
const called = new Set<string>()
let kit: TestTrust
let cookie: string | undefined
let csrf = ''

before(async () => {
  kit = await openTestTrust()
})
after(() => kit.close())

interface Given {
  readonly params?: object
  readonly query?: object
  readonly body?: unknown
  readonly ifMatch?: number
  readonly actor?: Actor
  readonly authorization?: string
}

// biome-ignore lint/suspicious/noExplicitAny: replies of all operations, checked against their schemas
type Reply = any

async function call(id: keyof TestTrust['trust']['handlers'], given: Given = {}): Promise<Reply> {
  const operation = table[id]
  assert.ok(operation, id)
  called.add(id)
  for (const part of ['params', 'query', 'body'] as const) {
    const schema = operation[part]
    const value = given[part] ?? (part === 'query' ? {} : undefined)
    if (schema !== undefined) assert.ok(Value.Check(schema, value), `${id}: ${part} ${JSON.stringify(value)}`)
  }
  const authenticated =
    operation.access === 'public'
      ? anonymousActor(ADDRESS)
      : (given.actor ??
        (
          await kit.trust.authenticate({
            ...(given.authorization === undefined ? { cookie, csrfHeader: csrf } : {}),
            authorization: given.authorization,
            method: operation.method,
            address: ADDRESS,
          })
        ).actor)
  const handler = kit.trust.handlers[id] as (call: object) => Promise<Reply>
  const reply = await handler({
    actor: authenticated,
    params: given.params,
    query: given.query ?? {},
    body: given.body,
    ifMatch: given.ifMatch,
    address: ADDRESS,
    secure: true,
    requestId: 'r',
    signal: new AbortController().signal,
    header: (name: string, value: string) => {
      if (name === 'set-cookie') cookie = value.split(';')[0]
    },
    requestHeader: (name: string) =>
      name === 'cookie' ? cookie : name === 'authorization' ? given.authorization : undefined,
  })
  if (operation.reply === undefined) assert.equal(reply, undefined)
  else {
    const errors = [...Value.Errors(operation.reply, reply)]
    assert.deepEqual(errors, [], `${id}: ${JSON.stringify(reply)}`)
  }
  if (typeof reply?.csrf === 'string') csrf = reply.csrf
  return reply
}

test('every operation of this stage answers as its contract says', async () => {
  const signedIn = await call('signInByLink', { body: { token: kit.link.split('#')[1] } })
  assert.equal(signedIn.mustSetPassword, true)
  await call('setPassword', { body: { next: PASSWORD } })
  const { user } = await call('getSession')
  await call('signOut')
  await assert.rejects(call('getSession'), { status: 401 })
  await call('signIn', { body: { email: user.email, password: PASSWORD } })

  const invited = await call('createUser', { body: { email: 'ada@plant.example', name: 'Ada' } })
  const id = { id: invited.user.id }
  assert.equal((await call('listUsers', { query: { q: 'ada', limit: 10 } })).items.length, 1)
  await call('getUser', { params: id })
  await call('updateUser', { params: id, body: { name: 'Ada L.' }, ifMatch: 1 })
  await call('createSignInLink', { params: id })

  kit.tree.add(kit.tenant, nodeId)
  const role = await call('createRole', { body: { name: 'Own', description: '', permissions: ['asset:read'] } })
  await call('updateRole', { params: { id: role.id }, body: { permissions: ['signal:read'] }, ifMatch: 1 })
  assert.equal((await call('listRoles')).items.length, 7)
  const grant = await call('createGrant', { body: { user: id.id, role: role.id, node: nodeId } })
  assert.equal((await call('listGrants', { query: { node: nodeId } })).items.length, 1)
  await call('deleteGrant', { params: { id: grant.id } })
  await call('deleteRole', { params: { id: role.id } })

  const expiresAt = kit.clock.now() + DAY
  const made = await call('createToken', { body: { name: 'cli', permissions: ['asset:read'], expiresAt } })
  const authorization = `Bearer ${made.secret}`
  const bySecret = await call('getSession', { authorization })
  assert.deepEqual(bySecret.permissions, { '*': ['asset:read'] })
  assert.equal(bySecret.expiresAt, expiresAt)
  assert.equal((await call('listTokens')).items.length, 1)
  csrf = (await call('getSession')).csrf
  await call('revokeToken', { params: { id: made.token.id } })

  const partner = { name: 'Builder', adminEmail: 'boss@builder.example', adminName: 'Boss' }
  const { tenant } = await call('createTenant', { body: partner })
  assert.equal((await call('listTenants')).items.length, 2)
  const share = await call('createShare', {
    body: { partner: tenant.id, node: nodeId, signals: ['temperature'], purpose: 'Care', until: null },
  })
  assert.equal((await call('listShares', { query: { direction: 'given' } })).items.length, 1)
  await call('revokeShare', { params: { id: share.id } })
  assert.ok((await call('listShares')).items[0].revokedAt)

  const device = { id: kit.devices.add(kit.tenant, newId('dev'), [nodeId], 'Pump') }
  const { token } = await call('createEnrolmentToken', { params: device, body: {} })
  const { csr } = await deviceKeys()
  const enrolled = await call('enrol', { body: { token, csr } })
  const clientCertificate = Buffer.from(enrolled.certificate)
  const { actor } = await kit.trust.authenticate({ clientCertificate, method: 'POST', address: ADDRESS })
  await call('renewCertificate', { body: { csr }, actor })
  const certificates = await call('listCertificates', { params: device })
  assert.equal(certificates.items.length, 2)
  assert.equal((await call('listAllCertificates', { query: { state: 'in-force', limit: 10 } })).items.length, 2)
  const { serial } = certificates.items[0]
  await call('revokeCertificate', { params: { ...device, serial }, body: { reason: 'lost' } })
  await call('createDeviceToken', { params: device })
  await call('revokeDeviceToken', { params: device })

  const log = await call('listAudit', { query: { limit: 1000 } })
  const actions = new Set(log.items.map(({ action }: { action: string }) => action))
  for (const action of [
    'user.invite',
    'grant.create',
    'token.revoke',
    'share.create',
    'device.enrol',
    'certificate.revoke',
  ]) {
    assert.ok(actions.has(action), action)
  }
  const verdict = await call('verifyAudit')
  assert.equal(verdict.ok, true)
  assert.equal(verdict.entries, log.items.length)

  assert.deepEqual(
    Object.keys(kit.trust.handlers).filter((each) => !called.has(each)),
    [],
  )
  assert.deepEqual(
    Object.keys(trustOperations).filter((each) => !called.has(each)),
    [],
  )
})

const nodeId = newId('ast')
