/**
 * The certificates of the built-in authority (RFC 5280): a root that only signs issuing certificates, an issuing one
 * that signs the rest, and leaves for devices (clientAuth) and for this server (serverAuth).
 */
import 'reflect-metadata'
import { randomBytes } from 'node:crypto'
import { DAY, type Micros } from '@millwright/foundation'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

const P256 = { name: 'ECDSA', namedCurve: 'P-256' }
const SIGN = { name: 'ECDSA', hash: 'SHA-256' }

/**
 * Clocks of machines are not exact, and ours may be set back by hours when somebody mends its time zone: a certificate
 * made just now must hold already, or no device could connect until then.
 */
export const BACKDATED = DAY

export const newKeyPair = (): Promise<CryptoKeyPair> => crypto.subtle.generateKey(P256, true, ['sign', 'verify'])

/** 128 bits, the first two fixed: always positive, always the same number of digits. */
function newSerial(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return bytes.toString('hex')
}

export interface Signer {
  readonly certificate: X509Certificate
  readonly key: CryptoKey
}

export interface Validity {
  readonly now: Micros
  readonly notAfter: Micros
}

const dates = ({ now, notAfter }: Validity) => ({
  notBefore: new Date((now - BACKDATED) / 1000),
  notAfter: new Date(notAfter / 1000),
})

export async function rootCertificate(name: string, keys: CryptoKeyPair, validity: Validity): Promise<X509Certificate> {
  return X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: [{ CN: [name] }],
    issuer: [{ CN: [name] }],
    ...dates(validity),
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    signingAlgorithm: SIGN,
    extensions: await authorityExtensions(keys.publicKey, 1),
  })
}

export async function issuingCertificate(
  name: string,
  keys: CryptoKeyPair,
  root: Signer,
  validity: Validity,
): Promise<X509Certificate> {
  return X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: [{ CN: [name] }],
    issuer: root.certificate.subjectName.toJSON(),
    ...dates(validity),
    publicKey: keys.publicKey,
    signingKey: root.key,
    signingAlgorithm: SIGN,
    extensions: [...(await authorityExtensions(keys.publicKey, 0)), await issuedBy(root)],
  })
}

/** CN = device id, O = tenant id; what the request asked for as its subject counts for nothing. */
export async function deviceCertificate(
  subject: { device: string; tenant: string },
  publicKey: PublicKey,
  issuer: Signer,
  validity: Validity,
): Promise<X509Certificate> {
  return X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: [{ CN: [subject.device] }, { O: [subject.tenant] }],
    issuer: issuer.certificate.subjectName.toJSON(),
    ...dates(validity),
    publicKey,
    signingKey: issuer.key,
    signingAlgorithm: SIGN,
    extensions: await leafExtensions(publicKey, issuer, ExtendedKeyUsage.clientAuth),
  })
}

export async function serverCertificate(
  names: readonly JsonGeneralName[],
  publicKey: CryptoKey,
  issuer: Signer,
  validity: Validity,
): Promise<X509Certificate> {
  return X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: [{ CN: ['Millwright server'] }],
    issuer: issuer.certificate.subjectName.toJSON(),
    ...dates(validity),
    publicKey,
    signingKey: issuer.key,
    signingAlgorithm: SIGN,
    extensions: [
      ...(await leafExtensions(await PublicKey.create(publicKey), issuer, ExtendedKeyUsage.serverAuth)),
      new SubjectAlternativeNameExtension([...names]),
    ],
  })
}

/**
 * For this server as an OPC UA application (OPC 10000-6, 6.2.2): an RSA key, its URI among the alternative names. Signed by
 * itself, because OPC UA's security policies take RSA signatures only, and its clients trust servers one by one.
 */
export async function applicationCertificate(
  uri: string,
  names: readonly JsonGeneralName[],
  keys: CryptoKeyPair,
  validity: Validity,
): Promise<X509Certificate> {
  const name = [{ CN: ['Millwright'] }, { O: ['Millwright'] }]
  return X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: name,
    issuer: name,
    ...dates(validity),
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    signingAlgorithm: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(
        KeyUsageFlags.digitalSignature |
          KeyUsageFlags.nonRepudiation |
          KeyUsageFlags.keyEncipherment |
          KeyUsageFlags.dataEncipherment |
          KeyUsageFlags.keyCertSign,
        true,
      ),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(keys.publicKey),
      new SubjectAlternativeNameExtension([{ type: 'url', value: uri }, ...names]),
    ],
  })
}

async function authorityExtensions(publicKey: CryptoKey, pathLength: number): Promise<Extension[]> {
  return [
    new BasicConstraintsExtension(true, pathLength, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    await SubjectKeyIdentifierExtension.create(publicKey),
  ]
}

async function leafExtensions(publicKey: PublicKey, issuer: Signer, usage: ExtendedKeyUsage): Promise<Extension[]> {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([usage]),
    await SubjectKeyIdentifierExtension.create(publicKey),
    await issuedBy(issuer),
  ]
}

const issuedBy = (issuer: Signer) => AuthorityKeyIdentifierExtension.create(issuer.certificate.publicKey)
