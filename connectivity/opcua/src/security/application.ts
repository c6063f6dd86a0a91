import { randomUUID, X509Certificate } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DAY, type Micros } from '@millwright/foundation'
import type { Library } from '../library.ts'
import { readCertificates } from './pem.ts'

/** The certificate this process shows to servers as an application (Part 6, 6.2.2). */
export interface ApplicationIdentity {
  readonly applicationUri: string
  readonly certificate: X509Certificate
  /** PKCS #8 PEM. */
  readonly key: string
}

const FILE = 'opcua-client.pem'
const LIFETIME_DAYS = 5 * 365
/** Early enough for a person to accept the new one at the servers. */
const RENEW_BEFORE = 30 * DAY

/** One at a time for each folder: connections that start together show one certificate. */
const making = new Map<string, Promise<ApplicationIdentity>>()

/** The application's certificate in the folder, made when there is none, renewed with the same URI before it expires. */
export function applicationIdentity(library: Library, folder: string, now: Micros): Promise<ApplicationIdentity> {
  const known = making.get(folder)
  if (known !== undefined) return known
  const work = readOrMake(library, folder, now).finally(() => making.delete(folder))
  making.set(folder, work)
  return work
}

async function readOrMake(library: Library, folder: string, now: Micros): Promise<ApplicationIdentity> {
  const file = join(folder, FILE)
  const stored = await read(file)
  if (stored !== undefined && stored.certificate.validToDate.getTime() * 1000 - RENEW_BEFORE > now) return stored
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const made = await make(library, stored?.applicationUri ?? `urn:${host()}:millwright:opcua:${randomUUID()}`, now)
  // Key and certificate are one file, put in place in one step: never a key without its certificate.
  const fresh = join(folder, `.${FILE}.${randomUUID()}`)
  await writeFile(fresh, `${made.key.trim()}\n${made.certificate.toString()}`, { mode: 0o600 })
  await rename(fresh, file)
  return made
}

async function read(file: string): Promise<ApplicationIdentity | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const certificate = readCertificates(text, 'identity')[0]!
  const key = text.slice(0, text.indexOf('-----BEGIN CERTIFICATE-----'))
  const applicationUri = /URI:([^,\s]+)/.exec(certificate.subjectAltName ?? '')?.[1]
  return applicationUri === undefined ? undefined : { applicationUri, certificate, key }
}

async function make(library: Library, applicationUri: string, now: Micros): Promise<ApplicationIdentity> {
  const { crypto_utils: crypto } = library
  // OPC UA's policies for RSA take 2048 bits and more; elliptic curves have policies of their own that few servers know.
  const pair = await crypto.generatePrivateKey(2048)
  const { cert } = await crypto.createSelfSignedCertificate({
    privateKey: pair,
    subject: `/CN=Millwright OPC UA client/DC=${host()}`,
    applicationUri,
    dns: [host()],
    ip: [],
    // Some servers' clocks are behind.
    notBefore: new Date(now / 1000 - 86_400_000),
    validity: LIFETIME_DAYS,
    purpose: crypto.CertificatePurpose.ForApplication,
  })
  const { privPem } = await crypto.privateKeyToPEM(pair)
  return { applicationUri, certificate: new X509Certificate(cert), key: privPem }
}

/** Names in certificates are ASCII. */
const host = (): string => hostname().replace(/[^A-Za-z0-9.-]/g, '-') || 'localhost'
