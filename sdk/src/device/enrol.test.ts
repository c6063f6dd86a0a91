import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { DeviceError, enrol, fetchAuthority, loadIdentity, pinnedFetch, renew } from './index.ts'
import { TestPlatform, testAuthority } from './testing/index.ts'
import { parseEnrolmentToken } from './token.ts'

let platform: TestPlatform
let directory: string
before(async () => {
  platform = await TestPlatform.start()
  directory = await mkdtemp(join(tmpdir(), 'millwright-device-'))
})
after(async () => {
  await platform.stop()
  await rm(directory, { recursive: true })
})

const refusedWith = (code: string) => (error: unknown) => error instanceof DeviceError && error.code === code

test('a token becomes an identity that only its owner can read', async () => {
  const folder = join(directory, 'pump')
  const identity = await enrol({ url: platform.url, token: platform.token('dev_pump'), directory: folder })
  assert.equal(identity.device, 'dev_pump')
  const certificate = new X509Certificate(identity.certificate)
  assert.match(certificate.subject, /CN=dev_pump/)
  assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1')
  for (const file of ['device.pem', 'authority.pem', 'identity.json']) {
    assert.equal((await stat(join(folder, file))).mode & 0o777, 0o600, file)
  }
  assert.equal((await stat(folder)).mode & 0o777, 0o700)
  const loaded = await loadIdentity(folder)
  assert.equal(loaded.certificate.trim(), identity.certificate.trim())
  assert.equal(loaded.key.trim(), identity.key.trim())
  assert.deepEqual(loaded.mqtt, identity.mqtt)
  assert.doesNotMatch(await readFile(join(folder, 'identity.json'), 'utf8'), /PRIVATE|BEGIN/)
})

test('a token is good once', async () => {
  const token = platform.token('dev_once')
  await enrol({ url: platform.url, token })
  await assert.rejects(enrol({ url: platform.url, token }), (error: unknown) => {
    assert.ok(refusedWith('refused')(error))
    assert.match((error as Error).message, /used up, expired or unknown/)
    return (error as DeviceError).status === 401
  })
})

test('a platform with another authority does not get the token', async () => {
  const stranger = await testAuthority('Stranger')
  const token = `mwe_${'a'.repeat(40)}_${stranger.fingerprint.slice(0, 32)}`
  await assert.rejects(enrol({ url: platform.url, token }), refusedWith('authority-mismatch'))
})

test('tokens that are not whole, and addresses without TLS, are refused before anything is sent', async () => {
  for (const token of ['', 'mwe_', 'mwe_secret_123', 'nonsense', `mwe_${'a'.repeat(300)}_${'0'.repeat(32)}`]) {
    assert.throws(() => parseEnrolmentToken(token), refusedWith('token-malformed'), token)
  }
  await assert.rejects(
    enrol({ url: platform.url.replace('https', 'http'), token: platform.token() }),
    refusedWith('not-https'),
  )
})

test('a platform that is away is told as such', async () => {
  const token = platform.token()
  await assert.rejects(enrol({ url: 'https://127.0.0.1:1', token }), refusedWith('unreachable'))
})

test('a missing or damaged identity says what to do', async () => {
  await assert.rejects(loadIdentity(join(directory, 'nobody')), refusedWith('identity-missing'))
  const folder = join(directory, 'damaged')
  await enrol({ url: platform.url, token: platform.token('dev_damaged'), directory: folder })
  await writeFile(join(folder, 'device.pem'), 'rubbish')
  await assert.rejects(loadIdentity(folder), refusedWith('identity-damaged'))
})

test('renewal over mutual TLS gives a new key and certificate for the same device', async () => {
  const first = await enrol({ url: platform.url, token: platform.token('dev_renew') })
  const second = await renew(first)
  assert.equal(second.device, 'dev_renew')
  assert.notEqual(second.key, first.key)
  assert.notEqual(second.certificate, first.certificate)
  assert.equal(second.http.url, platform.url)
})

test('pinnedFetch trusts the platform by its authority, and nobody else', async () => {
  const authority = await fetchAuthority(platform.url)
  const reply = await pinnedFetch(authority)(new Request(`${platform.url}/api/v1/info`))
  assert.equal(reply.status, 200)
  assert.deepEqual(await reply.json(), { authority: platform.authority.certificate })
  const other = await testAuthority('Other')
  await assert.rejects(
    pinnedFetch(other.certificate)(new Request(`${platform.url}/api/v1/info`)),
    refusedWith('unreachable'),
  )
})
