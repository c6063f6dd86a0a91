import { createHash, X509Certificate } from 'node:crypto'
import type { PeerCertificate } from '@millwright/contracts'
import { DAY, type Micros } from '@millwright/foundation'

/** Certificates in one chain, each at most this large, DER. */
const MAX_CHAIN = 10
const MAX_DER = 16_384
/** Time for a person to renew a certificate. */
const WARN_BEFORE = 14 * DAY

export interface TrustList {
  readonly trusted: readonly X509Certificate[]
  /** SHA-256 fingerprints, hex in lower case. */
  readonly rejected: ReadonlySet<string>
  readonly acceptExpired: boolean
}

/** What is thought of a server's certificate. `unknown`: a person is to be asked; `rejected`: one said no, and may change that. */
export type Verdict =
  | { readonly trust: 'accepted'; readonly certificate: X509Certificate }
  | {
      readonly trust: 'unknown' | 'rejected' | 'refused'
      readonly certificate: PeerCertificate
      readonly reason: string
    }
  | { readonly trust: 'unreadable'; readonly reason: string }

export interface Shown {
  /** DER, or several one behind the other: the server's and those that issued it. */
  readonly certificate: Uint8Array
  /** The host that was dialled. */
  readonly host: string
  /** Of the server, as its endpoint says; the certificate is to name it. */
  readonly applicationUri: string | undefined
}

/**
 * Judges the certificate a server shows (Part 4, 6.1.3): accepted when it, or an authority that issued it, stands in the
 * list and it is in force. Pure, so that every case is a test.
 */
export function judge(shown: Shown, list: TrustList, now: Micros): Verdict {
  const chain = splitChain(shown.certificate)
  const own = chain?.[0]
  if (chain === undefined || own === undefined) {
    return { trust: 'unreadable', reason: 'The server shows something that is no X.509 certificate.' }
  }
  const fingerprint = fingerprintOf(own)
  const expiry = expiryOf(own, now)
  const refused = (trust: 'unknown' | 'rejected' | 'refused', reason: string): Verdict => ({
    trust,
    reason,
    certificate: peerCertificate(own, fingerprint, reason),
  })
  if (list.rejected.has(fingerprint)) return refused('rejected', 'The server’s certificate was rejected.')
  if (!isTrusted(own, chain, list.trusted, now)) {
    const doubts = [expiry, ...doubtsOf(own, shown)].filter((doubt) => doubt !== undefined)
    return refused('unknown', ['Nobody accepted this certificate yet.', ...doubts].join(' '))
  }
  if (expiry !== undefined && !list.acceptExpired) return refused('refused', expiry)
  return { trust: 'accepted', certificate: own }
}

function isTrusted(
  own: X509Certificate,
  chain: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  now: Micros,
): boolean {
  if (trusted.some(({ raw }) => raw.equals(own.raw))) return true
  let current = own
  for (let depth = 0; depth < MAX_CHAIN; depth++) {
    const anchor = trusted.find((one) => issued(one, current))
    if (anchor !== undefined) return expiryOf(anchor, now) === undefined
    const next = chain.find((one) => one !== current && issued(one, current) && expiryOf(one, now) === undefined)
    if (next === undefined) return false
    current = next
  }
  return false
}

/** Only an authority issues; names and the signature both have to fit. */
function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  if (!issuer.ca || !certificate.checkIssued(issuer)) return false
  try {
    return certificate.verify(issuer.publicKey)
  } catch {
    // A key that cannot verify this signature has not made it.
    return false
  }
}

/** What is to be said of a certificate that is in use: that it ran out, or soon will. */
export function warningOf(certificate: X509Certificate, now: Micros): string | undefined {
  const ends = certificate.validToDate
  if (ends.getTime() * 1000 - now > WARN_BEFORE) return undefined
  return (
    expiryOf(certificate, now) ??
    `The server’s certificate expires on ${ends.toISOString().slice(0, 10)}: renew it at the server before.`
  )
}

function expiryOf(certificate: X509Certificate, now: Micros): string | undefined {
  const day = (date: Date) => date.toISOString().slice(0, 10)
  if (certificate.validToDate.getTime() * 1000 < now) {
    return `The server’s certificate expired on ${day(certificate.validToDate)}: renew it at the server.`
  }
  if (certificate.validFromDate.getTime() * 1000 > now) {
    return `The server’s certificate is only valid from ${day(certificate.validFromDate)}: check both clocks.`
  }
  return undefined
}

/** What a person should know before accepting. */
function doubtsOf(certificate: X509Certificate, { host, applicationUri }: Shown): string[] {
  const doubts: string[] = []
  const bare = host.replace(/^\[|\]$/g, '')
  if (!names(certificate, bare)) doubts.push(`It does not name ${bare}.`)
  const alternatives = certificate.subjectAltName ?? ''
  if (applicationUri !== undefined && applicationUri !== '' && !alternatives.includes(applicationUri)) {
    doubts.push('It does not name the server’s application URI.')
  }
  return doubts
}

function names(certificate: X509Certificate, host: string): boolean {
  try {
    return certificate.checkHost(host) !== undefined || certificate.checkIP(host) !== undefined
  } catch {
    // Its names cannot be read.
    return false
  }
}

const fingerprintOf = ({ raw }: X509Certificate): string => createHash('sha256').update(raw).digest('hex')
const oneLine = (name: string): string => name.replace(/\n/g, ', ').slice(0, 500)

function peerCertificate(certificate: X509Certificate, fingerprint: string, reason: string): PeerCertificate {
  return {
    fingerprint,
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    notBefore: Math.max(0, certificate.validFromDate.getTime() * 1000),
    notAfter: Math.max(0, certificate.validToDate.getTime() * 1000),
    pem: certificate.toString(),
    reason,
  }
}

/** Certificates one behind the other, each a DER sequence with its length; undefined when that does not come out even. */
export function splitChain(bytes: Uint8Array): X509Certificate[] | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const chain: X509Certificate[] = []
  for (let at = 0; at < buffer.length; ) {
    const length = derLength(buffer, at)
    if (length === undefined || length > MAX_DER || at + length > buffer.length || chain.length === MAX_CHAIN) {
      return undefined
    }
    try {
      chain.push(new X509Certificate(buffer.subarray(at, at + length)))
    } catch {
      return undefined
    }
    at += length
  }
  return chain.length === 0 ? undefined : chain
}

/** Bytes of the DER sequence at `at`, its head included. */
function derLength(buffer: Buffer, at: number): number | undefined {
  const first = buffer[at + 1]
  if (buffer[at] !== 0x30 || first === undefined) return undefined
  if (first < 0x80) return first + 2
  const digits = first & 0x7f
  if (digits === 0 || digits > 3 || at + 2 + digits > buffer.length) return undefined
  return buffer.readUIntBE(at + 2, digits) + 2 + digits
}
