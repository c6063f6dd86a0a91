import { createHash } from 'node:crypto'
import type { Log } from '@millwright/foundation'
import { exploreCertificate } from 'node-opcua-crypto'
import { type StatusCode, StatusCodes } from 'node-opcua-status-code'

type Der = Buffer | readonly Buffer[]

/** Which client applications are let in: those whose certificates are named by their fingerprints. */
export class TrustedClients {
  referenceCounter = 0
  readonly #fingerprints: ReadonlySet<string>
  readonly #log: Log

  constructor(fingerprints: readonly string[], log: Log) {
    this.#fingerprints = new Set(fingerprints.map((text) => text.replaceAll(':', '').toLowerCase()))
    this.#log = log
  }

  async initialize(): Promise<void> {}
  async dispose(): Promise<void> {}

  async checkCertificate(given: Der, callback?: (error: null, status: StatusCode) => void): Promise<StatusCode> {
    const status = this.#judge(given)
    callback?.(null, status)
    return status
  }

  async getTrustStatus(given: Der): Promise<StatusCode> {
    return this.#judge(given)
  }

  async verifyCertificate(given: Der): Promise<string> {
    return this.#judge(given).name
  }

  // The list is configuration: nobody adds to it over the wire.
  async trustCertificate(): Promise<void> {}
  async rejectCertificate(): Promise<void> {}
  async addIssuer(): Promise<void> {}
  async addRevocationList(): Promise<void> {}

  #judge(given: Der): StatusCode {
    const der = Buffer.isBuffer(given) ? given : (given as readonly Buffer[])[0]
    if (der === undefined) return StatusCodes.BadCertificateInvalid
    let names: { subject: string; from: Date; to: Date }
    try {
      const { subject, validity } = exploreCertificate(der).tbsCertificate
      names = { subject: subject.commonName ?? '', from: validity.notBefore, to: validity.notAfter }
    } catch {
      // What cannot be read is no certificate, whoever sent it.
      return StatusCodes.BadCertificateInvalid
    }
    const now = Date.now()
    if (names.from.getTime() > now || names.to.getTime() < now) return StatusCodes.BadCertificateTimeInvalid
    const fingerprint = createHash('sha256').update(der).digest('hex')
    if (this.#fingerprints.has('*') || this.#fingerprints.has(fingerprint)) return StatusCodes.Good
    this.#log.warn(
      { fingerprint, subject: names.subject },
      'an OPC UA client was refused: its certificate is not among the trusted ones',
    )
    return StatusCodes.BadCertificateUntrusted
  }
}

/** Nobody signs in with a certificate of their own: people have passwords and tokens. */
export class NoUserCertificates extends TrustedClients {
  constructor(log: Log) {
    super([], log)
  }
}
