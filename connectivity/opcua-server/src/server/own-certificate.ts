import { X509Certificate } from 'node:crypto'
import { InMemoryCertificateKeyPairProvider } from 'node-opcua-common'
import { makePrivateKeyFromPem } from 'node-opcua-crypto'
import type { ApplicationCertificate } from '../ports.ts'

/** The server's certificate and key as the library takes them; the key is never written to a file. */
export function keyPair({ certificate, key }: ApplicationCertificate): InMemoryCertificateKeyPairProvider {
  const { raw } = new X509Certificate(certificate)
  return new InMemoryCertificateKeyPairProvider([raw] as never, makePrivateKeyFromPem(key))
}
