import type { X509Certificate } from 'node:crypto'
import { formatTime, type Micros, MillwrightError } from '@millwright/foundation'
import type { DeviceIdentity, IdentifiedDevice } from '@millwright/trust'
import { mqttErrors, RETURN_CODE, type Refusal } from './errors.ts'

/** What the TLS handshake and CONNECT brought. */
export interface Credentials {
  readonly certificate: X509Certificate | undefined
  /** What OpenSSL found wrong with the certificate's chain; undefined when it leads to our authority. */
  readonly chainError: string | undefined
  /** MQTT user name: the device token of a device without certificate. */
  readonly username: string | undefined
}

/** `until`: when the certificate ends. */
export type Identified =
  | { readonly identity: IdentifiedDevice; readonly until?: Micros }
  | { readonly refusal: Refusal }

/**
 * Who connects. A certificate decides whenever one was shown: a bad one is never made good by a token. Everything is
 * judged anew on each connection, resumed TLS sessions included: what a ticket remembers (chain checked, then valid) says
 * nothing of today's date or of a revocation since.
 */
export async function identify(given: Credentials, trust: DeviceIdentity, now: Micros): Promise<Identified> {
  if (given.certificate !== undefined) return byCertificate(given.certificate, given.chainError, trust, now)
  if (given.username === undefined || given.username === '') {
    return { refusal: { returnCode: RETURN_CODE.notAuthorized, error: mqttErrors.noCredential() } }
  }
  try {
    return { identity: await trust.byToken(given.username) }
  } catch (error) {
    return { refusal: refused(error, 'device token', RETURN_CODE.badCredential) }
  }
}

async function byCertificate(
  certificate: X509Certificate,
  chainError: string | undefined,
  trust: DeviceIdentity,
  now: Micros,
): Promise<Identified> {
  const subject = certificate.subject.replaceAll('\n', ', ')
  const no = (error: MillwrightError) => ({ refusal: { returnCode: RETURN_CODE.notAuthorized, error } })
  const from = Date.parse(certificate.validFrom) * 1000
  const to = Date.parse(certificate.validTo) * 1000
  const dated = now >= from && now <= to
  if (chainError !== undefined && !(chainError === 'CERT_HAS_EXPIRED' || chainError === 'CERT_NOT_YET_VALID')) {
    return no(mqttErrors.foreignCertificate({ subject, why: chainError }))
  }
  if (!dated || chainError !== undefined) {
    return no(mqttErrors.expiredCertificate({ subject, from: formatTime(from), to: formatTime(to) }))
  }
  try {
    return { identity: await trust.byCertificate(certificate), until: to }
  } catch (error) {
    return { refusal: refused(error, `certificate ${subject}`, RETURN_CODE.notAuthorized) }
  }
}

/** A typed refusal says what was wrong; anything else is our trouble, and the device may try again. */
function refused(error: unknown, credential: string, returnCode: 4 | 5): Refusal {
  if (error instanceof MillwrightError && error.status < 500 && error.status !== 429) {
    return { returnCode, error: mqttErrors.refusedCredential({ credential, why: error.message, cause: error }) }
  }
  return { returnCode: RETURN_CODE.unavailable, error: mqttErrors.unavailable({ cause: error }) }
}
