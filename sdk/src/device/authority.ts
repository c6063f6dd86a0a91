import { createHash, X509Certificate } from 'node:crypto'
import { DeviceError } from './errors.ts'
import { callHttps, jsonOf } from './https.ts'

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g

/** SHA-256 of a PEM certificate's DER, hex. */
export function fingerprintOf(pem: string): string {
  return createHash('sha256').update(new X509Certificate(pem).raw).digest('hex')
}

/**
 * Asks a platform for its certificate authority over a connection that proves nothing, as a first contact must.
 * With `fingerprint` (hex, at least 32 digits) the certificate that has it is returned, and only that one may be
 * pinned; without, whatever came: for a person on the same machine.
 * Errors: `authority-mismatch` when no certificate fits: somebody else is answering at this address.
 */
export async function fetchAuthority(url: string, fingerprint?: string): Promise<string> {
  const reply = await callHttps(new URL('/api/v1/info', url).href, { authority: 'none' })
  const info = jsonOf(reply, 'The first contact')
  const authority = info['authority']
  const certificates = typeof authority === 'string' ? (authority.match(CERTIFICATE) ?? []) : []
  if (certificates.length === 0) {
    throw new DeviceError(
      'reply-malformed',
      `${url} does not name its certificate authority: is it a Millwright platform?`,
    )
  }
  if (fingerprint === undefined) return certificates.join('\n')
  const own = certificates.find((pem) => fingerprintOf(pem).startsWith(fingerprint))
  if (own === undefined) {
    throw new DeviceError(
      'authority-mismatch',
      `The platform at ${url} is not the one that made this token: its certificate authority has another fingerprint. ` +
        'Check the address; if it is right, somebody stands in between.',
    )
  }
  return own
}
