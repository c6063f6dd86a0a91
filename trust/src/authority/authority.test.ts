import 'reflect-metadata'
import assert from 'node:assert/strict'
import { createHash, X509Certificate } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { createLog, DAY, HOUR } from '@millwright/foundation'
import { VirtualClock } from '@millwright/foundation/testing'
import { X509Certificate as PeculiarCertificate, X509Crl } from '@peculiar/x509'
import fc from 'fast-check'
import { deviceKeys } from '../testing/device-keys.ts'
import { Authority, type AuthorityOptions } from './authority.ts'
import { checkCsr } from './csr.ts'
import type { RevokedCertificate } from './revocation-list.ts'
import { openSeal } from './seal.ts'
import { serverNames } from './server-names.ts'

let directory: string
let clock: VirtualClock
let revoked: RevokedCertificate[] = []

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millwright-pki-'))
  clock = new VirtualClock(Date.UTC(2026, 0, 1) * 1000)
  revoked = []
})
afterEach(() => rm(directory, { recursive: true, force: true }))

async function open(more: Partial<AuthorityOptions> & { passphrase?: string } = {}): Promise<Authority> {
  return Authority.open({
    directory,
    seal: await openSeal(directory, more.passphrase),
    clock,
    log: createLog({ level: 'silent' }),
    serverNames: serverNames('https://plant.example:8080', 'box'),
    revoked: async () => revoked,
    ...more,
  })
}
const device = { device: 'dev_01k5zsx0v3m8f3t9q2w7r6y5n4', tenant: 'ten_01k5zsx0v3m8f3t9q2w7r6y5n4' }
const leaf = (pem: string) => new X509Certificate(pem)

test('an authority is the same after a restart, and its fingerprint that of its certificate', async () => {
  const one = await open()
  const two = await open()
  assert.equal(one.certificate, two.certificate)
  assert.deepEqual(one.serverTls(), two.serverTls())
  assert.equal(one.fingerprint, createHash('sha256').update(leaf(one.certificate).raw).digest('hex'))
  const root = leaf(one.certificate)
  assert.equal(root.ca, true)
  assert.ok(root.verify(root.publicKey))
  assert.equal(Math.round((root.validToDate.getTime() - clock.now() / 1000) / 86_400_000), 3650)
})

test('nobody reads a private key from the disk', async () => {
  const authority = await open()
  for (const name of await readdir(directory)) {
    const { mode } = await stat(join(directory, name))
    assert.equal(mode & 0o077, 0, `${name} is for the owner only`)
    const text = await readFile(join(directory, name), 'utf8')
    assert.doesNotMatch(text, /PRIVATE KEY/)
    const body = authority.serverTls().key.replace(/-----[^-]+-----|\n/g, '')
    assert.ok(!text.includes(body.slice(0, 40)))
  }
})

test('keys sealed with a passphrase open with it alone', async () => {
  const { certificate } = await open({ passphrase: 'a passphrase' })
  assert.ok(!(await readdir(directory)).includes('seal.key'))
  await assert.rejects(open(), { code: 'MW-PKI-0001' })
  await assert.rejects(open({ passphrase: 'another' }), { code: 'MW-PKI-0002' })
  assert.equal((await open({ passphrase: 'a passphrase' })).certificate, certificate)
})

test('a passphrase given later takes the key file away', async () => {
  const { certificate } = await open()
  assert.ok((await readdir(directory)).includes('seal.key'))
  assert.equal((await open({ passphrase: 'a passphrase' })).certificate, certificate)
  assert.ok(!(await readdir(directory)).includes('seal.key'))
  await assert.rejects(open(), { code: 'MW-PKI-0001' })
})

test('files that were changed, swapped or lost are refused with their name', async () => {
  await open()
  const path = (name: string) => join(directory, name)
  const read = (name: string) => readFile(path(name), 'utf8')
  const server = await read('server.key')
  await writeFile(path('server.key'), await read('root.key'))
  await assert.rejects(open(), { code: 'MW-PKI-0003' })
  const sealed = JSON.parse(server)
  await writeFile(path('server.key'), JSON.stringify({ ...sealed, data: `A${sealed.data.slice(1)}` }))
  await assert.rejects(open(), { code: 'MW-PKI-0003' })
  await writeFile(path('server.key'), 'not json')
  await assert.rejects(open(), { code: 'MW-PKI-0003', message: /server\.key/ })
  await rm(path('server.key'))
  await assert.rejects(open(), { code: 'MW-PKI-0004' })
  await writeFile(path('server.key'), server)
  await open()
  const seal = await read('seal.json')
  await writeFile(path('seal.json'), JSON.stringify({ ...JSON.parse(seal), format: 2 }))
  await assert.rejects(open(), { code: 'MW-PKI-0008' })
  await writeFile(path('seal.json'), seal)
  await rm(path('seal.key'))
  await assert.rejects(open(), { code: 'MW-PKI-0004', message: /seal\.key/ })
})

test('nothing that devices trust is made anew because a file is lost or changed', async () => {
  const one = await open()
  const path = (name: string) => join(directory, name)
  for (const name of ['root.crt', 'issuing-1.crt', 'seal.json']) {
    const content = await readFile(path(name), 'utf8')
    const before = (await readdir(directory)).length
    await rm(path(name))
    await assert.rejects(open(), { code: 'MW-PKI-0004', message: new RegExp(name) }, name)
    assert.equal((await readdir(directory)).length, before - 1, 'nothing is made')
    if (name.endsWith('.crt')) {
      const lines = content.split('\n')
      const line = lines.at(-4)!
      lines[lines.length - 4] = `${line.slice(0, 20)}${line[20] === 'A' ? 'B' : 'A'}${line.slice(21)}`
      await writeFile(path(name), lines.join('\n'))
      await assert.rejects(open(), { code: 'MW-PKI-0003', message: new RegExp(name) }, name)
    }
    await writeFile(path(name), content)
  }
  assert.equal((await open()).certificate, one.certificate)
})

test('a first start that broke off half-way is begun again', async () => {
  await open()
  await rm(join(directory, 'issuing-1.crt'))
  await rm(join(directory, 'server.crt'))
  const { cert } = (await open()).serverTls()
  const [, issuing] = cert.split(/(?<=-----END CERTIFICATE-----\n)/)
  assert.ok(leaf(cert).checkIssued(leaf(issuing ?? '')))
})

test('a device certificate says who the device is, and nothing the request asked for', async () => {
  const authority = await open()
  const { csr } = await deviceKeys('P-256', 'administrator')
  const issued = await authority.issue(device, await checkCsr(csr))
  const [own, issuing, rest] = issued.chain.split(/(?<=-----END CERTIFICATE-----\n)/)
  assert.equal(rest, undefined)
  const certificate = leaf(own ?? '')
  assert.deepEqual({ ...certificate.toLegacyObject().subject }, { CN: device.device, O: device.tenant })
  assert.equal(certificate.ca, false)
  assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.2'])
  assert.equal(certificate.subjectAltName, undefined)
  assert.match(issued.serial, /^[4-7][0-9a-f]{31}$/)
  assert.equal(certificate.serialNumber.toLowerCase(), issued.serial)
  assert.equal(certificate.fingerprint256.replaceAll(':', '').toLowerCase(), issued.fingerprint)
  assert.equal(certificate.validFromDate.getTime() * 1000, clock.now() - DAY)
  assert.equal(certificate.validToDate.getTime() * 1000, clock.now() + 365 * DAY)
  assert.ok(certificate.verify(leaf(issuing ?? '').publicKey))
  assert.ok(leaf(issuing ?? '').verify(leaf(authority.certificate).publicKey))
  assert.equal(authority.faultOf(certificate), undefined)
  const again = await authority.issue(device, await checkCsr(csr))
  assert.notEqual(again.serial, issued.serial)
})

test('what other authorities sign, what is too old, and what is for servers is no device’s', async () => {
  const authority = await open()
  const { csr } = await deviceKeys()
  const { chain } = await authority.issue(device, await checkCsr(csr))
  const other = await Authority.open({
    directory: await mkdtemp(join(tmpdir(), 'millwright-pki-')),
    seal: await openSeal(directory, undefined),
    clock,
    log: createLog({ level: 'silent' }),
    serverNames: [],
    revoked: async () => [],
  })
  assert.equal(authority.faultOf(leaf((await other.issue(device, await checkCsr(csr))).chain)), 'foreign')
  assert.equal(authority.faultOf(leaf(authority.certificate)), 'foreign')
  assert.equal(authority.faultOf(leaf(authority.serverTls().cert)), 'not for clients')
  await clock.advance(365 * DAY)
  assert.equal(authority.faultOf(leaf(chain)), 'expired')
  clock = new VirtualClock(Date.UTC(2025, 0, 1) * 1000)
  assert.equal((await open()).faultOf(leaf(chain)), 'not yet valid')
})

test('the server’s certificate is for the names it is reached by, and made anew when they change', async () => {
  const one = await open()
  const certificate = leaf(one.serverTls().cert)
  for (const name of ['plant.example', 'box', 'localhost']) assert.ok(certificate.checkHost(name), name)
  for (const address of ['127.0.0.1', '::1']) assert.ok(certificate.checkIP(address), address)
  assert.equal(certificate.checkHost('evil.example'), undefined)
  assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1'])
  const moved = await open({ serverNames: serverNames('https://new.example', 'box') })
  assert.ok(leaf(moved.serverTls().cert).checkHost('new.example'))
  assert.deepEqual(
    serverNames('https://[2001:db8::1]:8080/', 'A Machine').filter(({ value }) => !/^(localhost|127|::1)/.test(value)),
    [{ type: 'ip', value: '2001:db8::1' }],
  )
})

test('the server’s certificate is renewed while the program runs', async () => {
  const authority = await open()
  authority.start()
  let renewed: string | undefined
  authority.onServerRenewed(({ cert }) => {
    renewed = cert
  })
  const before = authority.serverTls().cert
  await clock.advance(59 * DAY)
  assert.equal(authority.serverTls().cert, before)
  // Each look writes files: let it end before time goes on.
  const deadline = performance.now() + 10_000
  while (renewed === undefined && performance.now() < deadline) {
    await clock.advance(HOUR)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  assert.ok(renewed)
  assert.notEqual(renewed, before)
  assert.equal(authority.serverTls().cert, renewed)
  await authority.stop()
})

test('a new issuing key is made in time, and what the old one signed still holds', async () => {
  const authority = await open({ deviceCertificateFor: 730 * DAY })
  const { csr } = await deviceKeys()
  const publicKey = await checkCsr(csr)
  await clock.advance(2 * 365 * DAY)
  const early = await authority.issue(device, publicKey)
  await clock.advance(365 * DAY + HOUR)
  await authority.renewDue()
  const late = await authority.issue(device, publicKey)
  assert.notEqual(leaf(early.chain).issuer, leaf(late.chain).issuer)
  assert.equal(late.notAfter - clock.now() > 729 * DAY, true)
  for (const { chain } of [early, late]) assert.equal(authority.faultOf(leaf(chain)), undefined)
  const reopened = await open()
  for (const { chain } of [early, late]) assert.equal(reopened.faultOf(leaf(chain)), undefined)
  assert.equal(reopened.serverTls().ca.length, 3)
})

/** The lists by their names, and whether each is signed by the issuer it names. */
async function listsOf(authority: Authority) {
  const lists = await authority.revocationLists()
  const issuers = authority.serverTls().ca.map((pem) => new PeculiarCertificate(pem))
  for (const { der } of lists) {
    const list = new X509Crl(new Uint8Array(der))
    const issuer = issuers.find(({ subject }) => subject === list.issuer)
    assert.equal(await list.verify({ publicKey: issuer! }), true)
    assert.equal(list.nextUpdate?.getTime(), clock.now() / 1000 + 7 * 86_400_000)
  }
  const serials = (der: Uint8Array) => new X509Crl(new Uint8Array(der)).entries.map(({ serialNumber }) => serialNumber)
  return new Map(lists.map(({ name, der }) => [name, serials(der)]))
}

test('each issuer whose certificates may still hold has a revocation list, signed by itself', async () => {
  const authority = await open({ deviceCertificateFor: 730 * DAY })
  assert.deepEqual(
    [...(await listsOf(authority))],
    [
      ['issuing-1', []],
      ['root', []],
    ],
  )
  const publicKey = await checkCsr((await deviceKeys()).csr)
  const early = await authority.issue(device, publicKey)
  await clock.advance(3.5 * 365 * DAY)
  await authority.renewDue()
  const late = await authority.issue(device, publicKey)
  const old = '40aabbccddeeff00112233445566778899'
  revoked = [
    { serial: early.serial, revokedAt: clock.now(), issuer: early.issuer },
    { serial: late.serial, revokedAt: clock.now(), issuer: late.issuer },
    { serial: old, revokedAt: clock.now(), issuer: undefined },
  ]
  authority.forgetRevocationLists()
  assert.deepEqual(
    [...(await listsOf(authority))],
    [
      ['issuing-2', [late.serial, old]],
      ['issuing-1', [early.serial, old]],
      ['root', []],
    ],
  )
  assert.equal(authority.issuerOf(leaf(early.chain)), early.issuer)
  await clock.advance(1.6 * 365 * DAY)
  assert.deepEqual([...(await listsOf(authority)).keys()], ['issuing-2', 'root'])
})

test('requests with keys strong enough are accepted, others not', async () => {
  for (const kind of ['P-256', 'P-384', 'Ed25519', 'RSA-2048'] as const) {
    await checkCsr((await deviceKeys(kind)).csr)
  }
  for (const kind of ['P-521', 'RSA-1024'] as const) {
    await assert.rejects(checkCsr((await deviceKeys(kind)).csr), { code: 'MW-PKI-0007', status: 422, path: 'csr' })
  }
})

test('what is not a request, or is not signed with its own key, is refused', async () => {
  const { csr, key } = await deviceKeys()
  const bad = (text: string, code = 'MW-PKI-0005') => assert.rejects(checkCsr(text), { code, path: 'csr' })
  await bad('')
  await bad(key)
  await bad(`${csr}\n${csr}`)
  await bad('x'.repeat(20_000))
  await bad('-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----')
  await bad((await open()).certificate)
  const der = Buffer.from(csr.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  const pem = (bytes: Buffer) =>
    `-----BEGIN CERTIFICATE REQUEST-----\n${bytes.toString('base64')}\n-----END CERTIFICATE REQUEST-----`
  const changed = Buffer.from(der)
  const last = changed.length - 1
  changed[last] = (changed[last] ?? 0) ^ 1
  await bad(pem(changed), 'MW-PKI-0006')
  const renamed = Buffer.from(der)
  renamed.write('W', renamed.indexOf('whatever'))
  await bad(pem(renamed), 'MW-PKI-0006')
  const own = Buffer.from((await checkCsr(csr)).rawData)
  await fc.assert(
    fc.asyncProperty(fc.nat(der.length - 1), fc.nat(255), async (at, value) => {
      const mutated = Buffer.from(der)
      mutated[at] = value
      try {
        // Lengths can be written in more than one way: then it is the same key all the same.
        assert.deepEqual(Buffer.from((await checkCsr(pem(mutated))).rawData), own)
      } catch (error) {
        assert.match((error as { code: string }).code, /^MW-PKI-/)
      }
    }),
    { numRuns: 200 },
  )
  await fc.assert(
    fc.asyncProperty(fc.string(), async (text) => {
      await assert.rejects(checkCsr(text), { code: 'MW-PKI-0005' })
    }),
  )
})
