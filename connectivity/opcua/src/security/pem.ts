import { createPrivateKey, X509Certificate } from 'node:crypto'
import { opcuaErrors } from '../errors.ts'

const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g

/** The certificates of a PEM text. Throws when there is none or one cannot be read. */
export function readCertificates(pem: string, path: string): X509Certificate[] {
  const blocks = pem.match(BLOCK)
  if (blocks === null) throw opcuaErrors.certificate({ path, reason: 'This holds no certificate in PEM form.' })
  return blocks.map((block) => {
    try {
      return new X509Certificate(block)
    } catch (cause) {
      throw opcuaErrors.certificate({ path, reason: 'A certificate in this cannot be read.', cause })
    }
  })
}

/** Refuses a user certificate whose key is not its own or is not RSA, which OPC UA's policies need. */
export function checkKeyPair(certificate: string, key: string, path: string): void {
  const [first] = readCertificates(certificate, `${path}/certificate`)
  const wrong = (reason: string, cause?: unknown) => opcuaErrors.certificate({ path: `${path}/key`, reason, cause })
  let parsed: ReturnType<typeof createPrivateKey>
  try {
    parsed = createPrivateKey(key)
  } catch (cause) {
    throw wrong('The private key cannot be read: it is taken as unencrypted PEM.', cause)
  }
  if (parsed.asymmetricKeyType !== 'rsa') throw wrong('The private key is no RSA key, which OPC UA’s policies need.')
  if (first?.checkPrivateKey(parsed) !== true) throw wrong('The private key is not that of the certificate.')
}
