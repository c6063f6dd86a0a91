import { createHash, webcrypto, X509Certificate } from 'node:crypto'

/** A small certificate authority for tests: EC P-256, everything in memory. */
export interface TestAuthority {
  /** PEM. */
  readonly certificate: string
  /** SHA-256 of the DER, hex. */
  readonly fingerprint: string
  /** A certificate for `localhost` and 127.0.0.1. */
  server(): Promise<{ certificate: string; key: string }>
  /** A device's certificate for a PKCS #10 request; the subject is the authority's choice. */
  sign(csr: string, device: string, tenant: string, life?: { notBefore: Date; notAfter: Date }): Promise<string>
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY = 86_400_000

export async function testAuthority(name = 'Test authority'): Promise<TestAuthority> {
  await import('reflect-metadata')
  const x509 = await import('@peculiar/x509')
  const generate = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<CryptoKeyPair>
  const life = () => ({ notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 30 * DAY) })
  const serial = () => Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)).fill(0x2a, 0, 1)).toString('hex')
  const keys = await generate()
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    serialNumber: serial(),
    keys,
    signingAlgorithm: ALGORITHM,
    ...life(),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  })
  const issue = (
    subject: string,
    publicKey: ConstructorParameters<typeof x509.PublicKey>[0] | CryptoKey,
    purpose: string,
    more = {},
  ) =>
    x509.X509CertificateGenerator.create({
      subject,
      issuer: root.subject,
      serialNumber: serial(),
      publicKey: publicKey as CryptoKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
      ...life(),
      ...more,
      extensions: [
        new x509.ExtendedKeyUsageExtension([purpose]),
        new x509.SubjectAlternativeNameExtension([
          { type: 'dns', value: 'localhost' },
          { type: 'ip', value: '127.0.0.1' },
        ]),
      ],
    })
  const certificate = root.toString('pem')
  return {
    certificate,
    fingerprint: createHash('sha256').update(new X509Certificate(certificate).raw).digest('hex'),
    async server() {
      const own = await generate()
      const issued = await issue('CN=localhost', own.publicKey, x509.ExtendedKeyUsage.serverAuth)
      const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', own.privateKey), 'PRIVATE KEY')
      return { certificate: issued.toString('pem'), key }
    },
    async sign(csr, device, tenant, lifetime) {
      const request = new x509.Pkcs10CertificateRequest(csr)
      if (!(await request.verify())) throw new Error('the request is not signed by its own key')
      const subject = `CN=${device}, O=${tenant}`
      const issued = await issue(subject, request.publicKey as never, x509.ExtendedKeyUsage.clientAuth, lifetime)
      return issued.toString('pem')
    },
  }
}
