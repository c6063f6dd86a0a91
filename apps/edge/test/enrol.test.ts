import assert from 'node:assert/strict'
import { join } from 'node:path'
import { it } from 'node:test'
import { loadIdentity } from '@millwright/sdk/device'
import { TestPlatform } from '@millwright/sdk/device/testing'
import { ensureIdentity } from '../src/index.ts'
import { AGENT, temporaryFolder } from './stage.ts'

it('follows its platform to another address, and no other platform', async (t) => {
  const [own, other, folder] = await Promise.all([TestPlatform.start(), TestPlatform.start(), temporaryFolder()])
  t.after(() => Promise.all([own.stop(), other.stop(), folder.remove()]))
  const { identity, fresh } = await ensureIdentity(folder.path, own.url, own.token(AGENT))
  assert.equal(fresh, true)
  // The same platform by another name.
  const url = own.url.includes('localhost')
    ? own.url.replace('localhost', '127.0.0.1')
    : own.url.replace('127.0.0.1', 'localhost')
  const moved = await ensureIdentity(folder.path, url, undefined)
  assert.deepEqual([moved.fresh, moved.identity.device, moved.identity.http.url], [false, AGENT, url])
  assert.notEqual(moved.identity.certificate, identity.certificate)
  const kept = await loadIdentity(join(folder.path, 'identity'))
  assert.deepEqual([kept.http.url, kept.certificate], [url, moved.identity.certificate.trim()])
  await assert.rejects(ensureIdentity(folder.path, other.url, undefined), { code: 'MW-EDGE-0002' })
  assert.deepEqual(await loadIdentity(join(folder.path, 'identity')), kept)
})
