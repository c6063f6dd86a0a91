import { webcrypto } from 'node:crypto'

/** A fresh key of the device and the request to certify it. The key never leaves the device. */
export interface KeyAndRequest {
  /** PKCS #8, PEM. */
  readonly key: string
  /** PKCS #10, PEM. */
  readonly csr: string
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/**
 * Makes an EC P-256 key and its PKCS #10 request (RFC 2986). The subject is only a hint: the platform puts the device's
 * own id into the certificate. The certificate library is loaded here and only here, since a device needs it twice in
 * its life and its memory always.
 */
export async function makeKeyAndRequest(commonName = 'device'): Promise<KeyAndRequest> {
  await import('reflect-metadata')
  const { PemConverter, Pkcs10CertificateRequestGenerator } = await import('@peculiar/x509')
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: `CN=${commonName.replace(/[^\w .-]/g, '_')}`,
    keys: keys as CryptoKeyPair,
    signingAlgorithm: ALGORITHM,
  })
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { key: `${PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`, csr: request.toString('pem') }
}
