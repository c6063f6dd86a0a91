import 'reflect-metadata'
import { createHash, X509Certificate as ParsedCertificate } from 'node:crypto'
import { DAY, type Micros } from '@millwright/foundation'
import type { JsonGeneralName } from '@peculiar/x509'
import { applicationCertificate, type Signer } from './certificates.ts'
import type { KeyStore } from './key-store.ts'

/** Whoever trusts it has to trust its successor by hand: it lasts. */
const VALID_FOR = 10 * 365 * DAY
const LEFT = 60 * DAY
const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
const KEY = { ...RSA, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }

/** This server's certificate as an application of another protocol than TLS. */
export interface ApplicationIdentity {
  /** PEM. */
  readonly certificate: string
  /** PKCS #8, PEM. */
  readonly key: string
  /** SHA-256 of the DER, hex. */
  readonly fingerprint: string
}

/** The application's certificate, made when there is none, or when it runs out soon or does not fit any more. */
export async function openApplication(
  store: KeyStore,
  given: {
    readonly name: string
    readonly uri: string
    readonly names: readonly JsonGeneralName[]
    readonly now: Micros
  },
): Promise<ApplicationIdentity> {
  const { name, uri, names, now } = given
  const known = await store.load(name, RSA)
  const signer = known !== undefined && fits(known, given) ? known : await make()
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', signer.key)).toString('base64')
  return {
    certificate: `${signer.certificate.toString('pem')}\n`,
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END PRIVATE KEY-----\n`,
    fingerprint: createHash('sha256').update(new Uint8Array(signer.certificate.rawData)).digest('hex'),
  }

  async function make(): Promise<Signer> {
    const keys = await crypto.subtle.generateKey(KEY, true, ['sign', 'verify'])
    const certificate = await applicationCertificate(uri, names, keys, { now, notAfter: now + VALID_FOR })
    return store.save(name, certificate, keys.privateKey)
  }
}

function fits(
  { certificate }: Signer,
  { uri, names, now }: { uri: string; names: readonly JsonGeneralName[]; now: Micros },
): boolean {
  const parsed = new ParsedCertificate(Buffer.from(certificate.rawData))
  return (
    certificate.notAfter.getTime() * 1000 - now > LEFT &&
    (parsed.subjectAltName ?? '').includes(`URI:${uri}`) &&
    names.every(({ type, value }) =>
      type === 'ip' ? parsed.checkIP(value) !== undefined : parsed.checkHost(value) !== undefined,
    )
  )
}
