import 'reflect-metadata'
import { createHash, X509Certificate as ParsedCertificate, randomBytes } from 'node:crypto'
import type { Log } from '@millwright/foundation'
import { type Clock, DAY, HOUR, type Micros, type Subscription, type Timer } from '@millwright/foundation'
import type { JsonGeneralName, PublicKey, X509Certificate } from '@peculiar/x509'
import { type ApplicationIdentity, openApplication } from './application.ts'
import {
  deviceCertificate,
  issuingCertificate,
  newKeyPair,
  rootCertificate,
  type Signer,
  serverCertificate,
} from './certificates.ts'
import { KeyStore } from './key-store.ts'
import { type IssuedList, type RevokedCertificate, revocationList } from './revocation-list.ts'
import type { Seal } from './seal.ts'

const ROOT_YEARS = 10 * 365 * DAY
const ISSUING_FOR = 5 * 365 * DAY
/** A new issuing key is made when the old one could no longer sign a certificate of the longest life. */
const ISSUING_LEFT = 2 * 365 * DAY
const SERVER_FOR = 90 * DAY
const SERVER_LEFT = 30 * DAY
const LOOK_EVERY = 6 * HOUR
const CRL_AFRESH = DAY

export interface AuthorityOptions {
  readonly directory: string
  readonly seal: Seal
  readonly clock: Clock
  readonly log: Log
  /** What the server is called by, for its own certificate. */
  readonly serverNames: readonly JsonGeneralName[]
  /** Life of a device certificate, µs; default 365 days, at most 730. */
  readonly deviceCertificateFor?: Micros | undefined
  /** Serials that were revoked and have not run out. */
  readonly revoked: () => Promise<readonly RevokedCertificate[]>
  /** Whether certificates were issued before: then there must be who issued them. */
  readonly inUse?: () => Promise<boolean>
}

export interface IssuedCertificate {
  readonly serial: string
  readonly subject: string
  /** Subject of the issuing certificate. */
  readonly issuer: string
  /** SHA-256 of the DER, hex. */
  readonly fingerprint: string
  readonly notBefore: Micros
  readonly notAfter: Micros
  /** PEM: the certificate, then the issuing one that it chains to. */
  readonly chain: string
}

/** What a TLS server needs: `key`, `cert` and `ca` go into `tls.createSecureContext` as they are. */
export interface ServerTls {
  readonly key: string
  /** The server's certificate and the issuing one. */
  readonly cert: string
  /** Whose client certificates are accepted. */
  readonly ca: string[]
}

/** Why a certificate is no proof. */
export type CertificateFault = 'foreign' | 'expired' | 'not yet valid' | 'not for clients'

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'

/** The built-in certificate authority. Keys lie sealed in its directory and never leave the process. */
export class Authority {
  /** The root, PEM: what devices and people trust. */
  readonly certificate: string
  /** SHA-256 of the root's DER, hex. */
  readonly fingerprint: string
  readonly #o: AuthorityOptions
  readonly #store: KeyStore
  readonly #root: Signer
  #issuers: Signer[] = []
  #parsed: ParsedCertificate[] = []
  #server: ServerTls = { key: '', cert: '', ca: [] }
  readonly #renewed = new Set<(tls: ServerTls) => void>()
  #timer: Timer | undefined
  #looking: Promise<void> = Promise.resolve()
  #lists: { readonly lists: readonly IssuedList[]; readonly madeAt: Micros } | undefined

  private constructor(options: AuthorityOptions, store: KeyStore, root: Signer) {
    this.#o = options
    this.#store = store
    this.#root = root
    this.certificate = `${root.certificate.toString('pem')}\n`
    this.fingerprint = fingerprintOf(root.certificate)
  }

  /** Opens the authority of a directory; at the first start makes its keys. */
  static async open(options: AuthorityOptions): Promise<Authority> {
    const store = new KeyStore(options.directory, options.seal)
    const known = await store.load('root')
    // Another root would make strangers of all devices: it is made at the first start only.
    if (known === undefined && ((await store.has('issuing-1')) || (await options.inUse?.())))
      throw store.missing('root')
    const root = known ?? (await makeRoot(store, options.clock.now()))
    await store.check('root', root, root)
    const authority = new Authority(options, store, root)
    await authority.#openIssuers()
    await authority.#openServer()
    return authority
  }

  /** Looks from now on whether certificates are to be renewed. */
  start(): void {
    this.#timer = this.#o.clock.after(LOOK_EVERY, () => {
      this.#looking = this.renewDue()
        .catch((error) => {
          this.#o.log.error({ err: error }, 'could not renew the server certificate; it is tried again')
        })
        .then(() => {
          // The next look is due only after this one has ended: two at once would make two certificates.
          if (this.#timer !== undefined) this.start()
        })
    })
  }

  async stop(): Promise<void> {
    this.#timer?.cancel()
    this.#timer = undefined
    await this.#looking
  }

  /** What the server shows on its TLS ports. */
  serverTls(): ServerTls {
    return this.#server
  }

  /** Called with the new key and certificate after a renewal: hand them to `setSecureContext`. */
  onServerRenewed(listener: (tls: ServerTls) => void): Subscription {
    this.#renewed.add(listener)
    return { cancel: () => void this.#renewed.delete(listener) }
  }

  /** Makes new issuing and server certificates where the old ones run out soon. */
  async renewDue(): Promise<void> {
    const before = this.#server.cert
    await this.#openIssuers()
    await this.#openServer()
    if (this.#server.cert === before) return
    this.#o.log.info('the server has a new certificate')
    for (const listener of this.#renewed) listener(this.#server)
  }

  /** Signs a device's key. `publicKey` comes from `checkCsr`. */
  async issue(subject: { device: string; tenant: string }, publicKey: PublicKey): Promise<IssuedCertificate> {
    const issuer = this.#issuer()
    const now = this.#o.clock.now()
    const life = Math.min(this.#o.deviceCertificateFor ?? 365 * DAY, 730 * DAY)
    // Whole seconds, as certificates count; never longer than what it chains to.
    const notAfter = Math.floor(Math.min(now + life, endOf(issuer.certificate)) / 1e6) * 1e6
    const certificate = await deviceCertificate(subject, publicKey, issuer, { now, notAfter })
    return {
      serial: certificate.serialNumber.toLowerCase(),
      subject: certificate.subject,
      issuer: issuer.certificate.subject,
      fingerprint: fingerprintOf(certificate),
      notBefore: certificate.notBefore.getTime() * 1000,
      notAfter,
      chain: `${certificate.toString('pem')}\n${issuer.certificate.toString('pem')}\n`,
    }
  }

  /** This server as an application of another protocol (OPC UA), by its URI. @param name of its files */
  application(name: string, uri: string): Promise<ApplicationIdentity> {
    const { serverNames: names, clock } = this.#o
    return openApplication(this.#store, { name, uri, names, now: clock.now() })
  }

  /** What speaks against a client certificate, apart from revocation; undefined when nothing does. */
  faultOf(certificate: ParsedCertificate): CertificateFault | undefined {
    const ours = this.#parsed.some((issuer) => certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey))
    if (!ours) return 'foreign'
    const now = this.#o.clock.now()
    if (certificate.validToDate.getTime() * 1000 <= now) return 'expired'
    if (certificate.validFromDate.getTime() * 1000 > now) return 'not yet valid'
    if (!certificate.keyUsage?.includes(CLIENT_AUTH)) return 'not for clients'
    return undefined
  }

  /** Subject of the issuing certificate that signed this one; undefined when none of ours did. */
  issuerOf(certificate: ParsedCertificate): string | undefined {
    const at = this.#parsed.findIndex((issuer) => certificate.checkIssued(issuer))
    return this.#issuers[at]?.certificate.subject
  }

  /**
   * The certificate revocation lists (RFC 5280, section 5), for those that check by themselves: one of each issuing key
   * whose certificates may still hold, the newest first, and the root's. An older key goes on signing its own list.
   */
  async revocationLists(): Promise<readonly IssuedList[]> {
    const now = this.#o.clock.now()
    if (this.#lists !== undefined && now - this.#lists.madeAt < CRL_AFRESH) return this.#lists.lists
    const revoked = await this.#o.revoked()
    const lists: IssuedList[] = []
    for (const [at, issuer] of [...this.#issuers.entries()].reverse()) {
      if (endOf(issuer.certificate) > now) lists.push(await revocationList(`issuing-${at + 1}`, issuer, revoked, now))
    }
    lists.push(await revocationList('root', this.#root, [], now))
    this.#lists = { lists, madeAt: now }
    return lists
  }

  /** A certificate was revoked: the next lists are made anew. */
  forgetRevocationLists(): void {
    this.#lists = undefined
  }

  #issuer(): Signer {
    const newest = this.#issuers.at(-1)
    if (newest === undefined) throw new Error('the authority has no issuing certificate')
    return newest
  }

  async #openIssuers(): Promise<void> {
    const now = this.#o.clock.now()
    const issuers: Signer[] = []
    for (let n = 1; ; n++) {
      const known = await this.#store.load(`issuing-${n}`)
      if (known !== undefined) {
        await this.#store.check(`issuing-${n}`, known, this.#root)
        issuers.push(known)
        continue
      }
      if (n === 1 && ((await this.#store.has('server')) || (await this.#o.inUse?.())))
        throw this.#store.missing('issuing-1')
      const newest = issuers.at(-1)
      if (newest !== undefined && endOf(newest.certificate) - now > ISSUING_LEFT) break
      const keys = await newKeyPair()
      const notAfter = Math.min(now + ISSUING_FOR, endOf(this.#root.certificate))
      // The root itself runs out: no longer life can be given, and a further key would not help.
      if (newest !== undefined && notAfter <= endOf(newest.certificate)) break
      const name = `Millwright issuing ${n} ${randomBytes(4).toString('hex')}`
      const certificate = await issuingCertificate(name, keys, this.#root, { now, notAfter })
      issuers.push(await this.#store.save(`issuing-${n}`, certificate, keys.privateKey))
      break
    }
    if (issuers.length !== this.#issuers.length) this.forgetRevocationLists()
    this.#issuers = issuers
    this.#parsed = issuers.map(({ certificate }) => new ParsedCertificate(Buffer.from(certificate.rawData)))
  }

  async #openServer(): Promise<void> {
    const now = this.#o.clock.now()
    const issuer = this.#issuer()
    const known = await this.#store.load('server')
    const fits =
      known !== undefined &&
      endOf(known.certificate) - now > SERVER_LEFT &&
      known.certificate.issuer === issuer.certificate.subject &&
      this.#coversNames(known.certificate)
    const signer = fits ? known : await this.#makeServer(issuer, now)
    const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', signer.key)).toString('base64')
    this.#server = {
      key: `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END PRIVATE KEY-----\n`,
      cert: `${signer.certificate.toString('pem')}\n${issuer.certificate.toString('pem')}\n`,
      ca: [this.certificate, ...this.#issuers.map(({ certificate }) => `${certificate.toString('pem')}\n`)],
    }
  }

  async #makeServer(issuer: Signer, now: Micros): Promise<Signer> {
    const keys = await newKeyPair()
    const notAfter = Math.min(now + SERVER_FOR, endOf(issuer.certificate))
    const certificate = await serverCertificate(this.#o.serverNames, keys.publicKey, issuer, { now, notAfter })
    return this.#store.save('server', certificate, keys.privateKey)
  }

  #coversNames(certificate: X509Certificate): boolean {
    const parsed = new ParsedCertificate(Buffer.from(certificate.rawData))
    return this.#o.serverNames.every(({ type, value }) =>
      type === 'ip' ? parsed.checkIP(value) !== undefined : parsed.checkHost(value) !== undefined,
    )
  }
}

async function makeRoot(store: KeyStore, now: Micros): Promise<Signer> {
  const keys = await newKeyPair()
  const name = `Millwright root ${randomBytes(4).toString('hex')}`
  return store.save('root', await rootCertificate(name, keys, { now, notAfter: now + ROOT_YEARS }), keys.privateKey)
}

const endOf = (certificate: X509Certificate): Micros => certificate.notAfter.getTime() * 1000

const fingerprintOf = (certificate: X509Certificate): string =>
  createHash('sha256').update(new Uint8Array(certificate.rawData)).digest('hex')
