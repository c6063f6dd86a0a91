import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { TestPorts } from '@millwright/connectivity/testing'
import { createLog, DAY, systemClock } from '@millwright/foundation'
import { opcuaAdapter } from './adapter.ts'
import type { OpcuaConfig } from './config.ts'
import { loadLibrary } from './library.ts'
import { applicationIdentity } from './security/application.ts'
import { type MadeCertificate, makeCertificate, makeIssued } from './testing/certificates.ts'
import { TestServer } from './testing/test-server.ts'

const POLICIES = ['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'] as const
const MODES = ['Sign', 'SignAndEncrypt'] as const
const SPEED = [{ node: 'nsu=urn:millwright:test:machine;s=Speed', metric: 'speed' }]

describe('security of OPC UA connections', () => {
  let server: TestServer
  let user: MadeCertificate
  const ports = new TestPorts()
  const open: { stop(): Promise<void> }[] = []

  before(async () => {
    user = await makeCertificate(100, 'Operator')
    server = await TestServer.start({
      policies: ['None', ...POLICIES],
      modes: ['None', ...MODES],
      users: { operator: 'pa55word' },
    })
  })
  after(async () => {
    for (const connection of open) await connection.stop()
    ports.close()
    await server?.kill()
  })

  const config = (more: Partial<OpcuaConfig> = {}): OpcuaConfig => ({
    endpoint: server.endpoint,
    trustedCertificates: [server.certificate],
    nodes: SPEED,
    publishingInterval: 50,
    ...more,
  })
  const tried = (more?: Partial<OpcuaConfig>) => opcuaAdapter.test(config(more), ports.probe())
  async function run(more: Partial<OpcuaConfig>) {
    const given = new TestPorts({ keep: ports })
    const connection = opcuaAdapter.create(config(more), given)
    open.push(connection)
    await connection.start()
    return given
  }

  it('speaks each policy in each mode', async () => {
    for (const policy of POLICIES) {
      for (const mode of MODES) {
        const result = await tried({ security: { policy, mode } })
        assert.ok(result.ok, JSON.stringify(result.steps))
        assert.equal(result.steps[2]?.detail, `${policy}, ${mode}`)
      }
    }
    assert.ok((await tried({ security: { policy: 'None' }, trustedCertificates: [] })).ok)
    const best = await tried()
    assert.equal(best.steps[1]?.detail, 'Aes256_Sha256_RsaPss, SignAndEncrypt')
  })

  it('brings readings over a signed and encrypted channel', async () => {
    const given = await run({})
    await given.until(() => given.last('speed')?.value === 1450)
  })

  it('is a user by name and password, or by certificate; a wrong one is said in words', async () => {
    const password = await tried({ identity: { type: 'password', user: 'operator', password: 'pa55word' } })
    assert.ok(password.ok, JSON.stringify(password.steps))
    const wrong = await tried({ identity: { type: 'password', user: 'operator', password: 'wrong' } })
    assert.match(wrong.steps.at(-1)?.detail ?? '', /does not know this user, or the password/)
    const identity = { type: 'certificate', certificate: user.certificate, key: user.key } as const
    const certificate = await tried({ identity })
    assert.ok(certificate.ok, JSON.stringify(certificate.steps))
    const clear = await tried({
      security: { policy: 'None' },
      identity: { type: 'password', user: 'operator', password: 'pa55word' },
    })
    assert.ok(clear.ok, JSON.stringify(clear.steps))
  })

  it('does not send a password to a server whose certificate nobody accepted, on an unsecured channel neither', async () => {
    const result = await tried({
      security: { policy: 'None' },
      identity: { type: 'password', user: 'operator', password: 'pa55word' },
      trustedCertificates: [],
    })
    assert.equal(result.ok, false)
    assert.equal(result.certificates.length, 1)
  })

  it('asks about an unknown certificate, takes an accepted one, and says of a rejected one what that means', async () => {
    const given = await run({ trustedCertificates: [] })
    const [asked] = await given.until(() => (given.certificates.length > 0 ? given.certificates : undefined))
    assert.equal(
      asked?.fingerprint,
      new X509Certificate(server.certificate).fingerprint256.replaceAll(':', '').toLowerCase(),
    )
    assert.deepEqual([asked?.subject, asked?.reason.includes('Nobody accepted')], ['CN=Test server', true])
    assert.equal(given.state?.state, 'failed')
    assert.match(given.state?.reason ?? '', /accept it in the console/i)
    const accepted = await run({ trustedCertificates: [asked!.pem] })
    await accepted.until(() => accepted.last('speed'))
    assert.deepEqual(accepted.certificates, [])
    const rejected = await run({ trustedCertificates: [], rejectedCertificates: [asked!.fingerprint] })
    await rejected.until(() => rejected.state?.state === 'failed')
    assert.match(rejected.state?.reason ?? '', /was rejected/)
    assert.match(rejected.state?.reason ?? '', /accepts this one after all/)
    assert.deepEqual(
      rejected.certificates.map(({ fingerprint }) => fingerprint),
      [asked!.fingerprint],
    )
  })

  it('names a certificate that ran out, before and after it was accepted', async () => {
    const { pem, certificate } = await makeCertificate(-2)
    const old = await TestServer.start({ policies: ['Basic256Sha256'], modes: ['SignAndEncrypt'], pem })
    open.push({ stop: () => old.kill() })
    const unknown = await tried({ endpoint: old.endpoint, trustedCertificates: [] })
    assert.match(unknown.certificates[0]?.reason ?? '', /expired on \d{4}-\d\d-\d\d/)
    const accepted = await tried({ endpoint: old.endpoint, trustedCertificates: [certificate] })
    assert.match(accepted.steps.at(-1)?.detail ?? '', /expired on .*renew it at the server/)
    const borne = await tried({ endpoint: old.endpoint, trustedCertificates: [certificate], acceptExpired: true })
    assert.ok(borne.ok, JSON.stringify(borne.steps))
    const running = await run({ endpoint: old.endpoint, trustedCertificates: [certificate], acceptExpired: true })
    await running.until(() => running.last('speed') && running.state?.state === 'degraded')
    assert.match(running.state?.reason ?? '', /expired on/)
  })

  it('trusts a server whose certificate a listed authority issued, by its chain', async () => {
    const { pem, root, issuer } = makeIssued()
    const issued = await TestServer.start({ policies: ['Basic256Sha256'], modes: ['SignAndEncrypt'], pem })
    open.push({ stop: () => issued.kill() })
    const { endpoint } = issued
    const unknown = await tried({ endpoint, trustedCertificates: [server.certificate] })
    assert.deepEqual(
      unknown.certificates.map(({ subject, issuer }) => [subject, issuer]),
      [['CN=server', 'CN=issuer']],
    )
    for (const accepted of [root, issuer, unknown.certificates[0]!.pem]) {
      const { ok, steps } = await tried({ endpoint, trustedCertificates: [accepted] })
      assert.ok(ok, JSON.stringify(steps))
    }
    const running = await run({ endpoint, trustedCertificates: [root] })
    await running.until(() => running.last('speed'))
    const fingerprint = unknown.certificates[0]!.fingerprint
    const rejected = await tried({ endpoint, trustedCertificates: [root], rejectedCertificates: [fingerprint] })
    assert.match(rejected.steps.at(-1)?.detail ?? '', /was rejected/)
  })

  it('keeps one application certificate, with its URI, and renews it in time', async () => {
    const file = join(ports.identity, 'opcua-client.pem')
    const before = readFileSync(file, 'utf8')
    const library = await loadLibrary(createLog({ level: 'silent' }))
    const now = systemClock.now()
    const same = await applicationIdentity(library, ports.identity, now)
    assert.equal(readFileSync(file, 'utf8'), before)
    assert.match(same.certificate.subjectAltName ?? '', new RegExp(`URI:${same.applicationUri}`))
    assert.equal(same.certificate.publicKey.asymmetricKeyDetails?.modulusLength, 2048)
    const later = await applicationIdentity(library, ports.identity, now + (5 * 365 - 20) * DAY)
    assert.equal(later.applicationUri, same.applicationUri)
    assert.notEqual(later.certificate.fingerprint256, same.certificate.fingerprint256)
  })
})
