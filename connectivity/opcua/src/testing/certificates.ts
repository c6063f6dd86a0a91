import { crypto_utils as crypto } from 'node-opcua-client'

export interface MadeCertificate {
  /** Key and certificate, PEM. */
  readonly pem: string
  readonly key: string
  readonly certificate: string
}

/** A self-signed certificate of the test server or of a user. @param days from today; below 0: it ran out */
export async function makeCertificate(days: number, name = 'Test server'): Promise<MadeCertificate> {
  const pair = await crypto.generatePrivateKey(2048)
  const day = 86_400_000
  const { cert } = await crypto.createSelfSignedCertificate({
    privateKey: pair,
    subject: `/CN=${name}`,
    applicationUri: 'urn:millwright:test-server',
    dns: ['localhost'],
    ip: ['127.0.0.1'],
    notBefore: new Date(Date.now() - 400 * day),
    notAfter: new Date(Date.now() + days * day),
    purpose: crypto.CertificatePurpose.ForApplication,
  })
  const key = (await crypto.privateKeyToPEM(pair)).privPem
  return { pem: `${key.trim()}\n${cert}`, key, certificate: cert }
}
