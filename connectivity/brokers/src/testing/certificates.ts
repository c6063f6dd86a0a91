import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

x509.cryptoProvider.set(webcrypto as Crypto)
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const DAY = 86_400_000

export interface KeyPair {
  readonly key: string
  readonly cert: string
}

/** An authority for tests, and what it issues. */
export class TestPki {
  readonly ca: string
  readonly #keys: CryptoKeyPair
  readonly #issuer: x509.X509Certificate
  #serial = 2

  private constructor(keys: CryptoKeyPair, issuer: x509.X509Certificate) {
    this.#keys = keys
    this.#issuer = issuer
    this.ca = issuer.toString('pem')
  }

  static async create(): Promise<TestPki> {
    const keys = await generate()
    const issuer = await x509.X509CertificateGenerator.createSelfSigned({
      name: 'CN=Plant authority',
      keys,
      serialNumber: '01',
      notBefore: new Date(Date.now() - DAY),
      notAfter: new Date(Date.now() + 30 * DAY),
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      ],
    })
    return new TestPki(keys, issuer)
  }

  /** @param until milliseconds since the epoch */
  async issue(name: string, until = Date.now() + 10 * DAY): Promise<KeyPair> {
    const keys = await generate()
    const certificate = await x509.X509CertificateGenerator.create({
      subject: `CN=${name}`,
      issuer: this.#issuer.subject,
      serialNumber: (this.#serial++).toString(16).padStart(2, '0'),
      notBefore: new Date(Date.now() - 5 * DAY),
      notAfter: new Date(until),
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
        new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }]),
      ],
    })
    const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
    const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`
    return { key, cert: certificate.toString('pem') }
  }
}

const generate = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<CryptoKeyPair>
