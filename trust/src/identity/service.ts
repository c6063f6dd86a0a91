import { X509Certificate } from 'node:crypto'
import { type Clock, MINUTE } from '@millwright/foundation'
import type { Database } from '@millwright/storage'
import { systemActor } from '../access/system-actor.ts'
import type { AuditLog } from '../audit/model.ts'
import type { Authority, CertificateFault } from '../authority/authority.ts'
import type { DevicePlaces } from '../ports.ts'
import { hashSecret, isSecret } from '../secrets/secret.ts'
import { Cache } from '../sessions/cache.ts'
import { identityErrors } from './errors.ts'
import type { DeviceIdentity, IdentifiedDevice } from './model.ts'
import { findCertificate, findDeviceToken, insertCertificate, listRevoked, listSerials } from './store.ts'

export interface IdentityOptions {
  readonly database: Database
  readonly clock: Clock
  readonly authority: Authority
  readonly devicePlaces: DevicePlaces
  readonly audit: AuditLog
  /**
   * Takes certificates that this authority signed but the database does not know, as after a restored backup, on record
   * when their device is still there. Otherwise they are refused.
   */
  readonly adoptCertificates?: boolean | undefined
}

const FAULTS = {
  foreign: identityErrors.foreign,
  expired: identityErrors.expired,
  'not yet valid': identityErrors.notYetValid,
  'not for clients': identityErrors.notForClients,
} satisfies Record<CertificateFault, unknown>

/** Tells devices by their certificates and tokens; what was revoked is refused from memory, at once. */
export class IdentityService implements DeviceIdentity {
  readonly #o: IdentityOptions
  readonly #revoked = new Set<string>()
  /** Serials on record. */
  readonly #known = new Set<string>()
  readonly #tokens: Cache<{ device: string; tenant: string }>

  constructor(options: IdentityOptions) {
    this.#o = options
    this.#tokens = new Cache(options.clock, MINUTE, 20_000)
  }

  /** Reads what is on record and what was revoked; before this nothing may be let in. */
  async load(): Promise<void> {
    const now = this.#o.clock.now()
    for (const serial of await this.#o.database.system((sql) => listSerials(sql, now))) this.#known.add(serial)
    const revoked = await this.#o.database.system((sql) => listRevoked(sql, now))
    for (const { serial } of revoked) this.#revoked.add(serial)
  }

  async byCertificate(given: X509Certificate | Uint8Array): Promise<IdentifiedDevice> {
    const certificate = given instanceof X509Certificate ? given : parse(given)
    const fault = this.#o.authority.faultOf(certificate)
    if (fault !== undefined) throw FAULTS[fault]()
    const serial = certificate.serialNumber.toLowerCase()
    if (this.#revoked.has(serial)) throw identityErrors.revoked({ serial })
    // One CN and one O: the authority writes no others.
    const { CN: device, O: tenant } = certificate.toLegacyObject().subject as { CN?: unknown; O?: unknown }
    if (typeof device !== 'string' || typeof tenant !== 'string') throw identityErrors.notForClients()
    const found = await this.#place(device, tenant)
    if (!this.#known.has(serial)) await this.#recall(found, serial, certificate)
    // It may have been revoked while the device was looked up.
    if (this.#revoked.has(serial)) throw identityErrors.revoked({ serial })
    return { ...found, serial }
  }

  async byToken(token: string): Promise<IdentifiedDevice> {
    if (!isSecret('mwd', token)) throw identityErrors.badToken()
    const hash = hashSecret(token)
    const known = await this.#tokens.get(hash, () => this.#o.database.system((sql) => findDeviceToken(sql, hash)))
    if (known === undefined) throw identityErrors.badToken()
    return this.#place(known.device, known.tenant)
  }

  /** The certificate is on record from now on. */
  issued(serial: string): void {
    this.#known.add(serial)
  }

  /** Refuses the certificate from now on. */
  revoked(serial: string): void {
    this.#revoked.add(serial)
    this.#o.authority.forgetRevocationLists()
  }

  /** The device's token was taken back or replaced. */
  forgetToken(device: string): void {
    this.#tokens.drop((known) => known.device === device)
  }

  /** A certificate that was on no record when this process looked: issued by another one since, or forgotten. */
  async #recall(
    { tenant, device, name }: IdentifiedDevice,
    serial: string,
    certificate: X509Certificate,
  ): Promise<void> {
    const { database, audit } = this.#o
    const held = await database.tenant(tenant, (sql) => findCertificate(sql, tenant, device, serial))
    if (held?.revokedAt !== undefined) throw identityErrors.revoked({ serial })
    if (held === undefined) {
      if (this.#o.adoptCertificates !== true) throw identityErrors.certificateUnknown({ serial })
      const row = {
        serial,
        device,
        subject: certificate.subject.split('\n').join(', '),
        fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
        notBefore: certificate.validFromDate.getTime() * 1000,
        notAfter: certificate.validToDate.getTime() * 1000,
      }
      await database.tenant(tenant, async (sql) => {
        await insertCertificate(sql, tenant, row, this.#o.authority.issuerOf(certificate))
        const detail = { name, serial, fingerprint: row.fingerprint }
        await audit.record(systemActor(tenant), 'certificate.adopt', device, detail, sql)
      })
    }
    this.#known.add(serial)
  }

  /** A device that was moved to another tenant is not the one its certificate was made for. */
  async #place(device: string, tenant: string): Promise<IdentifiedDevice> {
    const found = await this.#o.devicePlaces.place(device)
    if (found === undefined || found.tenant !== tenant) throw identityErrors.deviceUnknown({ device })
    if (found.disabled) throw identityErrors.deviceDisabled({ device })
    return { device, tenant, name: found.name, place: found.place }
  }
}

function parse(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(der)
  } catch (cause) {
    throw identityErrors.unreadable({ cause })
  }
}
