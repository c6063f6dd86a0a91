import 'reflect-metadata'
import { DAY, type Micros } from '@millwright/foundation'
import { AuthorityKeyIdentifierExtension, X509CrlGenerator } from '@peculiar/x509'
import { BACKDATED, type Signer } from './certificates.ts'

const VALID_FOR = 7 * DAY

export interface RevokedCertificate {
  readonly serial: string
  readonly revokedAt: Micros
  /** Subject of the certificate that issued it; undefined: from before that was written down. */
  readonly issuer: string | undefined
}

/** The list of one issuer. */
export interface IssuedList {
  /** Of the issuer: `issuing-2`, `root`. */
  readonly name: string
  readonly der: Uint8Array
  readonly pem: string
}

/** A list names what its own issuer signed; what nobody knows the issuer of stands in all, where it does no harm. */
export async function revocationList(
  name: string,
  issuer: Signer,
  revoked: readonly RevokedCertificate[],
  now: Micros,
): Promise<IssuedList> {
  const { subject, subjectName, publicKey } = issuer.certificate
  const list = await X509CrlGenerator.create({
    issuer: subjectName.toJSON(),
    thisUpdate: new Date((now - BACKDATED) / 1000),
    nextUpdate: new Date((now + VALID_FOR) / 1000),
    entries: revoked
      .filter((each) => each.issuer === undefined || each.issuer === subject)
      .map(({ serial, revokedAt }) => ({ serialNumber: serial, revocationDate: new Date(revokedAt / 1000) })),
    extensions: [await AuthorityKeyIdentifierExtension.create(publicKey)],
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    signingKey: issuer.key,
  })
  return { name, der: new Uint8Array(list.rawData), pem: `${list.toString('pem')}\n` }
}
