import { fetchAuthority } from './authority.ts'
import { DeviceError } from './errors.ts'
import { callHttps, jsonOf } from './https.ts'
import { type Identity, saveIdentity } from './identity.ts'
import { makeKeyAndRequest } from './key.ts'
import { parseEnrolmentToken } from './token.ts'

export interface EnrolOptions {
  /** The platform, as `https://plant.example:8080`. */
  readonly url: string
  /** The one-time token, as the console or the CLI showed it. */
  readonly token: string
  /** Where to keep the identity; absent: it is only returned. */
  readonly directory?: string
}

/**
 * Trades a one-time token for a certificate: makes a key, asks the platform for its authority, checks that against the
 * fingerprint in the token (so that no stranger can take the token), and sends the token and the request with that
 * authority pinned. Errors: `token-malformed`, `authority-mismatch`, `unreachable`, `refused` (the token is used up,
 * expired or unknown).
 */
export async function enrol(options: EnrolOptions): Promise<Identity> {
  const token = parseEnrolmentToken(options.token)
  if (new URL(options.url).protocol !== 'https:') {
    throw new DeviceError('not-https', `Enrolment needs https, and ${options.url} is not: the token would be readable.`)
  }
  const authority = await fetchAuthority(options.url, token.fingerprint)
  const { key, csr } = await makeKeyAndRequest()
  const reply = await callHttps(new URL('/api/v1/enrolment', options.url).href, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: token.text, csr }),
    authority,
  })
  const identity = identityOf(jsonOf(reply, 'The enrolment'), key, options.url)
  if (options.directory !== undefined) await saveIdentity(options.directory, identity)
  return identity
}

/**
 * Renews the certificate over mutual TLS with the one that still holds. The key is new each time. The platform's address
 * stays the one the device knows works.
 */
export async function renew(identity: Identity): Promise<Identity> {
  const { key, csr } = await makeKeyAndRequest(identity.device)
  const reply = await callHttps(new URL('/api/v1/enrolment/renew', identity.http.url).href, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ csr }),
    authority: identity.authority,
    certificate: identity.certificate,
    key: identity.key,
  })
  return identityOf(jsonOf(reply, 'The renewal of the certificate'), key, identity.http.url)
}

function identityOf(reply: Record<string, unknown>, key: string, url: string): Identity {
  const { device, tenant, certificate, authority, notAfter, mqtt } = reply as unknown as Identity
  const whole =
    [device, tenant, certificate, authority].every((text) => typeof text === 'string' && text !== '') &&
    typeof notAfter === 'number' &&
    typeof mqtt?.host === 'string' &&
    Number.isInteger(mqtt.port)
  if (!whole) throw new DeviceError('reply-malformed', `${url} answered the enrolment with something else.`)
  return {
    device,
    tenant,
    key,
    certificate,
    authority,
    notAfter,
    mqtt: { host: mqtt.host, port: mqtt.port },
    http: { url },
  }
}
