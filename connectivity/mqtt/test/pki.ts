import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

x509.cryptoProvider.set(webcrypto as Crypto)
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const DAY = 86_400_000

export interface KeyAndCertificate {
  readonly key: string
  readonly cert: string
}

export interface Issued extends KeyAndCertificate {
  readonly serial: string
}

export interface Validity {
  /** Milliseconds since the epoch. */
  readonly from?: number
  readonly to?: number
}

/** A certificate authority for tests: the platform's, or a stranger's. */
export class TestAuthority {
  readonly pem: string
  readonly #keys: CryptoKeyPair
  readonly #certificate: x509.X509Certificate
  #serial = 1

  private constructor(keys: CryptoKeyPair, certificate: x509.X509Certificate) {
    this.#keys = keys
    this.#certificate = certificate
    this.pem = certificate.toString('pem')
  }

  static async create(name = 'Millwright test authority'): Promise<TestAuthority> {
    const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as CryptoKeyPair
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      keys,
      serialNumber: '01',
      notBefore: new Date(Date.now() - DAY),
      notAfter: new Date(Date.now() + 365 * DAY),
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    })
    return new TestAuthority(keys, certificate)
  }

  server(): Promise<Issued> {
    return this.#issue('CN=localhost', x509.ExtendedKeyUsage.serverAuth, {}, [
      { type: 'dns', value: 'localhost' },
      { type: 'ip', value: '127.0.0.1' },
    ])
  }

  device(device: string, tenant: string, validity: Validity = {}): Promise<Issued> {
    return this.#issue(`CN=${device}, O=${tenant}`, x509.ExtendedKeyUsage.clientAuth, validity)
  }

  async #issue(subject: string, usage: string, validity: Validity, names?: x509.JsonGeneralNames): Promise<Issued> {
    const keys = (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as CryptoKeyPair
    const serial = (this.#serial++ + 0x1000).toString(16)
    const certificate = await x509.X509CertificateGenerator.create({
      subject,
      issuer: this.#certificate.subject,
      serialNumber: serial,
      notBefore: new Date(validity.from ?? Date.now() - DAY),
      notAfter: new Date(validity.to ?? Date.now() + 30 * DAY),
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.ExtendedKeyUsageExtension([usage]),
        ...(names === undefined ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
      ],
    })
    const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
    const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`
    return { key, cert: certificate.toString('pem'), serial: certificate.serialNumber }
  }
}
