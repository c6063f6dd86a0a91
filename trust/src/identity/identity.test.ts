import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { after, before, beforeEach, test } from 'node:test'
import { createLog, DAY, HOUR, MINUTE, newId } from '@millwright/foundation'
import type { Actor } from '../actor.ts'
import { Authority } from '../authority/authority.ts'
import { checkCsr } from '../authority/csr.ts'
import { openSeal } from '../authority/seal.ts'
import { serverNames } from '../authority/server-names.ts'
import { deviceKeys } from '../testing/device-keys.ts'
import { ADDRESS, openTestTrust, person, signInByLink, type TestTrust } from '../testing/open-trust.ts'
import { TlsDoor } from '../testing/tls-door.ts'

let kit: TestTrust
let admin: Actor
let door: TlsDoor
let device: string

before(async () => {
  kit = await openTestTrust({ publicUrl: 'https://localhost:8080' })
  admin = await kit.administrator()
  kit.tree.add(kit.tenant, 'line-1')
  door = await TlsDoor.open(kit)
})
after(async () => {
  await door.close()
  await kit.close()
})
beforeEach(() => {
  device = kit.devices.add(kit.tenant, newId('dev'), ['line-1'], 'Pump controller')
})

async function enrolled(kind: Parameters<typeof deviceKeys>[0] = 'P-256') {
  const { token } = await kit.trust.enrolment.createToken(admin, device)
  const { key, csr } = await deviceKeys(kind)
  const reply = await kit.trust.enrolment.enrol({ token, csr, address: ADDRESS })
  return { key, cert: reply.certificate, reply }
}

test('a device enrols with its token and is known by its certificate over TLS', async () => {
  for (const kind of ['P-256', 'P-384', 'Ed25519', 'RSA-2048'] as const) {
    const { key, cert, reply } = await enrolled(kind)
    assert.equal(reply.device, device)
    assert.equal(reply.tenant, kit.tenant)
    assert.deepEqual(reply.mqtt, { host: 'localhost', port: 8883 })
    assert.deepEqual(reply.http, { url: 'https://localhost:8080' })
    assert.equal(reply.authority, kit.trust.authority.certificate)
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const answer = await door.connect({ key, cert, maxVersion })
      assert.equal(answer.device, device)
      assert.equal(answer.tenant, kit.tenant)
      // OpenSSL's own check of the chain agrees.
      assert.equal(answer.authorized, true)
    }
  }
  const event = kit.events.findLast(({ type }) => type === 'millwright.device.enrolled')
  assert.equal(event?.subject, device)
})

test('the token pins the authority that the device is to trust', async () => {
  const { token, authorityFingerprint } = await kit.trust.enrolment.createToken(admin, device)
  assert.equal(authorityFingerprint, kit.trust.authority.fingerprint)
  assert.equal(token.slice(-32), authorityFingerprint.slice(0, 32))
  const { csr } = await deviceKeys()
  const elsewhere = `${token.slice(0, -32)}${'0'.repeat(32)}`
  await assert.rejects(kit.trust.enrolment.enrol({ token: elsewhere, csr, address: ADDRESS }), {
    code: 'MW-IDENTITY-0011',
  })
})

test('a token enrols once, of many who come with it at the same time one', async () => {
  const { token } = await kit.trust.enrolment.createToken(admin, device)
  const { csr } = await deviceKeys()
  const all = await Promise.allSettled(
    Array.from({ length: 8 }, () => kit.trust.enrolment.enrol({ token, csr, address: ADDRESS })),
  )
  assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 1)
  for (const each of all) if (each.status === 'rejected') assert.equal(each.reason.code, 'MW-IDENTITY-0010')
  assert.equal((await kit.trust.enrolment.certificates(admin, device)).length, 1)
})

test('a token that has run out, was replaced, or was made up enrols nobody', async () => {
  const { csr } = await deviceKeys()
  const enrol = (token: string) => kit.trust.enrolment.enrol({ token, csr, address: ADDRESS })
  const first = await kit.trust.enrolment.createToken(admin, device)
  const second = await kit.trust.enrolment.createToken(admin, device, MINUTE)
  await assert.rejects(enrol(first.token), { code: 'MW-IDENTITY-0010', status: 401 })
  await kit.clock.advance(MINUTE)
  await assert.rejects(enrol(second.token), { code: 'MW-IDENTITY-0010' })
  await assert.rejects(enrol("mwe_' or 1=1 --_x"), { code: 'MW-IDENTITY-0010' })
  const made = `mwe_${'0'.repeat(64)}_${kit.trust.authority.fingerprint.slice(0, 32)}`
  await assert.rejects(enrol(made), { code: 'MW-IDENTITY-0010' })
  for (const validFor of [0, MINUTE - 1, 31 * DAY, Number.NaN]) {
    await assert.rejects(kit.trust.enrolment.createToken(admin, device, validFor), { code: 'MW-IDENTITY-0017' })
  }
})

test('a bad request leaves the token for a good one', async () => {
  const { token } = await kit.trust.enrolment.createToken(admin, device)
  const enrol = (csr: string) => kit.trust.enrolment.enrol({ token, csr, address: ADDRESS })
  await assert.rejects(enrol('nonsense'), { code: 'MW-PKI-0005' })
  await assert.rejects(enrol((await deviceKeys('RSA-1024')).csr), { code: 'MW-PKI-0007' })
  await enrol((await deviceKeys()).csr)
})

test('a device cannot enrol as another one, or as an administrator', async () => {
  const { token } = await kit.trust.enrolment.createToken(admin, device)
  const victim = kit.devices.add(kit.tenant, newId('dev'))
  const { key, csr } = await deviceKeys('P-256', victim)
  const reply = await kit.trust.enrolment.enrol({ token, csr, address: ADDRESS })
  const answer = await door.connect({ key, cert: reply.certificate })
  assert.equal(answer.device, device)
})

test('a certificate without its key gets nobody in', async () => {
  const { cert } = await enrolled()
  const { key } = await deviceKeys()
  await assert.rejects(door.connect({ key, cert }), /key values mismatch/)
})

test('foreign and self-signed certificates are refused, whatever they say they are', async () => {
  const directory = await mkdtemp(`${kit.directory}/foreign-`)
  const foreign = await Authority.open({
    directory,
    seal: await openSeal(directory, undefined),
    clock: kit.clock,
    log: createLog({ level: 'silent' }),
    serverNames: serverNames('https://localhost'),
    revoked: async () => [],
  })
  const { key, csr } = await deviceKeys()
  const { chain } = await foreign.issue({ device, tenant: kit.tenant }, await checkCsr(csr))
  assert.deepEqual(await door.connect({ key, cert: chain }), { code: 'MW-IDENTITY-0001' })
  // Its own authority added to the chain it sends helps it no further.
  assert.deepEqual(await door.connect({ key, cert: chain + foreign.certificate }), { code: 'MW-IDENTITY-0001' })
  const own = foreign.serverTls()
  assert.deepEqual(await door.connect({ key: own.key, cert: own.cert }), { code: 'MW-IDENTITY-0001' })
  // The server's own certificate is none of a device.
  const ours = kit.trust.authority.serverTls()
  assert.deepEqual(await door.connect({ key: ours.key, cert: ours.cert }), { code: 'MW-IDENTITY-0004' })
  assert.deepEqual(await door.connect({}), { code: 'none' })
})

test('a device does not take another server for the platform', async () => {
  const { key, cert } = await enrolled()
  await assert.rejects(door.connect({ key, cert, ca: [] }), /self.signed|unable to|local issuer/)
  await assert.rejects(door.connect({ key, cert, servername: 'evil.example' }), /altnames/)
})

test('a revoked certificate is refused at once, also after a restart; others of the device hold', async () => {
  const one = await enrolled()
  const two = await enrolled()
  const { serial } = await door.connect(one)
  assert.ok(serial)
  const certificate = await kit.trust.enrolment.revoke(admin, device, serial, 'stolen')
  assert.equal(certificate.revocationReason, 'stolen')
  assert.deepEqual(await door.connect(one), { code: 'MW-IDENTITY-0005' })
  assert.equal((await door.connect(two)).device, device)
  const event = kit.events.findLast(({ type }) => type === 'millwright.certificate.revoked')
  assert.deepEqual(event?.data, { device, serial })
  const trust = await kit.reopen()
  await assert.rejects(trust.deviceIdentity.byCertificate(new X509Certificate(one.cert)), {
    code: 'MW-IDENTITY-0005',
    status: 401,
  })
  const [list] = await trust.authority.revocationLists()
  assert.match(Buffer.from(list!.der).toString('hex'), new RegExp(serial))
  await assert.rejects(kit.trust.enrolment.revoke(admin, device, serial, 'again'), { code: 'MW-IDENTITY-0014' })
  await assert.rejects(kit.trust.enrolment.revoke(admin, device, 'abcd', 'x'), { code: 'MW-IDENTITY-0013' })
  const other = kit.devices.add(kit.tenant, newId('dev'))
  await assert.rejects(kit.trust.enrolment.revoke(admin, other, serial, 'x'), { code: 'MW-IDENTITY-0013' })
})

test('a certificate that a restored backup does not know is refused, unless it is to be adopted', async () => {
  const { key, cert } = await enrolled()
  const { serial } = await door.connect({ key, cert })
  await kit.database.system((sql) => sql.query('delete from certificates where serial = $1', [serial]))
  const certificate = new X509Certificate(cert)
  const { deviceIdentity } = await kit.reopen()
  await assert.rejects(deviceIdentity.byCertificate(certificate), { code: 'MW-IDENTITY-0018', status: 401 })
  const adopting = await kit.reopen({ adoptCertificates: true })
  const name = kit.devices.add(kit.tenant, newId('dev'))
  assert.equal((await adopting.deviceIdentity.byCertificate(certificate)).device, device)
  const { items } = await adopting.enrolment.certificates(admin, device).then((held) => ({ items: held }))
  assert.deepEqual(
    items.map((held) => [held.serial, held.notAfter, held.fingerprint]),
    [[serial, certificate.validToDate.getTime() * 1000, certificate.fingerprint256.replaceAll(':', '').toLowerCase()]],
  )
  // On record again: known without the option, and it can be revoked.
  const after = await kit.reopen()
  assert.equal((await after.deviceIdentity.byCertificate(certificate)).device, device)
  await after.enrolment.revoke(admin, device, serial!, 'lost')
  await assert.rejects(after.deviceIdentity.byCertificate(certificate), { code: 'MW-IDENTITY-0005' })
  const entries = await kit.trust.audit.list(admin, { action: 'certificate.adopt' })
  assert.equal(entries.items.length, 1)
  // A device that is gone is not brought back.
  await kit.database.system((sql) => sql.query('delete from certificates where serial = $1', [serial]))
  kit.devices.remove(device)
  const third = await kit.reopen({ adoptCertificates: true })
  await assert.rejects(third.deviceIdentity.byCertificate(certificate), { code: 'MW-IDENTITY-0006' })
  kit.devices.remove(name)
})

test('all certificates of a tenant, by their end, as far as the person may see their devices', async () => {
  const list = async (query = {}, actor = admin) =>
    (await kit.trust.handlers.listAllCertificates({ actor, query: { limit: 1000, ...query } } as never)).items
  const before = (await list()).length
  const own = device
  const { cert } = await enrolled()
  const serial = new X509Certificate(cert).serialNumber.toLowerCase()
  device = kit.devices.add(kit.tenant, newId('dev'), ['line-2'])
  const other = await enrolled()
  const otherSerial = new X509Certificate(other.cert).serialNumber.toLowerCase()
  const all = await list()
  assert.equal(all.length, before + 2)
  assert.deepEqual(
    all,
    all.toSorted((a, b) => a.notAfter - b.notAfter || (a.serial < b.serial ? -1 : 1)),
  )
  assert.equal(all.find((held) => held.serial === serial)?.deviceName, 'Pump controller')
  await kit.trust.enrolment.revoke(admin, own, serial, 'lost')
  const serials = (items: { serial: string }[]) => items.map((held) => held.serial)
  assert.ok(serials(await list({ state: 'revoked' })).includes(serial))
  assert.ok(!serials(await list({ state: 'in-force' })).includes(serial))
  assert.deepEqual(await list({ state: 'expired' }), [])
  const { notAfter } = all.find((held) => held.serial === otherSerial)!
  assert.ok(!serials(await list({ expiresBefore: notAfter })).includes(otherSerial))
  assert.ok(serials(await list({ expiresBefore: notAfter + 1 })).includes(otherSerial))
  const viewer = await person(kit.trust, admin, { role: 'Viewer', node: 'line-1' })
  const seen = serials(await list({}, viewer))
  assert.ok(seen.includes(serial) && !seen.includes(otherSerial))
  const paged: string[] = []
  let cursor: string | undefined
  do {
    const page = await kit.trust.handlers.listAllCertificates({ actor: viewer, query: { limit: 1, cursor } } as never)
    paged.push(...serials(page.items))
    cursor = page.next
  } while (cursor !== undefined)
  assert.deepEqual(paged, seen)
})

test('what another process revokes is refused here when the bus says so', async () => {
  const { key, cert } = await enrolled()
  const { serial } = await door.connect({ key, cert })
  await kit.bus.publish({
    id: newId('evt'),
    type: 'millwright.certificate.revoked',
    source: 'elsewhere',
    subject: device,
    tenant: kit.tenant,
    time: kit.clock.now(),
    data: { device, serial },
  })
  assert.deepEqual(await door.connect({ key, cert }), { code: 'MW-IDENTITY-0005' })
})

test('an expired certificate is refused', async () => {
  const trust = await kit.reopen({ deviceCertificateFor: HOUR })
  const { token } = await trust.enrolment.createToken(admin, device)
  const { key, csr } = await deviceKeys()
  const { certificate: cert } = await trust.enrolment.enrol({ token, csr, address: ADDRESS })
  assert.equal((await door.connect({ key, cert })).device, device)
  await kit.clock.advance(HOUR)
  assert.deepEqual(await door.connect({ key, cert }), { code: 'MW-IDENTITY-0002' })
})

test('a disabled, moved or removed device is refused with a certificate that is good', async () => {
  const { key, cert } = await enrolled()
  kit.devices.change(device, { disabled: true })
  assert.deepEqual(await door.connect({ key, cert }), { code: 'MW-IDENTITY-0007' })
  kit.devices.change(device, { disabled: false, tenant: newId('ten') })
  assert.deepEqual(await door.connect({ key, cert }), { code: 'MW-IDENTITY-0006' })
  kit.devices.change(device, { tenant: kit.tenant })
  assert.equal((await door.connect({ key, cert })).device, device)
  kit.devices.remove(device)
  await kit.bus.publish({
    id: newId('evt'),
    type: 'millwright.device.removed',
    source: 'test',
    subject: device,
    tenant: kit.tenant,
    time: kit.clock.now(),
    data: {},
  })
  assert.deepEqual(await door.connect({ key, cert }), { code: 'MW-IDENTITY-0005' })
})

test('a device renews with the certificate it holds, and with nothing else', async () => {
  const { cert } = await enrolled()
  const authenticate = (more: object) => kit.trust.authenticate({ method: 'POST', address: ADDRESS, ...more })
  const { actor } = await authenticate({ clientCertificate: new X509Certificate(cert).raw })
  assert.equal(actor.kind, 'device')
  assert.equal(actor.id, device)
  const { key, csr } = await deviceKeys()
  const renewed = await kit.trust.enrolment.renew(actor, csr)
  assert.notEqual(renewed.certificate, cert)
  assert.equal((await door.connect({ key, cert: renewed.certificate })).device, device)
  const { token } = await kit.trust.enrolment.createDeviceToken(admin, device)
  const byToken = await authenticate({ authorization: `Bearer ${token}` })
  assert.equal(byToken.actor.kind, 'device')
  await assert.rejects(kit.trust.enrolment.renew(byToken.actor, csr), { code: 'MW-IDENTITY-0015', status: 403 })
  await assert.rejects(kit.trust.enrolment.renew(admin, csr), { code: 'MW-IDENTITY-0015' })
  await kit.trust.enrolment.revoke(admin, device, actor.certificate ?? '', 'stolen')
  await assert.rejects(kit.trust.enrolment.renew(actor, csr), { code: 'MW-IDENTITY-0005' })
  await assert.rejects(authenticate({ clientCertificate: Buffer.from('nonsense') }), { code: 'MW-IDENTITY-0009' })
})

test('a device that renews without end keeps eight certificates, the one in use among them', async () => {
  const { cert } = await enrolled()
  const clientCertificate = new X509Certificate(cert).raw
  const { actor } = await kit.trust.authenticate({ clientCertificate, method: 'POST', address: ADDRESS })
  const { csr } = await deviceKeys()
  for (let i = 0; i < 12; i++) {
    await kit.clock.advance(MINUTE)
    await kit.trust.enrolment.renew(actor, csr)
  }
  const all = await kit.trust.enrolment.certificates(admin, device)
  const inForce = all.filter(({ revokedAt }) => revokedAt === undefined)
  assert.equal(all.length, 13)
  assert.equal(inForce.length, 8)
  assert.ok(inForce.some(({ serial }) => serial === actor.certificate))
})

test('an access token gets a device in until it is taken back or replaced', async () => {
  const { token } = await kit.trust.enrolment.createDeviceToken(admin, device)
  assert.match(token, /^mwd_[0-9a-f]{64}$/)
  const found = await kit.trust.deviceIdentity.byToken(token)
  assert.deepEqual(found, {
    device,
    tenant: kit.tenant,
    name: 'Pump controller',
    place: { tenant: kit.tenant, path: ['line-1'] },
  })
  const { token: next } = await kit.trust.enrolment.createDeviceToken(admin, device)
  await assert.rejects(kit.trust.deviceIdentity.byToken(token), { code: 'MW-IDENTITY-0008', status: 401 })
  await kit.trust.deviceIdentity.byToken(next)
  kit.devices.change(device, { disabled: true })
  await assert.rejects(kit.trust.deviceIdentity.byToken(next), { code: 'MW-IDENTITY-0007' })
  kit.devices.change(device, { disabled: false })
  await kit.trust.enrolment.revokeDeviceToken(admin, device)
  await assert.rejects(kit.trust.deviceIdentity.byToken(next), { code: 'MW-IDENTITY-0008' })
  await assert.rejects(kit.trust.enrolment.revokeDeviceToken(admin, device), { code: 'MW-IDENTITY-0016' })
  const events = kit.events.filter(
    ({ type, subject }) => type === 'millwright.device.token-revoked' && subject === device,
  )
  assert.equal(events.length, 2)
  for (const text of ['', 'x', `mwd_${'0'.repeat(64)}`, `mwt_${'0'.repeat(64)}`, "' or 1=1 --"]) {
    await assert.rejects(kit.trust.deviceIdentity.byToken(text), { code: 'MW-IDENTITY-0008' })
  }
})

test('only who may deal with a device’s credentials does, where it hangs', async () => {
  const viewer = await person(kit.trust, admin, { role: 'Viewer' })
  const maintainer = await person(kit.trust, admin, { role: 'Maintainer', node: 'line-1' })
  const elsewhere = await person(kit.trust, admin, { role: 'Maintainer', node: kit.tree.add(kit.tenant, newId('ast')) })
  const { enrolment } = kit.trust
  await assert.rejects(enrolment.createToken(viewer, device), { code: 'MW-ACCESS-0001', status: 403 })
  await assert.rejects(enrolment.createDeviceToken(viewer, device), { code: 'MW-ACCESS-0001' })
  await assert.rejects(enrolment.revoke(viewer, device, 'ab', 'x'), { code: 'MW-ACCESS-0001' })
  await assert.rejects(enrolment.createToken(elsewhere, device), { code: 'MW-IDENTITY-0012', status: 404 })
  await assert.rejects(enrolment.certificates(elsewhere, device), { code: 'MW-IDENTITY-0012' })
  await assert.rejects(enrolment.certificates(viewer, newId('dev')), { code: 'MW-IDENTITY-0012' })
  assert.deepEqual(await enrolment.certificates(viewer, device), [])
  await enrolment.createToken(maintainer, device)
  const given = { name: 'Other', adminEmail: 'boss@other.example', adminName: 'Boss' }
  const { link } = await kit.trust.tenants.create(admin, given)
  const stranger = await signInByLink(kit.trust, link)
  await assert.rejects(enrolment.createToken(stranger, device), { code: 'MW-IDENTITY-0012' })
  await assert.rejects(enrolment.revokeDeviceToken(stranger, device), { code: 'MW-IDENTITY-0012' })
})
