import type { Certificate, EnrolmentReply } from '@millwright/contracts'
import { type Clock, DAY, HOUR, MINUTE } from '@millwright/foundation'
import type { Database, Sql } from '@millwright/storage'
import { authorize, may } from '../access/authorize.ts'
import { deviceActor, systemActor } from '../access/system-actor.ts'
import type { Actor } from '../actor.ts'
import type { AuditLog } from '../audit/model.ts'
import type { Authority, IssuedCertificate } from '../authority/authority.ts'
import { checkCsr } from '../authority/csr.ts'
import type { Announce } from '../events.ts'
import type { DevicePlace, DevicePlaces } from '../ports.ts'
import { hashSecret, newSecret } from '../secrets/secret.ts'
import { formatEnrolmentToken, newEnrolmentToken, parseEnrolmentToken } from './enrolment-token.ts'
import { identityErrors } from './errors.ts'
import type { IdentityService } from './service.ts'
import {
  consumeEnrolmentToken,
  deleteExpiredTokens,
  dropDeviceToken,
  dropEnrolmentTokens,
  findCertificate,
  insertCertificate,
  listCertificates,
  listInForce,
  markRevoked,
  peekEnrolmentToken,
  putDeviceToken,
  replaceEnrolmentToken,
} from './store.ts'

export interface Endpoints {
  readonly mqtt: { readonly host: string; readonly port: number }
  readonly http: { readonly url: string }
}

export interface EnrolmentOptions {
  readonly database: Database
  readonly clock: Clock
  readonly audit: AuditLog
  readonly announce: Announce
  readonly authority: Authority
  readonly identity: IdentityService
  readonly devicePlaces: DevicePlaces
  /** Where devices connect, as they are told. Asked each time: ports may be chosen at start. */
  readonly endpoints: () => Endpoints
}

const DEFAULT_VALIDITY = HOUR
/** Certificates of one device that hold at once; a further one revokes the oldest. */
const MOST_IN_FORCE = 8

/** How devices get, keep and lose their credentials. */
export class EnrolmentService {
  readonly #o: EnrolmentOptions

  constructor(options: EnrolmentOptions) {
    this.#o = options
  }

  /** Needs `device:enrol`. @param validFor µs; @returns the token is not shown again */
  async createToken(
    actor: Actor,
    device: string,
    validFor: number = DEFAULT_VALIDITY,
  ): Promise<{ token: string; expiresAt: number; authorityFingerprint: string }> {
    if (!(validFor >= MINUTE && validFor <= 30 * DAY)) throw identityErrors.badValidity({ path: 'validFor' })
    const found = await this.#device(actor, 'device:enrol', device)
    const { fingerprint } = this.#o.authority
    const token = newEnrolmentToken(fingerprint)
    const createdAt = this.#o.clock.now()
    const expiresAt = createdAt + validFor
    await this.#o.database.tenant(found.tenant, async (sql) => {
      const row = { hash: hashSecret(token.secret), device, createdAt, expiresAt }
      await replaceEnrolmentToken(sql, found.tenant, row)
      await this.#o.audit.record(actor, 'device.enrolment-token', device, { name: found.name, expiresAt }, sql)
    })
    return { token: formatEnrolmentToken(token), expiresAt, authorityFingerprint: fingerprint }
  }

  /** Trades a one-time token and a request for a certificate. A request that is refused leaves the token unused. */
  async enrol(given: { token: string; csr: string; address: string }): Promise<EnrolmentReply> {
    const { database, clock, authority, audit, announce } = this.#o
    const token = parseEnrolmentToken(given.token)
    if (token === undefined) throw identityErrors.badEnrolmentToken()
    if (!authority.fingerprint.startsWith(token.authority)) throw identityErrors.otherPlatform()
    const hash = hashSecret(token.secret)
    const owner = await database.system((sql) => peekEnrolmentToken(sql, hash, clock.now()))
    if (owner === undefined) throw identityErrors.badEnrolmentToken()
    const place = await this.#own(owner.device, owner.tenant)
    const publicKey = await checkCsr(given.csr)
    const issued = await authority.issue(owner, publicKey)
    const superseded = await database.tenant(owner.tenant, async (sql) => {
      if (!(await consumeEnrolmentToken(sql, hash, clock.now()))) throw identityErrors.badEnrolmentToken()
      const actor = deviceActor(owner.tenant, owner.device, place.name, given.address)
      const { serial, notAfter } = issued
      await audit.record(actor, 'device.enrol', owner.device, { serial, notAfter }, sql)
      return this.#keep(sql, owner.tenant, owner.device, issued)
    })
    await this.#announceRevoked(owner.tenant, owner.device, superseded)
    await announce('device.enrolled', owner.tenant, owner.device, { serial: issued.serial })
    return this.#reply(owner.device, owner.tenant, issued)
  }

  /** For a device that came with its certificate: the TLS handshake showed that it holds the key, `authenticate` that it is valid. */
  async renew(actor: Actor, csr: string): Promise<EnrolmentReply> {
    const { database, authority, audit } = this.#o
    if (actor.kind !== 'device' || actor.certificate === undefined) throw identityErrors.certificateNeeded()
    const { tenant, id: device, certificate: from } = actor
    await this.#own(device, tenant)
    const publicKey = await checkCsr(csr)
    const issued = await authority.issue({ device, tenant }, publicKey)
    const superseded = await database.tenant(tenant, async (sql) => {
      const old = await findCertificate(sql, tenant, device, from)
      if (old === undefined) throw identityErrors.certificateNeeded()
      if (old.revokedAt !== undefined) throw identityErrors.revoked({ serial: from })
      const { serial, notAfter } = issued
      await audit.record(actor, 'device.renew', device, { serial, notAfter, from }, sql)
      return this.#keep(sql, tenant, device, issued, from)
    })
    await this.#announceRevoked(tenant, device, superseded)
    return this.#reply(device, tenant, issued)
  }

  /** Needs `device:read`. */
  async certificates(actor: Actor, device: string): Promise<Certificate[]> {
    const { tenant } = await this.#device(actor, 'device:read', device)
    return this.#o.database.tenant(tenant, (sql) => listCertificates(sql, tenant, device))
  }

  /** Needs `device:revoke`. Refused from now on; a live connection is cut by whoever hears the event. */
  async revoke(actor: Actor, device: string, serial: string, reason: string): Promise<Certificate> {
    const { tenant } = await this.#device(actor, 'device:revoke', device)
    const revoked = await this.#o.database.tenant(tenant, async (sql) => {
      const known = await findCertificate(sql, tenant, device, serial)
      if (known === undefined) throw identityErrors.certificateNotFound({ serial })
      const done = await markRevoked(sql, tenant, serial, this.#o.clock.now(), reason)
      if (done === undefined) throw identityErrors.alreadyRevoked({ serial })
      await this.#o.audit.record(actor, 'certificate.revoke', device, { serial, reason }, sql)
      return done
    })
    await this.#announceRevoked(tenant, device, [serial])
    return revoked
  }

  /** Needs `device:enrol`. A token that was there before ends. @returns the token is not shown again */
  async createDeviceToken(actor: Actor, device: string): Promise<{ token: string }> {
    const { tenant, name } = await this.#device(actor, 'device:enrol', device)
    const token = newSecret('mwd')
    const replaced = await this.#o.database.tenant(tenant, async (sql) => {
      const row = { device, hash: hashSecret(token), createdAt: this.#o.clock.now() }
      const before = await putDeviceToken(sql, tenant, row)
      await this.#o.audit.record(actor, 'device.token', device, { name, replaced: before }, sql)
      return before
    })
    if (replaced) await this.#announceTokenGone(tenant, device)
    await this.#o.announce('device.enrolled', tenant, device)
    return { token }
  }

  /** Needs `device:revoke`. */
  async revokeDeviceToken(actor: Actor, device: string): Promise<void> {
    const { tenant } = await this.#device(actor, 'device:revoke', device)
    await this.#o.database.tenant(tenant, async (sql) => {
      if (!(await dropDeviceToken(sql, tenant, device))) throw identityErrors.noToken({ id: device })
      await this.#o.audit.record(actor, 'device.token-revoke', device, {}, sql)
    })
    await this.#announceTokenGone(tenant, device)
  }

  /** A device was removed: everything it could come in with ends. */
  async forgetDevice(tenant: string, device: string): Promise<void> {
    const now = this.#o.clock.now()
    const ended = await this.#o.database.tenant(tenant, async (sql) => {
      await dropEnrolmentTokens(sql, tenant, device)
      const token = await dropDeviceToken(sql, tenant, device)
      const serials = await listInForce(sql, tenant, device, now)
      for (const serial of serials) await markRevoked(sql, tenant, serial, now, 'the device was removed')
      if (token || serials.length > 0) {
        const detail = { serials, token, reason: 'the device was removed' }
        await this.#o.audit.record(systemActor(tenant), 'certificate.revoke', device, detail, sql)
      }
      return { token, serials }
    })
    await this.#announceRevoked(tenant, device, ended.serials)
    if (ended.token) await this.#announceTokenGone(tenant, device)
  }

  async tidy(): Promise<void> {
    await this.#o.database.system((sql) => deleteExpiredTokens(sql, this.#o.clock.now()))
  }

  /** @returns serials that were revoked to make room; the certificate the device came with is not among them */
  async #keep(sql: Sql, tenant: string, device: string, issued: IssuedCertificate, inUse?: string): Promise<string[]> {
    const { serial, subject, fingerprint, notBefore, notAfter } = issued
    await insertCertificate(sql, tenant, { serial, device, subject, fingerprint, notBefore, notAfter }, issued.issuer)
    this.#o.identity.issued(serial)
    const now = this.#o.clock.now()
    const inForce = await listInForce(sql, tenant, device, now)
    const spare = inForce.filter((other) => other !== serial && other !== inUse)
    const tooMany = spare.slice(Math.max(0, MOST_IN_FORCE - 2))
    for (const old of tooMany) await markRevoked(sql, tenant, old, now, 'superseded')
    return tooMany
  }

  async #announceRevoked(tenant: string, device: string, serials: readonly string[]): Promise<void> {
    // Refused in this process before anybody else hears of it.
    for (const serial of serials) this.#o.identity.revoked(serial)
    for (const serial of serials) await this.#o.announce('certificate.revoked', tenant, device, { device, serial })
  }

  async #announceTokenGone(tenant: string, device: string): Promise<void> {
    this.#o.identity.forgetToken(device)
    await this.#o.announce('device.token-revoked', tenant, device, { device })
  }

  async #own(device: string, tenant: string): Promise<DevicePlace> {
    const found = await this.#o.devicePlaces.place(device)
    if (found === undefined || found.tenant !== tenant) throw identityErrors.deviceUnknown({ device })
    if (found.disabled) throw identityErrors.deviceDisabled({ device })
    return found
  }

  /** The device as an operator asks for it: unknown unless they may see it. */
  async #device(
    actor: Actor,
    permission: 'device:read' | 'device:enrol' | 'device:revoke',
    device: string,
  ): Promise<DevicePlace> {
    const found = await this.#o.devicePlaces.place(device)
    if (found === undefined || found.tenant !== actor.tenant) throw identityErrors.notFound({ id: device })
    if (!may(actor, 'device:read', found.place) && !may(actor, permission, found.place)) {
      throw identityErrors.notFound({ id: device })
    }
    authorize(actor, permission, found.place)
    return found
  }

  #reply(device: string, tenant: string, issued: IssuedCertificate): EnrolmentReply {
    const { mqtt, http } = this.#o.endpoints()
    return {
      device,
      tenant,
      certificate: issued.chain,
      authority: this.#o.authority.certificate,
      notAfter: issued.notAfter,
      mqtt: { host: mqtt.host, port: mqtt.port },
      http: { url: http.url },
    }
  }
}
