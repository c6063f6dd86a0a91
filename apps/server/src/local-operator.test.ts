import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PERMISSIONS } from '@millwright/contracts'
import { newId } from '@millwright/foundation'
import { testActor } from '@millwright/trust/testing'
import { LocalOperator } from './local-operator.ts'

test('the local operator is known by its token on this machine alone, and can say who it is', async () => {
  const tenant = { id: newId('ten'), name: 'Works', createdAt: 5, version: 1 }
  const local = new LocalOperator(tenant.id)
  const somebody = testActor({ tenant: tenant.id })
  const authenticate = local.over(async () => ({ actor: somebody }))
  const given = (address: string) => ({ authorization: `Bearer ${local.token}`, address, method: 'GET' })
  const { actor } = await authenticate(given('127.0.0.1'))
  assert.equal(local.is(actor), true)
  assert.equal(local.is((await authenticate(given('192.0.2.1'))).actor), false)
  const session = local.session(tenant)
  assert.deepEqual(session.permissions['*'], [...PERMISSIONS])
  assert.deepEqual([session.tenant, session.user.name], [tenant, 'local operator'])
})
